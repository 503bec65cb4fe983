//! The function's access rules, and the settings with which it starts.

use std::path::Path;

use beacon_testing::athena::FakeAthena;
use beacon_testing::program::Program;
use beacon_testing::runtime_api::RuntimeApi;
use beacon_testing::tls::TlsFront;
use serde_json::{Value, json};

use crate::dashboard::{DAY_MS, Dashboard, PASSWORD, environment};

/// Far more than an address has, so that those that come back meanwhile don't matter.
const MOST_TRIES: u32 = 100;

#[tokio::test]
async fn nothing_is_told_without_the_password() {
    let dashboard = Dashboard::start().await;
    dashboard.send("GET", "/", None).await.check(200);
    dashboard.send("GET", "/api/about", None).await.check(401);
    let [from_ms, to_ms] = DAY_MS;
    let ask = json!({"question": "totals", "from_ms": from_ms, "to_ms": to_ms});
    dashboard
        .send("POST", "/api/queries", Some(ask))
        .await
        .check(401);
    assert_eq!(dashboard.athena.take_calls(), []);
}

#[tokio::test]
async fn after_many_wrong_passwords_nobody_may_try() {
    let dashboard = Dashboard::start().await;
    // Too long to be hashed, so that the next one is there before a try comes back, also on a slow machine.
    let wrong = json!({"password": "wrong horse".repeat(200)});
    for _ in 0..MOST_TRIES {
        let wrong = Some(wrong.clone());
        let answer = dashboard.send("POST", "/api/session", wrong).await;
        if answer.status == 401 {
            continue;
        }
        let answer = answer.check(429);
        assert!(answer.headers["retry-after"].is_string(), "{answer:?}");
        return;
    }
    panic!("{MOST_TRIES} wrong passwords were tried");
}

#[tokio::test]
async fn a_session_is_a_secure_cookie() {
    let dashboard = Dashboard::start().await;
    let right = json!({"password": PASSWORD});
    let answer = dashboard
        .send("POST", "/api/session", Some(right))
        .await
        .check(204);
    assert_eq!(answer.headers["set-cookie"], Value::Null);
    let cookie = answer.cookies[0].as_str().expect("a log-in sets a cookie");
    for part in ["beacon_session=", "HttpOnly", "Secure", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn it_does_not_start_without_a_password() {
    let runtime_api = RuntimeApi::start().await;
    let front = TlsFront::start(FakeAthena::start().await.address()).await;
    let mut variables = environment(&runtime_api, &front);
    variables.retain(|(name, _)| *name != "BEACON_DASHBOARD_PASSWORD_HASH");
    let program = Program::start(
        Path::new(env!("CARGO_BIN_EXE_dashboard-bootstrap")),
        [],
        variables,
    );
    let (success, stdout, _) = program.end().await;
    assert!(!success);
    assert_eq!(stdout.len(), 1, "{stdout:?}");
    assert!(
        stdout[0].contains("cannot start: BEACON_DASHBOARD_PASSWORD_HASH is not set"),
        "{stdout:?}"
    );
}
