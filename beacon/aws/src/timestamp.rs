//! The timestamp of a log line.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Formats Unix milliseconds as `yyyy-MM-ddTHH:mm:ss.SSSZ` (RFC 3339).
///
/// Lambda filters log lines by their members `level` and `timestamp`, and takes a line whose timestamp is in another
/// form for one of level INFO.
pub fn rfc_3339(at_ms: u64) -> String {
    let at = DateTime::from_millis(i64::try_from(at_ms).unwrap_or(i64::MAX));
    at.fmt(Format::DateTime)
        .unwrap_or_else(|_| at_ms.to_string())
}
