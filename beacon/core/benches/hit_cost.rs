//! Measures what a pixel costs in the core, in nanoseconds: `cargo bench -p beacon-core`. On a noisy machine count
//! instructions instead: run the program below `valgrind --tool=callgrind`.

use std::hint::black_box;
use std::io::Write as _;
use std::net::IpAddr;
use std::time::Instant;

use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_core::{Arrival, Request, SALT_BYTES, Salt};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// 2026-11-21 05:11:07.089 UTC.
const AT_MS: u64 = 1_795_237_867_089;

const HITS_A_ROUND: u32 = 500;
const ROUNDS: u32 = 1_000;

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

fn main() -> std::io::Result<()> {
    let mut headers = HeaderMap::new();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    let mut output = std::io::stdout().lock();
    for privacy in ["anonymous", "full"] {
        for query in [
            "page=/talks",
            "url=https%3A%2F%2Fblog.example%2Ftalks%3Futm_source%3Dmail&title=A+talk&ref=https%3A%2F%2Fsearch.example%2F&n=42",
        ] {
            let settings = Settings::from_lookup(|name| {
                (name == "BEACON_PRIVACY").then(|| privacy.to_owned())
            });
            let beacon = Beacon::new(settings.expect("both modes are known"));
            let request = Request {
                method: &Method::GET,
                path: "/pixel.gif",
                query,
                headers: &headers,
                body: b"",
                peer: Some(IpAddr::from([192, 0, 2, 7])),
            };
            let salt = Salt::new(AT_MS, [7; SALT_BYTES]);
            for (visitor, salt) in [("no visitor", None), ("visitor", Some(&salt))] {
                let (ns, bytes) = cost_of_a_hit(&beacon, &request, salt);
                writeln!(
                    output,
                    "{privacy:9}  {visitor:10}  {:3} bytes of query  {bytes:4} bytes of record  {ns:5} ns",
                    query.len()
                )?;
            }
        }
    }
    Ok(())
}

/// The fastest round's nanoseconds a hit, which noise disturbs least, and the length of a record.
fn cost_of_a_hit(beacon: &Beacon, request: &Request<'_>, salt: Option<&Salt>) -> (u128, usize) {
    let mut out = Vec::new();
    let mut state = 1_u128;
    let mut random = || {
        state = state
            .wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645)
            .wrapping_add(1);
        state
    };
    let mut fastest_ns = u128::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for hit in 0..HITS_A_ROUND {
            out.clear();
            let arrival = Arrival {
                at_ms: AT_MS + u64::from(hit),
                random: &mut random,
                salt,
            };
            black_box(
                beacon
                    .handle(black_box(request), arrival, &mut out)
                    .into_response(Ok(())),
            );
        }
        fastest_ns = fastest_ns.min(start.elapsed().as_nanos() / u128::from(HITS_A_ROUND));
    }
    (fastest_ns, out.len())
}
