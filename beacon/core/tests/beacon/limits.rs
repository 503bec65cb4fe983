//! Whatever comes in, a record is one line of JSON of at most 64 KiB, and an image comes back.

use beacon_core::{MAX_BODY_BYTES, MAX_RECORD_BYTES};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::visit::{Visit, read_lines};

const MAX_CUSTOM_COLUMNS: usize = 50;

#[track_caller]
fn only_line(visit: &Visit) -> Value {
    let line = visit.line();
    assert!(line.len() <= MAX_RECORD_BYTES, "{} bytes", line.len());
    assert!(line.ends_with('\n') && line.find('\n') == Some(line.len() - 1));
    serde_json::from_str(&line).unwrap()
}

#[test]
fn what_fits_is_whole() {
    let agent = "x".repeat(8 * 1_024);
    let record = only_line(&Visit::get("/hit").header("user-agent", &agent));
    assert_eq!(
        (&record["headers"]["user-agent"], &record["truncated"]),
        (&json!(agent), &json!(false))
    );
    let title = "x".repeat(2_048);
    let record = only_line(&Visit::get(&format!("/hit?title={title}")));
    assert_eq!(
        (&record["title"], &record["truncated"]),
        (&json!(title), &json!(false))
    );
}

#[test]
fn a_long_column_is_cut_on_a_character() {
    let title = "é".repeat(1_025);
    let record = only_line(&Visit::get(&format!("/hit?title=x{title}")));
    assert_eq!(record["title"], json!(format!("x{}", "é".repeat(1_023))));
    assert_eq!(record["params"]["title"], json!(format!("x{title}")));
    assert_eq!(record["truncated"], true);
}

#[test]
fn a_long_header_is_cut() {
    let record = only_line(&Visit::get("/hit").header("user-agent", &"\"".repeat(10_000)));
    assert_eq!(
        record["headers"]["user-agent"].as_str().unwrap().len(),
        8_192
    );
    assert_eq!(record["truncated"], true);
}

#[test]
fn a_header_of_a_long_name_is_left_out() {
    let record = only_line(&Visit::get("/hit").header(&format!("sec-ch-{}", "x".repeat(300)), "1"));
    assert_eq!(
        (&record["headers"], &record["truncated"]),
        (&json!({}), &json!(true))
    );
}

#[test]
fn too_many_parameters_are_left_out() {
    let query: Vec<_> = (0..300).map(|n| format!("p{n}={n}")).collect();
    let record = only_line(&Visit::get(&format!("/hit?{}", query.join("&"))));
    assert_eq!(
        (
            record["params"].as_object().unwrap().len(),
            &record["truncated"]
        ),
        (256, &json!(true))
    );
}

/// Joined to its 260,000 values, the name would be more than 100 GB.
#[test]
fn a_long_name_over_many_values_is_not_copied_for_each() {
    for values in ["1", "null", "[]", "{}"] {
        let values = vec![values; 260_000 / values.len()].join(",");
        let body = format!("{{\"{}\":[{values}],\"last\":1}}", "n".repeat(512 << 10));
        assert!(body.len() < MAX_BODY_BYTES);
        only_line(&Visit::post("/track", body));
    }
}

#[test]
fn names_below_a_long_one_are_cut_as_if_they_were_whole() {
    let check = |key: &str, expected: &str| {
        let body = format!("{{\"{key}\":{{\"a\":{{\"b\":1}}}},\"last\":1}}");
        let record = only_line(&Visit::post("/track", body));
        assert_eq!(
            record["params"],
            json!({expected: "1", "last": "1"}),
            "{key}"
        );
        assert_eq!(record["truncated"], expected.len() > 240, "{key}");
    };
    let long = "n".repeat(300);
    check(&long, &long[..256]);
    check(&"é".repeat(300), &"é".repeat(128));
    check(
        &format!("x{}", "é".repeat(300)),
        &format!("x{}", "é".repeat(127)),
    );
    // User info goes although the limit comes before its end.
    check(
        &format!("https://{long}@a.example/"),
        "https://a.example/.a.b",
    );
}

#[test]
fn headers_and_parameters_share_what_is_left() {
    let query: Vec<_> = (0..20)
        .map(|n| format!("p{n}={}", "x".repeat(5_000)))
        .collect();
    let mut visit =
        Visit::get(&format!("/hit?page=/talks&{}", query.join("&"))).with("BEACON_PRIVACY", "full");
    visit = visit.header("user-agent", &"u".repeat(8_192));
    for n in 0..20 {
        visit = visit.header(&format!("x-{n}"), &"y".repeat(5_000));
    }
    let record = only_line(&visit);
    assert_eq!(
        (&record["page"], &record["truncated"]),
        (&json!("/talks"), &json!(true))
    );
    assert_eq!(record["params"]["p0"], json!("x".repeat(5_000)));
    assert_eq!(record["headers"]["user-agent"], json!("u".repeat(8_192)));
    assert_eq!(record["version"], env!("CARGO_PKG_VERSION"));
    assert!(
        visit.line().len() > MAX_RECORD_BYTES - 64,
        "room is used: {}",
        visit.line().len()
    );
}

#[test]
fn the_worst_of_everything_fits() {
    // A control character takes six bytes of JSON.
    let worst = "%01".repeat(3_000);
    let names = [
        "site",
        "url",
        "title",
        "event",
        "ref",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "own",
    ];
    let query: Vec<_> = names.iter().map(|name| format!("{name}={worst}")).collect();
    let query = format!(
        "{}&page=https://{}/{worst}",
        query.join("&"),
        "h".repeat(4_000)
    );
    let columns: Vec<_> = (0..MAX_CUSTOM_COLUMNS)
        .map(|n| format!("{}{n:02}=params.own", "c".repeat(62)))
        .collect();
    let path = format!("/s/{}", "\u{1}".repeat(3_000));
    for privacy in ["anonymous", "full"] {
        let visit = Visit::get(&format!("{path}?{query}"))
            .header("host", &"\"".repeat(4_000))
            .header("accept-language", &"\"".repeat(4_000))
            .header("user-agent", &"\"".repeat(20_000))
            .with("BEACON_PATHS", "/s/*=gif")
            .with("BEACON_COLUMNS", &columns.join(","))
            .with("BEACON_PRIVACY", privacy);
        let record = only_line(&visit);
        assert_eq!(record["truncated"], true);
        assert!(!record["headers"].as_object().unwrap().is_empty());
        assert_eq!(
            record[format!("{}49", "c".repeat(62))]
                .as_str()
                .unwrap()
                .len(),
            81
        );
    }
}

fn method() -> impl Strategy<Value = Method> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::OPTIONS,
        Method::PUT,
    ];
    prop_oneof![8 => Just(Method::GET), 4 => Just(Method::POST), 1 => proptest::sample::select(known.to_vec())]
}

fn path() -> impl Strategy<Value = String> {
    let known = [
        "/hit",
        "/",
        "/pixel.gif",
        "/pixel.png",
        "/pixel.css",
        "/pixel.js",
        "/track",
        "/beacon.js",
        "/s/x",
        "/health",
    ];
    prop_oneof![9 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "/?\\PC{0,20}"]
}

fn messy_text() -> impl Strategy<Value = String> {
    let pieces = [
        "&",
        "=",
        "url",
        "page",
        "site",
        "ref",
        "utm_source",
        "title",
        "id",
        "debug=1",
        "https://",
        "http:",
        "//",
        "@",
        "?",
        "#",
        "%",
        "%00",
        "%ff",
        "%22",
        "%C3%A9",
        "+",
        "/",
        "\\",
        "\"",
        "\u{1}",
        "🎉",
        "a.example",
        ":80",
        "[::1]",
        ".",
        "xxxxxxxxxxxx",
    ];
    let piece = prop_oneof![5 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
    prop_oneof![
        9 => vec(piece.clone(), 0..30).prop_map(|pieces| pieces.concat()),
        1 => (vec(piece, 1..6), 1..9_000_usize).prop_map(|(pieces, times)| pieces.concat().repeat(times)),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let names = [
        "host",
        "referer",
        "origin",
        "user-agent",
        "accept-language",
        "x-forwarded-for",
        "cookie",
        "if-none-match",
        "content-type",
        "x-beacon-origin-secret",
        "cloudfront-viewer-address",
        "sec-ch-ua",
        "x-own",
    ];
    let value = prop_oneof![
        messy_text().prop_map(String::into_bytes),
        vec(any::<u8>(), 0..60)
    ];
    let header = (proptest::sample::select(names.to_vec()), value).prop_filter_map(
        "not a header",
        |(name, value)| {
            let short = &value[..value.len().min(60_000)];
            Some((
                HeaderName::from_static(name),
                HeaderValue::from_bytes(short).ok()?,
            ))
        },
    );
    vec(header, 0..8)
}

fn json_body() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        messy_text().prop_map(Value::from),
    ];
    let name = proptest::sample::select(vec!["url", "page", "id", "site", "a", "", "a.b", "\u{1}"]);
    let tree = leaf.prop_recursive(12, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name.clone(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    });
    prop_oneof![4 => tree.prop_map(|json| json.to_string().into_bytes()), 1 => vec(any::<u8>(), 0..60)]
}

fn settings() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    proptest::sample::subsequence(
        vec![
            ("BEACON_PRIVACY", "full"),
            ("BEACON_SITES", "a.example"),
            (
                "BEACON_COLUMNS",
                "own=params.a,agent_text=headers.user-agent,other=params.url",
            ),
            ("BEACON_PATHS", "/s/*=css"),
            ("BEACON_DEBUG", "on"),
            ("BEACON_TRUST", "proxies=1"),
        ],
        0..=6,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_request_is_answered_and_any_record_is_a_line(
        method in method(),
        path in path(),
        query in messy_text(),
        headers in headers(),
        body in json_body(),
        settings in settings(),
    ) {
        let mut visit = Visit::post("/track", body).of(method.clone(), &path, &query);
        for (name, value) in &headers {
            visit = visit.header_bytes(name.as_str(), value.as_bytes());
        }
        for (variable, value) in settings {
            visit = visit.with(variable, value);
        }
        let (pending, out) = visit.handle();
        let hits = pending.hits;
        for line in out.split_inclusive(|byte| *byte == b'\n') {
            prop_assert!(line.len() <= MAX_RECORD_BYTES);
            prop_assert_eq!(line.last(), Some(&b'\n'));
            prop_assert!(!has_repeated_key(line));
        }
        let records = read_lines(&out);
        prop_assert_eq!(records.len(), hits);
        for record in &records {
            prop_assert_eq!(record.as_object().unwrap().len(), visit.beacon().schema().columns().count());
        }
        let response = pending.into_response(Ok(()));
        if method == Method::GET && path == "/hit" && response.headers()["x-beacon"] != "ignored; debug" {
            prop_assert_eq!((response.status(), response.body().len()), (StatusCode::OK, 43));
        }
    }
}

/// Trino refuses a map that has a key twice, and `serde_json::Value` would hide it.
fn has_repeated_key(line: &[u8]) -> bool {
    struct Keys;
    impl<'de> serde::de::Visitor<'de> for Keys {
        type Value = bool;
        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
            let mut seen = std::collections::HashSet::new();
            let mut is_repeated = false;
            while let Some((key, value)) =
                map.next_entry::<String, Box<serde_json::value::RawValue>>()?
            {
                is_repeated |= !seen.insert(key);
                is_repeated |=
                    value.get().starts_with('{') && has_repeated_key(value.get().as_bytes());
            }
            Ok(is_repeated)
        }
    }
    serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_slice(line), Keys)
        .unwrap()
}
