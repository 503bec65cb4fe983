//! The server: whether it runs, and what it says of itself.

use std::time::Duration;

use anyhow::{Context, bail};
use beacon_firehose::Stream;
use http::StatusCode;

use super::finding::Findings;
use super::health;
use crate::commands::serve::ServeSetup;

const SUBJECT: &str = "server";

/// The longest time for AWS to describe a stream.
const STREAM_TIMEOUT: Duration = Duration::from_secs(15);

/// Asks the server that has locked the spool, `process 4711`, how it is.
pub(super) async fn check(holder: Option<&str>, setup: &ServeSetup, findings: &mut Findings) {
    let Some(holder) = holder else {
        return findings.warning(
            SUBJECT,
            format!(
                "no server uses the spool {}: start it with `beacon serve` or its service, or give --lake and --spool of \
                 the one that runs",
                setup.spool.directory.display()
            ),
        );
    };
    findings.ok(SUBJECT, format!("runs as {holder}"));
    let address = setup.metrics_listen;
    match health::ask(address).await {
        Ok((StatusCode::OK, _)) => {
            findings.ok("health", format!("http://{address}/health says ok"));
        }
        Ok((StatusCode::SERVICE_UNAVAILABLE, lines)) => {
            let reasons = lines
                .iter()
                .filter(|line| !line.starts_with("oldest undelivered hit:"));
            for reason in reasons {
                findings.problem(
                    "health",
                    format!("{reason}; see \"Health\" in docs/operations.md"),
                );
            }
        }
        Ok((status, _)) => findings.warning(
            "health",
            format!("http://{address}/health answers {status}, so it isn't beacon's: give --metrics-listen of the server"),
        ),
        Err(error) => findings.warning(
            "health",
            format!("http://{address}/health can't be reached ({error:#}): give --metrics-listen of the server"),
        ),
    }
}

/// Returns the status of a stream, such as `ACTIVE`.
///
/// # Errors
/// Returns what AWS says of it, or that there was no answer.
pub(super) async fn check_stream(stream: &Stream) -> anyhow::Result<String> {
    let name = stream.name();
    let asked = tokio::time::timeout(STREAM_TIMEOUT, stream.status())
        .await
        .with_context(|| format!("no answer about the Firehose stream {name}"))?;
    match asked {
        Ok(status) => Ok(status),
        Err(reason) => bail!(
            "the Firehose stream {name} can't be described: {reason}; check --firehose, AWS_REGION and the credentials"
        ),
    }
}
