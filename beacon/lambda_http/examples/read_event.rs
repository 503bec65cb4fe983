//! Reads an event from a file and prints the HTTP request in it.
//!
//! ```sh
//! cargo run -p beacon-lambda-http --example read_event -- tests/fixtures/events/http-api-get.json
//! ```

use std::error::Error;
use std::io::Write;

use beacon_lambda_http::Event;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: read_event <event.json>")?;
    let event: Event = serde_json::from_slice(&std::fs::read(path)?)?;
    let request = event.0?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "{:?}", request.format)?;
    writeln!(out, "{} {}?{}", request.method, request.path, request.query)?;
    for (name, value) in &request.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        writeln!(out, "{name}: {value}")?;
    }
    writeln!(out, "{} bytes of body", request.body.len())?;
    Ok(())
}
