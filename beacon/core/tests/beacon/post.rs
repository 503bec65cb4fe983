//! POST with other bodies than JSON, and to other paths than `/track`.

use beacon_core::{Outcome, RequestKind};
use http::StatusCode;
use serde_json::{Value, json};

use crate::visit::{Visit, header};

const FORM: &str = "application/x-www-form-urlencoded";

fn post(target: &str, content_type: &str, body: &str) -> Visit {
    let visit = Visit::post(target, body).without_header("content-type");
    match content_type {
        "" => visit,
        content_type => visit.header("content-type", content_type),
    }
}

#[track_caller]
fn check(visit: &Visit, expected: &[(&str, Value)]) {
    let (pending, _) = visit.handle();
    assert_eq!(pending.kind, RequestKind::Track, "{pending:?}");
    let record = visit.record();
    for (column, expected) in expected {
        assert_eq!(&record[*column], expected, "{column} of {record:#}");
    }
    assert_eq!(record["format"], "post");
    let response = visit.response();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(header(&response, "x-beacon"), Some("recorded"));
}

#[test]
fn a_query_is_enough() {
    let page = [("page", json!("/x")), ("params", json!({"page": "/x"}))];
    for target in [
        "/pixel.gif?page=/x",
        "/pixel.png?page=/x",
        "/pixel.css?page=/x",
        "/pixel.js?page=/x",
        "/trackingpixel?page=/x",
        "/hit?page=/x",
        "/?page=/x",
        "/track?page=/x",
        "/t?page=/x",
        "/s/any?page=/x",
    ] {
        for content_type in ["", "text/plain", FORM, "application/json"] {
            for body in ["", " \r\n"] {
                let visit =
                    post(target, content_type, body).with("BEACON_PATHS", "/t=track,/s/*=gif");
                check(&visit, &page);
            }
        }
    }
    check(&post("/hit?page=/x", "text/ping", "PING"), &page);
    let referer = Visit::post("/hit", "").header("referer", "https://blog.example/x");
    check(&referer, &[("page", json!("/x"))]);
}

#[test]
fn forms_are_read() {
    let talks = [
        ("page", json!("/talks")),
        ("title", json!("A talk & more")),
        ("event", json!("read")),
        (
            "params",
            json!({"page": "/talks", "title": "A talk & more", "event": "read", "n": "5"}),
        ),
    ];
    let body = "page=%2Ftalks&title=A+talk+%26+more&event=read&n=5";
    for content_type in [
        FORM,
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-URLencoded; Charset=utf-8",
        "text/plain;charset=UTF-8",
        "",
        "application/octet-stream",
    ] {
        check(&post("/track", content_type, body), &talks);
        check(&post("/hit", content_type, body), &talks);
    }
    let with_query = post("/track?site=blog.example&page=/other", FORM, "page=/talks");
    check(
        &with_query,
        &[("page", json!("/talks")), ("site", json!("blog.example"))],
    );
}

#[test]
fn a_form_has_an_id_of_its_own_too() {
    let id = |visit: Visit| visit.record()["hit_id"].clone();
    let of_form = id(post("/track", FORM, "id=a&site=blog.example"));
    assert_eq!(
        of_form,
        id(Visit::post("/track", r#"{"id":"a","site":"blog.example"}"#))
    );
    let from_query = id(post("/track?id=a&site=blog.example", FORM, ""));
    assert_eq!(&from_query.as_str().unwrap()[14..15], "7");
}

#[test]
fn multipart_forms_are_read() {
    let boundary = "----WebKitFormBoundaryAbC";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\n/talks\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n\u{fc}ber\r\n--{boundary}--\r\n"
    );
    let talks = [
        ("page", json!("/talks")),
        ("title", json!("über")),
        ("params", json!({"page": "/talks", "title": "über"})),
    ];
    for content_type in [
        format!("multipart/form-data; boundary={boundary}"),
        format!("Multipart/Form-Data; charset=utf-8; Boundary=\"{boundary}\""),
    ] {
        check(&post("/track", &content_type, &body), &talks);
        check(&post("/pixel.gif", &content_type, &body), &talks);
    }
}

#[test]
fn json_is_read_under_any_type() {
    for content_type in [
        "",
        FORM,
        "application/json",
        "APPLICATION/JSON; charset=utf-8",
        "application/ld+json",
        "application/octet-stream",
        "text/html",
        "text/plain;charset=UTF-8",
        "no type",
    ] {
        let body = "\u{feff} {\"page\":\"/talks\"}\n";
        check(
            &post("/track", content_type, body),
            &[("page", json!("/talks"))],
        );
    }
}

#[track_caller]
fn check_refused(visit: &Visit, status: StatusCode, reason: &str) {
    let (pending, out) = visit.handle();
    assert_eq!((pending.hits, out.len()), (0, 0));
    let Outcome::Ignored(said) = pending.outcome() else {
        panic!("{pending:?}");
    };
    assert_eq!(said, reason);
    let response = pending.into_response(Ok(()));
    assert_eq!(response.status(), status);
    assert_eq!(
        header(&response, "x-beacon"),
        Some(&*format!("ignored; {reason}"))
    );
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        body["error"],
        format!(
            "{reason}: send one like curl -d '{{\"page\":\"/talks\"}}' http://localhost:8080/track"
        )
    );
}

#[test]
fn bodies_that_are_not_understood_are_refused_with_a_call_that_works() {
    let bad = StatusCode::BAD_REQUEST;
    for body in ["{", "[{}", "{}}", "{a:1}", "[{},]"] {
        check_refused(&post("/track", "text/plain", body), bad, "body is not JSON");
        check_refused(&post("/track", FORM, body), bad, "body is not JSON");
    }
    for body in ["1", "null", "\"a\"", "true"] {
        let reason = "body is neither a JSON object nor an array";
        check_refused(&post("/track", "text/plain", body), bad, reason);
    }
    for body in ["hello", "\u{1}", "a=b", "page=/a\nsite=b", "<a/>"] {
        let reason = "body is neither JSON nor a form";
        check_refused(&post("/track", "text/plain", body), bad, reason);
    }
    check_refused(&post("/track", "text/plain", "[]"), bad, "array is empty");
    let many = format!("[{}]", ["{}"; 501].join(","));
    let too_many = StatusCode::PAYLOAD_TOO_LARGE;
    check_refused(
        &post("/track", "text/plain", &many),
        too_many,
        "more than 500 items",
    );
    for content_type in ["multipart/form-data", "multipart/form-data; boundary=x"] {
        let visit = post("/track", content_type, "--y\r\n");
        check_refused(&visit, bad, "body is not a multipart form");
    }
    for content_type in ["", FORM, "application/json"] {
        check_refused(
            &post("/track", content_type, ""),
            bad,
            "neither body nor query",
        );
    }
}

#[test]
fn the_command_that_is_shown_works_where_it_was_refused() {
    let visit = Visit::post("/s/t", "{")
        .header("host", "stats.example")
        .with("BEACON_PATHS", "/s/t=track")
        .with("BEACON_SITES", "*.a.example,blog.example");
    let response = visit.response();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        body["error"],
        "body is not JSON: send one like curl -d '{\"site\":\"blog.example\",\"page\":\"/talks\"}' https://stats.example/s/t"
    );
    let call = Visit::post("/s/t", r#"{"site":"blog.example","page":"/talks"}"#)
        .without_header("content-type")
        .header("content-type", FORM)
        .with("BEACON_PATHS", "/s/t=track")
        .with("BEACON_SITES", "*.a.example,blog.example");
    assert_eq!(call.record()["page"], "/talks");
}

#[test]
fn to_a_pixel_no_body_is_held_against_a_query() {
    for body in ["{", "hello", "[]"] {
        check(&Visit::post("/hit?page=/x", body), &[("page", json!("/x"))]);
        let (pending, _) = Visit::post("/hit", body).handle();
        assert_eq!(pending.hits, 0, "{body}");
    }
}

#[test]
fn a_lost_post_to_a_pixel_is_told_so() {
    let (pending, _) = Visit::post("/pixel.gif?page=/x", "").handle();
    assert_eq!(
        pending.into_response(Err("disk error")).status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
}
