//! Prints the verdict on each line of standard input, a user agent: class, rule, browser, system and device.

use std::io::{self, BufRead as _, Write as _};

use beacon_agents::{Request, classify};

fn main() -> io::Result<()> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let verdict = classify(&Request {
            user_agent: Some(&line),
            ..Request::default()
        });
        let client = verdict.client;
        let names = [client.browser, client.os, client.device].map(|name| name.unwrap_or("-"));
        writeln!(
            output,
            "{}\t{}\t{}",
            verdict.class.name(),
            verdict.rule,
            names.join("\t")
        )?;
    }
    output.flush()
}
