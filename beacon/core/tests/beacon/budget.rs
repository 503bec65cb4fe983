//! The bytes that are recorded for a POST are in proportion to those that it sent.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::visit::{Visit, read_lines};

const ITEMS: usize = 500;

/// What a browser sends beside the headers that each test adds.
const HEADERS: [(&str, &str); 13] = [
    ("host", "stats.example"),
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "de-CH,de;q=0.9,en;q=0.8"),
    ("origin", "https://blog.example"),
    ("referer", "https://blog.example/"),
    ("priority", "u=1, i"),
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"",
    ),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", "\"Windows\""),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-mode", "no-cors"),
    ("sec-fetch-site", "cross-site"),
];

const USER_AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                          Chrome/140.0.0.0 Safari/537.36";

fn post(items: &[String], user_agent: &str) -> Visit {
    let mut visit = Visit::post("/track", format!("[{}]", items.join(",")));
    for (name, value) in HEADERS {
        visit = visit.header(name, value);
    }
    visit.header("user-agent", user_agent)
}

/// The bytes of a request's path, query, headers and body.
fn sent_bytes(visit: &Visit) -> usize {
    let request = visit.request();
    let headers: usize = request
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    request.path.len() + request.query.len() + headers + request.body.len()
}

fn records(visit: &Visit) -> (usize, Vec<Value>) {
    let (pending, out) = visit.handle();
    let records = read_lines(&out);
    assert_eq!(pending.hits, records.len());
    (out.len(), records)
}

#[test]
fn a_large_header_is_not_written_for_each_item() {
    for privacy in ["anonymous", "full"] {
        let items = vec!["{}".to_owned(); ITEMS];
        let visit = post(&items, &"u".repeat(8_192)).with("BEACON_PRIVACY", privacy);
        let (written, records) = records(&visit);
        let sent = sent_bytes(&visit);
        assert_eq!(records.len(), ITEMS);
        assert!(
            written < 48 * sent,
            "{written} bytes of {sent}: {}",
            written / sent
        );
        for record in &records {
            assert_eq!(record["truncated"], true);
            assert_eq!(record["site"], "blog.example");
            let user_agent = record["headers"]["user-agent"].as_str().unwrap();
            assert!(
                user_agent.len() > 200 && user_agent.len() < 600,
                "{}",
                user_agent.len()
            );
        }
    }
}

#[test]
fn whatever_the_items_share_is_not_written_for_each() {
    let items = vec!["{}".to_owned(); ITEMS];
    let long = "x".repeat(8_000);
    let shared = [
        post(&items, USER_AGENT).header("accept-language", &long),
        post(&items, USER_AGENT).header("sec-ch-ua-model", &long),
        post(&items, USER_AGENT)
            .with("BEACON_PATHS", "/t/*=track")
            .of(http::Method::POST, &format!("/t/{long}"), ""),
        post(&items, USER_AGENT).of(
            http::Method::POST,
            "/track",
            &format!("title={long}&url=https://a.example/{long}&utm_source={long}&ref={long}&x={long}&own={long}"),
        ),
    ];
    for visit in shared {
        for columns in ["", "own=params.own,agent_text=headers.user-agent"] {
            let visit = visit.clone().with("BEACON_COLUMNS", columns);
            let (written, records) = records(&visit);
            assert_eq!(records.len(), ITEMS);
            let sent = sent_bytes(&visit);
            assert!(
                written < 48 * sent,
                "{written} bytes of {sent}: {}",
                written / sent
            );
        }
    }
}

#[test]
fn nothing_is_cut_of_a_large_batch_of_real_items() {
    let headers = 14;
    for item in [
        json!({"site": "blog.example", "page": "/talks/a", "event": "read"}),
        json!({"url": "https://blog.example/talks/a-long-title-of-a-talk", "title": "A long title of a talk", "event": "view", "ref": "https://search.example/"}),
        json!({"url": "https://blog.example/", "event": "sale", "props": {"price": 5, "currency": "CHF", "plan": "free"}}),
    ] {
        for privacy in ["anonymous", "full"] {
            let items = vec![item.to_string(); ITEMS];
            let visit = post(&items, USER_AGENT).with("BEACON_PRIVACY", privacy);
            let (_, records) = records(&visit);
            for record in &records {
                assert_eq!(record["truncated"], false, "{item}");
                assert_eq!(record["headers"].as_object().unwrap().len(), headers + 1);
            }
        }
    }
}

#[test]
fn a_small_batch_keeps_all_it_has() {
    let user_agent = "u".repeat(1_000);
    for count in [1, 2, 10, 20] {
        let (_, records) = records(&post(&vec!["{}".to_owned(); count], &user_agent));
        for record in &records {
            assert_eq!(record["truncated"], false, "{count}");
            assert_eq!(record["headers"]["user-agent"], json!(user_agent));
        }
    }
    let one = post(&["{}".to_owned()], &"u".repeat(16_000));
    assert_eq!(records(&one).1[0]["truncated"], false);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// The proportion holds for any items, with the bytes of a record that has nothing but names.
    #[test]
    fn the_budget_holds(
        count in 1..120_usize,
        item in prop_oneof![
            "[a-z\"\\\\\u{1}é]{0,60}".prop_map(|text| json!({"title": text, "url": format!("https://a.example/{text}")})),
            "[a-z]{1,200}".prop_map(|name| json!({name: [1, 2, 3, 4, 5, 6, 7, 8]})),
            Just(json!({})),
        ],
        header_bytes in 0..9_000_usize,
        letter in prop_oneof![Just('u'), Just('"'), Just('é')],
        query in "[a-z&=%0-9\"]{0,300}",
        columns in prop_oneof![Just(""), Just("own=params.title,agent_text=headers.user-agent")],
    ) {
        const NAMES_AND_ROOM_BYTES: usize = 900;
        let item = item.to_string();
        let items = vec![item.clone(); count];
        let visit = post(&items, &letter.to_string().repeat(header_bytes / letter.len_utf8()))
            .of(http::Method::POST, "/track", &query)
            .with("BEACON_COLUMNS", columns);
        let (written, records) = records(&visit);
        prop_assert_eq!(records.len(), count);
        let most = 65_536 + count * (NAMES_AND_ROOM_BYTES + 16 * item.len());
        prop_assert!(written <= most, "{} of {}", written, most);
    }
}
