use http::HeaderName;

use super::*;

/// The address and the host that are believed.
#[track_caller]
fn check(
    setting: &str,
    headers: &[(&str, &str)],
    expected_address: Option<&str>,
    expected_host: &str,
) {
    let trust = Trust::parse(Some(setting), Some("s3cret".to_owned())).unwrap();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            value.parse().unwrap(),
        );
    }
    let request = Request {
        method: &http::Method::GET,
        path: "/hit",
        query: "",
        headers: &map,
        body: b"",
        peer: Some("192.0.2.1".parse().unwrap()),
    };
    assert_eq!(
        trust.address(request.headers, request.peer),
        expected_address.map(|address| address.parse().unwrap())
    );
    assert_eq!(trust.host(&request), expected_host);
}

#[test]
fn nobody_is_believed_by_default() {
    let headers = [
        ("host", "Beacon.Example:8080"),
        ("x-forwarded-for", "203.0.113.7"),
        ("cloudfront-viewer-address", "203.0.113.7:443"),
        ("x-beacon-host", "other.example"),
        ("x-beacon-origin-secret", "s3cret"),
    ];
    check("none", &headers, Some("192.0.2.1"), "beacon.example:8080");
    check("none", &[], Some("192.0.2.1"), "");
}

#[test]
fn the_edge_is_believed_with_its_secret() {
    let with = |secret, address| {
        [
            ("host", "lambda.example"),
            ("x-beacon-host", "Stats.example"),
            ("x-beacon-origin-secret", secret),
            ("cloudfront-viewer-address", address),
        ]
    };
    check(
        "cloudfront",
        &with("s3cret", "203.0.113.7:443"),
        Some("203.0.113.7"),
        "stats.example",
    );
    check(
        "cloudfront",
        &with("s3cret", "2001:db8::7:443"),
        Some("2001:db8::7"),
        "stats.example",
    );
    check(
        "cloudfront",
        &with("s3cret", "2001:db8:0:0:0:0:0:7:443"),
        Some("2001:db8::7"),
        "stats.example",
    );
    check(
        "cloudfront",
        &with("s3cret", "[2001:db8::7]:443"),
        Some("2001:db8::7"),
        "stats.example",
    );
    check(
        "cloudfront",
        &with("s3cret", "unknown"),
        None,
        "stats.example",
    );
    check(
        "cloudfront",
        &with("s3creT", "203.0.113.7:443"),
        Some("192.0.2.1"),
        "lambda.example",
    );
    check(
        "cloudfront",
        &with("", "203.0.113.7:443"),
        Some("192.0.2.1"),
        "lambda.example",
    );
    check(
        "cloudfront",
        &with("s3cretx", "203.0.113.7:443"),
        Some("192.0.2.1"),
        "lambda.example",
    );
}

#[test]
fn proxies_are_counted_from_the_right() {
    let forwarded = [
        ("x-forwarded-for", "198.51.100.9, 203.0.113.7"),
        ("x-forwarded-for", " 2001:db8::7 "),
    ];
    check("proxies=1", &forwarded, Some("2001:db8::7"), "");
    check("proxies=2", &forwarded, Some("203.0.113.7"), "");
    check("proxies=3", &forwarded, Some("198.51.100.9"), "");
    check("proxies=4", &forwarded, None, "");
    check("proxies=1", &[], None, "");
    check(
        "proxies=1",
        &[("x-forwarded-for", "203.0.113.7:51000")],
        Some("203.0.113.7"),
        "",
    );
    check(
        "proxies=1",
        &[("x-forwarded-for", "[2001:db8::7]:51000")],
        Some("2001:db8::7"),
        "",
    );
    check(
        "proxies=1",
        &[("x-forwarded-for", "[2001:db8::7]")],
        Some("2001:db8::7"),
        "",
    );
    check("proxies=1", &[("x-forwarded-for", "unknown")], None, "");
    check(
        "proxies=1",
        &[("x-forwarded-for", "203.0.113.7,")],
        None,
        "",
    );
}

#[test]
fn the_secret_is_not_shown() {
    let trust = Trust::parse(Some("cloudfront"), Some("s3cret".to_owned())).unwrap();
    assert_eq!(format!("{trust:?}"), "cloudfront (secret not shown)");
}
