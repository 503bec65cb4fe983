//! Share links: the requests that they allow, and until when.

use beacon_core::time::{DAY_MS, HOUR_MS};
use http::StatusCode;
use serde_json::json;

use crate::caller::{Caller, NOW_MS, about_today, location, session};

async fn share(caller: &Caller, headers: &[(&str, &str)], site: &str, until_ms: u64) -> String {
    let body = json!({"site": site, "until_ms": until_ms});
    let reply = caller.post("/api/shares", headers, &body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let made = reply.json();
    let token = made["token"].as_str().unwrap();
    assert_eq!(made["path"], format!("/#share={token}"));
    token.to_owned()
}

#[tokio::test]
async fn a_share_link_shows_its_site_until_its_end() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let until_ms = NOW_MS + HOUR_MS;
    let token = share(&caller, &[("cookie", &cookie)], "a.example", until_ms).await;
    let with = [("x-beacon-share", token.as_str())];

    let about = caller.get("/api/about", &with).await.json();
    assert_eq!(
        about["access"],
        json!({"kind": "share", "site": "a.example", "until_ms": until_ms})
    );
    assert_eq!(about["custom_columns"], json!([]));
    let path = location(&caller.ask("totals", &with).await);
    assert_eq!(
        caller.engine.parameters("1")[11..13],
        ["a.example", "a.example"]
    );
    assert_eq!(caller.get(&path, &with).await.json()["state"], "succeeded");
    for site in ["*", "a.example"] {
        let mut ask = about_today("totals");
        ask["site"] = json!(site);
        location(&caller.post("/api/queries", &with, &ask).await);
    }
    assert_eq!(caller.engine.parameters("2")[11], "a.example");

    // Guests choose classes of agents too.
    let mut bots = about_today("totals");
    bots["agents"] = json!(["bot"]);
    location(&caller.post("/api/queries", &with, &bots).await);
    assert_eq!(caller.engine.parameters("4")[10], "bot");

    let path = location(&caller.ask("sources", &with).await);
    assert_eq!(
        caller.get(&path, &with).await.json()["warnings"],
        json!(["files that can't be read are left out: the beacon's owner sees which"])
    );

    let mut other = about_today("totals");
    other["site"] = json!("b.example");
    let reply = caller.post("/api/queries", &with, &other).await;
    assert_eq!(
        reply.problem(),
        (403, "this share link is for a.example only".to_owned())
    );
    let mut column = about_today("totals");
    column["column"] = json!({"name": "userid", "value": "7"});
    assert_eq!(
        caller
            .post("/api/queries", &with, &column)
            .await
            .problem()
            .0,
        403
    );
    for private in ["userid", "prop.plan"] {
        let mut filtered = about_today("totals");
        filtered["filters"] = json!([{"column": private, "op": "contains", "values": ["7"]}]);
        assert_eq!(
            caller
                .post("/api/queries", &with, &filtered)
                .await
                .problem(),
            (
                403,
                "a share link can't be filtered or grouped by a custom column or a property"
                    .to_owned()
            )
        );
    }
    let again = json!({"site": "a.example", "until_ms": until_ms});
    assert_eq!(
        caller.post("/api/shares", &with, &again).await.problem().0,
        403
    );

    // What the owner asked about all sites, or another, is not for the link's reader.
    let owners = [("cookie", cookie.as_str())];
    let all = location(&caller.ask("totals", &owners).await);
    let mut every = about_today("totals");
    every["site"] = json!("*");
    let every = location(&caller.post("/api/queries", &owners, &every).await);
    let others = location(&caller.post("/api/queries", &owners, &other).await);
    for path in [all, every, others] {
        for target in [path.clone(), format!("{path}/csv")] {
            assert_eq!(
                caller.get(&target, &with).await.problem().0,
                403,
                "{target}"
            );
        }
        assert_eq!(
            caller.call("DELETE", &path, &with, "").await.problem().0,
            403
        );
    }
    // With the link, its owner sees what it shows.
    let both = [owners[0], with[0]];
    assert_eq!(
        caller.get("/api/about", &both).await.json()["access"]["kind"],
        "share"
    );

    caller.pass_ms(HOUR_MS);
    let ended = "this share link is not valid, or no longer: ask for a new one";
    assert_eq!(
        caller.get("/api/about", &with).await.problem(),
        (401, ended.to_owned())
    );
    assert_eq!(caller.get(&path, &with).await.problem().0, 401);
}

#[tokio::test]
async fn a_share_link_has_its_site_however_it_is_spelled() {
    let caller = Caller::open();
    for typed in [
        "münchen.example",
        "xn--mnchen-3ya.example",
        "https://MÜNCHEN.example.:443/a",
    ] {
        let token = share(&caller, &[], typed, NOW_MS + 1).await;
        let with = [("x-beacon-share", token.as_str())];
        let about = caller.get("/api/about", &with).await.json();
        assert_eq!(about["access"]["site"], "münchen.example", "{typed}");
        // How the server fares is the owner's business.
        let changes = caller.get("/api/changes", &with).await;
        assert_eq!(changes.json(), json!({"revision": 1}));
        for asked in ["münchen.example", "XN--MNCHEN-3YA.example"] {
            let mut ask = about_today("totals");
            ask["site"] = json!(asked);
            let path = location(&caller.post("/api/queries", &with, &ask).await);
            let answer = caller.get(&path, &with).await;
            assert_eq!(answer.status, 200, "{asked}");
            // What an answer took is the owner's business.
            assert!(answer.json().get("statistics").is_none());
        }
        let mut other = about_today("totals");
        other["site"] = json!("munchen.example");
        assert_eq!(
            caller.post("/api/queries", &with, &other).await.problem(),
            (
                403,
                "this share link is for münchen.example only".to_owned()
            )
        );
    }
}

#[tokio::test]
async fn what_is_no_share_link_opens_nothing() {
    for caller in [Caller::protected(), Caller::open()] {
        let owner = match caller.get("/api/about", &[]).await.status {
            StatusCode::OK => String::new(),
            _ => session(&caller).await,
        };
        let token = share(&caller, &[("cookie", &owner)], "a.example", NOW_MS + 1).await;
        let (content, tag) = token.split_once('.').unwrap();
        let of_session = owner.trim_start_matches("beacon_session=");
        let forged = format!("{}.{tag}", content.replacen('a', "b", 1));
        for wrong in ["", "a.b", content, &forged, of_session] {
            let reply = caller.get("/api/about", &[("x-beacon-share", wrong)]).await;
            assert_eq!(reply.problem().0, 401, "{wrong:?}");
        }
        // And the other way round.
        let cookie = format!("beacon_session={token}");
        let reply = caller.get("/api/about", &[("cookie", &cookie)]).await;
        let expected = if owner.is_empty() { 200 } else { 401 };
        assert_eq!(reply.status.as_u16(), expected);
    }
}

#[tokio::test]
async fn a_share_link_has_one_site_and_an_end() {
    let caller = Caller::open();
    for (site, until_ms) in [
        ("*", NOW_MS + 1),
        ("", NOW_MS + 1),
        ("a.example", NOW_MS),
        ("a.example", NOW_MS + 367 * DAY_MS),
    ] {
        let body = json!({"site": site, "until_ms": until_ms});
        let reply = caller.post("/api/shares", &[], &body).await;
        assert_eq!(reply.problem().0, 422, "{body}");
    }
    let reply = caller.post("/api/shares", &[], &json!({"site": "a"})).await;
    assert_eq!(reply.problem().0, 422);
}
