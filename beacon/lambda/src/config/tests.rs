use beacon_testing::settings::{check_refused, lookup};

use super::*;

const COMPLETE: [(&str, &str); 8] = [
    ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
    ("AWS_LAMBDA_FUNCTION_NAME", "beacon"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("BEACON_STREAM", "hits"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];

fn with(changes: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_lookup(lookup(changes, &COMPLETE))
}

#[track_caller]
fn check(variable: &str, value: &str, expected: &str) {
    check_refused(with(&[(variable, value)]), variable, expected);
}

#[test]
fn a_complete_environment_is_accepted() {
    let config = with(&[]).unwrap();
    assert_eq!(config.stream, "hits");
    assert_eq!(config.log_level, tracing::Level::INFO);
    assert_eq!(config.connection.endpoint_url, None);
    assert_eq!(
        config.connection.attempt_timeout,
        Duration::from_millis(1_500)
    );
    let patient = with(&[("BEACON_PUT_TIMEOUT_MS", "30000")]).unwrap();
    assert_eq!(patient.connection.attempt_timeout, Duration::from_secs(30));
    assert_eq!(
        with(&[("AWS_LAMBDA_LOG_LEVEL", "FATAL")])
            .unwrap()
            .log_level,
        tracing::Level::ERROR
    );
}

#[test]
fn a_missing_or_wrong_variable_is_named() {
    for (variable, _) in COMPLETE {
        check(variable, "", "is not set");
    }
    check("AWS_LAMBDA_RUNTIME_API", "", "beacon serve");
    check("BEACON_STREAM", "a b", "\"a b\"");
    check("BEACON_STREAM", &"x".repeat(65), "1 to 64");
    check("AWS_ENDPOINT_URL_FIREHOSE", "localhost:8443", "https://");
    check("AWS_ENDPOINT_URL_FIREHOSE", "/tmp/socket", "https://");
    check(
        "BEACON_CA_FILE",
        "/nowhere/ca.pem",
        "cannot read /nowhere/ca.pem",
    );
    check("BEACON_PUT_TIMEOUT_MS", "2s", "\"2s\": set milliseconds");
    check("BEACON_SALT_TABLE", "a b", "\"a b\"");
    check("BEACON_PUT_TIMEOUT_MS", "99", "from 100 to 60000");
    check("BEACON_PUT_TIMEOUT_MS", "60001", "such as 1500");
    check("AWS_LAMBDA_LOG_LEVEL", "LOUD", "\"LOUD\"");
    check("AWS_LAMBDA_LOG_LEVEL", "3", "\"3\"");
    check("BEACON_PRIVACY", "some", "some");
    check("BEACON_ROBOTS", "yes", "`yes`: set `allow` or `disallow`");
}

#[test]
fn the_salt_has_a_table_and_a_timeout_of_its_own() {
    assert!(with(&[]).unwrap().salts.is_none());
    let off = [("BEACON_SALT_TABLE", "salts"), ("BEACON_VISITORS", "off")];
    assert!(with(&off).unwrap().salts.is_none());
    let config = with(&[
        ("BEACON_SALT_TABLE", "salts"),
        ("AWS_ENDPOINT_URL_FIREHOSE", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:2"),
    ])
    .unwrap();
    let salts = config.salts.unwrap();
    assert_eq!(salts.table, "salts");
    assert_eq!(
        salts.connection.endpoint_url.as_deref(),
        Some("http://127.0.0.1:2")
    );
    assert_eq!(salts.connection.attempt_timeout, Duration::from_millis(150));
    for (variable, value, expected) in [
        ("BEACON_SALT_TIMEOUT_MS", "19", "from 20 to 60000"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "localhost:8000", "https://"),
    ] {
        let wrong = with(&[("BEACON_SALT_TABLE", "salts"), (variable, value)]);
        check_refused(wrong, variable, expected);
    }
}
