use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_lake::{
    Clock, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, Observer, Spool, SpoolOptions,
};

use crate::metrics::Metrics;
use crate::pixel::{PixelServer, PixelService};

/// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
const AT_MS: u64 = 1_795_239_296_789;

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

/// The clock is the one part that a test can break.
#[test]
fn panic_loses_the_hit_but_serves_the_image() {
    let folder = tempfile::tempdir().unwrap();
    let options = SpoolOptions {
        directory: folder.path().to_path_buf(),
        stream: "hits".to_owned(),
        buffer_interval: DEFAULT_BUFFER_INTERVAL,
        buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
        clock: Clock::from_fn(|| AT_MS),
    };
    let spool = Spool::start(&options, Observer::none()).unwrap();
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
