//! The column `visitor` and the salt of the day, with real processes and a real directory.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use beacon_testing::machine;
use serde_json::{Value, json};

use crate::diagnosis::{diagnose, doctor};
use crate::http::Client;
use crate::program::{Beacon, command, query, refused};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Ended whatever the day of the test.
const LONG_AGO: &str = "salt-2026-01-01";

fn visit(beacon: &Beacon, user_agent: &str) {
    let mut client = Client::connect(beacon.pixel);
    let request = format!(
        "GET /pixel.gif?site=blog.example&page=/ HTTP/1.1\r\nhost: localhost\r\nuser-agent: {user_agent}\r\n\r\n"
    );
    client.send(request.as_bytes());
    assert_eq!(client.reply().header("x-beacon"), "recorded");
}

/// One row for each day of the hits, of which a test at midnight has two.
fn by_day(lake: &Path) -> Vec<Value> {
    query(
        lake,
        "SELECT count(*) AS hits, count(DISTINCT visitor) AS visitors, count(visitor) AS known \
         FROM hits GROUP BY year, month, day",
    )
}

fn forget_salts(folder: &Path) -> Command {
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command
        .arg("forget-salts")
        .env("BEACON_SALT_DIRECTORY", folder.join("salts"));
    command
}

#[test]
fn processes_of_a_lake_and_restarts_know_a_visitor_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = Beacon::start(folder.path());
    let mut other = command(folder.path());
    other.env("BEACON_SPOOL", folder.path().join("other-spool"));
    let second = Beacon::start_with(other, folder.path());
    for beacon in [&first, &second] {
        visit(beacon, FIREFOX);
    }
    first.stop();
    second.stop();
    let restarted = Beacon::start(folder.path());
    visit(&restarted, FIREFOX);
    restarted.stop();

    let rows = by_day(&folder.path().join("lake"));
    assert!(rows.iter().all(|row| row["visitors"] == 1), "{rows:?}");
    let salts: Vec<_> = fs::read_dir(folder.path().join("salts"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .collect();
    assert_eq!(salts.len(), 1, "{salts:?}");
    let mode = salts[0].metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}

#[test]
fn a_salt_of_a_day_that_is_over_is_found_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let salts = folder.path().join("salts");
    fs::create_dir(&salts).unwrap();
    let ended = salts.join(LONG_AGO);
    let plant = || fs::write(&ended, [7; 32]).unwrap();

    plant();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "salt", &["1 file", "beacon forget-salts"]);
    let done = forget_salts(folder.path()).output().unwrap();
    assert!(done.status.success());
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.starts_with("removed 1 file from "), "{said}");
    assert!(!ended.exists());
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("ok", "salt", &["none of a day that is over"]);

    plant();
    let beacon = Beacon::start(folder.path());
    assert!(!ended.exists(), "it goes before the first answer");
    beacon.stop();
}

#[test]
fn a_setting_that_stops_the_server_does_not_stop_the_removal() {
    let folder = tempfile::tempdir().unwrap();
    let ended = folder.path().join("salts").join(LONG_AGO);
    fs::create_dir(ended.parent().unwrap()).unwrap();
    fs::write(&ended, [7; 32]).unwrap();
    let misspelt = ("BEACON_SITEZ", "blog.example");
    let mut server = command(folder.path());
    server.env(misspelt.0, misspelt.1);
    let (code, error) = refused(server);
    assert_ne!(code, Some(0));
    assert!(error.contains(misspelt.0), "{error}");
    assert!(ended.exists());
    let mut removal = forget_salts(folder.path());
    let done = removal.env(misspelt.0, misspelt.1).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(!ended.exists());
}

#[test]
fn salts_are_removed_from_every_usual_directory() {
    let folder = tempfile::tempdir().unwrap();
    let of_session = folder.path().join("session");
    let state = folder.path().join("state");
    let ended = [&of_session, &state].map(|parent| parent.join("beacon").join(LONG_AGO));
    for path in &ended {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [7; 32]).unwrap();
    }
    let done = forget_salts(folder.path())
        .env_remove("BEACON_SALT_DIRECTORY")
        .env_remove("RUNTIME_DIRECTORY")
        .env("XDG_RUNTIME_DIR", &of_session)
        .env("XDG_STATE_HOME", &state)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    for path in &ended {
        assert!(!path.exists(), "{}", path.display());
    }
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(said.matches("removed 1 file from ").count(), 2, "{said}");
}

#[test]
fn the_doctor_finds_salts_that_others_could_read_or_write() {
    let folder = tempfile::tempdir().unwrap();
    let salts = folder.path().join("salts");
    fs::create_dir(&salts).unwrap();
    fs::set_permissions(&salts, fs::Permissions::from_mode(0o777)).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "salt", &["mode 0777", "chmod go-rwx"]);
    fs::set_permissions(&salts, fs::Permissions::from_mode(0o700)).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("ok", "salt", &["none of a day that is over"]);
}

#[test]
fn switched_off_no_salt_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut off = command(folder.path());
    off.env("BEACON_VISITORS", "off");
    let beacon = Beacon::start_with(off, folder.path());
    visit(&beacon, FIREFOX);
    beacon.stop();
    assert!(!folder.path().join("salts").exists());
    assert_eq!(
        by_day(&folder.path().join("lake")),
        [json!({"hits": 1, "visitors": 0, "known": 0})]
    );
}

#[test]
fn unusable_directory_costs_the_visitor_and_not_the_hit() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("salts"), "a file, not a directory").unwrap();
    let mut beacon = Beacon::start(folder.path());
    visit(&beacon, FIREFOX);
    visit(&beacon, FIREFOX);
    beacon.wait_for_log("hits have no visitor until the day's salt can be read or made");
    let counted = beacon.metric("beacon_without_salt_total{reason=\"directory unusable\"}");
    assert_eq!(counted, 2.0);
    beacon.stop();
    let rows = by_day(&folder.path().join("lake"));
    assert!(rows.iter().all(|row| row["visitors"] == 0), "{rows:?}");
}

#[test]
fn salt_inside_the_lake_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut inside = command(folder.path());
    inside.env("BEACON_SALT_DIRECTORY", folder.path().join("lake/salts"));
    let (code, error) = refused(inside);
    assert_eq!(code, Some(1));
    assert!(
        error.contains("copies of that would keep the salt"),
        "{error}"
    );
    assert!(error.contains("BEACON_SALT_DIRECTORY"), "{error}");
}
