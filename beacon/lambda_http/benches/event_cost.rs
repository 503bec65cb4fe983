//! Measures what reading an event costs: `cargo bench -p beacon-lambda-http --profile lambda`.
//!
//! Where there are no hardware counters, count instructions: run the program that `cargo bench --no-run` names below
//! `valgrind --tool=callgrind`, with `--bench --sample-count 1 --sample-size 1000`.

use beacon_lambda_http::Event;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

/// The directory of the payloads, which are real ones.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/events");

const PAYLOADS: [&str; 6] = [
    "http-api-get",
    "http-api-post",
    "function-url-get",
    "rest-api-get",
    "alb-get",
    "alb-multi-value-get",
];

fn main() {
    divan::main();
}

#[divan::bench(args = PAYLOADS, sample_size = 500)]
fn event(bencher: Bencher<'_, '_>, name: &str) {
    let payload = std::fs::read(format!("{FIXTURES}/{name}.json")).expect("the payload is there");
    bencher
        .counter(BytesCount::of_slice(&payload))
        .bench_local(|| {
            serde_json::from_slice::<Event>(black_box(&payload)).expect("an event is always read")
        });
}
