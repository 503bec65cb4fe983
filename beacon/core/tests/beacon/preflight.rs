//! What a browser asks before it sends.

use beacon_core::{Outcome, RequestKind};
use http::{Method, StatusCode};

use crate::visit::{Visit, header};

#[track_caller]
fn check(asked: &[&str], expected: &str) {
    let mut visit = Visit::new(Method::OPTIONS, "/track").header("origin", "https://blog.example");
    for line in asked {
        visit = visit.header("access-control-request-headers", line);
    }
    let response = visit.response();
    assert_eq!(
        header(&response, "access-control-allow-headers"),
        Some(expected)
    );
}

#[test]
fn preflights_are_answered_everywhere() {
    for path in ["/track", "/hit", "/none", "*"] {
        let (pending, out) = Visit::new(Method::OPTIONS, path)
            .header("origin", "null")
            .handle();
        assert_eq!(
            (pending.kind, pending.outcome(), out.len()),
            (RequestKind::Other, Outcome::NotAHit, 0)
        );
        let response = pending.into_response(Ok(()));
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        for (name, expected) in [
            (
                "access-control-allow-methods",
                Some("GET, HEAD, OPTIONS, POST"),
            ),
            ("access-control-allow-headers", Some("Content-Type")),
            ("access-control-allow-origin", Some("null")),
            ("access-control-allow-credentials", Some("true")),
            ("access-control-allow-private-network", None),
            ("access-control-max-age", Some("86400")),
            ("content-length", None),
        ] {
            assert_eq!(header(&response, name), expected, "{name} of {path}");
        }
    }
}

#[test]
fn the_headers_that_are_asked_for_are_allowed() {
    check(
        &["baggage, Content-Type,traceparent"],
        "Content-Type, baggage, traceparent",
    );
    check(
        &["x-a", "Authorization"],
        "Content-Type, x-a, authorization",
    );
    check(&["", ",, b c,\"d\",e"], "Content-Type, e");
    let many: Vec<_> = (0..2_000).map(|n| format!("x-{n:04}")).collect();
    let asked = many.join(",");
    let response = Visit::new(Method::OPTIONS, "/track")
        .header("access-control-request-headers", &asked)
        .response();
    let allowed = header(&response, "access-control-allow-headers").unwrap();
    assert!(allowed.ends_with(", x-0510"), "{allowed}");
}

#[test]
fn a_private_network_is_allowed() {
    let visit = Visit::new(Method::OPTIONS, "/hit");
    let asked = visit.header("access-control-request-private-network", "true");
    assert_eq!(
        header(&asked.response(), "access-control-allow-private-network"),
        Some("true")
    );
}
