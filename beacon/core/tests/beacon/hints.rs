//! The headers that the edge has joined, in the record.

use serde_json::{Value, json};

use crate::columns::check;
use crate::visit::Visit;

const HINTS: &str = "v=1&sec-purpose=prefetch%3Bprerender&sec-gpc=1&sec-fetch-site=same-origin\
    &sec-ch-ua-platform=%22Windows%22&accept=image%2Favif%2C*%2F*";

fn behind_edge(target: &str) -> Visit {
    Visit::get(target)
        .with("BEACON_TRUST", "cloudfront")
        .with("BEACON_ORIGIN_SECRET", "s3cret")
        .header("x-beacon-origin-secret", "s3cret")
        .header("user-agent", "Mozilla/5.0")
        .header("x-beacon-hints", HINTS)
}

#[test]
fn a_record_shows_the_headers_and_not_how_the_edge_joined_them() {
    let expected = json!({
        "user-agent": "Mozilla/5.0",
        "sec-purpose": "prefetch;prerender",
        "sec-gpc": "1",
        "sec-fetch-site": "same-origin",
        "sec-ch-ua-platform": "\"Windows\"",
        "accept": "image/avif,*/*",
    });
    for privacy in ["anonymous", "full"] {
        let visit = behind_edge("/hit?page=/x").with("BEACON_PRIVACY", privacy);
        assert_eq!(visit.record()["headers"], expected, "{privacy}");
        let post = Visit::post("/track", r#"[{"page":"/x"},{"page":"/y"}]"#)
            .with("BEACON_TRUST", "cloudfront")
            .with("BEACON_ORIGIN_SECRET", "s3cret")
            .with("BEACON_PRIVACY", privacy)
            .header("x-beacon-origin-secret", "s3cret")
            .header("x-beacon-hints", "v=1&sec-fetch-site=cross-site");
        for record in post.records() {
            assert_eq!(record["headers"]["sec-fetch-site"], "cross-site");
            assert_eq!(record["headers"]["x-beacon-hints"], Value::Null);
        }
    }
}

#[test]
fn a_stranger_joins_nothing() {
    let stranger = behind_edge("/hit?page=/x").without_header("x-beacon-origin-secret");
    for privacy in ["anonymous", "full"] {
        let record = stranger.clone().with("BEACON_PRIVACY", privacy).record();
        assert_eq!(record["headers"], json!({"user-agent": "Mozilla/5.0"}));
    }
    let named = stranger.with("BEACON_KEEP_HEADERS", "x-beacon-hints");
    assert_eq!(named.record()["headers"]["x-beacon-hints"], HINTS);
}

#[test]
fn the_other_rules_see_them_too() {
    let page = behind_edge("/hit").header("referer", "https://blog.example/");
    check(&page, &[("page", json!("/"))]);
    let elsewhere = page
        .without_header("x-beacon-hints")
        .header("x-beacon-hints", "v=1&sec-fetch-site=cross-site");
    check(&elsewhere, &[("page", Value::Null)]);
    let custom =
        behind_edge("/hit?page=/x").with("BEACON_COLUMNS", "platform=headers.sec-ch-ua-platform");
    check(&custom, &[("platform", json!("\"Windows\""))]);
}

/// Headers that viewers sent, and those that the function and the policy of `infra/edge.yaml` made of them. `tests/deploy`
/// writes this file by running the function.
const EDGE: &str = include_str!("../../../../tests/fixtures/edge_hints.json");

fn forwarded(request: &str) -> (Value, Visit) {
    let cases: Vec<Value> = serde_json::from_str(EDGE).unwrap();
    let case = cases.iter().find(|case| case["request"] == request);
    let case = case.unwrap_or_else(|| panic!("{request} is not among the requests"));
    let mut visit = Visit::get("/hit?page=/x")
        .with("BEACON_TRUST", "cloudfront")
        .with("BEACON_ORIGIN_SECRET", "s3cret")
        .header("x-beacon-origin-secret", "s3cret");
    for (name, value) in case["forwarded"].as_object().unwrap() {
        visit = visit.header(name, value.as_str().unwrap());
    }
    (case["sent"].clone(), visit)
}

#[test]
fn headers_pass_the_edge_unchanged() {
    for request in [
        "an image of a page that is shown",
        "an image of a prerendered page",
        "a prefetched link in an old Firefox",
        "a preview in an old Safari",
        "a program that sends nothing but its host",
    ] {
        let (mut sent, visit) = forwarded(request);
        sent.as_object_mut().unwrap().remove("cookie");
        assert_eq!(visit.record()["headers"], sent, "{request}");
    }
}

#[test]
fn a_prerendered_page_is_known_behind_the_edge() {
    let (_, visit) = forwarded("an image of a prerendered page");
    check(&visit, &[("agent", json!("prefetch"))]);
    let (_, shown) = forwarded("an image of a page that is shown");
    check(&shown, &[("agent", json!("human"))]);
}

#[test]
fn a_client_cannot_join_headers_at_the_edge() {
    let (_, visit) = forwarded("a client that joins headers itself");
    let expected = json!({"user-agent": "curl/8", "sec-fetch-site": "none&sec-gpc=1%26dnt=1"});
    assert_eq!(visit.record()["headers"], expected);
}

#[test]
fn what_no_browser_sends_is_bounded() {
    let (_, visit) = forwarded("values that no browser sends");
    let headers = visit.record()["headers"].clone();
    assert_eq!(headers["sec-purpose"], "pr??fetch");
    assert_eq!(headers["dnt"], "");
    assert_eq!(headers["sec-ch-ua"], "\"".repeat(256));
    let (_, visit) = forwarded("a repeated header");
    assert_eq!(visit.record()["headers"]["purpose"], "a, b=c");
    let (sent, visit) = forwarded("more than there is room for");
    let headers = visit.record()["headers"].clone();
    assert_eq!(headers["sec-purpose"], "prefetch");
    assert!(headers.as_object().unwrap().len() < sent.as_object().unwrap().len());
}
