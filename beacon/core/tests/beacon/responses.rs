//! Responses, whatever the request.

use beacon_core::{Outcome, RequestKind, fallback_response};
use http::{Method, StatusCode};

use crate::visit::{Visit, header};

const GIF_BYTES: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21,
    0xf9, 4, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
];

#[test]
fn every_pixel_comes_back_uncached_and_unlike_the_one_before() {
    for (path, content_type, body_bytes) in [
        ("/pixel.gif", "image/gif", 43),
        ("/trackingpixel", "image/gif", 43),
        ("/hit", "image/gif", 43),
        ("/?a", "image/gif", 43),
        ("/pixel.png", "image/png", 68),
        ("/pixel.css", "text/css; charset=utf-8", 0),
        ("/pixel.js", "text/javascript; charset=utf-8", 0),
    ] {
        let visit = Visit::get(path).header("if-none-match", "*");
        let (pending, out) = visit.handle();
        assert_eq!((pending.kind, pending.hits), (RequestKind::Pixel, 1));
        assert_eq!(pending.outcome(), Outcome::Recorded);
        assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 1);
        let response = pending.into_response(Ok(()));
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.body().len(), body_bytes);
        for (name, expected) in [
            ("content-type", content_type),
            ("content-length", &*body_bytes.to_string()),
            (
                "cache-control",
                "no-cache, no-store, must-revalidate, private, max-age=0",
            ),
            ("pragma", "no-cache"),
            ("expires", "0"),
            ("etag", "\"00000000000000000000000000000001\""),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", "*"),
            ("x-beacon", "recorded"),
        ] {
            assert_eq!(header(&response, name), Some(expected), "{name} of {path}");
        }
        assert_eq!(response.headers().len(), 10);
    }
}

#[test]
fn the_images_are_whole() {
    assert_eq!(Visit::get("/hit").response().body(), GIF_BYTES);
    let png = Visit::get("/pixel.png").response().into_body();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.ends_with(b"IEND\xaeB`\x82"));
}

#[test]
fn head_is_get_without_body_and_without_record() {
    for path in [
        "/hit",
        "/pixel.png?a=b",
        "/beacon.js",
        "/robots.txt",
        "/health",
        "/favicon.ico",
    ] {
        let get = Visit::get(path).response();
        let (pending, out) = Visit::new(Method::HEAD, path).handle();
        assert_eq!((pending.hits, out.len()), (0, 0), "{path}");
        let mut head = pending.into_response(Ok(()));
        assert_eq!(head.status(), get.status());
        assert!(head.body().is_empty());
        if let Some(said) = head
            .headers_mut()
            .insert("x-beacon", "recorded".parse().unwrap())
        {
            assert_eq!(said, "ignored; HEAD");
        } else {
            head.headers_mut().remove("x-beacon");
        }
        assert_eq!(head.headers(), get.headers(), "{path}");
    }
}

#[test]
fn an_origin_is_echoed_with_credentials() {
    for visit in [
        Visit::get("/hit"),
        Visit::post("/track", "{}"),
        Visit::get("/none"),
        Visit::get("/beacon.js"),
    ] {
        let response = visit.header("origin", "https://blog.example").response();
        for (name, expected) in [
            ("access-control-allow-origin", "https://blog.example"),
            ("access-control-allow-credentials", "true"),
            ("access-control-expose-headers", "X-Beacon"),
            ("vary", "Origin"),
        ] {
            assert_eq!(header(&response, name), Some(expected));
            assert_eq!(response.headers().get_all(name).iter().count(), 1);
        }
    }
    let response = Visit::post("/track", "{}").response();
    assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
    assert_eq!(header(&response, "access-control-allow-credentials"), None);
}

#[track_caller]
fn check(method: Method, path: &str, expected: StatusCode, expected_allow: Option<&str>) {
    let (pending, out) = Visit::new(method, path).handle();
    assert_eq!((pending.hits, out.len()), (0, 0));
    let response = pending.into_response(Ok(()));
    assert_eq!(response.status(), expected, "{path}");
    assert_eq!(header(&response, "allow"), expected_allow, "{path}");
}

#[test]
fn other_paths_and_methods_are_refused() {
    check(Method::GET, "/", StatusCode::NOT_FOUND, None);
    check(Method::GET, "/none", StatusCode::NOT_FOUND, None);
    check(Method::GET, "", StatusCode::NOT_FOUND, None);
    check(Method::POST, "/none", StatusCode::NOT_FOUND, None);
    check(Method::GET, "/hit/", StatusCode::NOT_FOUND, None);
    check(
        Method::GET,
        "/track",
        StatusCode::METHOD_NOT_ALLOWED,
        Some("OPTIONS, POST"),
    );
    check(
        Method::HEAD,
        "/track",
        StatusCode::METHOD_NOT_ALLOWED,
        Some("OPTIONS, POST"),
    );
    check(
        Method::POST,
        "/beacon.js",
        StatusCode::METHOD_NOT_ALLOWED,
        Some("GET, HEAD, OPTIONS"),
    );
    check(
        Method::DELETE,
        "/pixel.gif",
        StatusCode::METHOD_NOT_ALLOWED,
        Some("GET, HEAD, OPTIONS, POST"),
    );
    check(
        Method::PUT,
        "/beacon.js",
        StatusCode::METHOD_NOT_ALLOWED,
        Some("GET, HEAD, OPTIONS"),
    );
}

#[test]
fn the_small_files_are_there() {
    let robots = Visit::get("/robots.txt").response();
    assert_eq!(&robots.body()[..], b"User-agent: *\nDisallow: /\n");
    assert_eq!(
        header(&robots, "content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(header(&robots, "x-beacon"), None);
    let allowing = Visit::get("/robots.txt").with("BEACON_ROBOTS", "allow");
    assert_eq!(
        &allowing.response().body()[..],
        b"User-agent: *\nAllow: /\n"
    );
    assert_eq!(Visit::get("/health").response().status(), StatusCode::OK);
    assert_eq!(
        Visit::get("/favicon.ico").response().status(),
        StatusCode::NO_CONTENT
    );
}

#[test]
fn only_the_script_may_be_cached() {
    let script = Visit::get("/beacon.js").response();
    assert_eq!(script.status(), StatusCode::OK);
    assert_eq!(
        header(&script, "content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(
        header(&script, "cache-control"),
        Some("public, max-age=86400")
    );
    assert_eq!(header(&script, "vary"), Some("Origin"));
    assert_eq!(header(&script, "access-control-allow-origin"), Some("*"));
    let etag = header(&script, "etag").unwrap();
    for known in [
        etag,
        &format!("W/{etag}"),
        &format!("\"other\", {etag}"),
        "*",
    ] {
        let unchanged = Visit::get("/beacon.js")
            .header("if-none-match", known)
            .response();
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert!(unchanged.body().is_empty());
        assert_eq!(header(&unchanged, "etag"), Some(etag));
        assert_eq!(header(&unchanged, "content-length"), None);
        let pixel = Visit::get("/hit").header("if-none-match", known).response();
        assert_eq!(pixel.status(), StatusCode::OK);
    }
    let changed = Visit::get("/beacon.js")
        .header("if-none-match", "\"other\"")
        .response();
    assert_eq!(changed.status(), StatusCode::OK);
}

#[test]
fn a_lost_hit_still_gets_its_image() {
    let (pending, _) = Visit::get("/pixel.png").handle();
    let response = pending.into_response(Err("stream not reachable"));
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body().len(), 68);
    assert_eq!(
        header(&response, "x-beacon"),
        Some("lost; stream not reachable")
    );
}

#[test]
fn a_lost_post_is_told_to_try_again() {
    let (pending, _) = Visit::post("/track", "[{},1]").handle();
    let response = pending.into_response(Err("stream not reachable"));
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        header(&response, "x-beacon"),
        Some("lost; stream not reachable")
    );
    assert_eq!(
        &response.body()[..],
        b"{\"error\":\"not recorded, try again\"}\n"
    );
    assert_eq!(header(&response, "content-length"), Some("36"));
}

#[test]
fn what_was_no_hit_cannot_be_lost() {
    let (pending, _) = Visit::get("/health").handle();
    let response = pending.into_response(Err("stream not reachable"));
    assert_eq!(header(&response, "x-beacon"), None);
}

#[test]
fn a_reason_that_no_header_carries_is_left_out() {
    let (pending, _) = Visit::get("/hit").handle();
    assert_eq!(
        header(&pending.into_response(Err("two\nlines")), "x-beacon"),
        Some("lost")
    );
}

#[test]
fn the_fallback_is_an_image_that_no_cache_keeps() {
    let response = fallback_response(&Method::GET);
    assert_eq!(&response.body()[..], GIF_BYTES);
    assert_eq!(header(&response, "x-beacon"), Some("lost; internal error"));
    assert_eq!(header(&response, "etag"), None);
    assert!(
        header(&response, "cache-control")
            .unwrap()
            .contains("no-store")
    );
}

#[test]
fn the_fallback_of_a_post_asks_for_another_try() {
    let response = fallback_response(&Method::POST);
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = "{\"error\":\"not recorded, try again\"}\n";
    assert_eq!(&response.body()[..], body.as_bytes());
    assert_eq!(
        header(&response, "content-length"),
        Some(&*body.len().to_string())
    );
    assert_eq!(header(&response, "x-beacon"), Some("lost; internal error"));
}

#[test]
fn debug_shows_the_record_and_stores_nothing() {
    let visit = Visit::get("/hit?page=/talks&debug=1");
    let stored = visit.line();
    let (pending, out) = visit.clone().with("BEACON_DEBUG", "on").handle();
    assert_eq!((pending.hits, out.len()), (0, 0));
    assert_eq!(pending.outcome(), Outcome::Ignored("debug"));
    let response = pending.into_response(Ok(()));
    assert_eq!(&response.body()[..], stored.as_bytes());
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    assert_eq!(header(&response, "x-beacon"), Some("ignored; debug"));
    let not_asked = Visit::get("/hit?debug=0").with("BEACON_DEBUG", "on");
    assert_eq!(not_asked.records().len(), 1);
}

#[test]
fn aliases_give_the_same_responses() {
    let aliased = |visit: Visit| {
        visit.with(
            "BEACON_PATHS",
            "/i.gif=gif, /s/*=css,/s/p/*=png,/a.js=client,/t=track",
        )
    };
    assert_eq!(aliased(Visit::get("/i.gif")).record()["format"], "gif");
    assert_eq!(
        aliased(Visit::get("/s/any/thing.css")).record()["format"],
        "css"
    );
    assert_eq!(aliased(Visit::get("/s/p/x")).record()["format"], "png");
    assert_eq!(aliased(Visit::post("/t", "{}")).record()["format"], "post");
    assert_eq!(
        aliased(Visit::get("/a.js")).response().body(),
        Visit::get("/beacon.js").response().body()
    );
    assert_eq!(aliased(Visit::get("/hit")).record()["path"], "/hit");
    assert_eq!(
        aliased(Visit::get("/s")).response().status(),
        StatusCode::NOT_FOUND
    );
    let route = aliased(Visit::get("/")).beacon().route("/t", "");
    assert!(route.unwrap().wants_body(&Method::POST));
}

#[test]
fn everything_can_lie_below_a_base_path() {
    let below = |target| {
        Visit::get(target)
            .with("BEACON_BASE_PATH", "/stats/")
            .with("BEACON_PATHS", "/i.gif=gif")
    };
    assert_eq!(below("/stats/hit").record()["path"], "/stats/hit");
    assert_eq!(below("/stats/i.gif").record()["format"], "gif");
    assert_eq!(below("/stats/?a").records().len(), 1);
    assert_eq!(below("/stats?a").records().len(), 1);
    for outside in ["/hit", "/statshit", "/stat/hit", "/?a", "/stats", "/stats/"] {
        assert_eq!(
            below(outside).response().status(),
            StatusCode::NOT_FOUND,
            "{outside}"
        );
    }
    for everywhere in ["/health", "/stats/health", "/robots.txt"] {
        assert_eq!(
            below(everywhere).response().status(),
            StatusCode::OK,
            "{everywhere}"
        );
    }
}

#[test]
fn bodies_are_wanted_of_every_post_that_counts() {
    let beacon = Visit::get("/")
        .with("BEACON_PATHS", "/t=track,/s/*=gif,/a.js=client")
        .beacon();
    let wants_body = |method, path| {
        let route = beacon.route(path, "a=b");
        route.is_some_and(|route| route.wants_body(method))
    };
    for path in ["/track", "/hit", "/pixel.css", "/", "/t", "/s/x"] {
        assert!(wants_body(&Method::POST, path), "{path}");
        assert!(!wants_body(&Method::GET, path), "{path}");
    }
    for path in ["/none", "/beacon.js", "/a.js", "/health"] {
        assert!(!wants_body(&Method::POST, path), "{path}");
    }
    assert_eq!(beacon.route("/", ""), None);
}

#[test]
fn a_call_for_the_record_that_is_stored_all_the_same_is_told_so() {
    for visit in [
        Visit::get("/hit?page=/talks&debug=1"),
        Visit::post("/track?debug=1", "{}"),
        Visit::post("/hit?debug=1", ""),
    ] {
        assert_eq!(visit.records().len(), 1);
        assert_eq!(
            header(&visit.response(), "x-beacon"),
            Some("recorded; debug=1 needs BEACON_DEBUG=on")
        );
    }
}
