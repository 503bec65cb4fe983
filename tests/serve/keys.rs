//! `beacon key` and `beacon share`, beside a running server and without one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use beacon_core::time::{DAY_MS, format_timestamp};
use beacon_lake::Clock;
use beacon_testing::machine;
use serde_json::Value;

use crate::diagnosis::{diagnose, doctor};
use crate::http::{Client, Reply};
use crate::program::{Beacon, command, refused};

fn beacon(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command
        .args(arguments)
        .env("BEACON_LAKE", folder.join("lake"))
        .current_dir(folder);
    command
}

#[track_caller]
fn printed(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap().trim().to_owned()
}

fn about(server: &Beacon, header: &str) -> Reply {
    let mut client = Client::connect(server.dashboard.unwrap());
    let request = format!("GET /api/about HTTP/1.1\r\nhost: localhost\r\n{header}\r\n\r\n");
    client.send(request.as_bytes());
    client.reply()
}

fn kind(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["access"]["kind"].clone()
}

#[test]
fn keys_and_links_of_the_command_open_the_running_dashboard() {
    let folder = tempfile::tempdir().unwrap();
    let server = Beacon::start(folder.path());
    // It has read nothing yet but an empty document, at its start, so the first change must be seen by the next server.
    let key = printed(&mut beacon(
        folder.path(),
        &["key", "new", "--name", "Grafana"],
    ));
    let link = printed(&mut beacon(
        folder.path(),
        &[
            "share",
            "new",
            "--site",
            "a.example",
            "--until",
            &in_a_month(),
            "--dashboard",
            "https://stats.example/",
        ],
    ));
    server.stop();
    let (address, token) = link.split_once("/#share=").unwrap();
    assert_eq!(address, "https://stats.example");
    let document = folder.path().join("lake.dashboard.json");
    let mode = fs::metadata(&document).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&document).unwrap();
    assert!(!text.contains(&key) && !text.contains(token), "{text}");

    let server = Beacon::start(folder.path());
    let with_key = format!("authorization: Bearer {key}");
    assert_eq!(kind(&about(&server, &with_key)), "key");
    let with_link = format!("x-beacon-share: {token}");
    assert_eq!(kind(&about(&server, &with_link)), "share");
    server.stop();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has(
        "ok",
        "keys and share links",
        &["1 key", "1 share link", "lake.dashboard.json"],
    );

    let list = printed(&mut beacon(folder.path(), &["key", "list"]));
    let line = list.lines().nth(1).unwrap();
    assert!(line.contains("Grafana  all sites  beacon_…"), "{list}");
    let id = line.split(' ').next().unwrap();
    printed(&mut beacon(folder.path(), &["key", "revoke", id]));
    let list = printed(&mut beacon(folder.path(), &["share", "list"]));
    let id = list.lines().nth(1).unwrap().split(' ').next().unwrap();
    printed(&mut beacon(folder.path(), &["share", "revoke", id]));
    let server = Beacon::start(folder.path());
    assert_eq!(about(&server, &with_key).status, 401);
    assert_eq!(about(&server, &with_link).status, 401);
}

/// A day that is no more than 366 days away.
#[expect(
    clippy::disallowed_methods,
    reason = "the commands that it is for read the clock too"
)]
fn in_a_month() -> String {
    let now_ms = Clock::system().now_ms();
    format_timestamp(now_ms + 30 * DAY_MS)[..10].to_owned()
}

#[test]
fn commands_at_the_same_time_lose_nothing() {
    const COMMANDS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("lake/spool")).unwrap();
    let mut running: Vec<_> = (0..COMMANDS)
        .map(|number| {
            let name = format!("number {number}");
            beacon(folder.path(), &["key", "new", "--name", &name])
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut running {
        assert!(child.wait().unwrap().success());
    }
    let list = printed(&mut beacon(folder.path(), &["key", "list"]));
    for number in 0..COMMANDS {
        assert!(list.contains(&format!("number {number} ")), "{list}");
    }
}

#[test]
fn a_damaged_document_stops_the_server_and_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Beacon::start(folder.path()).stop();
    let document = folder.path().join("lake.dashboard.json");
    fs::write(&document, "{\"version\": 2}").unwrap();
    let expected = format!(
        "error: the dashboard's document {} can't be used: its version is 2",
        document.display()
    );
    let (code, errors) = refused(command(folder.path()));
    assert_eq!(code, Some(1));
    assert!(errors.contains(&expected), "{errors}");
    for arguments in [
        &["key", "list"][..],
        &["key", "new", "--name", "a"],
        &["share", "revoke", "1"],
    ] {
        let (code, errors) = refused(beacon(folder.path(), arguments));
        assert_eq!(code, Some(1));
        assert!(errors.contains(&expected), "{errors}");
    }
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "keys and share links", &["its version is 2"]);
    assert_eq!(fs::read_to_string(&document).unwrap(), "{\"version\": 2}");
}

#[test]
fn what_can_not_be_made_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let (got, errors) = refused(beacon(folder.path(), arguments));
        assert_eq!(got, Some(code), "{errors}");
        assert!(errors.contains(expected), "{errors}");
    };
    check(&["key", "new", "--name", "a"], 1, "there is no lake at");
    fs::create_dir_all(folder.path().join("lake/spool")).unwrap();
    check(
        &["key", "new", "--name", " "],
        1,
        "the name of a key has 0 characters",
    );
    check(
        &["key", "revoke", "0123456789ab"],
        1,
        "there is no key \"0123456789ab\"",
    );
    check(
        &[
            "share",
            "new",
            "--site",
            "a.example",
            "--until",
            "2020-01-01",
        ],
        1,
        "--until 2020-01-01 is over",
    );
    check(
        &["share", "new", "--site", "a.example", "--until", "tomorrow"],
        2,
        "\"tomorrow\" is not a day such as 2026-12-31",
    );
    check(
        &["key", "list", "--document", "s3://a"],
        2,
        "\"s3://a\" is no place of an object",
    );
    assert!(!folder.path().join("lake.dashboard.json").exists());
}
