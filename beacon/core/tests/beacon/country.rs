//! The country of a hit.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::columns::check;
use crate::visit::Visit;

/// A table in which an address has this country, and no other has any.
fn table(address: &str, code: &[u8; 2]) -> beacon_core::CountryLookup {
    let (address, code): (IpAddr, [u8; 2]) = (address.parse().unwrap(), *code);
    Arc::new(move |asked| (asked == address).then_some(code))
}

fn behind_edge(code: &str, secret: &str) -> Visit {
    Visit::get("/hit?page=/x")
        .with("BEACON_TRUST", "cloudfront")
        .with("BEACON_ORIGIN_SECRET", "s3cret")
        .header("x-beacon-origin-secret", secret)
        .header("cloudfront-viewer-address", "203.0.113.7:443")
        .header("cloudfront-viewer-country", code)
}

#[test]
fn a_trusted_edge_says_the_country() {
    check(&behind_edge("DE", "s3cret"), &[("country", json!("DE"))]);
    check(&behind_edge("de", "s3cret"), &[("country", json!("DE"))]);
    for unknown in [
        "XX", "T1", "ZZ", "EU", "AP", "A1", "DEU", "D", "", "D\u{e9}", "--",
    ] {
        check(&behind_edge(unknown, "s3cret"), &[("country", Value::Null)]);
    }
    let full = behind_edge("DE", "s3cret").with("BEACON_PRIVACY", "full");
    check(
        &full,
        &[("country", json!("DE")), ("ip", json!("203.0.113.7"))],
    );
}

#[test]
fn a_stranger_does_not_say_the_country() {
    check(&behind_edge("DE", "guessed"), &[("country", Value::Null)]);
    let open = Visit::get("/hit?page=/x").header("cloudfront-viewer-country", "DE");
    check(&open, &[("country", Value::Null)]);
    check(
        &open.with("BEACON_TRUST", "proxies=1"),
        &[("country", Value::Null)],
    );
    // The address of the connection counts, which is 192.0.2.7.
    let stranger = behind_edge("DE", "guessed").located(table("192.0.2.7", b"CH"));
    check(&stranger, &[("country", json!("CH"))]);
}

#[test]
fn without_an_edge_the_table_knows_the_address() {
    let visit = Visit::get("/hit?page=/x");
    check(&visit, &[("country", Value::Null)]);
    let located = visit.located(table("192.0.2.7", b"ch"));
    check(&located, &[("country", json!("CH")), ("ip", Value::Null)]);
    let proxied = located
        .with("BEACON_TRUST", "proxies=1")
        .header("x-forwarded-for", "192.0.2.9");
    check(&proxied, &[("country", Value::Null)]);
    check(
        &proxied.clone().located(table("192.0.2.9", b"FR")),
        &[("country", json!("FR"))],
    );
    let items = Visit::post("/track", r#"[{"page":"/a"},{"page":"/b"}]"#)
        .located(table("192.0.2.7", b"CH"));
    for record in items.records() {
        assert_eq!(record["country"], "CH");
    }
}

#[test]
fn what_the_edge_says_goes_before_the_table() {
    let table = || table("203.0.113.7", b"CH");
    check(
        &behind_edge("DE", "s3cret").located(table()),
        &[("country", json!("DE"))],
    );
    check(
        &behind_edge("XX", "s3cret").located(table()),
        &[("country", Value::Null)],
    );
    let silent = behind_edge("DE", "s3cret").without_header("cloudfront-viewer-country");
    check(&silent.located(table()), &[("country", json!("CH"))]);
}

#[test]
fn an_address_of_a_private_network_has_no_country() {
    for address in [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
        "::ffff:10.0.0.1",
    ] {
        let asks = Visit::get("/hit?page=/x")
            .with("BEACON_TRUST", "proxies=1")
            .header("x-forwarded-for", address)
            .located(Arc::new(|_| Some(*b"CH")));
        check(&asks, &[("country", Value::Null)]);
    }
    for address in [
        "100.63.0.1",
        "100.128.0.1",
        "2001:db8::1",
        "::ffff:192.0.2.1",
    ] {
        let asks = Visit::get("/hit?page=/x")
            .with("BEACON_TRUST", "proxies=1")
            .header("x-forwarded-for", address)
            .located(Arc::new(|asked| match asked {
                IpAddr::V4(_) => Some(*b"CH"),
                IpAddr::V6(_) => Some(*b"FR"),
            }));
        let expected = if address.starts_with("2001") {
            "FR"
        } else {
            "CH"
        };
        check(&asks, &[("country", json!(expected))]);
    }
}
