//! Delivers spool files to a Firehose stream on AWS.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use beacon_aws::{TrustStore, default_chain};
use beacon_firehose::{Stream, StreamErrorKind};
use beacon_lake::{Sink, SinkError, SpoolFile, SpoolLines};
use tokio::sync::Mutex;

/// The longest time for one attempt of a call. A server can wait longer than a Lambda function.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest time to retry one part of a file before the delivery backs off.
const PUT_BUDGET: Duration = Duration::from_secs(30);

/// Lines that are in memory at a time: about one full PutRecordBatch.
const PART_BYTES: usize = 3 << 20;

/// Connects to the stream named `name`, in the region and with the credentials that the AWS CLI would use.
///
/// `ca_file` is a PEM file of certificates to trust instead of Amazon's roots, `endpoint_url` another endpoint than
/// AWS's.
///
/// # Errors
/// Returns an error if there is no region, if there are no credentials, or if `ca_file` can't be used.
pub async fn connect(
    name: &str,
    ca_file: Option<&Path>,
    endpoint_url: Option<String>,
) -> anyhow::Result<Stream> {
    let trust_store = match ca_file {
        Some(path) => TrustStore::from_file(path).context("BEACON_CA_FILE can't be used")?,
        None => TrustStore::amazon(),
    };
    let mut connection = default_chain::connection(None, trust_store, ATTEMPT_TIMEOUT).await?;
    connection.endpoint_url = endpoint_url;
    Ok(Stream::new(name, connection))
}

/// Codes by which Firehose says that no put can succeed: the stream is not there, or the credentials are no good.
const FATAL_CODES: [&str; 7] = [
    "ResourceNotFoundException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "ExpiredTokenException",
];

/// Checks by `DescribeDeliveryStream` that the stream exists and the credentials work, within `timeout`.
///
/// A role that may only put records is enough to run, so AccessDenied is not an error: the first delivery will tell.
///
/// # Errors
/// Returns an error if there is no such stream, if the credentials are refused, or if AWS does not respond.
pub async fn check_access(stream: &Stream, timeout: Duration) -> anyhow::Result<()> {
    let name = stream.name();
    let reason = match tokio::time::timeout(timeout, stream.status()).await {
        Ok(Ok(status)) => {
            if status != "ACTIVE" {
                tracing::warn!(
                    stream = name,
                    status,
                    "the stream takes no hits yet; they are kept in the spool"
                );
            }
            return Ok(());
        }
        Ok(Err(reason)) => reason,
        Err(_elapsed) => anyhow::bail!(
            "the Firehose stream {name} gave no answer for {} s; check AWS_REGION and AWS_ENDPOINT_URL, and that it can be \
             reached from here",
            timeout.as_secs()
        ),
    };
    let is_fatal = FATAL_CODES.iter().any(|code| reason.detail.contains(code));
    match reason.kind {
        StreamErrorKind::Unreachable | StreamErrorKind::TimedOut => anyhow::bail!(
            "the Firehose stream {name} can't be reached: {reason}; check AWS_REGION and AWS_ENDPOINT_URL"
        ),
        _ if is_fatal => anyhow::bail!(
            "the Firehose stream {name} can't be used: {reason}; check --firehose, AWS_REGION and the credentials"
        ),
        _ => {
            tracing::info!(
                stream = name, reason = %reason,
                "the stream can't be looked at with these credentials; the first delivery will tell"
            );
            Ok(())
        }
    }
}

/// Returns a sink that sends spool files to `stream`.
pub fn sink(stream: Stream) -> Sink {
    let sender = Arc::new(Sender {
        stream,
        begun: Mutex::default(),
    });
    Sink::Forward(Box::new(move |path| {
        let sender = Arc::clone(&sender);
        Box::pin(async move { sender.send(path).await })
    }))
}

struct Sender {
    stream: Stream,
    /// Files of which a part was accepted. Without it a stream that takes little would get the same hits
    /// again and again.
    begun: Mutex<HashMap<PathBuf, Progress>>,
}

#[derive(Default)]
struct Progress {
    parts_sent: usize,
    hits_sent: u64,
    /// The lines of the next part that were not accepted; all of them if it was not tried.
    left: Option<Vec<u8>>,
}

/// A stream that did not take everything. It is tried again later.
#[derive(Debug, thiserror::Error)]
#[error("the stream did not accept {hits} hits: {reason}")]
struct Unaccepted {
    hits: usize,
    reason: beacon_firehose::StreamError,
}

impl Sender {
    async fn send(&self, path: PathBuf) -> Result<u64, SinkError> {
        let mut begun = self.begun.lock().await;
        let progress = begun.entry(path.clone()).or_default();
        self.send_rest(&path, progress).await?;
        let hits = progress.hits_sent;
        begun.remove(&path);
        Ok(hits)
    }

    async fn send_rest(&self, path: &Path, progress: &mut Progress) -> Result<(), SinkError> {
        let mut lines = SpoolFile::open(path)?.lines();
        for _ in 0..progress.parts_sent {
            next_part(&mut lines)?;
        }
        loop {
            let part = next_part(&mut lines)?;
            let part = progress.left.take().unwrap_or(part);
            if part.is_empty() {
                return Ok(());
            }
            let put = self.stream.put(&part, PUT_BUDGET).await;
            progress.hits_sent += put.sent as u64;
            if let Some(first) = put.unsent.first() {
                let error = Unaccepted {
                    hits: put.unsent.len(),
                    reason: first.reason.clone(),
                };
                let left = put
                    .unsent
                    .iter()
                    .flat_map(|unsent| [unsent.line, b"\n"])
                    .collect::<Vec<_>>()
                    .concat();
                progress.left = Some(left);
                return Err(error.into());
            }
            progress.parts_sent += 1;
        }
    }
}

/// Returns the next lines, the same at each reading of a file; empty at its end.
fn next_part(lines: &mut SpoolLines<impl Read>) -> std::io::Result<Vec<u8>> {
    let mut part = Vec::new();
    while part.len() < PART_BYTES {
        let Some(line) = lines.next_line()? else {
            break;
        };
        part.extend_from_slice(line);
        part.push(b'\n');
    }
    Ok(part)
}
