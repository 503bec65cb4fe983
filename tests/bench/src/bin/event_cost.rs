//! Reads each payload under `tests/fixtures/events` again and again, and prints the nanoseconds that one reading takes:
//! `event_cost [readings]`.
//!
//! Where there are no hardware counters, count instructions:
//! `valgrind --tool=callgrind target/lambda/event_cost 1000`.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use beacon_lambda_http::Event;
use beacon_testing::function::fixture;

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
        .nth(1)
        .map_or(READINGS, |text| text.parse().expect("a number"));
    let mut out = std::io::stdout().lock();
    for name in PAYLOADS {
        let payload = fixture(name);
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
