//! Puts that cannot be taken: said to the producer, whole or record by record, and never half.

use std::process::Command;

use beacon_testing::machine::wait_until;
use serde_json::json;

use crate::stream::{Program, hit, hit_with, raw};

/// What files may have at most: no hit of 600 KB fits into any, as on a disk that is full.
const FILE_LIMIT_BLOCKS: &str = "1024";

/// Runs the command with a limit on the size of its files, in blocks of 512 bytes. The limit's signal is ignored, so
/// that writing fails instead.
fn with_file_limit(command: Command) -> Command {
    let mut limited = Command::new("sh");
    limited
        .args(["-c", r#"trap "" XFSZ; ulimit -f "$0"; exec "$@""#])
        .arg(FILE_LIMIT_BLOCKS)
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
        .current_dir(command.get_current_dir().unwrap())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped());
    limited
}

fn large_hit(id: &str) -> String {
    hit_with(id, &format!(r#""title":"{}""#, "x".repeat(600_000)))
}

/// F1: nothing of the batch could be written: one error for all of it, which an SDK sends again.
#[test]
fn full_disk_is_service_unavailable() {
    let program = Program::start_as(&[], with_file_limit);
    let reply = program.put(&[large_hit("1").as_bytes(), hit("2").as_bytes()]);
    assert_eq!(
        (reply.status, &reply.json()["__type"]),
        (503, &json!("ServiceUnavailableException")),
        "{}",
        reply.text()
    );
    assert_eq!(program.ids(), [] as [&str; 0]);
    wait_until("the loss is counted", || {
        program
            .beacon
            .metric(r#"beacon_lost_total{through="firehose",reason="disk error"}"#)
            == 2.0
    });
    program.accept(&[hit("2").as_bytes()]);
    assert_eq!(program.ids(), ["2"]);
}

/// The folder of the spool is gone: it is made again, and what is acknowledged is there.
#[test]
fn removed_spool_is_recreated() {
    let program = Program::start(&[]);
    std::fs::remove_dir_all(program.lake()).unwrap();
    program.accept(&[hit("1").as_bytes()]);
    assert_eq!(program.ids(), ["1"]);
}

/// F2, F3: the records that failed have a code, those that did not are in, and to send the former again completes it.
#[test]
fn partial_failure_is_reported_record_by_record() {
    let program = Program::start_as(&[], with_file_limit);
    let (large, small) = (large_hit("1"), hit("2"));
    let reply = program.put(&[large.as_bytes(), b"nonsense", small.as_bytes(), b""]);
    let answer = reply.json();
    assert_eq!(
        (reply.status, &answer["FailedPutCount"]),
        (200, &json!(2)),
        "{answer}"
    );
    let entries = answer["RequestResponses"].as_array().unwrap();
    assert_eq!(entries.len(), 4);
    for (index, failed) in [(0, true), (1, false), (2, true), (3, false)] {
        let entry = &entries[index];
        assert_eq!(entry["RecordId"].is_string(), !failed, "{index}: {entry}");
        if failed {
            assert_eq!(entry["ErrorCode"], "ServiceUnavailableException");
            assert!(!entry["ErrorMessage"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(program.ids(), [] as [&str; 0]);

    program.accept(&[small.as_bytes()]);
    // The answer to that may have been lost, so a producer sends it once more.
    program.accept(&[small.as_bytes()]);
    let counts = program
        .beacon
        .query("SELECT (SELECT count(*) FROM hits) AS hits, (SELECT count(*) FROM unique_hits) AS unique_hits");
    assert_eq!(counts, [json!({"hits": 2, "unique_hits": 1})]);
    let (_, lines) = program.end().errors();
    assert_eq!(lines.iter().map(raw).collect::<Vec<_>>(), [b"nonsense"]);
}
