//! Who may ask what, and what others try.

use beacon_core::time::{DAY_MS, HOUR_MS};
use beacon_dashboard::access::Access;
use http::StatusCode;
use serde_json::json;

use crate::caller::{Caller, NOW_MS, PASSWORD, about_today, location, password_hash};

const WEEK_MS: u64 = 7 * DAY_MS;

/// The `name=value` of the cookie that a log-in sets.
async fn session(caller: &Caller) -> String {
    let reply = caller.log_in(PASSWORD).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
    let cookie = reply.header("set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}

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
async fn without_the_password_there_is_the_page_and_nothing_else() {
    let caller = Caller::protected();
    assert_eq!(caller.get("/", &[]).await.status, StatusCode::OK);
    assert_eq!(
        caller.get("/api/openapi.json", &[]).await.status,
        StatusCode::OK
    );
    let log_in = (401, "log in with the dashboard's password".to_owned());
    for target in [
        "/api/about",
        "/api/changes",
        "/api/queries/1",
        "/api/queries/1/csv",
    ] {
        assert_eq!(caller.get(target, &[]).await.problem(), log_in, "{target}");
    }
    assert_eq!(caller.ask("totals", &[]).await.problem(), log_in);
    assert_eq!(
        caller
            .call("DELETE", "/api/queries/1", &[], "")
            .await
            .problem(),
        log_in
    );
    let body = json!({"site": "a", "until_ms": NOW_MS + 1});
    assert_eq!(
        caller.post("/api/shares", &[], &body).await.problem(),
        log_in
    );
    assert_eq!(caller.engine.count(), 0);
}

#[tokio::test]
async fn a_session_lasts_a_week_and_ends_with_its_password() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let with = [("cookie", cookie.as_str())];
    let about = caller.get("/api/about", &with).await;
    assert_eq!(about.json()["access"]["kind"], "password");
    location(&caller.ask("totals", &with).await);

    let other = Caller::with(
        Access::Password(password_hash("another password")),
        &"k".repeat(32),
    );
    assert_eq!(
        other.get("/api/about", &with).await.status,
        StatusCode::UNAUTHORIZED
    );
    let other_key = Caller::with(Access::Password(password_hash(PASSWORD)), &"x".repeat(32));
    assert_eq!(
        other_key.get("/api/about", &with).await.status,
        StatusCode::UNAUTHORIZED
    );

    caller.pass_ms(WEEK_MS - 1);
    assert_eq!(caller.get("/api/about", &with).await.status, StatusCode::OK);
    caller.pass_ms(1);
    assert_eq!(
        caller.get("/api/about", &with).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_cookie_is_for_this_site_and_for_tls() {
    let caller = Caller::protected();
    let local = caller.log_in(PASSWORD).await;
    let (_, attributes) = local.header("set-cookie").split_once(';').unwrap();
    assert_eq!(
        attributes,
        " Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"
    );
    for headers in [
        &[("host", "stats.example")][..],
        &[("x-forwarded-proto", "https")],
    ] {
        let reply = caller
            .post("/api/session", headers, &json!({"password": PASSWORD}))
            .await;
        let (_, attributes) = reply.header("set-cookie").split_once(';').unwrap();
        assert_eq!(
            attributes,
            " Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"
        );
    }
    let out = caller.call("DELETE", "/api/session", &[], "").await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(
        out.header("set-cookie"),
        "beacon_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    );
}

#[tokio::test]
async fn guessing_is_slow() {
    let caller = Caller::protected();
    for _ in 0..5 {
        let wrong = caller.log_in("wrong").await;
        assert_eq!(
            wrong.problem(),
            (401, "this is not the password".to_owned())
        );
        assert!(!wrong.headers.contains_key("set-cookie"));
    }
    let stopped = caller.log_in(PASSWORD).await;
    assert_eq!(stopped.problem().0, 429);
    assert_eq!(stopped.header("retry-after"), "15");
    let body = json!({"password": PASSWORD}).to_string();
    let json = [("content-type", "application/json")];
    let elsewhere = caller
        .call_from("192.0.2.2", "POST", "/api/session", &json, &body)
        .await;
    assert_eq!(elsewhere.status, StatusCode::NO_CONTENT);
    caller.pass_ms(15_000);
    session(&caller).await;
    let long = "a".repeat(2_000);
    assert_eq!(caller.log_in(&long).await.problem().0, 401);
    let typed = caller
        .post("/api/session", &[], &json!({"password": 7}))
        .await;
    assert_eq!(
        typed.problem(),
        (422, "the body must be {\"password\": \"…\"}".to_owned())
    );
}

#[tokio::test]
async fn guessing_is_counted_by_whom_a_trusted_proxy_names() {
    let caller = Caller::behind("proxies=1");
    let body = json!({"password": "wrong"}).to_string();
    let guess = async |forwarded: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("x-forwarded-for", forwarded),
        ];
        let reply = caller
            .call_from("127.0.0.1", "POST", "/api/session", &headers, &body)
            .await;
        reply.problem().0
    };
    for _ in 0..5 {
        assert_eq!(guess("203.0.113.9, 192.0.2.7").await, 401);
    }
    assert_eq!(guess("203.0.113.10, 192.0.2.7").await, 429);
    assert_eq!(guess("203.0.113.9, 192.0.2.8").await, 401);
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let refused = (
        403,
        "this request comes from the page of another site".to_owned(),
    );
    for foreign in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let headers = [("cookie", cookie.as_str()), foreign];
        assert_eq!(caller.ask("totals", &headers).await.problem(), refused);
        let session = caller.call("DELETE", "/api/session", &headers, "").await;
        assert_eq!(session.problem(), refused);
        let body = json!({"password": PASSWORD});
        assert_eq!(
            caller.post("/api/session", &headers, &body).await.problem(),
            refused
        );
    }
    let own = [
        ("cookie", cookie.as_str()),
        ("origin", "http://localhost:8081"),
    ];
    location(&caller.ask("totals", &own).await);
    // What a form of another site can send.
    let form = [
        ("cookie", cookie.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let reply = caller.call("POST", "/api/queries", &form, "{}").await;
    assert_eq!(reply.problem().0, 415);
}

#[tokio::test]
async fn an_open_dashboard_is_for_this_machine() {
    let caller = Caller::open();
    for headers in [
        &[("host", "rebound.example:8081")][..],
        &[("host", "192.0.2.9:8081")],
        &[("x-forwarded-for", "192.0.2.7")],
        &[("origin", "https://stats.example")],
    ] {
        let reply = caller.get("/api/about", headers).await;
        assert_eq!(reply.problem().0, 421, "{headers:?}");
        assert_eq!(caller.get("/", headers).await.problem().0, 421);
    }
    let protected = Caller::protected();
    let reply = protected.get("/", &[("host", "stats.example")]).await;
    assert_eq!(reply.status, StatusCode::OK);
    let nobody = caller.log_in(PASSWORD).await;
    assert_eq!(nobody.problem().0, 404);
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
    assert_eq!(about["own_columns"], json!([]));
    let path = location(&caller.ask("totals", &with).await);
    assert_eq!(
        caller.engine.parameters("1")[6..8],
        ["a.example", "a.example"]
    );
    assert_eq!(caller.get(&path, &with).await.json()["state"], "succeeded");
    for site in ["*", "a.example"] {
        let mut ask = about_today("totals");
        ask["site"] = json!(site);
        location(&caller.post("/api/queries", &with, &ask).await);
    }
    assert_eq!(caller.engine.parameters("2")[6], "a.example");

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
