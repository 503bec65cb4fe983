//! POST `/track`.

use beacon_core::MAX_BODY_BYTES;
use beacon_core::{Outcome, RequestKind};
use http::StatusCode;
use serde_json::{Value, json};

use crate::visit::{Visit, header};

#[track_caller]
fn check(body: &str, expected: StatusCode, expected_hits: usize, expected_body: &str) {
    let (pending, out) = Visit::post("/track", body).handle();
    assert_eq!(pending.kind, RequestKind::Track);
    assert_eq!(pending.hits, expected_hits);
    assert_eq!(
        out.iter().filter(|byte| **byte == b'\n').count(),
        expected_hits
    );
    assert_eq!(pending.outcome() == Outcome::Recorded, expected_hits > 0);
    let response = pending.into_response(Ok(()));
    assert_eq!(response.status(), expected);
    assert_eq!(str::from_utf8(response.body()).unwrap(), expected_body);
}

#[test]
fn good_items_are_204() {
    check("{}", StatusCode::NO_CONTENT, 1, "");
    check("[{}]", StatusCode::NO_CONTENT, 1, "");
    check(" \n[{}, {\"a\":1}] ", StatusCode::NO_CONTENT, 2, "");
    check("\u{feff}{}", StatusCode::NO_CONTENT, 1, "");
    let most = format!("[{}]", ["{}"; 500].join(","));
    check(&most, StatusCode::NO_CONTENT, 500, "");
}

#[test]
fn bad_items_are_named_and_good_ones_kept() {
    let some = "{\"recorded\":2,\"refused\":[{\"index\":1,\"reason\":\"item is not a JSON object\"},\
                {\"index\":3,\"reason\":\"item is not a JSON object\"}]}\n";
    check("[{},1,{},[]]", StatusCode::OK, 2, some);
    let all =
        "{\"recorded\":0,\"refused\":[{\"index\":0,\"reason\":\"item is not a JSON object\"}]}\n";
    check("[null]", StatusCode::BAD_REQUEST, 0, all);
}

#[test]
fn deep_nesting_is_no_stack_overflow() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let (pending, _) = Visit::post("/track", deep.clone()).handle();
    assert_eq!(pending.hits, 0);
    let record = Visit::post("/track", format!("{{\"a\":{deep},\"b\":1}}")).record();
    assert_eq!(
        (&record["truncated"], &record["params"]),
        (&json!(true), &json!({"b": "1"}))
    );
}

#[test]
fn large_bodies_are_413() {
    let visit = Visit::post("/track", vec![b' '; MAX_BODY_BYTES + 1]);
    assert_eq!(visit.response().status(), StatusCode::PAYLOAD_TOO_LARGE);
    let pending = visit.beacon().too_large(&visit.request());
    let reason = "body is larger than 1 MiB";
    assert_eq!(pending.outcome(), Outcome::Ignored(reason));
    let response = pending.into_response(Ok(()));
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        header(&response, "x-beacon"),
        Some("ignored; body is larger than 1 MiB")
    );
}

#[track_caller]
fn check_params(body: impl Into<Vec<u8>>, expected: Value) {
    assert_eq!(Visit::post("/track", body).record()["params"], expected);
}

#[test]
fn every_scalar_becomes_text_under_a_dotted_name() {
    check_params(
        r#"{"a":"x","b":1,"c":true,"d":null,"e":1.50}"#,
        json!({"a": "x", "b": "1", "c": "true", "e": "1.50"}),
    );
    check_params(
        r#"{"n":12345678901234567890123}"#,
        json!({"n": "12345678901234567890123"}),
    );
    check_params(
        r#"{"a":{"b":{"c":1}},"d":[2,{"e":3}]}"#,
        json!({"a.b.c": "1", "d.0": "2", "d.1.e": "3"}),
    );
    check_params(
        r#"{"a":1,"a":2,"b":{"c":3},"b.c":4}"#,
        json!({"a": "1", "b.c": "3"}),
    );
    check_params(r#"{"":1,"a":{"":2}}"#, json!({"": "1", "a.": "2"}));
    check_params(r#"{"a":{},"b":[]}"#, json!({}));
}

#[test]
fn text_that_is_no_unicode_costs_no_hit() {
    check_params(
        r#"{"title":"cut \ud83d"}"#,
        json!({"title": "cut \u{fffd}\u{fffd}\u{fffd}"}),
    );
    check_params(r#"{"\ud83d":1}"#, json!({"\u{fffd}\u{fffd}\u{fffd}": "1"}));
    check_params(b"{\"a\":\"\xff\"}", json!({"a": "\u{fffd}"}));
    check_params(
        r#"{"a":"\u0000\n\"🎉\ud83c\udf89"}"#,
        json!({"a": "\0\n\"🎉🎉"}),
    );
}

#[test]
fn items_fill_columns_like_queries() {
    let body = r#"{"url":"https://Blog.example/a?utm_source=mail#x","name":"A talk","event":"read","ref":"https://s.example/?q"}"#;
    let record = Visit::post("/track", body).record();
    for (column, expected) in [
        ("site", "blog.example"),
        ("url", "https://blog.example/a"),
        ("page", "/a"),
        ("title", "A talk"),
        ("event", "read"),
        ("utm_source", "mail"),
        ("referrer", "https://s.example/"),
        ("referrer_host", "s.example"),
    ] {
        assert_eq!(record[column], expected, "{column}");
    }
}

#[test]
fn the_query_speaks_for_items_that_do_not() {
    let body = r#"[{"page":"/a"},{"page":"/b","site":"own.example"}]"#;
    let records = Visit::post("/track?site=blog.example&utm_source=mail", body).records();
    assert_eq!(records[0]["site"], "blog.example");
    assert_eq!(records[0]["utm_source"], "mail");
    assert_eq!(records[1]["site"], "own.example");
}

#[test]
fn an_items_own_id_counts_once_a_site() {
    let id = |body: &str| {
        Visit::post("/track", body).record()["hit_id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = id(r#"{"id":"a","site":"blog.example"}"#);
    assert_eq!(
        id(r#"{"site":"Blog.example","id":"a","title":"later"}"#),
        first
    );
    assert_eq!(&first[14..15], "5");
    assert_ne!(id(r#"{"id":"b","site":"blog.example"}"#), first);
    assert_ne!(id(r#"{"id":"a","site":"shop.example"}"#), first);
    assert_eq!(id(r#"{"id":7}"#), id(r#"{"id":"7"}"#));
    for random in [r#"{"id":""}"#, r#"{"id":null}"#, r#"{"id":{"a":1}}"#] {
        assert_eq!(&id(random)[14..15], "7", "{random}");
    }
    let on_pixel = Visit::get("/hit?id=newsletter-7").record();
    assert_eq!(&on_pixel["hit_id"].as_str().unwrap()[14..15], "7");
}

#[test]
fn ids_differ_within_a_post() {
    let records = Visit::post("/track", "[{},{},{}]").records();
    assert_ne!(records[0]["hit_id"], records[1]["hit_id"]);
    assert_ne!(records[1]["hit_id"], records[2]["hit_id"]);
}

#[test]
fn debug_shows_all_records() {
    let visit = Visit::post("/track?debug=1", "[{},{}]").with("BEACON_DEBUG", "on");
    let (pending, out) = visit.handle();
    assert_eq!((pending.hits, out.len()), (0, 0));
    let response = pending.into_response(Ok(()));
    assert_eq!(
        header(&response, "content-type"),
        Some("application/x-ndjson")
    );
    assert_eq!(crate::visit::read_lines(response.body()).len(), 2);
}

#[test]
fn an_event_that_is_no_text_is_no_view() {
    let reason = "event is not a text: leave it out to count a view";
    let refused =
        format!("{{\"recorded\":0,\"refused\":[{{\"index\":0,\"reason\":\"{reason}\"}}]}}\n");
    for event in [
        "null",
        "{}",
        "{\"type\":\"click\"}",
        "[]",
        "5",
        "true",
        "\"\"",
        "\"  \"",
    ] {
        let body = format!("{{\"event\":{event},\"page\":\"/talks\"}}");
        check(&body, StatusCode::BAD_REQUEST, 0, &refused);
    }
    check("{\"page\":\"/talks\"}", StatusCode::NO_CONTENT, 1, "");
    check("{\"event\":\"\\\"\"}", StatusCode::NO_CONTENT, 1, "");
    check(
        "{\"props\":{\"event\":null}}",
        StatusCode::NO_CONTENT,
        1,
        "",
    );
    let some =
        format!("{{\"recorded\":1,\"refused\":[{{\"index\":1,\"reason\":\"{reason}\"}}]}}\n");
    check(
        "[{\"event\":\"a\"},{\"event\":null}]",
        StatusCode::OK,
        1,
        &some,
    );
}

#[test]
fn an_unusual_property_costs_no_event() {
    let long = "x".repeat(900_000);
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let body = format!(
        r#"{{"event":"sale","long":"{long}","deep":{deep},"big":1e999,"none":null,"price":5}}"#
    );
    let record = Visit::post("/track", body).record();
    assert_eq!(record["event"], "sale");
    assert_eq!(record["truncated"], true);
    assert_eq!(record["params"]["price"], "5");
    assert_eq!(record["params"]["big"], "1e999");
    assert_eq!(record["params"]["long"].as_str().unwrap().len(), 16 * 1_024);
    assert_eq!(record["params"].get("none"), None);
}
