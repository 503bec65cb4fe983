//! Keeps the day's salt in DynamoDB, so that all environments of the function have the same.
//!
//! An item a day, whose key is the moment at which its salt ends:
//!
//! ```json
//! {"ends_at": {"S": "2026-11-27T00:00:00Z"}, "salt": {"B": "<32 bytes>"}, "expires_at": {"N": "1795824000"}}
//! ```
//!
//! At that moment EventBridge Scheduler deletes the item by this key (`infra/visitors.yaml`): the text is exactly what it
//! writes for `<aws.scheduler.scheduled-time>`. `expires_at` is the table's time to live, a day later, in case it failed.
//!
//! Both calls are signed here and sent by the HTTPS client of `beacon-aws`: the SDK of DynamoDB is a third of the function.

use std::ops::RangeInclusive;
use std::time::Duration;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beacon_aws::Connection;
use beacon_aws::service_call::{CallError, ServiceCaller};
use beacon_core::time::DAY_MS;
use beacon_core::{SALT_BYTES, Salt};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;
use zeroize::{Zeroize as _, Zeroizing};

/// Lengths of the names that DynamoDB takes.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
const NAME_BYTES: RangeInclusive<usize> = 3..=255;

/// No salt is made in the last moment of its day, and a call that makes one is given up when that moment comes: a call that
/// arrives after the item was deleted makes it again. Longer than a request is on its way, and more than clocks differ on AWS.
const LAST_MOMENT_MS: u64 = 1_000;
/// From the end of a salt to the end of its item's time to live.
const GRACE_SECONDS: u64 = 86_400;

/// Returns true if `name` is one that DynamoDB allows for a table.
pub fn is_table_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    NAME_BYTES.contains(&name.len()) && name.bytes().all(allowed)
}

/// The table that holds the day's salt.
#[derive(Debug)]
pub struct SaltTable {
    name: String,
    connection: Connection,
    clock: fn() -> u64,
}

/// The reason why there is no salt, and what the service or the system said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", kind.as_str())]
pub struct SaltError {
    /// The reason, by which failures are counted.
    pub kind: SaltErrorKind,
    /// The error in the words of its source. Never a salt.
    pub detail: String,
}

/// Reasons why there is no salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaltErrorKind {
    /// There was no response in time.
    TimedOut,
    /// The connection failed, or the request could not be sent.
    Unreachable,
    /// DynamoDB limits the calls, or has a fault of its own.
    Busy,
    /// DynamoDB refuses the call: no such table, no such right.
    Refused,
    /// The response or the item has another form.
    Unreadable,
    /// The system's random source failed.
    NoRandomness,
}

impl SaltErrorKind {
    /// Returns the reason as the log and the metric have it.
    pub fn as_str(self) -> &'static str {
        match self {
            SaltErrorKind::TimedOut => "timed out",
            SaltErrorKind::Unreachable => "unreachable",
            SaltErrorKind::Busy => "busy",
            SaltErrorKind::Refused => "refused",
            SaltErrorKind::Unreadable => "unreadable",
            SaltErrorKind::NoRandomness => "no randomness",
        }
    }
}

impl SaltTable {
    /// Returns a client for the table `name`, which must satisfy [`is_table_name`]. `clock` returns Unix milliseconds.
    pub fn new(name: String, connection: Connection, clock: fn() -> u64) -> SaltTable {
        SaltTable {
            name,
            connection,
            clock,
        }
    }

    /// Returns the salt of the UTC day of `at_ms`, and makes it if nobody has. Returns `None` if there is none and the day is
    /// over by the clock, or in its last moment.
    ///
    /// # Errors
    /// Returns a [`SaltError`] if DynamoDB refuses, or gives no answer within the connection's `attempt_timeout`: both calls
    /// have it together, connecting included, because a visitor's browser waits. A salt that is not made before the last
    /// moment of its day is an error too.
    pub async fn salt(&self, at_ms: u64) -> Result<Option<Salt>, SaltError> {
        let limit = self.connection.attempt_timeout;
        within(limit, self.find_or_make(at_ms)).await
    }

    async fn find_or_make(&self, at_ms: u64) -> Result<Option<Salt>, SaltError> {
        let ends_ms = (at_ms / DAY_MS + 1) * DAY_MS;
        // One for each salt: the connection would be dead by the next day.
        let caller = ServiceCaller::new(self.connection.clone());
        if let Some(bytes) = self.find(&caller, ends_ms).await? {
            return Ok(Some(Salt::new(at_ms, *bytes)));
        }
        let left_ms = ends_ms.saturating_sub((self.clock)() + LAST_MOMENT_MS);
        if left_ms == 0 {
            return Ok(None);
        }
        let left = Duration::from_millis(left_ms);
        let bytes = within(left, self.make(&caller, ends_ms)).await?;
        Ok(Some(Salt::new(at_ms, *bytes)))
    }

    /// Reads the salt, by the cheaper kind of read: an item that it misses is found by [`SaltTable::make`].
    async fn find(
        &self,
        caller: &ServiceCaller,
        ends_ms: u64,
    ) -> Result<Option<SaltBytes>, SaltError> {
        let input = json!({
            "TableName": self.name,
            "Key": {"ends_at": {"S": key(ends_ms)}},
            "ProjectionExpression": "salt",
        });
        let output: GetItemOutput = self.call(caller, "GetItem", input.to_string()).await?;
        output
            .item
            .and_then(|item| item.salt)
            .map(Binary::bytes)
            .transpose()
    }

    /// Makes the salt, or reads the one that another environment made first. Without a condition: both get the same answer.
    async fn make(&self, caller: &ServiceCaller, ends_ms: u64) -> Result<SaltBytes, SaltError> {
        let mut new = SaltBytes::default();
        OsRng
            .try_fill_bytes(new.as_mut())
            .map_err(|error| SaltError {
                kind: SaltErrorKind::NoRandomness,
                detail: error.to_string(),
            })?;
        let encoded = Zeroizing::new(STANDARD.encode(*new));
        let expires_at = ends_ms / 1_000 + GRACE_SECONDS;
        let input = json!({
            "TableName": self.name,
            "Key": {"ends_at": {"S": key(ends_ms)}},
            "UpdateExpression": "SET salt = if_not_exists(salt, :new), expires_at = if_not_exists(expires_at, :expires_at)",
            "ExpressionAttributeValues": {":new": {"B": *encoded}, ":expires_at": {"N": expires_at.to_string()}},
            "ReturnValues": "ALL_NEW",
        });
        let output: UpdateItemOutput = self.call(caller, "UpdateItem", input.to_string()).await?;
        match output.attributes.salt {
            Some(salt) => salt.bytes(),
            None => Err(unreadable("the updated item has no salt")),
        }
    }

    async fn call<T: serde::de::DeserializeOwned>(
        &self,
        caller: &ServiceCaller,
        operation: &str,
        input: String,
    ) -> Result<T, SaltError> {
        let target = format!("DynamoDB_20120810.{operation}");
        let called = caller.json("dynamodb", &target, input, (self.clock)());
        called.await.map_err(|error| SaltError {
            kind: kind_of(&error),
            detail: error.to_string(),
        })
    }
}

/// Overwritten when it is dropped. The texts of the request and of the response have the salt too, and are not overwritten: the
/// HTTP client copies them.
type SaltBytes = Zeroizing<[u8; SALT_BYTES]>;

#[derive(Deserialize)]
struct GetItemOutput {
    #[serde(rename = "Item")]
    item: Option<Item>,
}

#[derive(Deserialize)]
struct UpdateItemOutput {
    #[serde(rename = "Attributes")]
    attributes: Item,
}

#[derive(Deserialize)]
struct Item {
    salt: Option<Binary>,
}

#[derive(Deserialize)]
struct Binary {
    #[serde(rename = "B")]
    base64: String,
}

impl Binary {
    fn bytes(mut self) -> Result<SaltBytes, SaltError> {
        // Decoding needs room for the longest value that so many characters can stand for.
        let mut decoded = Zeroizing::new([0; SALT_BYTES + 1]);
        let length = STANDARD.decode_slice(&self.base64, decoded.as_mut());
        self.base64.zeroize();
        if !matches!(length, Ok(SALT_BYTES)) {
            return Err(unreadable(&format!(
                "the item's salt is not {SALT_BYTES} bytes"
            )));
        }
        let mut bytes = SaltBytes::default();
        bytes.copy_from_slice(&decoded[..SALT_BYTES]);
        Ok(bytes)
    }
}

/// Returns the result of `call`, which is dropped if it takes longer than `limit`.
async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, SaltError>>,
) -> Result<T, SaltError> {
    match timeout(limit, call).await {
        Ok(result) => result,
        Err(_elapsed) => Err(SaltError {
            kind: SaltErrorKind::TimedOut,
            detail: format!("DynamoDB took longer than {} ms", limit.as_millis()),
        }),
    }
}

/// Returns the key of the item whose salt ends then: RFC 3339 without fractions, as EventBridge Scheduler writes it.
fn key(ends_ms: u64) -> String {
    let seconds = i64::try_from(ends_ms / 1_000).unwrap_or(i64::MAX);
    DateTime::from_secs(seconds)
        .fmt(Format::DateTime)
        .unwrap_or_default()
}

fn unreadable(detail: &str) -> SaltError {
    SaltError {
        kind: SaltErrorKind::Unreadable,
        detail: detail.to_owned(),
    }
}

fn kind_of(error: &CallError) -> SaltErrorKind {
    match error {
        CallError::Refused { code, .. } if is_passing(code) => SaltErrorKind::Busy,
        CallError::Refused { .. } => SaltErrorKind::Refused,
        CallError::Unreadable { .. } => SaltErrorKind::Unreadable,
        // The connection has the same limit, and may be the first to notice.
        CallError::NoResponse { source, .. } if source.is_timeout() => SaltErrorKind::TimedOut,
        _ => SaltErrorKind::Unreachable,
    }
}

/// Returns true for the codes of limits and of faults within DynamoDB, also where a proxy answers with a bare status.
fn is_passing(code: &str) -> bool {
    const CODES: [&str; 5] = [
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
    ];
    CODES.contains(&code) || code.starts_with("status 5")
}

#[cfg(test)]
mod tests;
