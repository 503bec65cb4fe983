//! `beacon doctor`: each finding, of an installation that is really in that state.

mod aws_answers;
mod fake_aws;
mod server;
mod settings;
mod stack;
mod storage;

use beacon_testing::machine;

use crate::diagnosis::{diagnose, doctor};
use crate::program::{Beacon, files};

#[test]
fn a_running_server_is_well_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    assert_eq!(beacon.get("/hit?page=/a").header("x-beacon"), "recorded");
    let metrics = beacon.metrics.to_string();
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_METRICS_LISTEN", &metrics)],
    );
    found.has_no_problem();
    found.has("ok", "lake", &["lake can be listed and written"]);
    found.has("ok", "spool", &["spool can be written"]);
    found.has("ok", "undelivered hits", &["in 1 file", "after 60 min"]);
    found.has("ok", "newest file", &["no file yet"]);
    found.has("ok", "clock", &["the newest hit is at most", "old"]);
    let process = format!("runs as process {}", beacon.process());
    found.has("ok", "server", &[&process]);
    found.has("ok", "health", &["says ok"]);
    found.has("ok", "dashboard", &["for this machine alone"]);
    found.has("ok", "dashboard's key", &["lake.dashboard.key, mode 0600"]);

    // It took nothing away: neither the lock nor a file.
    assert_eq!(beacon.get("/hit?page=/b").header("x-beacon"), "recorded");
    assert!(
        files(folder.path())
            .iter()
            .all(|path| !path.to_string_lossy().contains("start_check"))
    );
    beacon.stop();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has_no_problem();
    found.has(
        "ok",
        "newest file",
        &["hits/year=", "has the columns of this version"],
    );
    found.has("ok", "undelivered hits", &["none"]);
    found.has(
        "warning",
        "server",
        &["no server uses the spool", "beacon serve"],
    );
}

#[test]
fn the_text_has_one_line_for_each_finding() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command
        .arg("doctor")
        .env("BEACON_PRIVACY", "none")
        .current_dir(folder.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("problem  BEACON_PRIVACY ")
                && line.contains("set `anonymous` or `full`")),
        "{text}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("problem  lake ") && line.contains("there is no lake at")),
        "{text}"
    );
    assert!(
        lines
            .last()
            .is_some_and(|line| line.starts_with("2 problems, ")),
        "{text}"
    );
}

#[test]
fn options_that_exclude_each_other_are_a_problem_and_wrong_usage_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[("BEACON_FIREHOSE", "hits")]);
    found.has(
        "problem",
        "options",
        &["--firehose <STREAM>", "cannot be used with"],
    );

    let mut command = doctor(folder.path());
    let output = command.arg("--no-such-option").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
