//! Findings about the server: its limits, its dashboard and its health.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;

use beacon_testing::machine::{self, through_shell};

use crate::diagnosis::{Diagnosis, diagnose, doctor};
use crate::program::Beacon;

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
