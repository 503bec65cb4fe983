use beacon_core::schema::CustomSource;
use beacon_testing::settings::{check_refused, lookup};

use super::*;

const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$kFAHYpSrmGOcXfQRBDWC6sKYNXHqMJgL6Fs8iGK4q1o";

const COMPLETE: [(&str, &str); 14] = [
    ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
    ("AWS_LAMBDA_FUNCTION_NAME", "beacon-dashboard"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
    ("BEACON_WORKGROUP", "beacon"),
    ("BEACON_DATABASE", "beacon"),
    ("BEACON_TABLE", "tp_hits"),
    ("BEACON_BUFFER_INTERVAL_SECONDS", "300"),
    ("BEACON_DASHBOARD_PASSWORD_HASH", HASH),
    ("BEACON_DASHBOARD_KEY", "0123456789abcdef0123456789abcdef"),
    (
        "BEACON_DASHBOARD_DOCUMENT",
        "s3://lake/dashboard/document.json",
    ),
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
    let config = with(&[
        (
            "BEACON_COLUMNS",
            "userid=params.uid,lang=headers.accept-language",
        ),
        ("BEACON_ENDPOINT", "https://b.example"),
    ])
    .unwrap();
    assert_eq!(config.athena.table, "tp_hits");
    assert_eq!(config.athena.buffer_interval_s, 300);
    assert_eq!(config.dashboard.settings.privacy(), "anonymous");
    let schema = config.dashboard.settings.schema();
    let columns: Vec<_> = schema.custom_columns().collect();
    assert_eq!(
        columns,
        [
            ("userid", CustomSource::Parameter("uid")),
            ("lang", CustomSource::Header("accept-language"))
        ]
    );
    assert!(matches!(config.dashboard.access, Access::Password(_)));
    let debug = format!("{config:?}");
    assert!(
        !debug.contains("0123456789abcdef") && !debug.contains("argon2"),
        "{debug}"
    );
}

#[test]
fn a_missing_or_wrong_variable_is_named() {
    for (variable, _) in COMPLETE {
        check(variable, "", "is not set");
    }
    check("BEACON_WORKGROUP", "a b", "\"a b\"");
    check("BEACON_DATABASE", "Beacon", "\"Beacon\"");
    check("BEACON_TABLE", "hits\" --", "of a-z, 0-9 and `_`");
    check("BEACON_TABLE", &"x".repeat(129), "at most 128");
    check("BEACON_BUFFER_INTERVAL_SECONDS", "901", "from 0 to 900");
    check("BEACON_BUFFER_INTERVAL_SECONDS", "5m", "\"5m\"");
    check(
        "BEACON_DASHBOARD_PASSWORD_HASH",
        "geheim",
        "beacon dashboard-password",
    );
    check("BEACON_DASHBOARD_KEY", "short", "openssl rand -hex 32");
    check("AWS_ENDPOINT_URL_ATHENA", "localhost", "\"localhost\"");
    check("AWS_ENDPOINT_URL_S3", "localhost", "\"localhost\"");
    check(
        "BEACON_DASHBOARD_DOCUMENT",
        "lake/document.json",
        "s3://BUCKET",
    );
    check("BEACON_COLUMNS", "page=params.x", "page");
}
