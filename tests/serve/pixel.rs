//! The pixel's listener: what is answered, and what is then in the lake.

use beacon_testing::machine::wait_until;
use serde_json::json;

use crate::http::{self, Client};
use crate::program::Beacon;

#[test]
fn hit_can_be_queried_once_it_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let reply = beacon.get("/hit?site=example.com&page=/hello&utm_source=test");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("x-beacon"), "recorded");
    assert_eq!(reply.header("content-type"), "image/gif");
    assert_eq!(reply.body.len(), 43);
    let rows = beacon.query("SELECT site, page, utm_source, event, format FROM hits");
    let row = json!({"site": "example.com", "page": "/hello", "utm_source": "test", "event": "view", "format": "gif"});
    assert_eq!(rows, [row]);
}

#[test]
fn array_of_items_records_each_item() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let items = br#"[{"url":"https://a.example/1","name":"one"},7,{"url":"https://a.example/2"}]"#;
    let reply = http::post(
        beacon.pixel,
        "/track",
        "content-type: text/plain\r\n",
        items,
    );
    assert_eq!(reply.header("x-beacon"), "recorded");
    assert_eq!(reply.json()["refused"][0]["index"], 1);
    let good = http::post(
        beacon.pixel,
        "/track",
        "content-type: application/json\r\n",
        br#"{"url":"https://a.example/3"}"#,
    );
    assert_eq!((good.status, good.body.len()), (204, 0));
    let rows = beacon.query("SELECT url FROM hits ORDER BY url");
    assert_eq!(
        rows.iter()
            .map(|row| row["url"].as_str().unwrap())
            .collect::<Vec<_>>(),
        [
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/3"
        ]
    );
    assert_eq!(
        beacon.metric(r#"beacon_recorded_total{through="pixel"}"#),
        3.0
    );
}

#[test]
fn body_over_the_limit_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let json = "content-type: application/json\r\n";
    let reply = http::post(beacon.pixel, "/track", json, &vec![b' '; (1 << 20) + 1]);
    assert_eq!(reply.status, 413);
    // The same without a length beforehand.
    let mut client = Client::connect(beacon.pixel);
    client.send(b"POST /track HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
    let mut chunk = format!("{:x}\r\n", 64 << 10).into_bytes();
    chunk.resize(chunk.len() + (64 << 10), b' ');
    chunk.extend_from_slice(b"\r\n");
    for _ in 0..17 {
        client.try_send(&chunk);
    }
    assert_eq!(client.reply().status, 413);
    let ignored = r#"beacon_ignored_total{through="pixel",reason="body is larger than 1 MiB"}"#;
    assert_eq!(beacon.metric(ignored), 2.0);
    // Exactly at the limit is fine.
    let mut body = br#"{"url":"https://a.example/"}"#.to_vec();
    body.resize(1 << 20, b' ');
    assert_eq!(http::post(beacon.pixel, "/track", json, &body).status, 204);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let mut client = Client::connect(beacon.pixel);
    let pixel = "GET /pixel.gif?page=/a HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let health = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
    client.send(format!("{pixel}{health}{pixel}{health}{pixel}").as_bytes());
    for kind in [
        "image/gif",
        "text/plain; charset=utf-8",
        "image/gif",
        "text/plain; charset=utf-8",
        "image/gif",
    ] {
        let reply = client.reply();
        assert_eq!((reply.status, reply.header("content-type")), (200, kind));
    }
    // And the connection is still good.
    client.send(pixel.as_bytes());
    assert_eq!(client.reply().header("x-beacon"), "recorded");
    assert_eq!(
        beacon.metric(r#"beacon_recorded_total{through="pixel"}"#),
        4.0
    );
}

#[test]
fn slow_client_does_not_delay_others() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let mut slow = Client::connect(beacon.pixel);
    slow.send(b"GET /pixel.gif?page=/slow HTTP/1.1\r\nhost: loc");
    for _ in 0..20 {
        assert_eq!(
            beacon.get("/pixel.gif?page=/quick").header("x-beacon"),
            "recorded"
        );
    }
    slow.send(b"alhost\r\n\r\n");
    assert_eq!(slow.reply().header("x-beacon"), "recorded");
}

#[test]
fn client_that_disconnects_loses_no_other_hit() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    for begun in [
        "",
        "GET /pix",
        "POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{\"url\":",
    ] {
        let mut client = Client::connect(beacon.pixel);
        client.send(begun.as_bytes());
    }
    // Gone before its answer, but the request was whole: it counts.
    let mut client = Client::connect(beacon.pixel);
    client.send(b"GET /pixel.gif?page=/gone HTTP/1.1\r\nhost: localhost\r\n\r\n");
    drop(client);
    wait_until("the last hit is received", || {
        beacon.metric(r#"beacon_received_total{through="pixel"}"#) == 1.0
    });
    assert_eq!(
        beacon.get("/pixel.gif?page=/next").header("x-beacon"),
        "recorded"
    );
}

#[test]
fn long_heads_are_read_up_to_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let ask = |agent_bytes: usize| {
        let mut client = Client::connect(beacon.pixel);
        let agent = "x".repeat(agent_bytes);
        client.try_send(
            format!(
                "GET /pixel.gif?page=/a HTTP/1.1\r\nhost: localhost\r\nuser-agent: {agent}\r\n\r\n"
            )
            .as_bytes(),
        );
        client.reply()
    };
    assert_eq!(ask(8 << 10).header("x-beacon"), "recorded");
    assert_eq!(ask(32 << 10).header("x-beacon"), "recorded");
    // A page shall not show a broken image, but it is no hit.
    let endless = ask(1 << 20);
    assert_eq!((endless.status, endless.body.len()), (200, 43));
    assert!(endless.header("x-beacon").starts_with("lost; "));
}

#[test]
fn other_requests_are_answered_and_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    for (target, status) in [
        ("/health", 200),
        ("/robots.txt", 200),
        ("/favicon.ico", 204),
        ("/nothing", 404),
        ("/track", 405),
    ] {
        assert_eq!(beacon.get(target).status, status, "{target}");
    }
    let mut client = Client::connect(beacon.pixel);
    client.send(b"nonsense\r\n\r\n");
    assert_eq!(client.reply().status, 400);
    assert_eq!(
        beacon.metric(r#"beacon_received_total{through="pixel"}"#),
        0.0
    );
}
