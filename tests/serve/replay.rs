//! `beacon replay` as a program: files as other programs write them, and what is reported about the rest.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use beacon_testing::machine;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::program::query;

fn hit(id: &str) -> String {
    json!({"hit_id": id, "received_at": "2026-11-21 05:34:56.789", "page": "/a \"b\", c"})
        .to_string()
}

fn unsent(id: &str) -> String {
    format!(
        r#"{{"level":"ERROR","timestamp":"2026-11-21T05:34:57.000Z","message":"hit not sent","stream":"hits","reason":"stream busy","unsent":{}}}"#,
        hit(id)
    )
}

fn beacon(folder: &Path) -> Command {
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command.arg("replay").current_dir(folder);
    command
}

/// Replays a file into a lake of its own. Returns the exit code, the report and the ids that are in the lake.
fn replay(content: &[u8]) -> (Option<i32>, String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lost.log");
    std::fs::write(&file, content).unwrap();
    let lake = folder.path().join("lake");
    let done = beacon(folder.path())
        .arg("--lake")
        .args([&lake, &file])
        .output()
        .unwrap();
    let report = String::from_utf8(done.stdout).unwrap();
    // A file without hits makes no lake.
    let rows = match lake.join("hits").exists() {
        true => query(&lake, "SELECT hit_id FROM hits ORDER BY hit_id"),
        false => Vec::new(),
    };
    let ids = rows
        .iter()
        .map(|row| row["hit_id"].as_str().unwrap().to_owned());
    (done.status.code(), report, ids.collect())
}

#[track_caller]
fn check(content: impl AsRef<[u8]>, expected: &[&str]) {
    let (code, report, ids) = replay(content.as_ref());
    assert_eq!(ids, expected, "{report}");
    assert_eq!(code, Some(0), "{report}");
    let sent = format!("sent      {} hits from 1 file", expected.len());
    assert!(report.starts_with(&sent), "{report}");
}

fn events(ids: &[&str]) -> Vec<Value> {
    ids.iter()
        .map(|id| json!({"id": "37", "timestamp": 1_795_239_297_000_u64, "message": unsent(id) + "\n"}))
        .collect()
}

#[test]
fn replay_reads_every_form_of_cloudwatch_logs() {
    let batch = json!({"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logEvents": events(&["a", "b"])});
    check(format!("{batch}{batch}"), &["a", "b"]);
    check(
        json!({"events": events(&["a", "b"])}).to_string(),
        &["a", "b"],
    );
    check(
        serde_json::to_string_pretty(&json!({"events": events(&["a", "b"])})).unwrap(),
        &["a", "b"],
    );
    let row = |id| json!([{"field": "@timestamp", "value": "2026"}, {"field": "@message", "value": unsent(id)}]);
    check(
        json!({"results": [row("a"), row("b")], "status": "Complete"}).to_string(),
        &["a", "b"],
    );
    let cell = |id| format!("\"{}\n\"", unsent(id).replace('"', "\"\""));
    check(
        format!("timestamp,message\n1,{}\n2,{}\n", cell("a"), cell("b")),
        &["a", "b"],
    );
    check(
        format!(
            "2026-11-21T05:34:57.000Z {}\r\n2026-11-21T05:34:57.000Z {}\r\n",
            unsent("a"),
            unsent("b")
        ),
        &["a", "b"],
    );
    let utf_16: Vec<u8> = format!("\u{feff}{}\n{}\n", unsent("a"), unsent("b"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(utf_16, &["a", "b"]);
}

#[test]
fn replay_reports_an_incomplete_hit() {
    let cut = &unsent("b")[..200];
    let (code, report, ids) =
        replay(format!("{}\n{cut}\n{}\n", unsent("a"), unsent("c")).as_bytes());
    assert_eq!(
        (code, ids),
        (Some(1), vec!["a".to_owned(), "c".to_owned()]),
        "{report}"
    );
    assert!(
        report.contains(
            "skipped   1: names a lost hit (unsent), but no whole hit can be read from it ("
        ),
        "{report}"
    );
    assert!(report.contains("lost.log, line 2)"), "{report}");
}

#[test]
fn replay_reports_a_file_without_hits_but_not_an_empty_one() {
    let (code, report, _) = replay(b"START RequestId: 1\nEND\n");
    assert_eq!(code, Some(1), "{report}");
    assert!(
        report.contains("passed    2 lines about something else\nno hits   "),
        "{report}"
    );
    let (code, report, _) = replay(b"");
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("\nempty     "), "{report}");
}

#[test]
fn replay_reports_a_line_that_is_too_long_and_reads_on() {
    const LONG_BYTES: usize = 40 << 20;
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    writeln!(file, "{}", unsent("a")).unwrap();
    file.write_all(b"{\"message\":\"").unwrap();
    file.write_all(&vec![b'x'; LONG_BYTES]).unwrap();
    writeln!(file, "\"}}\n{}", unsent("b")).unwrap();
    let (code, report, ids) = replay(&file.finish().unwrap());
    assert_eq!(
        (code, ids),
        (Some(1), vec!["a".to_owned(), "b".to_owned()]),
        "{report}"
    );
    let size_bytes = LONG_BYTES + "{\"message\":\"\"}".len();
    let reason =
        format!("skipped   1: a line of {size_bytes} bytes is longer than the limit of 16 MiB");
    assert!(report.contains(&reason), "{report}");
    assert!(report.contains("lost.log, line 2)"), "{report}");
}

/// The lake of a file that is never there is never made.
#[test]
fn replay_names_a_missing_file_before_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let done = beacon(folder.path()).arg("no-such.log").output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let error = String::from_utf8(done.stderr).unwrap();
    assert_eq!(
        error,
        "error: can't read no-such.log: No such file or directory (os error 2)\n"
    );
    assert!(!Path::new(&folder.path().join("lake")).exists());
}
