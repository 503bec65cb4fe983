//! Measures what reading an event costs, in nanoseconds: `cargo bench -p beacon-lambda-http --profile lambda`. A number
//! behind `--` sets the readings of each payload.
//!
//! Where there are no hardware counters, count instructions: run the program that `cargo bench --no-run` names below
//! `valgrind --tool=callgrind`, with 1000 readings.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use beacon_lambda_http::Event;

/// The directory of the payloads, which are real ones.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/events");

/// Readings of each payload, unless the command line says otherwise.
const READINGS: u32 = 100_000;

const PAYLOADS: [&str; 6] = [
    "http-api-get",
    "http-api-post",
    "function-url-get",
    "rest-api-get",
    "alb-get",
    "alb-multi-value-get",
];

fn main() -> std::io::Result<()> {
    let readings = std::env::args()
        .skip(1)
        // Cargo passes `--bench`.
        .find(|argument| !argument.starts_with('-'))
        .map_or(READINGS, |text| text.parse().expect("a number"));
    let mut out = std::io::stdout().lock();
    for name in PAYLOADS {
        let payload = std::fs::read(format!("{FIXTURES}/{name}.json"))?;
        let started = Instant::now();
        for _ in 0..readings {
            let event: Event =
                serde_json::from_slice(black_box(&payload)).expect("an event is always read");
            black_box(event);
        }
        let each_ns = started.elapsed().as_nanos() / u128::from(readings.max(1));
        writeln!(out, "{name:20}  {:5} bytes  {each_ns:6} ns", payload.len())?;
    }
    Ok(())
}
