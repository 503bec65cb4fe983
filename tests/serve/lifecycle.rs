//! How a server starts, refuses to start, and ends.

use std::path::Path;
use std::process::Command;

use beacon_testing::machine::{self, wait_until};
use serde_json::json;

use crate::http::{self, Client};
use crate::program::{Beacon, command, files, query, refused};

#[test]
fn sigterm_answers_what_is_under_way_and_delivers_everything() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    for page in 0..50 {
        assert_eq!(
            beacon
                .get(&format!("/pixel.gif?page=/{page}"))
                .header("x-beacon"),
            "recorded"
        );
    }
    let mut begun = Client::connect(beacon.pixel);
    begun.send(b"POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: 30\r\n\r\n{\"url\":");
    let mut idle = Client::connect(beacon.pixel);
    idle.send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!(idle.reply().status, 200);

    beacon.signal("TERM");
    beacon.wait_for_log(
        "ending: requests are finished and hits delivered; a second signal ends at once",
    );
    assert!(idle.is_closed());
    begun.send(b"\"https://a.example/50\"");
    begun.send(b"}");
    assert_eq!(begun.reply().status, 204);
    assert!(beacon.wait().success());

    let lake = folder.path().join("lake");
    let waiting: Vec<_> = files(&lake.join("spool"))
        .into_iter()
        .filter(|path| !path.ends_with("LOCK"))
        .collect();
    assert!(
        waiting.is_empty(),
        "the spool is drained, but has {waiting:?}"
    );
    assert_eq!(
        query(&lake, "SELECT count(*) AS hits FROM hits"),
        [json!({"hits": 51})]
    );
    assert!(
        files(&lake.join("hits"))
            .iter()
            .all(|path| path.extension().is_some_and(|end| end == "parquet"))
    );
}

#[test]
fn ctrl_c_ends_in_order_too_and_a_second_signal_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    beacon.signal("INT");
    assert!(beacon.wait().success());

    let mut beacon = Beacon::start(folder.path());
    assert_eq!(
        beacon.get("/pixel.gif?page=/a").header("x-beacon"),
        "recorded"
    );
    // It would be waited for.
    let mut begun = Client::connect(beacon.pixel);
    begun.send(b"GET /pixel.gif HTTP/1.1\r\n");
    assert_eq!(
        beacon.get("/pixel.gif?page=/b").header("x-beacon"),
        "recorded"
    );
    beacon.signal("TERM");
    beacon.wait_for_log(
        "ending: requests are finished and hits delivered; a second signal ends at once",
    );
    beacon.signal("TERM");
    assert_eq!(beacon.wait().code(), Some(130));
    assert_eq!(
        query(
            &folder.path().join("lake"),
            "SELECT count(*) AS hits FROM hits"
        ),
        [json!({"hits": 2})]
    );
}

#[test]
fn files_are_delivered_when_they_are_old_enough() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.args(["--buffer-interval", "1", "--format", "json"]);
    let beacon = Beacon::start_with(command, folder.path());
    assert_eq!(
        beacon.get("/pixel.gif?page=/a").header("x-beacon"),
        "recorded"
    );
    wait_until("the hit is delivered", || {
        beacon.metric("beacon_delivered_total") == 1.0
    });
    let objects = files(&folder.path().join("lake/hits"));
    assert!(
        objects.len() == 1 && objects[0].to_str().unwrap().ends_with(".json.gz"),
        "{objects:?}"
    );
    assert_eq!(
        beacon.query("SELECT page FROM hits"),
        [json!({"page": "/a"})]
    );
}

#[test]
fn a_second_server_on_the_same_spool_or_port_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let (code, message) = refused(command(folder.path()));
    assert_eq!(code, Some(1), "{message}");
    assert!(
        message.contains("in use by process") && message.contains(&beacon.process().to_string()),
        "{message}"
    );

    let elsewhere = tempfile::tempdir().unwrap();
    for (flag, taken) in [
        ("--listen", beacon.pixel),
        ("--metrics-listen", beacon.metrics),
        ("--dashboard-listen", beacon.dashboard.unwrap()),
    ] {
        for workers in ["1", "2"] {
            let mut second = command(elsewhere.path());
            second.args(["--workers", workers, flag, &taken.to_string()]);
            let (code, message) = refused(second);
            assert_eq!(code, Some(1), "{message}");
            assert!(
                message.contains(&format!("cannot listen on {taken}")) && message.contains(flag),
                "{message}"
            );
            let holder = format!("taken by process {} (", beacon.process());
            assert!(message.contains(&holder), "{message}");
        }
    }
}

#[test]
fn what_cannot_work_is_said_in_one_line_with_the_fix() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let file = folder.path().join("file").to_str().unwrap().to_owned();

    #[track_caller]
    fn check(mut command: Command, change: &[&str], code: i32, expected: &[&str]) {
        for change in change {
            match change.split_once('=') {
                Some((name, value)) if name.starts_with("BEACON_") => command.env(name, value),
                _ => command.arg(change),
            };
        }
        let (found, message) = refused(command);
        assert_eq!(found, Some(code), "{message}");
        for part in expected {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
    }
    let check = |change: &[&str], code, expected: &[&str]| {
        check(command(folder.path()), change, code, expected);
    };

    check(
        &["BEACON_PRIVACY=none"],
        2,
        &["BEACON_PRIVACY is `none`", "`anonymous` or `full`"],
    );
    check(
        &["BEACON_SITE=blog.example"],
        2,
        &["BEACON_SITE is set, which nothing reads: did you mean BEACON_SITES?"],
    );
    check(
        &["BEACON_BUFFER_INTERVALS=60"],
        2,
        &["did you mean BEACON_BUFFER_INTERVAL?"],
    );
    check(
        &["BEACON_COLUMNS=site=params.x"],
        2,
        &["BEACON_COLUMNS", "site"],
    );
    check(&["--workers", "0"], 2, &["--workers", "1..=256"]);
    check(&["--buffer-interval", "0"], 2, &["--buffer-interval"]);
    check(&["--buffer-size", "many"], 2, &["--buffer-size"]);
    check(&["--format", "orc"], 2, &["parquet or json"]);
    check(&["--metrics-listen=localhost"], 2, &["127.0.0.1:8080"]);
    check(
        &["--dashboard-listen=nowhere"],
        2,
        &["localhost:8080", "127.0.0.1:8080", "off"],
    );
    check(
        &["--dashboard-listen=0.0.0.0:0"],
        1,
        &[
            "--dashboard-listen 0.0.0.0:0",
            "BEACON_DASHBOARD_PASSWORD_HASH",
            "beacon dashboard-password",
        ],
    );
    check(
        &["BEACON_DASHBOARD_PASSWORD_HASH=hunter2"],
        1,
        &["BEACON_DASHBOARD_PASSWORD_HASH", "no argon2id hash"],
    );
    check(&["--endpoint=b.example"], 2, &["https://b.example"]);
    check(
        &["--firehose", "hits"],
        2,
        &["--firehose <STREAM>", "cannot be used with", "--lake"],
    );
    for (flag, value) in [
        ("--prefix", "hits/"),
        ("--error-prefix", "errors/"),
        ("--stream", "clicks"),
    ] {
        check(
            &["--firehose", "hits", flag, value],
            2,
            &["cannot be used with", flag],
        );
    }
    check(&["--stream", "no/name"], 2, &["letters, digits"]);
    for hidden in ["_hits", ".hits"] {
        check(
            &["--stream", hidden],
            2,
            &[hidden, "readers skip", "a letter or a digit"],
        );
    }
    check(&["--log-level", "loud=="], 1, &["--log-level"]);
    check(&["--spool", &file], 1, &["is not a directory", "--spool"]);
}

#[test]
fn a_lake_that_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lake"), "").unwrap();
    let (code, message) = refused(command(folder.path()));
    assert_eq!(code, Some(1), "{message}");
    assert!(
        message.contains("is not a directory") && message.contains("--lake"),
        "{message}"
    );

    // Nobody can make a folder there, not even root.
    let folder = tempfile::tempdir().unwrap();
    for (flag, place) in [
        ("--lake", "/sys/beacon-lake"),
        ("--spool", "/sys/beacon-spool"),
    ] {
        let mut command = command(folder.path());
        command.args([flag, place]);
        let (code, message) = refused(command);
        assert_eq!(code, Some(1), "{message}");
        assert!(message.contains(place), "{message}");
    }
}

#[test]
fn operators_see_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.env("BEACON_SITES", "good.example");
    let beacon = Beacon::start_with(command, folder.path());
    assert_eq!(http::get(beacon.metrics, "/health").text(), "ok\n");
    for _ in 0..3 {
        assert_eq!(
            beacon
                .get("/pixel.gif?site=good.example")
                .header("x-beacon"),
            "recorded"
        );
    }
    assert_eq!(
        beacon.get("/pixel.gif?site=bad.example").header("x-beacon"),
        "ignored; site not allowed"
    );

    let reply = http::get(beacon.metrics, "/metrics");
    assert!(
        reply
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = reply.text();
    for line in [
        r#"beacon_received_total{through="pixel"} 4"#,
        r#"beacon_recorded_total{through="pixel"} 3"#,
        r#"beacon_ignored_total{through="pixel",reason="site not allowed"} 1"#,
        r#"beacon_recorded_total{through="firehose"} 0"#,
        "beacon_delivered_total 0",
        "beacon_spool_files 1",
        "# TYPE beacon_fsync_seconds histogram",
        "# TYPE beacon_delivery_seconds histogram",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(beacon.metric("beacon_fsync_seconds_count") >= 1.0);
    assert!(beacon.metric("beacon_spool_bytes") > 100.0);
}

#[test]
fn schemas_know_own_columns() {
    for (form, expected) in [
        ("catalog", "{\"name\":\"userid\",\"type\":\"varchar\"}"),
        ("ddl", "CREATE EXTERNAL TABLE"),
        ("glue", "\"Name\": \"userid\""),
        ("arrow", "userid: Utf8\n"),
        ("markdown", "| `userid` |"),
    ] {
        let output = machine::command(env!("CARGO_BIN_EXE_beacon"))
            .args(["schema", form])
            .env("BEACON_COLUMNS", "userid=params.userid")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.contains("userid"),
            "{form}: {text}"
        );
        assert!(text.contains(expected), "{form}: {text}");
    }
}

#[test]
fn the_catalogue_is_the_one_that_is_deployed() {
    for (arguments, file) in [
        (&["catalog"][..], "infra/catalog.yaml"),
        (&["ddl"], "athena/ddl/hits.sql"),
        (&["ddl", "--format", "json"], "athena/ddl/hits_json.sql"),
    ] {
        let (text, error) = schema(arguments);
        assert_eq!(error, "");
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(file);
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(
            text == committed,
            "{file} is not what {arguments:?} prints:\n{text}"
        );
    }
}

#[test]
fn ddl_is_for_the_callers_files() {
    let (text, _) = schema(&[
        "ddl",
        "--location=s3://b/x/",
        "--format=orc",
        "--first-year=2025",
        "--last-year=2026",
    ]);
    for part in [
        "'org.apache.hadoop.hive.ql.io.orc.OrcSerde'",
        "LOCATION 's3://b/x/'",
        "'projection.year.range' = '2025,2026'",
        "'storage.location.template' = 's3://b/x/year=${year}/",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let (text, _) = schema(&["ddl", "--partitions=registered"]);
    assert!(
        text.ends_with("\nTBLPROPERTIES (\n  'classification' = 'parquet'\n)\n"),
        "{text}"
    );

    let (text, error) = schema(&["ddl", "--location=s3://b/x"]);
    assert_eq!(text, "");
    assert!(
        error.contains("a location ends with /: write s3://b/x/"),
        "{error}"
    );
    let (text, error) = schema(&["ddl", "--first-year=2030", "--last-year=2029"]);
    assert_eq!(text, "");
    assert!(
        error.contains("--first-year 2030 is after --last-year 2029"),
        "{error}"
    );
}

/// What `beacon schema` prints and what it complains of.
fn schema(arguments: &[&str]) -> (String, String) {
    let output = machine::command(env!("CARGO_BIN_EXE_beacon"))
        .arg("schema")
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.success(), output.stderr.is_empty());
    (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}
