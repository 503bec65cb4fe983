//! Findings about variables and options.

use crate::diagnosis::{diagnose, doctor};

#[test]
fn settings_have_their_source_and_every_wrong_one_its_fix() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = doctor(folder.path());
    command.args(["--all-settings", "--buffer-interval", "15m"]);
    let found = diagnose(
        &mut command,
        &[
            ("BEACON_PRIVACY", "none"),
            ("BEACON_DEBUG", "maybe"),
            ("BEACON_SITE", "blog.example"),
            ("BEACON_BUFFER_INTERVALS", "60"),
            ("BEACON_LISTEN", "80800"),
            ("BEACON_BUFFER_SIZE", "many"),
            ("BEACON_ORIGIN_SECRET", "swordfish"),
            (
                "BEACON_DASHBOARD_KEY",
                "swordfish-swordfish-swordfish-swordfish",
            ),
            ("BEACON_STREAM", "clicks"),
            ("BEACON_TABLE", "hits"),
            ("BEACON_FIREHOSE_ALLOW_REMOTE", "maybe"),
        ],
    );
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "BEACON_PRIVACY",
        &["set `anonymous` or `full`", "environment"],
    );
    found.has("problem", "BEACON_DEBUG", &["maybe", "environment"]);
    found.has("problem", "BEACON_SITE", &["did you mean BEACON_SITES?"]);
    found.has(
        "problem",
        "BEACON_BUFFER_INTERVALS",
        &["did you mean BEACON_BUFFER_INTERVAL?"],
    );
    found.has(
        "problem",
        "BEACON_LISTEN",
        &["80800", "no port from 0 to 65535", "environment"],
    );
    found.has(
        "problem",
        "BEACON_BUFFER_SIZE",
        &["many", "write MiB as 64"],
    );
    found.has(
        "problem",
        "BEACON_FIREHOSE_ALLOW_REMOTE",
        &["neither true nor false"],
    );
    found.has("ok", "BEACON_ORIGIN_SECRET", &["not shown"]);
    found.has("ok", "BEACON_DASHBOARD_KEY", &["not shown"]);
    found.has("ok", "BEACON_STREAM", &["clicks (environment)"]);
    found.has("ok", "BEACON_BUFFER_INTERVAL", &["15m (command line)"]);
    found.has(
        "ok",
        "BEACON_DASHBOARD_LISTEN",
        &["127.0.0.1:8081 (default)"],
    );
    found.has("ok", "BEACON_SITES", &["not set"]);
    found.has("ok", "BEACON_TABLE", &["not read by serve"]);
    assert!(!found.report.to_string().contains("swordfish"));
    let subjects: Vec<&str> = found
        .findings()
        .map(|(_, subject, _)| subject)
        .filter(|subject| subject.starts_with("BEACON_"))
        .collect();
    let mut once = subjects.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(subjects.len(), once.len(), "{subjects:?}");
}

#[test]
fn settings_that_are_not_set_are_one_line_unless_all_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let is_setting = |subject: &str| subject.starts_with("BEACON_");
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_SITES", "blog.example"), ("BEACON_PATHS", "")],
    );
    let mut listed: Vec<&str> = found
        .findings()
        .map(|(_, subject, _)| subject)
        .filter(|subject| is_setting(subject))
        .collect();
    listed.sort_unstable();
    // The one that is set here, and those of every doctor in these tests.
    assert_eq!(
        listed,
        [
            "BEACON_LAKE",
            "BEACON_METRICS_LISTEN",
            "BEACON_SALT_DIRECTORY",
            "BEACON_SITES"
        ]
    );

    let mut command = doctor(folder.path());
    command.arg("--all-settings");
    let all = diagnose(&mut command, &[("BEACON_SITES", "blog.example")]);
    let unset = all
        .findings()
        .filter(|(_, subject, text)| {
            is_setting(subject) && (*text == "not set" || text.ends_with(" (default)"))
        })
        .count();
    assert!(unset > 20, "{unset}");
    found.has(
        "ok",
        "settings",
        &[&format!("{unset} other variables"), "--all-settings"],
    );
    assert!(
        all.findings().all(|(_, subject, _)| subject != "settings"),
        "nothing is left to count"
    );

    let mut command = doctor(folder.path());
    let output = command
        .args(["--all-settings", "--stack", "beacon"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "a stack has no variables");
}
