//! Lines that could not be sent, kept in the log, and read back from it.
//!
//! One JSON object a hit, on a line of its own:
//!
//! ```json
//! {"level":"ERROR","timestamp":"2026-11-21T05:13:00.123Z","message":"hit not sent","stream":"hits","reason":"stream busy: ServiceUnavailableException","unsent":{"hit_id":"…"}}
//! ```
//!
//! and after them one line of CloudWatch's embedded metric format: namespace `Beacon`, metric `UnsentHits`,
//! dimension `Stream`. Lambda drops lines below its log level, and takes one without `level` and an
//! RFC 3339 `timestamp` for INFO, so both kinds of line carry them.

use std::io::{self, Write};

use serde_json::Value;
use serde_json::value::RawValue;

use crate::stream::Unsent;

/// Namespace of the metric.
pub const METRIC_NAMESPACE: &str = "Beacon";
/// The metric: hits that could not be sent.
pub const METRIC_NAME: &str = "UnsentHits";

/// How deep a line is looked for inside other log lines' strings.
const MAX_WRAPPINGS: u8 = 3;
/// The members in which log shippers put the line they wrap.
const WRAPPING_MEMBERS: [&str; 5] = ["message", "@message", "record", "log", "msg"];

/// Writes one line for each hit and one for the metric, in a single write. Nothing for nothing.
///
/// `at_ms` is the time of the failure in Unix milliseconds.
///
/// # Errors
/// What `out` says.
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

/// The record in a log line, without a newline, or `None` where the line is not about an unsent hit.
///
/// Finds it behind a prefix (a time, a request id), and inside a string of a JSON object around it, as
/// `aws logs` and log shippers write them.
pub fn parse_line(line: &[u8]) -> Option<Vec<u8>> {
    if !line
        .windows(b"unsent".len())
        .any(|window| window == b"unsent")
    {
        return None;
    }
    in_text(std::str::from_utf8(line).ok()?, MAX_WRAPPINGS)
}

/// Looks at the outermost JSON objects and strings of a text.
fn in_text(text: &str, wrappings: u8) -> Option<Vec<u8>> {
    let mut rest = text;
    while let Some(start) = rest.find(['{', '"']) {
        rest = &rest[start..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else {
            rest = &rest[1..];
            continue;
        };
        let found = if value.get().starts_with('{') {
            in_object(value.get(), wrappings)
        } else {
            in_string(value.get(), wrappings)
        };
        if found.is_some() {
            return found;
        }
        rest = &rest[value.get().len()..];
    }
    None
}

fn in_object(object: &str, wrappings: u8) -> Option<Vec<u8>> {
    let members: std::collections::HashMap<String, &RawValue> =
        serde_json::from_str(object).ok()?;
    if let (Some(record), Some(_reason)) = (members.get("unsent"), members.get("reason")) {
        let record = record.get();
        return match serde_json::from_str::<String>(record) {
            Ok(text) => Some(text.into_bytes()),
            Err(_) => Some(record.as_bytes().to_vec()),
        };
    }
    WRAPPING_MEMBERS.iter().find_map(|member| {
        let wrapped = members.get(*member)?.get();
        if wrapped.starts_with('{') {
            in_object(wrapped, wrappings.checked_sub(1)?)
        } else {
            in_string(wrapped, wrappings)
        }
    })
}

fn in_string(string: &str, wrappings: u8) -> Option<Vec<u8>> {
    let wrappings = wrappings.checked_sub(1)?;
    let text: String = serde_json::from_str(string).ok()?;
    in_text(&text, wrappings)
}

/// `yyyy-MM-ddTHH:mm:ss.SSSZ` of Unix milliseconds.
pub fn rfc_3339(at_ms: u64) -> String {
    use aws_smithy_types::date_time::Format;
    let at = aws_smithy_types::DateTime::from_millis(i64::try_from(at_ms).unwrap_or(i64::MAX));
    at.fmt(Format::DateTime)
        .unwrap_or_else(|_| at_ms.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::{Kind, Reason};

    const RECORD: &str = r#"{"hit_id":"01","title":"a \"quoted\" {\"unsent\":1}","n":1.50}"#;

    fn written(lines: &[&[u8]]) -> String {
        let unsent: Vec<Unsent<'_>> = lines
            .iter()
            .map(|line| Unsent {
                line,
                reason: Reason {
                    kind: Kind::Busy,
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

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let found = parse_line(line.as_bytes()).map(|record| String::from_utf8(record).unwrap());
        assert_eq!(found.as_deref(), expected, "{line}");
    }

    #[test]
    fn the_record_is_found_again_byte_for_byte() {
        let log = written(&[RECORD.as_bytes()]);
        let line = log.lines().next().unwrap();
        check(line, Some(RECORD));
        check(&format!("{line}\r\n"), Some(RECORD));
        check(&format!("2026-11-21T05:20:00.123Z\t{line}"), Some(RECORD));
        check(&format!("[abc] {{not json}} {line}"), Some(RECORD));
        let quoted = Value::from(line).to_string();
        check(
            &format!(r#"{{"timestamp":1795238400123,"message":{quoted},"eventId":"3"}}"#),
            Some(RECORD),
        );
        check(
            &format!(r#"            "message": {quoted},"#),
            Some(RECORD),
        );
        check(
            &format!(r#"{{"time":"t","type":"function","record":{line}}}"#),
            Some(RECORD),
        );
        let twice = Value::from(format!(r#"{{"message":{quoted}}}"#)).to_string();
        check(&format!(r#"{{"log":{twice}}}"#), Some(RECORD));
    }

    #[test]
    fn other_lines_have_no_record() {
        let log = written(&[RECORD.as_bytes()]);
        check(log.lines().nth(1).unwrap(), None);
        check("", None);
        check("unsent", None);
        check(r#"{"level":"ERROR","unsent":{}"#, None);
        check(r#"{"unsent":{"a":1}}"#, None);
        check(
            r#"{"level":"INFO","title":"{\"unsent\":{},\"reason\":\"\"}"}"#,
            None,
        );
        assert_eq!(parse_line(b"\xff unsent"), None);
    }
}
