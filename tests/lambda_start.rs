//! The real `bootstrap` with settings that are missing or wrong: it ends at once and names the variable.

use std::path::Path;

use beacon_testing::firehose::FakeFirehose;
use beacon_testing::function::environment;
use beacon_testing::program::Program;
use beacon_testing::runtime_api::RuntimeApi;
use beacon_testing::tls::TlsFront;
use serde_json::Value;

/// Starts with one variable changed, or taken away, and expects one line that holds all of `expected`.
async fn check(variable: &'static str, value: Option<&str>, expected: &[&str]) {
    let runtime_api = RuntimeApi::start().await;
    let front = TlsFront::start(FakeFirehose::start().await.address()).await;
    let mut variables = environment(&runtime_api, &front);
    variables.retain(|(name, _)| *name != variable);
    variables.extend(value.map(|value| (variable, value.to_owned())));

    let program = Program::start(Path::new(env!("CARGO_BIN_EXE_bootstrap")), [], variables);
    let (success, stdout, stderr) = program.end().await;
    assert!(!success, "{variable} = {value:?} starts");
    assert!(stderr.is_empty(), "{stderr:?}");
    assert_eq!(stdout.len(), 1, "{stdout:?}");
    let line: Value = serde_json::from_str(&stdout[0]).expect("a log line is JSON");
    assert_eq!(line["level"], "ERROR");
    let message = line["message"].as_str().expect("a log line has a message");
    assert!(message.starts_with("cannot start: "), "{message}");
    for part in expected.iter().chain(&[variable]) {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
}

#[tokio::test]
async fn missing_variable_is_named() {
    check("BEACON_STREAM", None, &["is not set"]).await;
    check("AWS_REGION", None, &["is not set"]).await;
    check("AWS_ACCESS_KEY_ID", None, &["is not set"]).await;
    check(
        "AWS_LAMBDA_RUNTIME_API",
        None,
        &["is not set", "beacon serve"],
    )
    .await;
}

#[tokio::test]
async fn invalid_variable_is_named_with_its_value() {
    check("BEACON_STREAM", Some("my stream"), &["\"my stream\""]).await;
    check(
        "BEACON_PRIVACI",
        Some("full"),
        &["nothing reads", "did you mean BEACON_PRIVACY?"],
    )
    .await;
    check(
        "AWS_ENDPOINT_URL_FIREHOSE",
        Some("localhost"),
        &["\"localhost\""],
    )
    .await;
    check(
        "BEACON_CA_FILE",
        Some("/nowhere/ca.pem"),
        &["/nowhere/ca.pem"],
    )
    .await;
    check(
        "BEACON_CA_FILE",
        Some("/dev/null"),
        &["holds no certificate"],
    )
    .await;
    check(
        "BEACON_PUT_TIMEOUT_MS",
        Some("1.5"),
        &["\"1.5\"", "from 100 to 60000"],
    )
    .await;
    check("BEACON_PRIVACY", Some("secret"), &["secret"]).await;
    check("BEACON_TRUST", Some("everyone"), &["everyone"]).await;
    check("AWS_LAMBDA_LOG_LEVEL", Some("LOUD"), &["LOUD"]).await;
}
