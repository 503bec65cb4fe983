//! The column `country`, from a local file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::http::Client;
use crate::program::{Beacon, command, refused};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/countries")
        .join(name)
}

/// Asks for a page on behalf of `address`, as a trusted proxy does.
fn visit(beacon: &Beacon, page: &str, address: &str) {
    let mut client = Client::connect(beacon.pixel);
    let request = format!(
        "GET /hit?site=blog.example&page=/{page} HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {address}\r\n\r\n"
    );
    client.send(request.as_bytes());
    assert_eq!(client.reply().header("x-beacon"), "recorded");
}

#[test]
fn countries_are_those_of_the_file_and_of_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("countries.mmdb");
    fs::copy(fixture("countries.mmdb"), &path).unwrap();
    let mut serve = command(folder.path());
    serve
        .arg("--geoip")
        .arg(&path)
        .env("BEACON_TRUST", "proxies=1");
    let mut beacon = Beacon::start_with(serve, folder.path());
    visit(&beacon, "a", "192.0.2.7");
    visit(&beacon, "b", "2001:db8::7");
    visit(&beacon, "c", "10.1.2.3");
    visit(&beacon, "d", "203.0.113.7");
    let next = folder.path().join("next");
    fs::copy(fixture("later.mmdb"), &next).unwrap();
    fs::rename(&next, &path).unwrap();
    beacon.wait_for_log("the file of countries has changed and is read again");
    visit(&beacon, "e", "192.0.2.7");
    fs::write(&path, "no database").unwrap();
    beacon.wait_for_log("the file of countries cannot be used; the one before stays");
    visit(&beacon, "f", "192.0.2.7");
    assert_eq!(beacon.metric("beacon_country_file_reloads_total"), 1.0);
    assert_eq!(
        beacon.metric("beacon_country_file_reload_failures_total"),
        1.0
    );
    assert_eq!(
        beacon.query("SELECT page, country, ip FROM hits ORDER BY page"),
        [
            json!({"page": "/a", "country": "DE", "ip": null}),
            json!({"page": "/b", "country": "AT", "ip": null}),
            json!({"page": "/c", "country": null, "ip": null}),
            json!({"page": "/d", "country": null, "ip": null}),
            json!({"page": "/e", "country": "FR", "ip": null}),
            json!({"page": "/f", "country": "FR", "ip": null}),
        ]
    );
    beacon.stop();
}

#[test]
fn a_file_that_cannot_be_used_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (path, reason) in [
        (folder.path().join("missing.mmdb"), "cannot read"),
        (fixture("make.py"), "is not in the MaxMind DB format"),
        (fixture("numbers.mmdb"), "holds no countries"),
    ] {
        let mut serve = command(folder.path());
        serve.env("BEACON_GEOIP", &path);
        let (code, message) = refused(serve);
        assert_eq!(code, Some(1), "{message}");
        assert!(message.contains(reason), "{message}");
        assert!(message.contains(path.to_str().unwrap()), "{message}");
    }
}
