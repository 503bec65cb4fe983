use proptest::prelude::*;

use super::*;

const SECRET: &str = "s3cret";

fn edge() -> Trust {
    Trust::parse(Some("cloudfront"), Some(SECRET.to_owned())).unwrap()
}

fn nobody() -> Trust {
    Trust::parse(None, None).unwrap()
}

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            value.parse().unwrap(),
        );
    }
    map
}

/// Headers that came through the edge with these hints.
fn through_edge(hints: &str) -> HeaderMap {
    headers(&[
        ("x-beacon-origin-secret", SECRET),
        ("x-amz-cf-id", "abc"),
        ("x-beacon-hints", hints),
    ])
}

const PRERENDERED: &str = "v=1&sec-purpose=prefetch%3Bprerender&sec-gpc=1&dnt=1&sec-fetch-site=cross-site\
    &sec-ch-ua-platform=%22macOS%22&sec-ch-ua=%22Chromium%22%3Bv%3D%22156%22%2C%20%22Not%26A%3DBrand%22%3Bv%3D%228%22";

#[test]
fn the_edges_hints_are_unpacked() {
    let unpacked = unpack(&through_edge(PRERENDERED), &edge()).unwrap();
    assert_eq!(
        Hints::read(&unpacked, &edge()),
        Hints {
            sec_purpose: Some("prefetch;prerender"),
            sec_fetch_site: Some("cross-site"),
            sec_ch_ua_platform: Some("\"macOS\""),
            sec_ch_ua: Some("\"Chromium\";v=\"156\", \"Not&A=Brand\";v=\"8\""),
            is_whole: true,
            ..Hints::default()
        }
    );
    let old = "v=1&purpose=prefetch&x-moz=prefetch&x-purpose=preview";
    let unpacked = unpack(&through_edge(old), &edge()).unwrap();
    assert_eq!(
        Hints::read(&unpacked, &edge()),
        Hints {
            purpose: Some("prefetch"),
            x_moz: Some("prefetch"),
            x_purpose: Some("preview"),
            is_whole: true,
            ..Hints::default()
        }
    );
}

#[test]
fn without_an_edge_plain_headers_are_read() {
    let plain = headers(&[
        ("sec-purpose", "prefetch"),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-proto", "https"),
    ]);
    assert_eq!(unpack(&plain, &nobody()), None);
    let expected = Hints {
        sec_purpose: Some("prefetch"),
        sec_fetch_site: Some("same-origin"),
        is_whole: true,
        ..Hints::default()
    };
    assert_eq!(Hints::read(&plain, &nobody()), expected);
    assert_eq!(Hints::read(&plain, &edge()), expected);
}

#[test]
fn a_strangers_hints_are_not_unpacked() {
    let mut stranger = through_edge(PRERENDERED);
    assert_eq!(unpack(&stranger, &nobody()), None);
    stranger.insert("x-beacon-origin-secret", "guessed".parse().unwrap());
    assert_eq!(unpack(&stranger, &edge()), None);
    stranger.remove("x-beacon-origin-secret");
    assert_eq!(unpack(&stranger, &edge()), None);
    assert_eq!(Hints::read(&stranger, &edge()), Hints::default());
}

#[test]
fn a_joined_header_replaces_the_plain_one() {
    let mut map = through_edge("v=1&dnt=1");
    map.append("dnt", "0".parse().unwrap());
    map.append("dnt", "null".parse().unwrap());
    let unpacked = unpack(&map, &edge()).unwrap();
    assert_eq!(unpacked.get_all("dnt").iter().collect::<Vec<_>>(), ["1"]);
}

#[test]
fn the_edge_joins_nothing_by_which_it_proves_itself() {
    let hints = "v=1&cloudfront-viewer-address=192.0.2.9%3A1&x-beacon-host=other.example&cookie=a&user-agent=x&DNT=1&dnt";
    let map = through_edge(hints);
    assert_eq!(unpack(&map, &edge()), Some(map));
}

#[test]
fn a_text_of_another_form_is_not_read() {
    let long = format!("v=1&sec-ch-ua={}", "a".repeat(MAX_HINTS_BYTES));
    for text in ["", "sec-gpc=1", "v=2&sec-gpc=1", "v=10&sec-gpc=1", &long] {
        let map = through_edge(text);
        assert_eq!(unpack(&map, &edge()), None, "{text}");
        assert!(!Hints::read(&map, &edge()).is_whole, "{text}");
    }
    let unpacked = unpack(
        &through_edge("v=1&&=&sec-purpose=%&purpose=%0A1&x-moz=%zz"),
        &edge(),
    );
    let unpacked = unpacked.unwrap();
    let hints = Hints::read(&unpacked, &edge());
    assert_eq!(
        (hints.sec_purpose, hints.purpose, hints.x_moz),
        (Some("%"), None, Some("%zz"))
    );
}

#[test]
fn headers_are_whole_over_https_and_through_a_joining_edge() {
    let whole = |lines: &[(&str, &str)]| Hints::read(&headers(lines), &edge()).is_whole;
    assert!(whole(&[("x-forwarded-proto", "https")]));
    assert!(!whole(&[("x-forwarded-proto", "http")]));
    assert!(!whole(&[]));
    // A CloudFront without the function, or one whose proof is wrong.
    assert!(!whole(&[
        ("x-forwarded-proto", "https"),
        ("x-amz-cf-id", "a")
    ]));
    assert!(!whole(&[
        ("x-forwarded-proto", "https"),
        ("x-beacon-origin-secret", SECRET)
    ]));
    assert!(Hints::read(&through_edge("v=1"), &edge()).is_whole);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(v=1)?[ -~]{0,200}") {
        let map = through_edge(&text);
        if let Some(unpacked) = unpack(&map, &edge()) {
            prop_assert!(unpacked.len() <= map.len() + JOINED.len());
        }
    }

    #[test]
    fn every_value_comes_back(value in "[!-~]([ -~]{0,98}[!-~])?") {
        let mut encoded = Vec::new();
        for byte in value.bytes() {
            percent::encode(&mut encoded, byte);
        }
        let encoded = String::from_utf8(encoded).unwrap();
        let unpacked = unpack(&through_edge(&format!("v=1&sec-ch-ua={encoded}")), &edge()).unwrap();
        prop_assert_eq!(unpacked["sec-ch-ua"].to_str().unwrap(), value);
    }
}
