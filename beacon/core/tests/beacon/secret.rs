//! `BEACON_REQUIRE_ORIGIN_SECRET`: nobody goes round the edge.

use beacon_core::{Outcome, RequestKind};
use http::{Method, StatusCode};

use crate::visit::{Visit, header};

fn guarded(visit: Visit) -> Visit {
    visit
        .with("BEACON_REQUIRE_ORIGIN_SECRET", "on")
        .with("BEACON_ORIGIN_SECRET", "s3cret")
}

#[test]
fn a_request_without_the_secret_is_refused() {
    for (visit, kind) in [
        (Visit::get("/hit?page=/x"), RequestKind::Pixel),
        (Visit::post("/track", "{}"), RequestKind::Track),
        (Visit::post("/hit?page=/x", ""), RequestKind::Track),
        (Visit::new(Method::HEAD, "/hit"), RequestKind::Other),
        (Visit::new(Method::OPTIONS, "/track"), RequestKind::Other),
        (Visit::get("/beacon.js"), RequestKind::Other),
        (Visit::get("/none"), RequestKind::Other),
    ] {
        for secret in [
            None,
            Some(""),
            Some("s3cre"),
            Some("s3cret2"),
            Some("S3cret"),
        ] {
            let mut visit = guarded(visit.clone());
            if let Some(secret) = secret {
                visit = visit.header("x-beacon-origin-secret", secret);
            }
            let (pending, out) = visit.handle();
            assert_eq!((pending.kind, pending.hits, out.len()), (kind, 0, 0));
            let is_hit = kind != RequestKind::Other;
            let outcome = match is_hit {
                true => Outcome::Ignored("no origin secret"),
                false => Outcome::NotAHit,
            };
            assert_eq!(pending.outcome(), outcome);
            let response = pending.into_response(Ok(()));
            assert_eq!(response.status(), StatusCode::FORBIDDEN);
            let said = is_hit.then_some("ignored; no origin secret");
            assert_eq!(header(&response, "x-beacon"), said);
        }
    }
    let large = guarded(Visit::post("/track", "{}"));
    let pending = large.beacon().too_large(&large.request());
    assert_eq!(
        pending.into_response(Ok(())).status(),
        StatusCode::FORBIDDEN
    );
}

#[test]
fn counts_are_behind_the_gate() {
    let direct = guarded(Visit::get("/count?site=blog.example"));
    let edge = direct.clone().header("x-beacon-origin-secret", "s3cret");
    for (visit, kind, status) in [
        (direct, RequestKind::Other, StatusCode::FORBIDDEN),
        // The adapter has the count.
        (edge, RequestKind::Count, StatusCode::NOT_FOUND),
    ] {
        let (pending, out) = visit.handle_by(&visit.beacon().with_counts().unwrap());
        assert_eq!((pending.kind, pending.hits, out.len()), (kind, 0, 0));
        assert_eq!(pending.into_response(Ok(())).status(), status);
    }
}

#[test]
fn a_path_of_the_pixels_own_is_not_that_of_counts() {
    let taken = Visit::get("/count").with("BEACON_PATHS", "/count=gif");
    let error = taken.beacon().with_counts().unwrap_err().to_string();
    assert!(
        error.starts_with("BEACON_PATHS has `/count`, where the sites of BEACON_COUNTS"),
        "{error}"
    );
    // A prefix gives way, as to every built-in path.
    let below = Visit::get("/count").with("BEACON_PATHS", "/*=gif");
    let (pending, _) = below.handle_by(&below.beacon().with_counts().unwrap());
    assert_eq!(pending.kind, RequestKind::Count);
}

#[test]
fn the_edge_is_answered_and_a_monitor_too() {
    let edge = guarded(Visit::get("/hit?page=/x")).header("x-beacon-origin-secret", "s3cret");
    assert_eq!(edge.record()["page"], "/x");
    assert!(
        !edge
            .clone()
            .with("BEACON_PRIVACY", "full")
            .line()
            .contains("s3cret")
    );
    let health = guarded(Visit::get("/health")).response();
    assert_eq!(health.status(), StatusCode::OK);
    let open = Visit::get("/hit?page=/x").with("BEACON_ORIGIN_SECRET", "s3cret");
    assert_eq!(open.records().len(), 1);
}
