//! `beacon doctor`: each finding, of an installation that is really in that state.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use beacon_lake_fixture::LakeFixture;
use beacon_testing::machine::{self, through_shell};

use crate::diagnosis::{Diagnosis, diagnose, doctor};
use crate::program::{Beacon, files};

const ROW: &str =
    "{\"hit_id\":\"1\",\"received_at\":\"2026-02-01 03:00:00.000\",\"page\":\"/a\"}\n";

/// An hour in which a hit should have been delivered long ago, whatever the day of the test.
const LONG_AGO: &str = "2026-02-01-03";

/// An hour that no test runs in.
const FUTURE: &str = "2100-01-01-00";

/// `beacon doctor` for the lake of a fixture.
fn doctor_of(fixture: &LakeFixture) -> Command {
    let lake = fixture.lake().local_path().unwrap().to_path_buf();
    let mut command = doctor(&lake);
    command
        .env("BEACON_LAKE", &lake)
        .env("BEACON_SALT_DIRECTORY", lake.with_extension("salts"));
    command
}

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
fn settings_have_their_source_and_every_wrong_one_its_fix() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = doctor(folder.path());
    command.args(["--buffer-interval", "15m"]);
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

#[test]
fn a_lake_or_a_spool_that_cannot_be_used_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "lake", &["there is no lake at", "beacon serve"]);
    assert_eq!(found.code, Some(1));
    assert!(!lake.exists(), "the doctor makes no lake");

    symlink(folder.path().join("nowhere"), &lake).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "lake", &["a link that leads nowhere"]);
    fs::remove_file(&lake).unwrap();

    fs::write(&lake, "").unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "lake", &["is not a directory"]);
    found.has("problem", "spool", &["spool"]);
    fs::remove_file(&lake).unwrap();

    fs::create_dir(&lake).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has_no_problem();
    found.has("ok", "spool", &["doesn't exist yet"]);
    for (spool, expected) in [
        ("file", "is not a directory"),
        ("link", "a link that leads nowhere"),
    ] {
        let path = folder.path().join(spool);
        match spool {
            "file" => fs::write(&path, "").unwrap(),
            _ => symlink(folder.path().join("nowhere"), &path).unwrap(),
        }
        let found = diagnose(
            &mut doctor(folder.path()),
            &[("BEACON_SPOOL", path.to_str().unwrap())],
        );
        found.has("problem", "spool", &[expected]);
        assert_eq!(found.code, Some(1));
    }
    // Nobody can make a file there, not even root.
    let found = diagnose(&mut doctor(folder.path()), &[("BEACON_SPOOL", "/sys")]);
    found.has("problem", "spool", &["/sys can't be written"]);
}

#[test]
fn hits_that_wait_too_long_are_a_problem() {
    let fixture = LakeFixture::new();
    fixture.spool(LONG_AGO, ROW);
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "undelivered hits",
        &["days old", "more than 65 min", "start the server"],
    );

    // A file that no delivery can read.
    let spool = fixture.lake().default_spool();
    let name = "2026-02-01-03.1769914800000.019c1772-4a35-7000-8000-000000000000.hits";
    fs::write(spool.join(name), "no spool file").unwrap();
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    found.has(
        "problem",
        "undelivered hits",
        &[name, "move it out of the spool"],
    );
}

#[test]
fn a_disk_without_room_for_the_largest_file_is_a_problem() {
    const FAR_TOO_LARGE_BYTES: u64 = 8 << 40;
    let fixture = LakeFixture::new();
    fixture.spool(LONG_AGO, ROW);
    let spool = fixture.lake().default_spool();
    let waiting = files(&spool)
        .into_iter()
        .find(|path| path.extension().is_some_and(|kind| kind == "hits"))
        .unwrap();
    // Its length, without the blocks.
    let file = OpenOptions::new().write(true).open(waiting).unwrap();
    file.set_len(FAR_TOO_LARGE_BYTES).unwrap();
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "disk space",
        &["free on the disk", "needs 8.0 TiB", "make room"],
    );
}

#[test]
fn a_clock_behind_the_newest_hit_is_a_problem() {
    let mut fixture = LakeFixture::new();
    fixture.parquet(FUTURE, ROW);
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "clock",
        &["the newest hit is from 2100-01-01 00:00:00 UTC", "NTP"],
    );
    found.has(
        "ok",
        "newest file",
        &["hits/year=2100", "has the columns of this version"],
    );
}

#[test]
fn the_newest_file_is_compared_with_this_version() {
    let mut fixture = LakeFixture::new();
    fixture.json(LONG_AGO, ROW);
    let found = diagnose(&mut doctor_of(&fixture), &[("BEACON_FORMAT", "json")]);
    found.has_no_problem();
    found.has(
        "warning",
        "newest file",
        &["has no column", "host", "an older version wrote it"],
    );
    fixture.garbage("2026-02-01-04");
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    found.has(
        "warning",
        "newest file",
        &["hour=04", "can't be read as a file of hits"],
    );
}

#[test]
fn few_open_files_are_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lake")).unwrap();
    let script = "ulimit -n 256; exec \"$@\"";
    let found = Diagnosis::of(through_shell(script, &doctor(folder.path())));
    found.has(
        "warning",
        "open files",
        &["may open 256", "120 connections", "LimitNOFILE="],
    );
    found.has_no_problem();
}

#[test]
fn a_dashboard_that_others_can_open_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    Beacon::start(folder.path()).stop();
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_DASHBOARD_LISTEN", "0.0.0.0:8081")],
    );
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "dashboard",
        &["no password", "beacon dashboard-password"],
    );
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_DASHBOARD_PASSWORD_HASH", "hunter2")],
    );
    found.has(
        "problem",
        "dashboard",
        &["BEACON_DASHBOARD_PASSWORD_HASH", "no argon2id hash"],
    );
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_DASHBOARD_LISTEN", "off")],
    );
    found.has("ok", "dashboard", &["off"]);

    let key = folder.path().join("lake.dashboard.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    assert_eq!(found.code, Some(1));
    found.has("problem", "dashboard's key", &["mode 0644", "chmod 600"]);
    fs::write(&key, "short").unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has(
        "problem",
        "dashboard's key",
        &["5 characters", "remove the file"],
    );
}

#[test]
fn what_the_server_says_of_its_health_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let _beacon = Beacon::start(folder.path());
    let health =
        answering("503 Service Unavailable", "the last delivery to X failed\n").to_string();
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_METRICS_LISTEN", &health)],
    );
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "health",
        &["the last delivery to X failed", "docs/operations.md"],
    );

    let nobody = machine::Unreachable::bind();
    let address = nobody.address().to_string();
    let found = diagnose(
        &mut doctor(folder.path()),
        &[("BEACON_METRICS_LISTEN", &address)],
    );
    found.has(
        "warning",
        "health",
        &["can't be reached", "--metrics-listen"],
    );
    found.has_no_problem();
}

/// A listener that gives one answer to one request.
fn answering(status: &'static str, body: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = BufReader::new(stream.try_clone().unwrap());
        let head = request.lines().map_while(Result::ok);
        assert!(head.take_while(|line| !line.is_empty()).count() > 0);
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
    });
    address
}
