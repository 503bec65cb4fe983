//! The columns `agent` and `agent_rule`, from a local file of address ranges.

use std::fs;

use serde_json::json;

use crate::diagnosis::{diagnose, doctor};
use crate::http::Client;
use crate::program::{Beacon, command, refused};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Asks for a page on behalf of `address`, as a trusted proxy does.
fn visit(beacon: &Beacon, page: &str, address: &str) {
    let mut client = Client::connect(beacon.pixel);
    let request = format!(
        "GET /hit?site=blog.example&page=/{page} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {FIREFOX}\r\n\
         x-forwarded-for: {address}\r\n\r\n"
    );
    client.send(request.as_bytes());
    assert_eq!(client.reply().header("x-beacon"), "recorded");
}

#[test]
fn classes_are_those_of_the_file_and_of_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ranges.csv");
    fs::write(
        &path,
        "# ours\n192.0.2.0/24,bot,uptime\n192.0.2.7,unknown,office\n",
    )
    .unwrap();
    let mut serve = command(folder.path());
    serve
        .arg("--ranges")
        .arg(&path)
        .env("BEACON_TRUST", "proxies=1");
    let mut beacon = Beacon::start_with(serve, folder.path());
    visit(&beacon, "a", "192.0.2.1");
    visit(&beacon, "b", "192.0.2.7");
    visit(&beacon, "c", "198.51.100.1");
    let next = folder.path().join("next");
    fs::write(&next, "198.51.100.0/24,scanner,gateway\n").unwrap();
    fs::rename(&next, &path).unwrap();
    beacon.wait_for_log("the file of ranges has changed and is read again");
    visit(&beacon, "d", "198.51.100.1");
    fs::write(&path, "198.51.100.0/24,human,gateway\n").unwrap();
    beacon.wait_for_log("the file of ranges cannot be used; the one before stays");
    visit(&beacon, "e", "198.51.100.1");
    assert_eq!(beacon.metric("beacon_range_file_reloads_total"), 1.0);
    assert_eq!(
        beacon.metric("beacon_range_file_reload_failures_total"),
        1.0
    );
    assert_eq!(
        beacon.query(
            "SELECT page, agent, split_part(agent_rule, '/', 2) AS rule, ip FROM hits ORDER BY page"
        ),
        [
            json!({"page": "/a", "agent": "bot", "rule": "ranges.uptime", "ip": null}),
            json!({"page": "/b", "agent": "unknown", "rule": "ranges.office", "ip": null}),
            json!({"page": "/c", "agent": "human", "rule": "browser", "ip": null}),
            json!({"page": "/d", "agent": "scanner", "rule": "ranges.gateway", "ip": null}),
            json!({"page": "/e", "agent": "scanner", "rule": "ranges.gateway", "ip": null}),
        ]
    );
    beacon.stop();
}

#[test]
fn a_line_that_is_wrong_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ranges.csv");
    for (list, reason) in [
        (None, "cannot read"),
        (
            Some("\n192.0.2.0/99,bot,uptime\n"),
            "line 2: `192.0.2.0/99` is no address range",
        ),
    ] {
        if let Some(list) = list {
            fs::write(&path, list).unwrap();
        }
        let mut serve = command(folder.path());
        serve.env("BEACON_RANGES", &path);
        let (code, message) = refused(serve);
        assert_eq!(code, Some(1), "{message}");
        assert!(message.contains(reason), "{message}");
        assert!(message.contains(path.to_str().unwrap()), "{message}");
    }
}

#[test]
fn the_doctor_reads_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ranges.csv");
    let shown = path.to_str().unwrap();
    for (list, severity, expected) in [
        (
            "192.0.2.0/24,bot,uptime\n\n2001:db8::/32,bot,uptime\n",
            "ok",
            "2 address ranges",
        ),
        ("# none\n", "warning", "no address range"),
        (
            "192.0.2.0/24,human,uptime\n",
            "problem",
            "line 1: the class is `human`",
        ),
    ] {
        fs::write(&path, list).unwrap();
        let found = diagnose(&mut doctor(folder.path()), &[("BEACON_RANGES", shown)]);
        found.has(severity, "ranges", &[shown, expected]);
    }
}
