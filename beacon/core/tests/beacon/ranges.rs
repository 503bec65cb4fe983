//! The class of a hit by its sender's address.

use std::sync::Arc;

use beacon_core::{RangeLookup, Ranges};
use serde_json::{Value, json};

use crate::columns::check;
use crate::visit::{AT_MS, Visit};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const APP: &str = "Mozilla/5.0 (X11; Linux x86_64)";

fn ranges(list: &str) -> RangeLookup {
    let ranges = Ranges::parse(list).unwrap();
    Arc::new(move |address| ranges.find(address).cloned())
}

/// A view with a salt, from 192.0.2.7.
fn view(user_agent: &str) -> Visit {
    Visit::get("/hit?site=blog.example&page=/x")
        .header("user-agent", user_agent)
        .salted(AT_MS, [7; 32])
}

#[track_caller]
fn check_agent(visit: &Visit, class: &str, rule: &str) {
    let record = visit.record();
    assert_eq!(record["agent"], class, "{record:#}");
    let found = record["agent_rule"].as_str().unwrap();
    assert_eq!(found.split_once('/').unwrap().1, rule, "{record:#}");
    // Whatever decided, nothing of the address is in the record.
    assert!(!record.to_string().contains("192.0.2.7"), "{record:#}");
}

#[test]
fn an_address_in_a_range_has_its_class_and_rule() {
    for class in ["bot", "scanner", "mail_proxy", "prefetch", "unknown"] {
        let ranged = view(FIREFOX).ranged(ranges(&format!("192.0.2.0/24,{class},office")));
        check_agent(&ranged, class, "ranges.office");
        // The rest of the verdict is that of the headers.
        check(
            &ranged,
            &[("browser", json!("Firefox")), ("os", json!("Linux"))],
        );
        let has_visitor = ranged.record()["visitor"] != Value::Null;
        assert_eq!(has_visitor, class == "unknown", "{class}");
    }
    let list = "192.0.2.0/24,bot,office";
    check_agent(&view(APP).ranged(ranges(list)), "bot", "ranges.office");
    let elsewhere = view(FIREFOX).ranged(ranges("198.51.100.0/24,bot,office"));
    check_agent(&elsewhere, "human", "browser");
    assert_ne!(elsewhere.record()["visitor"], Value::Null);
    check_agent(&view(APP), "unknown", "other");
}

#[test]
fn rules_on_headers_go_before_ranges() {
    let list = || ranges("0.0.0.0/0,scanner,all");
    for (user_agent, class, rule) in [
        ("curl/8.5.0", "bot", "library.curl"),
        ("", "bot", "generic.bare"),
        (
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "mail_proxy",
            "mail.gmail",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
            "bot",
            "automation.headlesschrome",
        ),
    ] {
        check_agent(&view(user_agent).ranged(list()), class, rule);
    }
    let prefetched = view(FIREFOX).header("sec-purpose", "prefetch");
    check_agent(
        &prefetched.ranged(list()),
        "prefetch",
        "prefetch.sec-purpose",
    );
    let reported = Visit::post("/track", r#"{"event":"signup","site":"blog.example"}"#)
        .header("user-agent", "curl/8.5.0")
        .ranged(list());
    check_agent(&reported, "unknown", "server.curl");
}

#[test]
fn the_address_is_the_one_that_the_setting_trusts() {
    let list = || ranges("203.0.113.0/24,bot,office\n2001:db8::/32,bot,six");
    let forwarded = view(FIREFOX).header("x-forwarded-for", "203.0.113.7");
    check_agent(&forwarded.clone().ranged(list()), "human", "browser");
    let proxied = forwarded.with("BEACON_TRUST", "proxies=1").ranged(list());
    check_agent(&proxied, "bot", "ranges.office");
    for (peer, rule) in [
        ("2001:db8::1", "ranges.six"),
        ("::ffff:203.0.113.9", "ranges.office"),
        ("2001:db9::1", "browser"),
    ] {
        let class = if rule == "browser" { "human" } else { "bot" };
        check_agent(&view(FIREFOX).from(Some(peer)).ranged(list()), class, rule);
    }
    check_agent(&view(FIREFOX).from(None).ranged(list()), "human", "browser");
}

#[test]
fn all_items_of_a_post_have_the_class_of_the_address() {
    let items = Visit::post(
        "/track",
        r#"[{"page":"/a"},{"event":"signup","page":"/b"}]"#,
    )
    .header("user-agent", FIREFOX)
    .ranged(ranges("192.0.2.7,bot,office"));
    let records = items.records();
    assert_eq!(records.len(), 2);
    for record in records {
        assert_eq!(record["agent"], "bot", "{record:#}");
    }
}
