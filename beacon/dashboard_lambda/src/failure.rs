//! Describes errors of Athena: for the reader of a named query a sentence without details, for the owner's SQL Athena's
//! own message, for the log the details.

use aws_sdk_athena::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_athena::types::QueryExecutionStatus;
use beacon_core::time::Hour;
use beacon_dashboard::engine::EngineError;

/// Seconds after which a throttled reader may ask again. The quotas are refilled every second.
const RETRY_AFTER_S: u64 = 3;

/// The codes of throttling: Athena's own, and those that all services of AWS share.
const THROTTLED: [&str; 4] = [
    "TooManyRequestsException",
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
];

/// Part of Athena's message about a query that has read as much as the work group allows.
const SCAN_LIMIT: &str = "bytes scanned limit";

/// A call that failed, with all details that the SDK has.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {details}")]
struct CallFailed {
    operation: &'static str,
    details: String,
}

/// A response of Athena that can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// A part is missing.
    #[error("{operation} answered without {part}")]
    Missing {
        operation: &'static str,
        part: &'static str,
    },
    /// A value does not fit the type of its column.
    #[error("column {column} is of type {athena_type} and has the value {value:?}")]
    Value {
        column: String,
        athena_type: String,
        value: String,
    },
    /// The state is one that this version does not know.
    #[error("query {id} is in the state {state:?}")]
    State { id: String, state: String },
}

impl From<Unreadable> for EngineError {
    fn from(error: Unreadable) -> EngineError {
        EngineError::Unavailable(Box::new(error))
    }
}

/// Converts the SDK's error of a call.
pub(crate) fn from_sdk_error<E>(operation: &'static str, error: SdkError<E>) -> EngineError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    if error.code().is_some_and(|code| THROTTLED.contains(&code)) {
        return EngineError::Busy {
            retry_after_s: RETRY_AFTER_S,
        };
    }
    EngineError::Unavailable(Box::new(CallFailed {
        operation,
        details: DisplayErrorContext(error).to_string(),
    }))
}

/// Returns true if a query was ended because it read too much.
pub(crate) fn is_scan_limit(status: &QueryExecutionStatus) -> bool {
    reason(status).to_ascii_lowercase().contains(SCAN_LIMIT)
}

/// Returns the reason why a query failed, for the reader. Athena's own message can name tables, objects and values, which
/// the holder of a share link must not see; the operator finds it in the log by the id.
pub(crate) fn for_reader(id: &str, status: &QueryExecutionStatus) -> String {
    if is_scan_limit(status) {
        return "the question would read more than the work group lets one query read: ask for a shorter time, or raise \
                ScanCutoffBytes"
            .to_owned();
    }
    let with = match code(reason(status)) {
        Some(code) => format!(" with {code}"),
        None => String::new(),
    };
    let is_retryable = status.athena_error().is_some_and(|error| error.retryable());
    let advice = match is_retryable {
        true => "ask again",
        false => "its reason is in the function's log",
    };
    format!("Athena failed{with}: {advice} (query {id})")
}

/// Returns the reason why SQL of the owner's failed: Athena's own message, which has the place in the text. `now_ms` is
/// the time of the period that serves as an example.
pub(crate) fn for_owner(status: &QueryExecutionStatus, now_ms: u64) -> String {
    if is_scan_limit(status) {
        let hour = Hour::from_ms(now_ms);
        return format!(
            "the query would read more than the work group lets one query read: name a period in its WHERE, such as \
             year = {} AND month = {} AND day = {}, or raise ScanCutoffBytes",
            hour.year(),
            hour.month(),
            hour.day()
        );
    }
    match reason(status) {
        "" => "Athena failed and gives no reason: run the query again".to_owned(),
        reason => reason.to_owned(),
    }
}

/// Returns Athena's own message, for the log.
pub(crate) fn reason(status: &QueryExecutionStatus) -> &str {
    status
        .state_change_reason()
        .or_else(|| status.athena_error()?.error_message())
        .unwrap_or_default()
}

/// Returns the code that a message begins with, such as `HIVE_BAD_DATA` of `HIVE_BAD_DATA: Error reading …`.
fn code(reason: &str) -> Option<&str> {
    let (code, _) = reason.split_once(':')?;
    let is_code = code.len() > 2
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_code.then_some(code)
}

#[cfg(test)]
mod tests;
