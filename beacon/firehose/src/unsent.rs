//! Writes lines that could not be sent to a log, where `beacon replay` finds them.
//!
//! Each hit is one JSON object on a line of its own:
//!
//! ```json
//! {"level":"ERROR","timestamp":"2026-11-21T05:13:00.123Z","message":"hit not sent","stream":"hits","reason":"stream busy: ServiceUnavailableException","unsent":{"hit_id":"…"}}
//! ```
//!
//! After them comes one line of CloudWatch's embedded metric format: namespace `Beacon`, metric `UnsentHits`,
//! dimension `Stream`. Lambda drops lines below its log level, and takes one without `level` and an
//! RFC 3339 `timestamp` for INFO, so both kinds of line carry them.

use std::io::{self, Write};

use beacon_aws::timestamp::rfc_3339;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::stream::Unsent;

/// The CloudWatch namespace of the metric.
pub const METRIC_NAMESPACE: &str = "Beacon";
/// The name of the metric, which counts hits that could not be sent.
pub const METRIC_NAME: &str = "UnsentHits";

/// Writes one line for each hit and one for the metric, in a single write. Writes nothing if `unsent` is empty.
///
/// `at_ms` is the time of the failure in Unix milliseconds.
///
/// # Errors
/// Returns any I/O error from `out`.
pub fn write(
    out: &mut dyn Write,
    stream: &str,
    unsent: &[Unsent<'_>],
    at_ms: u64,
) -> io::Result<()> {
    if unsent.is_empty() {
        return Ok(());
    }
    let stream = Value::from(stream);
    let timestamp = rfc_3339(at_ms);
    let mut lines = Vec::new();
    for Unsent { line, reason } in unsent {
        let reason = Value::from(reason.to_string());
        write!(
            lines,
            r#"{{"level":"ERROR","timestamp":"{timestamp}","message":"hit not sent","stream":{stream},"reason":{reason},"unsent":"#
        )?;
        match serde_json::from_slice::<&RawValue>(line) {
            Ok(record) => lines.extend_from_slice(record.get().as_bytes()),
            // Not JSON, so not a hit of ours; kept as a string all the same.
            Err(_) => write!(lines, "{}", Value::from(String::from_utf8_lossy(line)))?,
        }
        lines.extend_from_slice(b"}\n");
    }
    writeln!(
        lines,
        r#"{{"level":"ERROR","timestamp":"{timestamp}","_aws":{{"Timestamp":{at_ms},"CloudWatchMetrics":[{{"Namespace":"{METRIC_NAMESPACE}","Dimensions":[["Stream"]],"Metrics":[{{"Name":"{METRIC_NAME}","Unit":"Count"}}]}}]}},"Stream":{stream},"{METRIC_NAME}":{}}}"#,
        unsent.len()
    )?;
    out.write_all(&lines)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{StreamError, StreamErrorKind};

    const RECORD: &str = r#"{"hit_id":"01","title":"a \"quoted\" {\"unsent\":1}","n":1.50}"#;

    fn written(lines: &[&[u8]]) -> String {
        let unsent: Vec<Unsent<'_>> = lines
            .iter()
            .map(|line| Unsent {
                line,
                reason: StreamError {
                    kind: StreamErrorKind::Busy,
                    detail: "InternalFailure: \"slow down\"".to_owned(),
                },
            })
            .collect();
        let mut out = Vec::new();
        write(&mut out, "hits", &unsent, 1_795_238_400_123).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_hit_has_its_line_and_all_one_metric() {
        let log = written(&[RECORD.as_bytes(), b"not json \xff"]);
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(
            lines,
            [
                &format!(
                    r#"{{"level":"ERROR","timestamp":"2026-11-21T05:20:00.123Z","message":"hit not sent","stream":"hits","reason":"stream busy: InternalFailure: \"slow down\"","unsent":{RECORD}}}"#
                ),
                "{\"level\":\"ERROR\",\"timestamp\":\"2026-11-21T05:20:00.123Z\",\"message\":\"hit not sent\",\"stream\":\"hits\",\"reason\":\"stream busy: InternalFailure: \\\"slow down\\\"\",\"unsent\":\"not json \u{fffd}\"}",
                r#"{"level":"ERROR","timestamp":"2026-11-21T05:20:00.123Z","_aws":{"Timestamp":1795238400123,"CloudWatchMetrics":[{"Namespace":"Beacon","Dimensions":[["Stream"]],"Metrics":[{"Name":"UnsentHits","Unit":"Count"}]}]},"Stream":"hits","UnsentHits":2}"#,
            ]
        );
        assert_eq!(written(&[]), "");
    }
}
