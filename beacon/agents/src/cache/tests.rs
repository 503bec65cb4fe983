use proptest::prelude::*;

use super::*;
use crate::class::Class;

/// Returns requests that differ in little, so that they meet in the cache.
fn requests() -> impl Strategy<Value = (Vec<Option<&'static str>>, [bool; 4])> {
    let text = prop_oneof![
        Just(None),
        Just(Some("")),
        Just(Some("prefetch")),
        Just(Some("curl/8.14.1")),
        Just(Some("\"Windows\"")),
        Just(Some(
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
        )),
    ];
    (prop::collection::vec(text, 8), any::<[bool; 4]>())
}

fn request<'a>(
    texts: &[Option<&'a str>],
    [is_whole, webdriver, touch, is_custom_event]: [bool; 4],
) -> Request<'a> {
    Request {
        user_agent: texts[0],
        sec_purpose: texts[1],
        purpose: texts[2],
        x_moz: texts[3],
        x_purpose: texts[4],
        sec_ch_ua: texts[5],
        sec_ch_ua_platform: texts[6],
        sec_fetch_site: texts[7],
        is_whole,
        webdriver,
        touch,
        is_custom_event,
    }
}

proptest! {
    #[test]
    fn verdicts_are_those_of_classify(seen in prop::collection::vec(requests(), 1..30)) {
        let mut cache = Cache::default();
        for (texts, bits) in seen.iter().chain(&seen) {
            let request = request(texts, *bits);
            prop_assert_eq!(cache.verdict(&request), classify(&request));
        }
    }

    #[test]
    fn different_requests_have_different_keys(left in requests(), right in requests()) {
        let key = |(texts, bits): &(Vec<Option<&'static str>>, [bool; 4])| {
            let mut key = Vec::new();
            write_key(&request(texts, *bits), &mut key);
            key
        };
        prop_assert_eq!(key(&left) == key(&right), left == right);
    }
}

#[test]
fn long_requests_are_judged_and_not_kept() {
    let mut cache = Cache::default();
    let long = "GPTBot/1.0 ".repeat(1_000);
    let request = Request {
        user_agent: Some(&long),
        ..Request::default()
    };
    assert_eq!(cache.verdict(&request).class, Class::Bot);
    assert!(cache.slots.is_empty());
    assert_eq!(cache.key.capacity(), 0);
}
