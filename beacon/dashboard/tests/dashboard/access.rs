//! Passwords, sessions, and what other sites and other machines try.

use beacon_core::time::DAY_MS;
use beacon_dashboard::access::Access;
use http::StatusCode;
use serde_json::json;

use crate::caller::{Caller, NOW_MS, PASSWORD, location, password_hash, session};

const WEEK_MS: u64 = 7 * DAY_MS;

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
