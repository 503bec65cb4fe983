use std::collections::BTreeMap;

use beacon_agents::{Request as Asked, classify};

use super::*;

/// A Tuesday.
const FIRST_MS: u64 = 1_792_454_400_000;

#[test]
fn weeks_have_a_shape_and_the_news_a_peak() {
    let requests = days(FIRST_MS);
    assert!(requests.is_sorted_by_key(|request| request.at_ms));
    let mut by_day = [0_u64; 30];
    for request in &requests {
        by_day[((request.at_ms - FIRST_MS) / DAY_MS) as usize] += 1;
    }
    // Wednesday and Thursday are the second and third day, Saturday and Sunday the fifth and sixth.
    assert!(by_day[4] < by_day[1] && by_day[5] < by_day[2], "{by_day:?}");
    assert!(
        by_day[PEAK_DAY as usize] > 2 * by_day[PEAK_DAY as usize - 1],
        "{by_day:?}"
    );
    assert!(by_day.iter().all(|count| *count > 30), "{by_day:?}");
    assert_eq!(days(FIRST_MS).len(), requests.len());
}

#[test]
fn people_read_click_sign_up_order_and_open() {
    let requests = days(FIRST_MS);
    for text in ["event=click", "event=open", "/pixel.css"] {
        let asked = requests.iter().any(|request| request.target.contains(text));
        assert!(asked, "{text}");
    }
    for text in [
        "signup",
        "outbound",
        "order",
        "gclid",
        "paid-social",
        "chatgpt.com",
    ] {
        let posted = requests.iter().any(|request| request.body.contains(text));
        assert!(posted, "{text}");
    }
}

#[test]
fn machines_of_every_class_ask_beside_the_people() {
    let mut counts = BTreeMap::new();
    for request in days(FIRST_MS) {
        let header = |name: &str| {
            let found = request.headers.iter().find(|(header, _)| header == name);
            found.map(|(_, value)| value.as_str())
        };
        let verdict = classify(&Asked::from_headers(header));
        *counts.entry(verdict.class.name()).or_insert(0) += 1;
    }
    let classes: Vec<_> = counts.keys().copied().collect();
    assert_eq!(
        classes,
        [
            "bot",
            "human",
            "mail_proxy",
            "prefetch",
            "scanner",
            "unknown"
        ]
    );
    let all: i32 = counts.values().sum();
    assert!(counts["human"] * 2 > all, "{counts:?}");
}

#[test]
fn a_visit_is_over_before_the_next_hour_and_a_person_keeps_browser_and_address() {
    let requests = days(FIRST_MS);
    for request in &requests {
        let minute = request.at_ms / MINUTE_MS % 60;
        assert!(minute < 58, "{minute}");
    }
    let mut clients: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in requests
        .iter()
        .filter(|request| request.method == Method::POST)
    {
        let value = |name| {
            let found = request.headers.iter().find(|(header, _)| header == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let browsers = clients
            .entry(value("cloudfront-viewer-address"))
            .or_default();
        browsers.push(value("user-agent"));
    }
    // Several people come more than once.
    assert!(
        clients
            .values()
            .filter(|browsers| browsers.len() > 3)
            .count()
            > 20
    );
    for (address, mut browsers) in clients {
        browsers.dedup();
        assert_eq!(browsers.len(), 1, "{address}");
    }
}
