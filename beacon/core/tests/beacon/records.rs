//! Whole records, as a reader of the lake sees them.

use crate::visit::Visit;

/// The record as it is, with a line break behind each comma that stands before a key or a value in quotes.
fn shown(visit: &Visit) -> String {
    visit.line().replace(",\"", ",\n\"")
}

fn browser(visit: Visit) -> Visit {
    visit
        .header("host", "stats.example")
        .header(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .header("accept-language", "de-CH,de;q=0.8,en;q=0.5")
        .header("referer", "https://blog.example/")
}

#[test]
fn hit_counter() {
    insta::assert_snapshot!(shown(&browser(Visit::get("/hit?page=/talks"))), @r#"
    {"hit_id":"01a1fc83-ee51-7000-8000-000000000002",
    "received_at":"2026-11-21 05:11:07.089",
    "site":"blog.example",
    "host":"stats.example",
    "path":"/hit",
    "event":"view",
    "url":null,
    "page":"/talks",
    "title":null,
    "referrer":null,
    "referrer_host":null,
    "utm_source":null,
    "utm_medium":null,
    "utm_campaign":null,
    "utm_term":null,
    "utm_content":null,
    "language":"de-CH",
    "ip":null,
    "visitor":null,
    "agent":"human",
    "agent_rule":"2026.11/browser",
    "browser":"Firefox",
    "os":"Linux",
    "device":"desktop",
    "country":null,
    "format":"gif",
    "truncated":false,
    "query_string":"page=%2Ftalks",
    "params":{"page":"/talks"},
    "headers":{"host":"stats.example",
    "user-agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language":"de-CH,de;q=0.8,en;q=0.5",
    "referer":"https://blog.example/"},
    "version":"0.1.0"}
    "#);
}

#[test]
fn analytics_post() {
    let body = r#"{"url":"https://blog.example/a?utm_source=mail","name":"A talk"}"#;
    insta::assert_snapshot!(shown(&browser(Visit::post("/track", body))), @r#"
    {"hit_id":"01a1fc83-ee51-7000-8000-000000000001",
    "received_at":"2026-11-21 05:11:07.089",
    "site":"blog.example",
    "host":"stats.example",
    "path":"/track",
    "event":"view",
    "url":"https://blog.example/a",
    "page":"/a",
    "title":"A talk",
    "referrer":null,
    "referrer_host":null,
    "utm_source":"mail",
    "utm_medium":null,
    "utm_campaign":null,
    "utm_term":null,
    "utm_content":null,
    "language":"de-CH",
    "ip":null,
    "visitor":null,
    "agent":"human",
    "agent_rule":"2026.11/browser",
    "browser":"Firefox",
    "os":"Linux",
    "device":"desktop",
    "country":null,
    "format":"post",
    "truncated":false,
    "query_string":"",
    "params":{"url":"https://blog.example/a",
    "name":"A talk"},
    "headers":{"content-type":"text/plain;charset=UTF-8",
    "host":"stats.example",
    "user-agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language":"de-CH,de;q=0.8,en;q=0.5",
    "referer":"https://blog.example/"},
    "version":"0.1.0"}
    "#);
}

#[test]
fn partner_pixel_in_full_mode() {
    let visit = browser(Visit::get("/trackingpixel?userid=42&thirdpartyname=acme"))
        .with("BEACON_PRIVACY", "full")
        .with(
            "BEACON_COLUMNS",
            "userid=params.userid,partner=params.thirdpartyname",
        );
    insta::assert_snapshot!(shown(&visit), @r#"
    {"hit_id":"01a1fc83-ee51-7000-8000-000000000002",
    "received_at":"2026-11-21 05:11:07.089",
    "site":"blog.example",
    "host":"stats.example",
    "path":"/trackingpixel",
    "event":"view",
    "url":null,
    "page":null,
    "title":null,
    "referrer":null,
    "referrer_host":null,
    "utm_source":null,
    "utm_medium":null,
    "utm_campaign":null,
    "utm_term":null,
    "utm_content":null,
    "language":"de-CH",
    "ip":"192.0.2.7",
    "visitor":null,
    "agent":"human",
    "agent_rule":"2026.11/browser",
    "browser":"Firefox",
    "os":"Linux",
    "device":"desktop",
    "country":null,
    "format":"gif",
    "truncated":false,
    "query_string":"userid=42&thirdpartyname=acme",
    "params":{"userid":"42",
    "thirdpartyname":"acme"},
    "headers":{"host":"stats.example",
    "user-agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language":"de-CH,de;q=0.8,en;q=0.5",
    "referer":"https://blog.example/"},
    "version":"0.1.0",
    "userid":"42",
    "partner":"acme"}
    "#);
}
