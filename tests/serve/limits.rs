//! What a listener takes and what it refuses: form, hosts, connections, bodies.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use beacon_testing::machine::{through_shell, wait_until};
use serde_json::json;

use crate::http::{self, Client, Reply};
use crate::program::{Beacon, command};

fn send(address: SocketAddr, bytes: &[u8]) -> Reply {
    let mut client = Client::connect(address);
    client.try_send(bytes);
    client.reply()
}

#[test]
fn request_targets_with_blanks_and_quotes_are_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    for (name, target) in [
        ("blank", &b"/hit?event=blank&title=a b  c"[..]),
        ("quote", b"/hit?event=quote&title=\"x\""),
        ("angle", b"/hit?event=angle&title=<b>"),
        ("latin", b"/hit?event=latin&title=\xfcber"),
        ("head", b"/hit?event=head&title=a HTTP/1.1 b"),
    ] {
        let request = [b"GET ", target, b" HTTP/1.1\r\nhost: localhost\r\n\r\n"].concat();
        // In one piece, and with a pause in the middle of the target.
        for cut in [request.len(), 20] {
            let mut client = Client::connect(beacon.pixel);
            client.send(&request[..cut]);
            if cut < request.len() {
                assert_eq!(beacon.get("/health").status, 200);
                client.send(&request[cut..]);
            }
            let reply = client.reply();
            assert_eq!(
                (reply.status, reply.header("x-beacon"), reply.body.len()),
                (200, "recorded", 43),
                "{name}"
            );
        }
    }
    let rows = beacon.query(
        "SELECT event, element_at(params, 'title') AS title, count(*) AS hits FROM hits \
         WHERE event <> 'latin' GROUP BY event, element_at(params, 'title') ORDER BY event",
    );
    let expected = json!([
        {"event": "angle", "title": "<b>", "hits": 2},
        {"event": "blank", "title": "a b  c", "hits": 2},
        {"event": "head", "title": "a HTTP/1.1 b", "hits": 2},
        {"event": "quote", "title": "\"x\"", "hits": 2},
    ]);
    assert_eq!(json!(rows), expected);
}

#[test]
fn malformed_requests_are_refused_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    for target in ["/hit?page=\0", "/hit?page=a\tb", "/hit?page=a\x01 b"] {
        let reply = send(
            beacon.pixel,
            format!("GET {target} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes(),
        );
        assert_eq!(reply.status, 400, "{target:?}");
    }
    let long = format!(
        "GET /pixel.gif?page={} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "x".repeat(200 << 10)
    );
    let many = format!(
        "GET /hit?page=/a HTTP/1.1\r\nhost: localhost\r\n{}\r\n",
        "a: b\r\n".repeat(101)
    );
    for request in [long, many] {
        let reply = send(beacon.pixel, request.as_bytes());
        assert_eq!(reply.status, 200);
        assert_eq!(
            (reply.header("content-type"), reply.body.len()),
            ("image/gif", 43)
        );
        assert!(reply.header("x-beacon").starts_with("lost; "), "{reply:?}");
        let elsewhere = request
            .replacen("/pixel.gif", "/nothing", 1)
            .replacen("/hit", "/nothing", 1);
        assert_eq!(send(beacon.pixel, elsewhere.as_bytes()).status, 431);
    }
    let refused = |reason: &str| {
        let name =
            format!(r#"beacon_requests_refused_total{{listener="pixel",reason="{reason}"}}"#);
        beacon.metric(&name)
    };
    wait_until("all are counted", || {
        refused("malformed") == 3.0 && refused("head too large") == 4.0
    });
}

#[test]
fn host_header_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.args(["--firehose-listen", "127.0.0.1:0"]);
    let beacon = Beacon::start_with(command, folder.path());
    let status = |address, version: &str, hosts: &[&str]| {
        let mut request = format!("GET /metrics HTTP/1.{version}\r\n");
        for host in hosts {
            request += &format!("host: {host}\r\n");
        }
        send(address, format!("{request}\r\n").as_bytes()).status
    };
    let dashboard = beacon.dashboard.unwrap();
    let firehose = beacon.firehose.unwrap();
    for listener in [beacon.pixel, beacon.metrics, firehose, dashboard] {
        assert_eq!(status(listener, "1", &[]), 400, "{listener}");
        assert_eq!(status(listener, "1", &["localhost", "localhost"]), 400);
        assert_eq!(status(listener, "1", &["localhost, b.example"]), 400);
    }
    for (listener, expected) in [(beacon.metrics, 200), (firehose, 400), (dashboard, 404)] {
        assert_eq!(status(listener, "1", &["localhost"]), expected);
        assert_eq!(status(listener, "1", &["127.0.0.1:1"]), expected);
        assert_eq!(status(listener, "1", &["rebound.example"]), 421);
        assert_eq!(status(listener, "1", &["localhost.example:80"]), 421);
    }
    // A pixel is reached by any name, and its image comes back whatever is wrong.
    let image = send(beacon.pixel, b"GET /pixel.gif HTTP/1.1\r\n\r\n");
    assert_eq!((image.status, image.body.len()), (400, 43));
    let old = send(beacon.pixel, b"GET /pixel.gif HTTP/1.0\r\n\r\n");
    assert_eq!((old.status, old.header("x-beacon")), (200, "recorded"));
    let any = send(
        beacon.pixel,
        b"GET /pixel.gif HTTP/1.1\r\nhost: rebound.example\r\n\r\n",
    );
    assert_eq!(any.header("x-beacon"), "recorded");
}

/// `beacon serve` in a shell that sets limits first.
fn limited(folder: &Path, limit: &str) -> Command {
    let mut shell = through_shell(&format!("{limit}; exec \"$@\""), &command(folder));
    shell.stdout(Stdio::null());
    shell
}

#[test]
fn idle_connections_are_closed_at_the_connection_limit() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start_with(limited(folder.path(), "ulimit -n 256"), folder.path());
    assert_eq!(beacon.metric("beacon_open_files_limit"), 256.0);
    let half = b"GET /hit?page=/half HTTP/1.1\r\nhost: loc";
    let mut idle = Vec::new();
    for listener in [beacon.pixel, beacon.dashboard.unwrap(), beacon.metrics] {
        for nth in 0..150 {
            let mut client = Client::connect(listener);
            if nth % 2 == 0 {
                client.try_send(half);
            }
            idle.push(client);
        }
    }
    for page in 0..20 {
        let reply = beacon.get(&format!("/hit?page=/{page}"));
        assert_eq!(reply.header("x-beacon"), "recorded");
    }
    assert_eq!(
        http::get(beacon.dashboard.unwrap(), "/api/about").status,
        200
    );
    assert_eq!(http::get(beacon.metrics, "/health").status, 200);
    for listener in ["pixel", "dashboard", "metrics"] {
        let closed = format!(
            r#"beacon_connections_closed_total{{listener="{listener}",reason="connection limit"}}"#
        );
        assert!(beacon.metric(&closed) > 0.0, "{listener}");
        let of = |name: &str| beacon.metric(&format!(r#"{name}{{listener="{listener}"}}"#));
        assert!(of("beacon_connections") <= of("beacon_connections_limit") + 1.0);
    }
    // Who has just come is served: the longest idle one goes.
    let mut last = Client::connect(beacon.pixel);
    assert_eq!(beacon.get("/hit?page=/x").header("x-beacon"), "recorded");
    last.send(b"GET /hit?page=/last HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!(last.reply().header("x-beacon"), "recorded");
}

#[test]
fn soft_limit_of_open_files_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let limit = "ulimit -Sn 64; ulimit -Hn 1500";
    let beacon = Beacon::start_with(limited(folder.path(), limit), folder.path());
    assert_eq!(beacon.metric("beacon_open_files_limit"), 1500.0);
}

/// Descriptors that are gone all the same cost one line in the log, and nobody a hit.
#[test]
fn accept_failures_are_logged_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    let mut operator = Client::connect(beacon.metrics);
    let mut metric = |name: &str| {
        operator.send(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let text = operator.reply().text();
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse::<f64>().unwrap())
    };
    let failures = r#"beacon_accept_failures_total{listener="pixel"}"#;
    assert_eq!(metric(failures), 0.0);
    let process = beacon.process().to_string();
    let limit = |files: &str| {
        let files = format!("--nofile={files}");
        let status = Command::new("prlimit")
            .args(["--pid", &process, &files])
            .status()
            .unwrap();
        assert!(status.success());
    };
    limit("4:4096");
    let mut waiting = Client::connect(beacon.pixel);
    waiting.send(b"GET /hit?page=/waits HTTP/1.1\r\nhost: localhost\r\n\r\n");
    wait_until("it has failed often", || metric(failures) >= 20.0);
    limit("4096:4096");
    assert_eq!(waiting.reply().header("x-beacon"), "recorded");
    let said = beacon.logged("a connection could not be accepted");
    assert_eq!(said, 1);
}

#[test]
fn content_length_over_the_limit_gets_413_without_the_body() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    for expect in ["", "expect: 100-continue\r\n"] {
        let reply = send(
            beacon.pixel,
            format!("POST /track HTTP/1.1\r\nhost: localhost\r\n{expect}content-length: 10000000000\r\n\r\n")
                .as_bytes(),
        );
        assert_eq!((reply.status, reply.header("connection")), (413, "close"));
    }
    // A client that sends on without listening gets to read it all the same.
    let mut client = Client::connect(beacon.pixel);
    client.send(b"POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3000000\r\n\r\n");
    client.try_send(&vec![b'x'; 3_000_000]);
    assert_eq!(client.reply().status, 413);
    let refused = r#"beacon_requests_refused_total{listener="pixel",reason="body too large"}"#;
    assert_eq!(beacon.metric(refused), 3.0);
}

#[test]
fn stalled_bodies_share_a_memory_limit() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let limit = beacon.metric("beacon_body_bytes_limit");
    assert_eq!(limit, f64::from(64 << 20));
    let head = b"POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1048576\r\n\r\n";
    let most = vec![b' '; (1 << 20) - 1];
    let mut stalled = Vec::new();
    for _ in 0..100 {
        let mut client = Client::connect(beacon.pixel);
        client.send(head);
        client.try_send(&most);
        stalled.push(client);
        assert!(beacon.metric("beacon_body_bytes") <= limit + f64::from(2 << 20));
    }
    let closed = r#"beacon_connections_closed_total{listener="pixel",reason="body limit"}"#;
    wait_until("the oldest have made room", || {
        beacon.metric(closed) >= 36.0
    });
    let good = br#"{"url":"https://a.example/good"}"#;
    let reply = http::post(beacon.pixel, "/track", "", good);
    assert_eq!((reply.status, reply.header("x-beacon")), (204, "recorded"));
    // Who is left can still be counted.
    let mut last = stalled.pop().unwrap();
    last.send(b" ");
    assert_eq!(last.reply().status, 400, "blanks are no item");
    drop(stalled);
    wait_until("nothing is held any more", || {
        beacon.metric("beacon_body_bytes") == 0.0
    });
}

/// The body of a request that needs none is taken, so that the connection goes on.
#[test]
fn unwanted_body_is_read_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let mut client = Client::connect(beacon.pixel);
    for _ in 0..2 {
        client.send(
            b"GET /hit?page=/a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n",
        );
        client.send(&vec![b'x'; 100_000]);
        assert_eq!(client.reply().header("x-beacon"), "recorded");
    }
}
