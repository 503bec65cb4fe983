//! What an error of a put means for its lines.

use std::error::Error;
use std::fmt;

use aws_sdk_firehose::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// Why lines were not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind of failure it was.
    pub kind: Kind,
    /// The service's code and message, or the cause of a failed connection; may be empty. Has nothing of
    /// the lines in it.
    pub detail: String,
}

/// The kinds of failure that a caller may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line is larger than a record may be. Never accepted, however often it is sent.
    TooLarge,
    /// No such stream, no permission, an argument that is wrong: not accepted until somebody changes that.
    Refused,
    /// The stream's quota is used up, or it is down: accepted later.
    Busy,
    /// The endpoint can't be reached, or hung up.
    Unreachable,
    /// No answer in time; the lines may have arrived.
    TimedOut,
}

impl Kind {
    /// A few words for a response header.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::TooLarge => "record too large",
            Kind::Refused => "stream refused",
            Kind::Busy => "stream busy",
            Kind::Unreachable => "stream unreachable",
            Kind::TimedOut => "stream timed out",
        }
    }

    /// True where sending the same again can never succeed without somebody's help.
    pub fn is_permanent(self) -> bool {
        matches!(self, Kind::TooLarge | Kind::Refused)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

/// Codes of a 4xx answer that a later attempt may not meet again.
const TRANSIENT_CODES: [&str; 5] = [
    "ServiceUnavailableException",
    "InternalFailure",
    "ThrottlingException",
    "Throttling",
    "RequestTimeoutException",
];

/// The reason in a call's error.
pub(crate) fn of_call<E>(error: &SdkError<E, HttpResponse>) -> Reason
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Reason {
            kind: Kind::TimedOut,
            detail: String::new(),
        },
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Reason {
            kind: Kind::TimedOut,
            detail: String::new(),
        },
        SdkError::DispatchFailure(failure) => {
            let kind = if failure.is_user() {
                Kind::Refused
            } else {
                Kind::Unreachable
            };
            Reason {
                kind,
                detail: innermost(error),
            }
        }
        SdkError::ResponseError(response) => of_status(
            response.raw().status().as_u16(),
            None,
            Some("unreadable answer"),
        ),
        SdkError::ServiceError(service) => of_status(
            service.raw().status().as_u16(),
            error.code(),
            error.message(),
        ),
        _ => Reason {
            kind: Kind::Refused,
            detail: innermost(error),
        },
    }
}

/// The reason in one entry of a batch's answer.
pub(crate) fn of_entry(code: &str, message: Option<&str>) -> Reason {
    // The two codes of an entry are both of the transient kind; whatever else appears is taken for one
    // too, because the call itself was accepted.
    Reason {
        kind: Kind::Busy,
        detail: join(Some(code), message),
    }
}

/// The reason where a batch's answer has no entry for a record.
pub(crate) fn of_missing_entry() -> Reason {
    Reason {
        kind: Kind::Busy,
        detail: "the answer does not mention the record".to_owned(),
    }
}

fn of_status(status: u16, code: Option<&str>, message: Option<&str>) -> Reason {
    let transient = status >= 500
        || status == 429
        || status == 408
        || status < 300
        || code.is_some_and(|code| TRANSIENT_CODES.contains(&code));
    let kind = if transient { Kind::Busy } else { Kind::Refused };
    let detail = join(code, message);
    let detail = if detail.is_empty() {
        format!("status {status}")
    } else {
        detail
    };
    Reason { kind, detail }
}

fn join(code: Option<&str>, message: Option<&str>) -> String {
    match (code, message) {
        (Some(code), Some(message)) if !message.is_empty() => format!("{code}: {message}"),
        (Some(code), _) => code.to_owned(),
        (None, message) => message.unwrap_or_default().to_owned(),
    }
}

/// The last error of the chain, which says what happened; those above it say "dispatch failure".
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, code: Option<&str>, expected: Kind) {
        assert_eq!(of_status(status, code, None).kind, expected);
    }

    #[test]
    fn only_what_may_pass_later_is_tried_again() {
        check(503, Some("ServiceUnavailableException"), Kind::Busy);
        check(500, None, Kind::Busy);
        check(429, None, Kind::Busy);
        check(400, Some("ThrottlingException"), Kind::Busy);
        check(400, Some("ResourceNotFoundException"), Kind::Refused);
        check(400, Some("InvalidArgumentException"), Kind::Refused);
        check(400, Some("AccessDeniedException"), Kind::Refused);
        check(403, Some("UnrecognizedClientException"), Kind::Refused);
        check(413, None, Kind::Refused);
    }

    #[test]
    fn a_reason_reads_as_one_line() {
        let reason = of_status(
            400,
            Some("ResourceNotFoundException"),
            Some("no stream hits"),
        );
        assert_eq!(
            reason.to_string(),
            "stream refused: ResourceNotFoundException: no stream hits"
        );
        assert_eq!(
            of_status(502, None, None).to_string(),
            "stream busy: status 502"
        );
    }
}
