//! What a Lambda function's binary costs, as one JSON object on standard output:
//! `lambda-bench <binary> [invocations] [starts]`.
//!
//! The binary runs under a Runtime API of this process, puts to a Firehose endpoint of this process and has its salt
//! from a DynamoDB of this process, both through TLS. `start_ms` is from the spawn to the first poll, `first_ms` from the first event to its
//! answer, both medians over `starts` processes; `warm_ms` is the median of the last process's further
//! invocations, `cpu_us` their CPU time each by the scheduler's count, `peak_rss_kib` its `VmHWM` after them.

use std::path::Path;
use std::time::{Duration, Instant};

use beacon_testing::dynamodb::FakeDynamoDb;
use beacon_testing::firehose::FakeFirehose;
use beacon_testing::function::{TIMEOUT, environment, fixture};
use beacon_testing::program::Program;
use beacon_testing::runtime_api::RuntimeApi;
use beacon_testing::tls::TlsFront;
use serde_json::json;

/// Invocations that warm caches and the allocator before those that count.
const WARM_UP: usize = 200;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "its output")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let binary = arguments
        .next()
        .expect("usage: lambda-bench <binary> [invocations] [starts]");
    let mut number = |default| {
        arguments
            .next()
            .map_or(default, |text| text.parse().expect("a number"))
    };
    let invocations: usize = number(2_000);
    let starts: usize = number(20);

    let mut start_ms = Vec::new();
    let mut first_ms = Vec::new();
    for _ in 1..starts {
        let run = Run::start(Path::new(&binary)).await;
        start_ms.push(milliseconds(run.start));
        first_ms.push(milliseconds(run.invoke().await));
        run.program.kill().await;
    }
    let run = Run::start(Path::new(&binary)).await;
    start_ms.push(milliseconds(run.start));
    first_ms.push(milliseconds(run.invoke().await));

    for _ in 0..WARM_UP {
        run.invoke().await;
    }
    let before = cpu_ns(run.program.id());
    let mut warm_ms = Vec::new();
    for _ in 0..invocations {
        warm_ms.push(milliseconds(run.invoke().await));
    }
    let cpu_us = (cpu_ns(run.program.id()) - before) as f64 / 1_000.0 / invocations as f64;
    println!(
        "{}",
        json!({
            "start_ms": median(start_ms),
            "first_ms": median(first_ms),
            "warm_ms": median(warm_ms),
            "cpu_us": rounded(cpu_us),
            "peak_rss_kib": peak_rss_kib(run.program.id()),
            "invocations": invocations,
            "starts": starts,
        })
    );
}

struct Run {
    runtime_api: RuntimeApi,
    program: Program,
    start: Duration,
    event: Vec<u8>,
    _fronts: [TlsFront; 2],
}

impl Run {
    async fn start(binary: &Path) -> Run {
        let runtime_api = RuntimeApi::start().await;
        let front = TlsFront::start(FakeFirehose::start().await.address()).await;
        let salts = TlsFront::start(FakeDynamoDb::start().await.address()).await;
        trust_both(&front, &salts);
        let mut variables = environment(&runtime_api, &front);
        variables.push(("AWS_ENDPOINT_URL_DYNAMODB", salts.url()));
        variables.push(("BEACON_SALT_TABLE", "salts".to_owned()));
        let spawned = Instant::now();
        let program = Program::start(binary, [], variables);
        let start = runtime_api.ready().await - spawned;
        Run {
            runtime_api,
            program,
            start,
            event: fixture("http-api-get"),
            _fronts: [front, salts],
        }
    }

    async fn invoke(&self) -> Duration {
        let invocation = self.runtime_api.invoke(self.event.clone(), TIMEOUT).await;
        if let Err(error) = invocation.outcome {
            panic!("the function failed: {error}");
        }
        invocation.took
    }
}

/// Adds the authority of `other` to the file with that of `first`.
fn trust_both(first: &TlsFront, other: &TlsFront) {
    let read =
        |front: &TlsFront| std::fs::read(front.authority()).expect("the front has written it");
    let both = [read(first), read(other)].concat();
    std::fs::write(first.authority(), both).expect("the temporary folder takes a file");
}

/// CPU time of all threads, from the scheduler's nanosecond count.
fn cpu_ns(process: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).expect("a running process");
    threads
        .map(|thread| {
            let path = thread.expect("a listed thread").path().join("schedstat");
            let text = std::fs::read_to_string(path).unwrap_or_default();
            text.split(' ')
                .next()
                .and_then(|ns| ns.parse::<u64>().ok())
                .unwrap_or(0)
        })
        .sum()
}

fn peak_rss_kib(process: u32) -> u64 {
    let status =
        std::fs::read_to_string(format!("/proc/{process}/status")).expect("a running process");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("Linux has VmHWM");
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .expect("VmHWM is a number")
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    rounded(values[values.len() / 2])
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
