//! Records that do not become rows: where they go, what is said of them, and how they come back.

use std::io::Write;
use std::path::Path;
use std::process::Output;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beacon_testing::machine;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::program::query;
use crate::stream::{Program, hit, hit_with, raw};

/// C1, C2: bytes that are no text, a value that its column cannot hold, what is no object; among hits.
#[test]
fn unconvertible_record_does_not_affect_its_batch() {
    let program = Program::start(&[]);
    let bad_time = r#"{"hit_id":"x","received_at":"yesterday"}"#;
    program.accept(&[
        b"nonsense \xff",
        hit("1").as_bytes(),
        bad_time.as_bytes(),
        b"{\"a\":1}\n[1]\n",
        hit("2").as_bytes(),
    ]);
    assert_eq!(program.ids(), ["1", "2"]);
    let refused = r#"beacon_refused_total{through="firehose"}"#;
    assert_eq!(program.beacon.metric(refused), 4.0);
    let (_, lines) = program.end().errors();
    let found: Vec<_> = lines
        .iter()
        .map(|line| (raw(line), line["lastErrorCode"].as_str().unwrap()))
        .collect();
    let (parse, malformed) = (
        "DataFormatConversion.ParseError",
        "DataFormatConversion.MalformedData",
    );
    let expected = [
        (&b"nonsense \xff"[..], parse),
        (bad_time.as_bytes(), malformed),
        (b"{\"a\":1}", malformed),
        (b"[1]", parse),
    ];
    assert_eq!(
        found,
        expected.map(|(raw, code)| (raw.to_vec(), code)),
        "{lines:#?}"
    );
}

/// C1, C5: every member of the guide's schema, by its type.
#[test]
fn error_object_has_the_documented_shape() {
    let program = Program::start(&[]);
    program.accept(&[b"nonsense"]);
    let (key, lines) = program.end().errors();
    assert!(
        key.starts_with("errors/format-conversion-failed/year=2") && key.ends_with(".json.gz"),
        "{key}"
    );
    let [Value::Object(error)] = &lines[..] else {
        panic!("{lines:?}")
    };
    let names = sorted(error.keys());
    assert_eq!(
        names,
        [
            "arrivalTimestamp",
            "attemptEndingTimestamp",
            "attemptsMade",
            "dataCatalogTable",
            "lastErrorCode",
            "lastErrorMessage",
            "rawData",
            "sequenceNumber",
            "subSequenceNumber",
        ]
    );
    assert_eq!(error["attemptsMade"], 1);
    // Milliseconds of this century.
    assert!(error["arrivalTimestamp"].as_u64().unwrap() > 1_700_000_000_000);
    assert!(error["attemptEndingTimestamp"].as_u64() >= error["arrivalTimestamp"].as_u64());
    assert!(
        error["lastErrorMessage"]
            .as_str()
            .unwrap()
            .contains("not one JSON object")
    );
    let table = error["dataCatalogTable"].as_object().unwrap();
    let names = sorted(table.keys());
    assert_eq!(
        names,
        [
            "catalogArn",
            "catalogId",
            "databaseName",
            "region",
            "tableName",
            "versionId"
        ]
    );
    assert_eq!(
        (&table["tableName"], &table["versionId"]),
        (&json!("hits"), &json!("LATEST"))
    );
}

/// C3: what OpenX makes of keys and values.
#[test]
fn keys_and_values_are_read_as_openx_reads_them() {
    let program = Program::start(&[]);
    let odd = r#""site":7,"title":{"a": [1]},"truncated":"False","params":{"A":1,"a":null,"b":true},"unknown":[{}],"year":1999"#;
    let twice = hit_with("2", r#""site":"a","site":"b""#);
    program.accept(&[hit_with("1", odd).as_bytes(), twice.as_bytes()]);
    let rows = program.beacon.query(
        "SELECT hit_id, site, title, page, truncated, element_at(params, 'A') AS upper, \
         element_at(params, 'a') AS lower, element_at(params, 'b') AS flag, year > 2000 AS arrived FROM hits",
    );
    let row = json!({"hit_id": "1", "site": "7", "title": "{\"a\": [1]}", "page": null, "truncated": false,
        "upper": "1", "lower": null, "flag": "true", "arrived": true});
    assert_eq!(rows, [row]);
    let (_, lines) = program.end().errors();
    assert_eq!(
        lines.iter().map(raw).collect::<Vec<_>>(),
        [twice.as_bytes()]
    );
    assert!(
        lines[0]["lastErrorMessage"]
            .as_str()
            .unwrap()
            .contains("\"site\" is there twice")
    );
}

/// C3: a row that could be neither told from another nor found is none.
#[test]
fn a_hit_has_an_id_and_a_time() {
    let program = Program::start(&[]);
    program.accept(&[
        b"{}",
        br#"{"hit_id":"1"}"#,
        br#"{"received_at":"2026-11-21 05:34:56.789"}"#,
        br#"{"hit_id":null,"received_at":"2026-11-21 05:34:56.789"}"#,
    ]);
    assert_eq!(program.ids(), [] as [&str; 0]);
    let (_, lines) = program.end().errors();
    let messages: Vec<_> = lines
        .iter()
        .map(|line| line["lastErrorMessage"].as_str().unwrap())
        .collect();
    let (no_id, no_time) = ("hit_id is missing", "received_at is missing");
    assert_eq!(messages, [no_id, no_time, no_id, no_id]);
}

/// C4: one moment in all its forms, and forms that are refused.
#[test]
fn times_are_read_as_openx_reads_them() {
    let program = Program::start(&[]);
    let timed = |id: usize, time: &str| format!(r#"{{"hit_id":"{id}","received_at":{time}}}"#);
    let good = [
        r#""2026-11-21 05:34:56.789""#,
        r#""2026-11-21T05:34:56.789Z""#,
        r#""2026-11-21 05:34:56.789999999""#,
        "1795239296789",
        r#""1795239296789""#,
        "1795239296.789",
    ];
    let bad = [
        r#""2026-11-21T05:34:56""#,
        r#""2026-02-30 00:00:00""#,
        "true",
        "-1",
        r#""""#,
    ];
    let records: Vec<String> = good
        .iter()
        .chain(&bad)
        .enumerate()
        .map(|(id, time)| timed(id, time))
        .collect();
    program.accept(&records.iter().map(String::as_bytes).collect::<Vec<_>>());
    let rows = program
        .beacon
        .query("SELECT received_at, count(*) AS hits FROM hits GROUP BY received_at");
    assert_eq!(
        rows,
        [json!({"received_at": "2026-11-21 05:34:56.789", "hits": good.len()})]
    );
    assert_eq!(program.end().errors().1.len(), bad.len());
}

/// C5: both shapes as Firehose documents them, plain and gzip, with several lines in one `rawData`.
#[test]
fn replay_reads_both_shapes_of_errors() {
    let folder = tempfile::tempdir().unwrap();
    let data =
        |lines: &[&str]| STANDARD.encode(lines.iter().map(|id| hit(id) + "\n").collect::<String>());
    let conversion = json!({"attemptsMade": 1, "arrivalTimestamp": 1_795_239_296_789_u64,
        "lastErrorCode": "DataFormatConversion.MalformedData", "lastErrorMessage": "a table without this column",
        "attemptEndingTimestamp": 1_795_239_297_000_u64, "rawData": data(&["1", "2"]), "sequenceNumber": "49",
        "subSequenceNumber": null, "dataCatalogTable": {"tableName": "hits"}});
    let newer = json!({"attemptsMade": 1, "ErrorCode": "DataFormatConversion.ParseError", "ErrorMessage": "",
        "rawData": data(&["3"])});
    let transformation = json!({"attemptsMade": 4, "arrivalTimestamp": 1_795_239_296_789_u64,
        "errorCode": "Lambda.FunctionError", "errorMessage": "timed out", "attemptEndingTimestamp": 1_795_239_297_000_u64,
        "rawData": data(&["4"]), "lambdaArn": "arn:aws:lambda:eu-west-1:123456789012:function:clean"});
    let plain = folder.path().join("format-conversion-failed");
    std::fs::write(&plain, format!("{conversion}\n{newer}\n")).unwrap();
    let zipped = folder.path().join("processing-failed.gz");
    let mut file = GzEncoder::new(
        std::fs::File::create(&zipped).unwrap(),
        Compression::default(),
    );
    writeln!(file, "{transformation}").unwrap();
    file.finish().unwrap();

    let lake = folder.path().join("lake");
    for _twice in 0..2 {
        let done = replay(&lake, &[&plain, &zipped]);
        assert!(done.status.success(), "{done:?}");
    }
    let ids = query(&lake, "SELECT hit_id FROM hits ORDER BY hit_id");
    assert_eq!(ids, ["1", "2", "3", "4"].map(|id| json!({"hit_id": id})));
}

/// C5: what the local delivery set aside comes back too, once the table has room for it.
#[test]
fn replay_reads_local_errors_that_are_hits_by_now() {
    let program = Program::start(&[]);
    // One of the two is mended by hand, as somebody would who finds it in the error prefix.
    program.accept(&[br#"{"hit_id":"1","received_at":"yesterday"}"#, b"nonsense"]);
    let objects = program.end();
    let (key, lines) = objects.errors();
    let untouched = replay(&objects.lake, &[&objects.lake.join(&key)]);
    assert_eq!(untouched.status.code(), Some(1), "{untouched:?}");
    let report = String::from_utf8(untouched.stdout).unwrap();
    assert!(
        report.contains("sent      0 hits") && report.contains("skipped   1: "),
        "{report}"
    );

    let mended = String::from_utf8(raw(&lines[0]))
        .unwrap()
        .replace("yesterday", "2026-11-20 10:00:00.000");
    let file = objects.lake.join("mended.json");
    std::fs::write(&file, mended).unwrap();
    assert!(replay(&objects.lake, &[&file]).status.success());
    let rows = query(&objects.lake, "SELECT hit_id, day FROM hits");
    assert_eq!(rows, [json!({"hit_id": "1", "day": 20})]);
}

fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.map(String::as_str).collect();
    names.sort_unstable();
    names
}

fn replay(lake: &Path, files: &[&Path]) -> Output {
    machine::command(env!("CARGO_BIN_EXE_beacon"))
        .args(["replay", "--lake"])
        .arg(lake)
        .args(files)
        .output()
        .unwrap()
}
