//! Share links with a password.

use beacon_core::time::{DAY_MS, HOUR_MS};
use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, NOW_MS, PASSWORD, location};

const OF_LINK: &str = "correct staple";

const WEEK_MS: u64 = 7 * DAY_MS;

async fn link(caller: &Caller, until_ms: u64) -> Value {
    let body = json!({"site": "a.example", "until_ms": until_ms, "password": OF_LINK});
    let made = caller.post("/api/shares", &[], &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()
}

async fn unlock(caller: &Caller, token: &str, password: &str) -> crate::caller::Reply {
    let body = json!({"token": token, "password": password});
    caller.post("/api/share-login", &[], &body).await
}

#[tokio::test]
async fn a_link_with_a_password_opens_after_it() {
    let caller = Caller::open();
    let until_ms = NOW_MS + 30 * DAY_MS;
    let made = link(&caller, until_ms).await;
    let token = made["token"].as_str().unwrap();
    let locked = [("x-beacon-share", token)];
    let required = (401, "password required".to_owned());
    assert_eq!(caller.get("/api/about", &locked).await.problem(), required);
    assert_eq!(caller.ask("totals", &locked).await.problem(), required);
    assert_eq!(caller.engine.count(), 0);

    let opened = unlock(&caller, token, OF_LINK).await;
    assert_eq!(opened.status, StatusCode::OK);
    let opened = opened.json()["token"].as_str().unwrap().to_owned();
    let guest = [("x-beacon-share", opened.as_str())];
    let about = caller.get("/api/about", &guest).await.json();
    assert_eq!(
        about["access"],
        json!({"kind": "share", "site": "a.example", "until_ms": until_ms})
    );
    location(&caller.ask("totals", &guest).await);
    // It is the link's, with which nobody can be logged in anew.
    assert_eq!(unlock(&caller, &opened, OF_LINK).await.problem().0, 401);

    caller.pass_ms(WEEK_MS - 1);
    assert_eq!(caller.get("/api/about", &guest).await.status, 200);
    caller.pass_ms(1);
    assert_eq!(caller.get("/api/about", &guest).await.problem().0, 401);
    assert_eq!(caller.get("/api/about", &locked).await.problem(), required);
}

#[tokio::test]
async fn a_revoked_or_ended_link_ends_for_those_who_gave_its_password() {
    let caller = Caller::open();
    let short = link(&caller, NOW_MS + HOUR_MS).await;
    let long = link(&caller, NOW_MS + DAY_MS).await;
    let mut opened = Vec::new();
    for made in [&short, &long] {
        let token = made["token"].as_str().unwrap();
        let reply = unlock(&caller, token, OF_LINK).await.json();
        opened.push(reply["token"].as_str().unwrap().to_owned());
    }
    let status = async |token: &str| {
        let guest = [("x-beacon-share", token)];
        caller.get("/api/about", &guest).await.status.as_u16()
    };
    caller.pass_ms(HOUR_MS);
    assert_eq!(status(&opened[0]).await, 401);
    assert_eq!(status(&opened[1]).await, 200);
    let path = format!("/api/shares/{}", long["id"].as_str().unwrap());
    caller.call("DELETE", &path, &[], "").await;
    assert_eq!(status(&opened[1]).await, 401);
    let again = unlock(&caller, long["token"].as_str().unwrap(), OF_LINK).await;
    assert_eq!(
        again.problem(),
        (
            401,
            "this share link is not valid, or no longer: ask for a new one".to_owned()
        )
    );
}

#[tokio::test]
async fn guessing_a_links_password_is_slow_and_a_right_one_gives_no_tries_back() {
    let caller = Caller::protected();
    let cookie = crate::caller::session(&caller).await;
    let body = json!({"site": "a.example", "until_ms": NOW_MS + DAY_MS, "password": OF_LINK});
    let made = caller
        .post("/api/shares", &[("cookie", &cookie)], &body)
        .await;
    let token = made.json()["token"].as_str().unwrap().to_owned();
    for _ in 0..4 {
        let wrong = unlock(&caller, &token, "wrong staple").await;
        assert_eq!(
            wrong.problem(),
            (401, "this is not the password".to_owned())
        );
    }
    let right = unlock(&caller, &token, OF_LINK).await;
    assert_eq!(right.status, StatusCode::OK);
    let stopped = unlock(&caller, &token, OF_LINK).await;
    assert_eq!(stopped.problem().0, 429);
    assert_eq!(stopped.header("retry-after"), "15");
    // Nor can the dashboard's own be tried instead.
    assert_eq!(caller.log_in(PASSWORD).await.problem().0, 429);
}

#[tokio::test]
async fn what_has_no_password_can_not_be_unlocked() {
    let caller = Caller::open();
    let body = json!({"site": "a.example", "until_ms": NOW_MS + 1});
    let made = caller.post("/api/shares", &[], &body).await.json();
    let reply = unlock(&caller, made["token"].as_str().unwrap(), OF_LINK).await;
    assert_eq!(
        reply.problem(),
        (
            422,
            "this share link has no password: it opens without one".to_owned()
        )
    );
    let unknown = unlock(&caller, &"a".repeat(43), OF_LINK).await;
    assert_eq!(unknown.problem().0, 401);
    let body = json!({"token": 7, "password": OF_LINK});
    let typed = caller.post("/api/share-login", &[], &body).await;
    assert_eq!(
        typed.problem(),
        (
            422,
            "the body must be {\"token\": \"…\", \"password\": \"…\"}".to_owned()
        )
    );
}
