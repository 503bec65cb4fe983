//! Puts lines onto a stream, with retries inside a time budget.

use std::time::Duration;

use aws_sdk_firehose::Client;
use aws_sdk_firehose::primitives::Blob;
use aws_sdk_firehose::types;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use beacon_aws::Connection;
use rand::Rng;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::{self, StreamError, StreamErrorKind};
use crate::packing::{self, PackedRecord};

/// The longest first pause between attempts. Each further one is up to twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Longest name of a stream.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html>
const MAX_NAME_BYTES: usize = 64;

/// Returns true if `name` is 1 to 64 of the characters that Firehose allows in the name of a stream.
pub fn is_stream_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(allowed)
}

/// A client for one delivery stream. Cheap to clone; all clones share the connections.
#[derive(Debug, Clone)]
pub struct Stream {
    client: Client,
    name: String,
}

/// The outcome of one put. A line that is not in `unsent` was accepted.
#[derive(Debug, Default)]
#[must_use = "lines that are not accepted are lost unless somebody keeps them"]
pub struct Put<'a> {
    /// The number of lines that were accepted.
    pub sent: usize,
    /// The lines that were not accepted, in their order.
    pub unsent: Vec<Unsent<'a>>,
}

/// A line that was not accepted.
#[derive(Debug)]
pub struct Unsent<'a> {
    /// The line, without its newline.
    pub line: &'a [u8],
    /// The reason.
    pub reason: StreamError,
}

impl Stream {
    /// Returns a client for the stream `name`, which must satisfy [`is_stream_name`]. Connects at the first call.
    pub fn new(name: impl Into<String>, connection: Connection) -> Stream {
        Stream {
            client: client(connection),
            name: name.into(),
        }
    }

    /// Returns the stream's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the status of the stream, such as `ACTIVE`, by one `DescribeDeliveryStream` call.
    ///
    /// # Errors
    /// Returns Firehose's code and message if it refuses, or the reason why there was no response.
    pub async fn status(&self) -> Result<String, StreamError> {
        let asked = self
            .client
            .describe_delivery_stream()
            .delivery_stream_name(&self.name)
            .send()
            .await;
        match asked {
            Ok(found) => Ok(found
                .delivery_stream_description()
                .map(|about| about.delivery_stream_status().as_str().to_owned())
                .unwrap_or_default()),
            Err(error) => Err(error::from_sdk_error(&error)),
        }
    }

    /// Sends newline-terminated lines, any number of them, and returns within `budget`.
    ///
    /// Lines are packed into records, and records into as few calls as the limits allow. Transient failures are retried
    /// after a pause with jitter, and of a batch only the entries that failed; permanent failures are not. Delivery is at
    /// least once: after a timeout or a lost connection, lines may have arrived that are sent again or returned as unsent.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use beacon_aws::{Connection, Credentials, TrustStore};
    /// use beacon_firehose::Stream;
    ///
    /// # async fn put_one_line() {
    /// let connection = Connection {
    ///     region: "eu-west-1".to_owned(),
    ///     credentials: Credentials::fixed("AKIDEXAMPLE", "secret", None),
    ///     endpoint_url: None,
    ///     trust_store: TrustStore::amazon(),
    ///     attempt_timeout: Duration::from_millis(1_500),
    /// };
    /// let stream = Stream::new("hits", connection);
    /// let put = stream.put(b"{\"page\":\"/\"}\n", Duration::from_secs(5)).await;
    /// for unsent in &put.unsent {
    ///     eprintln!("{} bytes not sent: {}", unsent.line.len(), unsent.reason);
    /// }
    /// # }
    /// ```
    pub async fn put<'a>(&self, lines: &'a [u8], budget: Duration) -> Put<'a> {
        let deadline = Instant::now() + budget;
        let (records, oversized): (Vec<PackedRecord<'a>>, Vec<PackedRecord<'a>>) =
            packing::records(lines)
                .into_iter()
                .partition(PackedRecord::fits);
        let mut failed: Vec<(PackedRecord<'a>, StreamError)> = Vec::new();
        for record in oversized {
            failed.push((
                record,
                StreamError {
                    kind: StreamErrorKind::TooLarge,
                    detail: String::new(),
                },
            ));
        }
        let mut sent = 0;
        for batch in packing::batches(&records) {
            let left = self.put_batch(&records[batch.clone()], deadline).await;
            sent += records[batch]
                .iter()
                .map(|record| record.each().count())
                .sum::<usize>();
            sent -= left
                .iter()
                .map(|(record, _)| record.each().count())
                .sum::<usize>();
            failed.extend(left);
        }
        // Slices of one buffer: their address is their order.
        failed.sort_by_key(|(record, _)| record.lines.as_ptr());
        let unsent = failed
            .into_iter()
            .flat_map(|(record, reason)| {
                record.each().map(move |line| Unsent {
                    line,
                    reason: reason.clone(),
                })
            })
            .collect();
        Put { sent, unsent }
    }

    /// Sends the records of one call, retrying until `deadline`, and returns those not accepted.
    async fn put_batch<'a>(
        &self,
        records: &[PackedRecord<'a>],
        deadline: Instant,
    ) -> Vec<(PackedRecord<'a>, StreamError)> {
        let mut pending = records.to_vec();
        // Reported for an attempt that is cut off: the failure before it says more than that time ran out.
        let mut last_reason = StreamError {
            kind: StreamErrorKind::TimedOut,
            detail: String::new(),
        };
        let mut attempt = 0;
        let mut hung_up = false;
        loop {
            let left = match timeout_at(deadline, self.call(&pending)).await {
                Ok(Ok(left)) => left,
                Ok(Err(reason)) => pending
                    .iter()
                    .map(|&record| (record, reason.clone()))
                    .collect(),
                Err(_elapsed) => {
                    return pending
                        .into_iter()
                        .map(|record| (record, last_reason.clone()))
                        .collect();
                }
            };
            let Some((_, reason)) = left.first() else {
                return left;
            };
            if reason.kind.is_permanent() {
                return left;
            }
            tracing::debug!(attempt, records = left.len(), %reason, "put failed");

            // A connection of the pool that the other side closed meanwhile fails at once and says nothing
            // about the service: the first such failure costs no pause.
            let at_once = reason.kind == StreamErrorKind::Unreachable && !hung_up;
            hung_up |= at_once;
            if !at_once {
                let resume = Instant::now() + pause(attempt);
                if resume >= deadline {
                    return left;
                }
                sleep_until(resume).await;
                attempt += 1;
            }
            last_reason = reason.clone();
            pending = left.into_iter().map(|(record, _)| record).collect();
        }
    }

    /// Makes one call. Returns the records that failed, or the error that they all have.
    async fn call<'a>(
        &self,
        records: &[PackedRecord<'a>],
    ) -> Result<Vec<(PackedRecord<'a>, StreamError)>, StreamError> {
        if let [record] = records {
            let put = self
                .client
                .put_record()
                .delivery_stream_name(&self.name)
                .record(entry(record));
            return match put.send().await {
                Ok(_) => Ok(Vec::new()),
                Err(error) => Err(error::from_sdk_error(&error)),
            };
        }
        let put = self
            .client
            .put_record_batch()
            .delivery_stream_name(&self.name)
            .set_records(Some(records.iter().map(entry).collect()));
        let response = put
            .send()
            .await
            .map_err(|error| error::from_sdk_error(&error))?;
        // Each entry is looked at, whatever FailedPutCount says: a record that the response does not mention, like
        // the last ones if its list is too short, is not known to have arrived.
        let mut entries = response.request_responses().iter();
        let mut failed = Vec::new();
        for record in records {
            let Some(entry) = entries.next() else {
                failed.push((*record, error::missing_entry()));
                continue;
            };
            if let Some(code) = entry.error_code() {
                failed.push((*record, error::from_entry(code, entry.error_message())));
            }
        }
        Ok(failed)
    }
}

/// Returns the SDK's client. Its own retries are off: it does not retry the entries of a batch, and two
/// layers of retries would multiply.
fn client(connection: Connection) -> Client {
    let config = aws_sdk_firehose::config::Builder::from(&connection.sdk_config())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled());
    Client::from_conf(config.build())
}

fn entry(record: &PackedRecord<'_>) -> types::Record {
    types::Record::builder()
        .data(Blob::new(record.data()))
        .build()
        .expect("data, the only member, is set")
}

/// Returns a random pause of up to twice the one before.
///
/// Callers that failed together then don't retry together.
fn pause(attempt: u32) -> Duration {
    let longest = FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(attempt))
        .min(LONGEST_PAUSE);
    rand::rng().random_range(Duration::ZERO..=longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        for attempt in 0..64 {
            assert!(pause(attempt) <= LONGEST_PAUSE);
        }
        assert!(pause(0) <= FIRST_PAUSE);
    }

    #[test]
    fn names_are_1_to_64_of_what_firehose_allows() {
        for good in ["h", "my-Stream_1.x", ".x", &"x".repeat(64)] {
            assert!(is_stream_name(good), "{good}");
        }
        for bad in ["", "a b", "a/b", "é", &"x".repeat(65)] {
            assert!(!is_stream_name(bad), "{bad}");
        }
    }
}
