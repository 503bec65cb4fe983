//! The put, with retries inside a time budget.

use std::time::Duration;

use aws_sdk_firehose::Client;
use aws_sdk_firehose::primitives::Blob;
use aws_sdk_firehose::types;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use beacon_aws::Connection;
use rand::Rng;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::pack::{self, Record};
use crate::reason::{self, Kind, Reason};

/// The first pause between attempts is up to this long, and each further one up to twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Longest name of a stream.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html>
const MAX_NAME_BYTES: usize = 64;

/// Whether Firehose would take `name` for a stream.
pub fn is_stream_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(allowed)
}

/// One delivery stream. Cheap to clone; all clones share the connections.
#[derive(Debug, Clone)]
pub struct Stream {
    client: Client,
    name: String,
}

/// What became of the lines of one put. A line that is not in `unsent` was accepted.
#[derive(Debug, Default)]
#[must_use = "lines that are not accepted are lost unless somebody keeps them"]
pub struct Put<'a> {
    /// Lines that were accepted.
    pub sent: usize,
    /// Lines that were not, in their order.
    pub unsent: Vec<Unsent<'a>>,
}

/// A line that was not accepted.
#[derive(Debug)]
pub struct Unsent<'a> {
    /// The line, without its newline.
    pub line: &'a [u8],
    /// Why.
    pub reason: Reason,
}

impl Stream {
    /// A stream of the given name, of which [`is_stream_name`] holds. Connects at the first put.
    pub fn new(name: impl Into<String>, connection: Connection) -> Stream {
        Stream {
            client: client(connection),
            name: name.into(),
        }
    }

    /// The stream's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks Firehose for the stream, as `DescribeDeliveryStream`, and returns its status, such as `ACTIVE`.
    ///
    /// # Errors
    /// The code and the message of Firehose's refusal, or why there was no answer.
    pub async fn status(&self) -> Result<String, Reason> {
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
            Err(error) => Err(reason::of_call(&error)),
        }
    }

    /// Sends newline-ended lines, any number of them, and comes back within `budget`.
    ///
    /// Lines are packed into records and those into as few calls as the limits allow. What may pass later
    /// is tried again after a pause with jitter, of a batch only the entries that failed; what can't pass
    /// is not. Delivery is at least once: after a timeout or a lost connection lines may have arrived that
    /// are sent again or reported as unsent.
    pub async fn put<'a>(&self, lines: &'a [u8], budget: Duration) -> Put<'a> {
        let deadline = Instant::now() + budget;
        let (records, oversized): (Vec<Record<'a>>, Vec<Record<'a>>) =
            pack::records(lines).into_iter().partition(Record::fits);
        let mut failed: Vec<(Record<'a>, Reason)> = Vec::new();
        for record in oversized {
            failed.push((
                record,
                Reason {
                    kind: Kind::TooLarge,
                    detail: String::new(),
                },
            ));
        }
        let mut sent = 0;
        for batch in pack::batches(&records) {
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

    /// Sends what one call may carry, again and again, and returns what is left at the end.
    async fn put_batch<'a>(
        &self,
        records: &[Record<'a>],
        deadline: Instant,
    ) -> Vec<(Record<'a>, Reason)> {
        let mut pending = records.to_vec();
        // What a cut-off attempt reports: the failure before it says more than that time ran out.
        let mut last_reason = Reason {
            kind: Kind::TimedOut,
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
            let at_once = reason.kind == Kind::Unreachable && !hung_up;
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

    /// One call. Returns the entries that failed, or why all did.
    async fn call<'a>(&self, records: &[Record<'a>]) -> Result<Vec<(Record<'a>, Reason)>, Reason> {
        if let [record] = records {
            let put = self
                .client
                .put_record()
                .delivery_stream_name(&self.name)
                .record(entry(record));
            return match put.send().await {
                Ok(_) => Ok(Vec::new()),
                Err(error) => Err(reason::of_call(&error)),
            };
        }
        let put = self
            .client
            .put_record_batch()
            .delivery_stream_name(&self.name)
            .set_records(Some(records.iter().map(entry).collect()));
        let answer = put.send().await.map_err(|error| reason::of_call(&error))?;
        // Each entry is looked at, whatever FailedPutCount says: a record that the answer says nothing of, as the
        // last ones of a list that is too short, is not known to have arrived.
        let mut entries = answer.request_responses().iter();
        let mut failed = Vec::new();
        for record in records {
            let Some(entry) = entries.next() else {
                failed.push((*record, reason::of_missing_entry()));
                continue;
            };
            if let Some(code) = entry.error_code() {
                failed.push((*record, reason::of_entry(code, entry.error_message())));
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

fn entry(record: &Record<'_>) -> types::Record {
    types::Record::builder()
        .data(Blob::new(record.data()))
        .build()
        .expect("data, the only member, is set")
}

/// A random time up to twice the one before: callers that failed together don't come back together.
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
