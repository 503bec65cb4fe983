use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::routing::get;
use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_lake::{
    Clock, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, Observer, Spool, SpoolOptions,
};

use http::Uri;
use tokio::runtime::Runtime;

use crate::metrics::Metrics;
use crate::pixel::{PixelServer, PixelService};

/// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
const AT_MS: u64 = 1_795_239_296_789;

fn options(folder: &Path) -> SpoolOptions {
    SpoolOptions {
        directory: folder.to_path_buf(),
        stream: "hits".to_owned(),
        buffer_interval: DEFAULT_BUFFER_INTERVAL,
        buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
        clock: Clock::from_fn(|| AT_MS),
    }
}

/// The whole answer to a request of this method.
fn respond(server: &PixelServer, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Answers with the query of a count.
fn counts() -> Router {
    let answer = async |uri: Uri| {
        let thread = thread::current();
        assert_eq!(thread.name(), Some("counts"), "the pixel's thread counts");
        format!("{} times", uri.query().unwrap_or_default())
    };
    Router::new().fallback_service(get(answer))
}

fn counts_runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.thread_name("counts").build().unwrap()
}

#[test]
fn counts_are_answered_at_their_path_and_record_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::start(&options(folder.path()), Observer::none()).unwrap();
    let metrics = Arc::new(Metrics::new(folder.path()));
    let runtime = counts_runtime();
    let answered = |settings: fn(&str) -> Option<String>| {
        let beacon = Beacon::new(Settings::from_lookup(settings).unwrap());
        let beacon = beacon.with_counts().unwrap();
        let clock = Clock::from_fn(|| AT_MS);
        let (beacon, metrics) = (Arc::new(beacon), Arc::clone(&metrics));
        let service = PixelService::new(beacon, spool.writer(), metrics, clock, None);
        let service = service.with_counts(counts(), runtime.handle().clone());
        PixelServer::start(([127, 0, 0, 1], 0).into(), 1, &service).unwrap()
    };
    let server = answered(|name| match name {
        "BEACON_BASE_PATH" => Some("/stats".to_owned()),
        _ => None,
    });
    let count = respond(&server, "GET", "/stats/count?7");
    assert!(count.starts_with("HTTP/1.1 200 OK\r\n"), "{count}");
    assert!(count.ends_with("\r\n\r\n7 times"), "{count}");
    let head = respond(&server, "HEAD", "/stats/count?7");
    assert!(head.contains("content-length: 7\r\n"), "{head}");
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    let post = respond(&server, "POST", "/stats/count?7");
    assert!(post.starts_with("HTTP/1.1 405 "), "{post}");
    assert!(post.contains("allow: GET, HEAD, OPTIONS\r\n"), "{post}");
    for path in ["/count", "/stats/counts", "/stats/count/"] {
        let none = respond(&server, "GET", path);
        assert!(none.starts_with("HTTP/1.1 404 "), "{path}: {none}");
    }
    let text = metrics.text().unwrap();
    let received = "beacon_received_total{through=\"pixel\"} 0\n";
    assert!(text.contains(received), "{text}");
    // Nobody goes round the edge.
    let server = answered(|name| match name {
        "BEACON_REQUIRE_ORIGIN_SECRET" => Some("on".to_owned()),
        "BEACON_ORIGIN_SECRET" => Some("s3cret".to_owned()),
        _ => None,
    });
    let refused = respond(&server, "GET", "/count?7");
    assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
}

/// The clock is the one part that a test can break.
#[test]
fn panic_loses_the_hit_but_serves_the_image() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::start(&options(folder.path()), Observer::none()).unwrap();
    let settings = Settings::from_lookup(|_| None).unwrap();
    let service = PixelService::new(
        Arc::new(Beacon::new(settings)),
        spool.writer(),
        Arc::new(Metrics::new(folder.path())),
        Clock::from_fn(|| panic!("a bug, for this test")),
        None,
    );
    let server = PixelServer::start(([127, 0, 0, 1], 0).into(), 1, &service).unwrap();

    let image = respond(&server, "GET", "/pixel.gif");
    assert!(image.starts_with("HTTP/1.1 200 OK\r\n"), "{image}");
    assert!(image.contains("content-type: image/gif"), "{image}");
    assert!(image.contains("x-beacon: lost; internal error"), "{image}");
    let post = respond(&server, "POST", "/track");
    assert!(
        post.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
        "{post}"
    );
    let lost = "beacon_lost_total{through=\"pixel\",reason=\"internal error\"} 2\n";
    let metrics = service.metrics.text().unwrap();
    assert!(metrics.contains(lost), "{metrics}");
}
