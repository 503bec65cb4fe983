//! Share links: the requests that they allow, and until when.

use beacon_core::time::{DAY_MS, HOUR_MS};
use beacon_dashboard::access::Access;
use beacon_dashboard::document_store::{DocumentStore, StoreFailure, Stored, Version};
use beacon_dashboard::share_links;
use futures::future::BoxFuture;
use http::StatusCode;
use serde_json::{Value, json};

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
        let of_session = owner.trim_start_matches("beacon_session=");
        let other = "A".repeat(token.len());
        for wrong in ["", "a.b", &token[1..], &other, of_session, "\u{fc}"] {
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

/// Made by 0.1.0 with the key of 32 times `k`: {"site":"Blog.example","until_ms":1795239060000}
const SIGNED: &str = "eyJzaXRlIjoiQmxvZy5leGFtcGxlIiwidW50aWxfbXMiOjE3OTUyMzkwNjAwMDB9.37qoN3ShnqHuddY22f6pTCvbCp1Vo3vQlzVLeXPjvZs";

#[tokio::test]
async fn a_link_from_before_the_document_works_until_its_end_or_a_new_key() {
    let caller = Caller::protected();
    let with = [("x-beacon-share", SIGNED)];
    let about = caller.get("/api/about", &with).await.json();
    assert_eq!(
        about["access"],
        json!({"kind": "share", "site": "blog.example", "until_ms": NOW_MS + 60_000})
    );
    let forged = SIGNED.replacen("eyJz", "eyJy", 1);
    let reply = caller
        .get("/api/about", &[("x-beacon-share", &forged)])
        .await;
    assert_eq!(reply.problem().0, 401);
    // It needs no document, not even one that can be read.
    std::fs::write(caller.document(), "damaged").unwrap();
    location(&caller.ask("totals", &with).await);
    caller.pass_ms(60_000);
    assert_eq!(caller.get("/api/about", &with).await.problem().0, 401);

    let other_key = Caller::with(Access::Open, &"x".repeat(32));
    assert_eq!(other_key.get("/api/about", &with).await.problem().0, 401);
}

#[tokio::test]
async fn links_are_listed_and_revoked_one_by_one() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let owner = [("cookie", cookie.as_str())];
    let ends = NOW_MS + HOUR_MS;
    let make = async |body: Value| caller.post("/api/shares", &owner, &body).await.json();
    let ada = make(json!({"site": "a.example", "name": " For Ada ", "until_ms": ends})).await;
    let body = json!({"site": "b.example", "until_ms": ends - 1, "password": "correct staple"});
    let bob = make(body).await;
    let listed = json!({"shares": [
        {"id": ada["id"], "name": "For Ada", "site": "a.example", "until_ms": ends, "has_password": false,
         "created_ms": NOW_MS},
        {"id": bob["id"], "name": "b.example", "site": "b.example", "until_ms": ends - 1, "has_password": true,
         "created_ms": NOW_MS},
    ]});
    let list = caller.get("/api/shares", &owner).await;
    assert_eq!(list.json(), listed);
    let document = std::fs::read_to_string(caller.document()).unwrap();
    for text in [list.text(), document] {
        for secret in [&ada["token"], &bob["token"], &json!("correct staple")] {
            assert!(!text.contains(secret.as_str().unwrap()), "{text}");
        }
    }

    let guest = [("x-beacon-share", ada["token"].as_str().unwrap())];
    assert_eq!(caller.get("/api/about", &guest).await.status, 200);
    let path = format!("/api/shares/{}", ada["id"].as_str().unwrap());
    for (method, path) in [
        ("GET", "/api/shares"),
        ("DELETE", &path),
        ("GET", "/api/keys"),
        ("DELETE", "/api/keys/1"),
    ] {
        let refused = caller.call(method, path, &guest, "").await.problem();
        assert_eq!(refused.0, 403, "{method} {path}");
        assert_eq!(caller.call(method, path, &[], "").await.problem().0, 401);
    }
    assert_eq!(
        caller.call("DELETE", &path, &owner, "").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(caller.get("/api/about", &guest).await.problem().0, 401);
    assert_eq!(
        caller.call("DELETE", &path, &owner, "").await.problem(),
        (404, format!("there is no share link {}", ada["id"]))
    );
    caller.pass_ms(HOUR_MS - 1);
    assert_eq!(
        caller.get("/api/shares", &owner).await.json(),
        json!({"shares": []})
    );
}

#[tokio::test]
async fn a_link_that_another_process_revokes_ends_within_a_minute() {
    let caller = Caller::open();
    let body = json!({"site": "a.example", "until_ms": NOW_MS + HOUR_MS});
    let made = caller.post("/api/shares", &[], &body).await.json();
    let guest = [("x-beacon-share", made["token"].as_str().unwrap())];
    assert_eq!(caller.get("/api/about", &guest).await.status, 200);
    let id = made["id"].as_str().unwrap();
    share_links::revoke(&caller.other_process(), id, NOW_MS)
        .await
        .unwrap();
    caller.pass_ms(60_000);
    assert_eq!(caller.get("/api/about", &guest).await.problem().0, 401);
}

#[tokio::test]
async fn a_document_that_can_not_be_read_is_named_to_the_owner_alone() {
    let caller = Caller::open();
    let body = json!({"site": "a.example", "until_ms": NOW_MS + 1});
    let made = caller.post("/api/shares", &[], &body).await.json();
    std::fs::write(caller.document(), "{\"version\": 2}").unwrap();
    caller.pass_ms(60_000);
    let path = caller.document().display().to_string();
    let owners = [
        caller.get("/api/shares", &[]).await,
        caller.get("/api/keys", &[]).await,
        caller
            .post(
                "/api/shares",
                &[],
                &json!({"site": "a.example", "until_ms": NOW_MS + DAY_MS}),
            )
            .await,
        caller.post("/api/keys", &[], &json!({"name": "a"})).await,
    ];
    for reply in owners {
        let (status, detail) = reply.problem();
        assert_eq!(status, 500);
        assert!(
            detail.contains(&path) && detail.contains("its version is 2"),
            "{detail}"
        );
    }
    let guest = [("x-beacon-share", made["token"].as_str().unwrap())];
    let reply = caller.get("/api/about", &guest).await;
    assert_eq!(
        reply.problem(),
        (
            503,
            "keys and share links can't be checked at the moment; the server's log says why"
                .to_owned()
        )
    );
    assert_eq!(reply.header("retry-after"), "5");
    // The rest goes on, and the page says that something is missing.
    location(&caller.ask("totals", &[]).await);
    let about = caller.get("/api/about", &[]).await.json();
    let problem = about["document_problem"].as_str().unwrap();
    assert!(
        problem.contains(&path) && problem.contains("its version is 2"),
        "{problem}"
    );
    assert_eq!((&about["goals"], &about["saved"]), (&json!([]), &json!([])));
    std::fs::remove_file(caller.document()).unwrap();
    caller.pass_ms(60_000);
    let about = caller.get("/api/about", &[]).await.json();
    assert!(about.get("document_problem").is_none(), "{about}");
}

/// A place that never answers.
struct Silent;

impl DocumentStore for Silent {
    fn place(&self) -> String {
        "s3://silent".to_owned()
    }

    fn read(&self) -> BoxFuture<'_, Result<Stored, StoreFailure>> {
        Box::pin(std::future::pending())
    }

    fn replace<'a>(
        &'a self,
        _: Vec<u8>,
        _: &'a Version,
    ) -> BoxFuture<'a, Result<bool, StoreFailure>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn the_owners_page_does_not_wait_for_a_document_that_does_not_come() {
    let caller = Caller::over(Box::new(Silent));
    let about = caller.get("/api/about", &[]).await.json();
    assert_eq!(
        about["document_problem"],
        "the dashboard's document s3://silent could not be read within 2 s"
    );
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
    for body in [
        json!({"site": "a"}),
        json!({"site": "a.example", "until_ms": NOW_MS + 1, "name": " "}),
        json!({"site": "a.example", "until_ms": NOW_MS + 1, "password": "short"}),
    ] {
        let reply = caller.post("/api/shares", &[], &body).await;
        assert_eq!(reply.problem().0, 422, "{body}");
    }
    assert!(!caller.document().exists());
}
