//! Records one hit and prints its record and the response: `cargo run -p beacon-core --example record_hit`.

use std::error::Error;
use std::io::Write as _;

use beacon_core::{Arrival, Beacon, Request, Settings};
use http::{HeaderMap, HeaderValue, Method, header};

fn main() -> Result<(), Box<dyn Error>> {
    // A program reads its settings from the environment; the core only asks for them by name.
    let settings = Settings::from_lookup(|variable| match variable {
        "BEACON_COLUMNS" => Some("userid=params.userid".to_owned()),
        _ => None,
    })?;
    let beacon = Beacon::new(settings);

    let mut headers = HeaderMap::new();
    headers.insert(
        header::REFERER,
        HeaderValue::from_static("https://blog.example/"),
    );
    let request = Request {
        method: &Method::GET,
        path: "/pixel.gif",
        query: "page=/talks&userid=42",
        headers: &headers,
        body: b"",
        peer: None,
    };
    // The clock and the randomness are the caller's.
    let arrival = Arrival {
        at_ms: 1_795_237_867_089,
        random: &mut || 0x2a,
        salt: None,
    };
    let mut records = Vec::new();
    let pending = beacon.handle(&request, arrival, &mut records);

    // Here a program stores the records, and hands over `Err` with a reason if it cannot.
    let mut output = std::io::stdout().lock();
    output.write_all(&records)?;
    let response = pending.into_response(Ok(()));

    writeln!(output, "{}", response.status())?;
    for (name, value) in response.headers() {
        writeln!(output, "{name}: {}", value.to_str()?)?;
    }
    writeln!(output, "{} bytes of image", response.body().len())?;
    Ok(())
}
