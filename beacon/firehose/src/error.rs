//! Classifies errors of a call: whether the same lines may be accepted later.

use std::error::Error;
use std::fmt;

use aws_sdk_firehose::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// The reason why a call failed, or why lines were not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct StreamError {
    /// The kind of failure.
    pub kind: StreamErrorKind,
    /// The service's code and message, or the cause of a failed connection; may be empty. Never holds a part of the
    /// lines.
    pub detail: String,
}

/// The kinds of failure, by what a caller can do about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamErrorKind {
    /// One line is larger than a record may be. It is never accepted, however often it is sent.
    TooLarge,
    /// The stream does not exist, permission is denied or an argument is invalid: lines are not accepted until somebody
    /// changes that.
    Refused,
    /// The stream is throttled or down: lines are accepted later.
    Busy,
    /// The endpoint can't be reached, or closed the connection.
    Unreachable,
    /// There was no response in time; the lines may have arrived.
    TimedOut,
}

impl StreamErrorKind {
    /// Returns a few words for a response header, such as `stream busy`.
    pub fn as_str(self) -> &'static str {
        match self {
            StreamErrorKind::TooLarge => "record too large",
            StreamErrorKind::Refused => "stream refused",
            StreamErrorKind::Busy => "stream busy",
            StreamErrorKind::Unreachable => "stream unreachable",
            StreamErrorKind::TimedOut => "stream timed out",
        }
    }

    /// Returns true if sending the same lines again can't succeed until somebody changes something.
    pub fn is_permanent(self) -> bool {
        matches!(self, StreamErrorKind::TooLarge | StreamErrorKind::Refused)
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

/// Codes of a 4xx response that a later attempt may not get again.
const TRANSIENT_CODES: [&str; 5] = [
    "ServiceUnavailableException",
    "InternalFailure",
    "ThrottlingException",
    "Throttling",
    "RequestTimeoutException",
];

/// Classifies the SDK's error of a call.
pub(crate) fn from_sdk_error<E>(error: &SdkError<E, HttpResponse>) -> StreamError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => StreamError {
            kind: StreamErrorKind::TimedOut,
            detail: String::new(),
        },
        SdkError::DispatchFailure(failure) if failure.is_timeout() => StreamError {
            kind: StreamErrorKind::TimedOut,
            detail: String::new(),
        },
        SdkError::DispatchFailure(failure) => {
            let kind = if failure.is_user() {
                StreamErrorKind::Refused
            } else {
                StreamErrorKind::Unreachable
            };
            StreamError {
                kind,
                detail: innermost(error),
            }
        }
        SdkError::ResponseError(response) => from_status(
            response.raw().status().as_u16(),
            None,
            Some("unreadable answer"),
        ),
        SdkError::ServiceError(service) => from_status(
            service.raw().status().as_u16(),
            error.code(),
            error.message(),
        ),
        _ => StreamError {
            kind: StreamErrorKind::Refused,
            detail: innermost(error),
        },
    }
}

/// Classifies the error of one entry in a batch's response.
pub(crate) fn from_entry(code: &str, message: Option<&str>) -> StreamError {
    // Both documented codes of an entry are transient; any other is treated as transient too, because the call itself
    // was accepted.
    StreamError {
        kind: StreamErrorKind::Busy,
        detail: join(Some(code), message),
    }
}

/// Returns the error of a record that a batch's response has no entry for.
pub(crate) fn missing_entry() -> StreamError {
    StreamError {
        kind: StreamErrorKind::Busy,
        detail: "the answer does not mention the record".to_owned(),
    }
}

fn from_status(status: u16, code: Option<&str>, message: Option<&str>) -> StreamError {
    let transient = status >= 500
        || status == 429
        || status == 408
        || status < 300
        || code.is_some_and(|code| TRANSIENT_CODES.contains(&code));
    let kind = if transient {
        StreamErrorKind::Busy
    } else {
        StreamErrorKind::Refused
    };
    let detail = join(code, message);
    let detail = if detail.is_empty() {
        format!("status {status}")
    } else {
        detail
    };
    StreamError { kind, detail }
}

fn join(code: Option<&str>, message: Option<&str>) -> String {
    match (code, message) {
        (Some(code), Some(message)) if !message.is_empty() => format!("{code}: {message}"),
        (Some(code), _) => code.to_owned(),
        (None, message) => message.unwrap_or_default().to_owned(),
    }
}

/// Returns the message of the chain's last error. Those above it say only "dispatch failure".
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests;
