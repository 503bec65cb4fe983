//! What a record has of the headers that the edge has joined.

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
