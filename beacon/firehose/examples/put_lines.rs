//! Puts the lines of standard input onto a stream, and prints how many were accepted.
//!
//! ```sh
//! printf '{"page":"/"}\\n' | cargo run -p beacon-firehose --example put_lines -- my-stream
//! ```
//!
//! Region and credentials come from `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`;
//! `AWS_ENDPOINT_URL_FIREHOSE` may name another endpoint, such as that of `beacon serve --firehose-listen`.

use std::error::Error;
use std::io::{Read, Write};
use std::time::Duration;

use beacon_aws::{Connection, Credentials, TrustStore};
use beacon_firehose::Stream;

/// The longest time for the put with all its retries.
const BUDGET: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("usage: put_lines <stream>")?;
    let mut lines = Vec::new();
    std::io::stdin().read_to_end(&mut lines)?;

    let connection = Connection {
        region: variable("AWS_REGION").ok_or("AWS_REGION is not set")?,
        credentials: Credentials::fixed(
            variable("AWS_ACCESS_KEY_ID").ok_or("AWS_ACCESS_KEY_ID is not set")?,
            variable("AWS_SECRET_ACCESS_KEY").ok_or("AWS_SECRET_ACCESS_KEY is not set")?,
            variable("AWS_SESSION_TOKEN"),
        ),
        endpoint_url: variable("AWS_ENDPOINT_URL_FIREHOSE"),
        trust_store: TrustStore::amazon(),
        attempt_timeout: Duration::from_secs(10),
    };
    let put = Stream::new(name, connection).put(&lines, BUDGET).await;

    let mut out = std::io::stdout().lock();
    writeln!(out, "{} lines accepted", put.sent)?;
    for unsent in &put.unsent {
        let line = String::from_utf8_lossy(unsent.line);
        writeln!(out, "not accepted ({}): {line}", unsent.reason)?;
    }
    if put.unsent.is_empty() {
        return Ok(());
    }
    Err("some lines were not accepted".into())
}

#[expect(clippy::disallowed_methods, reason = "an example, without a config.rs")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
