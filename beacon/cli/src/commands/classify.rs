//! `beacon classify`: the verdict on each line of standard input, a user agent or a request's headers.

use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::process::ExitCode;

use anyhow::Context;
use beacon_agents::{Request, classify};
use serde::Serialize;
use serde_json::{Map, Value};

/// Bytes of a line that are read; the rest is ignored. Servers refuse headers that are longer by far.
const MOST_LINE_BYTES: u64 = 1 << 20;

/// Print the agent class, browser, system and device of user agents, one per line of standard input
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A line that is a JSON object is a request's headers, with lower-case names;
any other line, also an empty one, is a user agent. Each line gives one JSON
object with agent, agent_rule, browser, os and device, null where unknown.

Rules about absent headers run only on objects with \"host\" and with
\"x-forwarded-proto\": \"https\": others may hold some headers of many.

Examples:
  echo 'Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)' | beacon classify
  echo '{\"user-agent\":\"Mozilla/5.0\",\"sec-purpose\":\"prefetch\"}' | beacon classify
  awk -F'\"' '{print $6}' /var/log/nginx/access.log | beacon classify"
)]
pub struct ClassifyArgs {}

impl ClassifyArgs {
    /// Prints one verdict for each line, until standard input ends or nobody reads on.
    ///
    /// # Errors
    /// Returns an error if standard input can't be read or standard output can't be written.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let input = BufReader::new(io::stdin().lock());
        let output = io::BufWriter::new(io::stdout().lock());
        match print_verdicts(input, output) {
            // A reader that has seen enough (`| head`) isn't a failure.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(error).context("cannot classify standard input")
            }
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// One line of the output, its fields in the order of the columns.
#[derive(Serialize)]
struct Answer {
    agent: &'static str,
    agent_rule: &'static str,
    browser: Option<&'static str>,
    os: Option<&'static str>,
    device: Option<&'static str>,
}

/// Writes a line to `output` for each one of `input`, at once where no more input is waiting.
fn print_verdicts(
    mut input: BufReader<impl io::Read>,
    mut output: impl Write,
) -> Result<(), io::Error> {
    let mut line = Vec::new();
    while read_line(&mut input, &mut line)? {
        serde_json::to_writer(&mut output, &answer(&line))?;
        output.write_all(b"\n")?;
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
    output.flush()
}

/// Reads the next line into `line`, without its end. Returns false after the last one.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, io::Error> {
    line.clear();
    let read = input.take(MOST_LINE_BYTES).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

fn answer(line: &[u8]) -> Answer {
    let line = String::from_utf8_lossy(line);
    let headers = headers(&line);
    let request = match &headers {
        Some(headers) => Request {
            is_whole: is_whole(headers),
            ..Request::from_headers(|name| value(headers, name))
        },
        None => Request {
            user_agent: Some(&line),
            ..Request::default()
        },
    };
    let verdict = classify(&request);
    Answer {
        agent: verdict.class.name(),
        agent_rule: verdict.rule,
        browser: verdict.client.browser,
        os: verdict.client.os,
        device: verdict.client.device,
    }
}

/// Returns the headers in `line` if it is a JSON object, with their names in lower case.
fn headers(line: &str) -> Option<Map<String, Value>> {
    if !line.trim_ascii_start().starts_with('{') {
        return None;
    }
    let headers: Map<String, Value> = serde_json::from_str(line).ok()?;
    let lower = |(name, value): (String, Value)| (name.to_ascii_lowercase(), value);
    Some(headers.into_iter().map(lower).collect())
}

fn value<'a>(headers: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    headers.get(name)?.as_str()
}

/// Returns whether the headers are all that a client sent, over HTTPS: a choice of some has no `host`.
fn is_whole(headers: &Map<String, Value>) -> bool {
    headers.contains_key("host") && value(headers, "x-forwarded-proto") == Some("https")
}

#[cfg(test)]
mod tests;
