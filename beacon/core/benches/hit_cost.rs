//! Measures what a pixel costs in the core: `cargo bench -p beacon-core`. On a noisy machine count instructions instead:
//! run the program that `cargo bench --no-run` names below `valgrind --tool=callgrind`, with
//! `--bench --sample-count 1 --sample-size 1000`.

use std::fmt;
use std::net::IpAddr;

use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_core::{Arrival, Request, SALT_BYTES, Salt};
use divan::{Bencher, black_box};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// 2026-11-21 05:11:07.089 UTC.
const AT_MS: u64 = 1_795_237_867_089;

const SHORT: &str = "page=/talks";
const LONG: &str = "url=https%3A%2F%2Fblog.example%2Ftalks%3Futm_source%3Dmail&title=A+talk&ref=https%3A%2F%2Fsearch.example%2F&n=42";

/// The kind of a hit.
struct Case {
    privacy: &'static str,
    query: &'static str,
    has_visitor: bool,
}

const CASES: [Case; 8] = {
    const fn case(privacy: &'static str, query: &'static str, has_visitor: bool) -> Case {
        Case {
            privacy,
            query,
            has_visitor,
        }
    }
    [
        case("anonymous", SHORT, false),
        case("anonymous", SHORT, true),
        case("anonymous", LONG, false),
        case("anonymous", LONG, true),
        case("full", SHORT, false),
        case("full", SHORT, true),
        case("full", LONG, false),
        case("full", LONG, true),
    ]
};

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let visitor = if self.has_visitor { ", visitor" } else { "" };
        let bytes = self.query.len();
        write!(
            formatter,
            "{}, {bytes} bytes of query{visitor}",
            self.privacy
        )
    }
}

/// What a browser sends with an image of another host.
const HEADERS: [(&str, &str); 12] = [
    ("host", "stats.example"),
    (
        "user-agent",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    ),
    (
        "accept",
        "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    ),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "de-CH,de;q=0.9,en;q=0.8"),
    ("referer", "https://blog.example/"),
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
    ),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", "\"Windows\""),
    ("sec-fetch-dest", "image"),
    ("sec-fetch-mode", "no-cors"),
    ("sec-fetch-site", "cross-site"),
];

fn main() {
    divan::main();
}

#[divan::bench(args = CASES, sample_size = 500)]
fn hit(bencher: Bencher<'_, '_>, case: &Case) {
    let mut headers = HeaderMap::new();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    let settings =
        Settings::from_lookup(|name| (name == "BEACON_PRIVACY").then(|| case.privacy.to_owned()));
    let beacon = Beacon::new(settings.expect("both modes are known"));
    let request = Request {
        method: &Method::GET,
        path: "/pixel.gif",
        query: case.query,
        headers: &headers,
        body: b"",
        peer: Some(IpAddr::from([192, 0, 2, 7])),
    };
    let salt = Salt::new(AT_MS, [7; SALT_BYTES]);
    let mut state = 1_u128;
    let mut random = || {
        state = state
            .wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645)
            .wrapping_add(1);
        state
    };
    let mut out = Vec::new();
    let mut at_ms = AT_MS;
    bencher.bench_local(|| {
        out.clear();
        at_ms += 1;
        let arrival = Arrival {
            at_ms,
            random: &mut random,
            salt: case.has_visitor.then_some(&salt),
        };
        beacon
            .handle(black_box(&request), arrival, &mut out)
            .into_response(Ok(()))
    });
}
