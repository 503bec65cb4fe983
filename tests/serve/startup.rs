//! Whether a server starts, and how it refuses to.

use std::process::Command;

use crate::program::{Beacon, command, refused};

#[test]
fn second_server_on_a_used_spool_or_port_is_refused() {
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
fn invalid_options_are_refused_with_the_fix() {
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
    check(
        &["BEACON_COUNTS=blog.example", "BEACON_PATHS=/count=gif"],
        2,
        &["BEACON_PATHS has `/count`", "BEACON_COUNTS"],
    );
    check(
        &["BEACON_COUNTS=blog.example", "--dashboard-listen", "off"],
        1,
        &["BEACON_COUNTS is set, and --dashboard-listen is off"],
    );
    check(
        &["BEACON_COUNTS=*.blog.example"],
        2,
        &["--counts", "`*.blog.example` is a pattern"],
    );
    check(&["--log-level", "loud=="], 1, &["--log-level"]);
    check(&["--spool", &file], 1, &["is not a directory", "--spool"]);
}

#[test]
fn unwritable_lake_or_spool_is_refused() {
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
fn the_first_start_says_what_to_paste_and_how_to_leave_out_own_visits() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    beacon.wait_for_log("first start: there are no hits yet");
    let snippet = format!(
        "paste this into every page: <script defer src=\"http://{}/beacon.js\" data-local></script>",
        beacon.pixel
    );
    beacon.wait_for_log(&snippet);
    beacon.wait_for_log(
        "leave out your own visits: open a page of your site with #beacon-ignore behind its address, once in each \
         browser; #beacon-count counts them again",
    );
    let script = beacon.get("/beacon.js");
    assert_eq!(script.status, 200);
    assert!(script.text().contains("beaconIgnore"));
    assert_eq!(beacon.get("/hit?page=/a").header("x-beacon"), "recorded");
    beacon.stop();

    // With a hit in the lake it is no first start, and neither with one in the spool.
    check_no_first_start(Beacon::start(folder.path()));
    let beacon = Beacon::start(folder.path());
    assert_eq!(beacon.get("/hit?page=/b").header("x-beacon"), "recorded");
    drop(beacon);
    std::fs::remove_dir_all(folder.path().join("lake/hits")).unwrap();
    check_no_first_start(Beacon::start(folder.path()));
}

/// Ends the server, so that its log is complete.
#[track_caller]
fn check_no_first_start(mut beacon: Beacon) {
    beacon.signal("TERM");
    beacon.wait_for_log(
        "ending: requests are finished and hits delivered; a second signal ends at once",
    );
    assert_eq!(beacon.logged("first start: there are no hits yet"), 0);
    assert!(beacon.wait().success());
}
