//! Record format conversion, as Firehose calls it: turns a JSON document of another producer into the form that the
//! beacon itself writes, or refuses it with a reason. It reads what the OpenX SerDe of Firehose reads:
//! <https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html>.

mod timestamp;

use beacon_core::json::Members;
use beacon_core::schema::{ColumnRef, ColumnType, PARTITIONS, Schema};
use beacon_core::time::format_timestamp;
use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::value::RawValue;

use self::timestamp::timestamp_ms;

/// A record that fits the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertedRecord {
    /// One JSON object and its newline. It has known keys only, in the order of the table, each value of its column's
    /// type.
    pub line: Vec<u8>,
    /// Arrival of the hit, in Unix milliseconds.
    pub received_at_ms: u64,
    /// Keys that had a value but no column, and are not in `line`.
    pub dropped_keys: Vec<String>,
}

/// The reason why a document is not a record of the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ConversionError {
    /// Firehose's error code.
    pub code: &'static str,
    /// The reason in words.
    pub message: String,
}

impl ConversionError {
    /// The document is not JSON, or not one object.
    pub const PARSE_ERROR: &'static str = "DataFormatConversion.ParseError";
    /// The document is JSON but does not fit the table's types.
    pub const MALFORMED_DATA: &'static str = "DataFormatConversion.MalformedData";

    fn parse(message: String) -> ConversionError {
        ConversionError {
            code: ConversionError::PARSE_ERROR,
            message,
        }
    }

    fn malformed(message: String) -> ConversionError {
        ConversionError {
            code: ConversionError::MALFORMED_DATA,
            message,
        }
    }
}

/// Without these a row could be neither told from another nor found.
const REQUIRED: [&str; 2] = ["hit_id", "received_at"];

/// Converts one JSON document into a record of the table.
///
/// In a text column, scalars become text, and objects and arrays their JSON. Unknown keys are dropped; missing ones
/// stay missing.
///
/// # Errors
/// [`ConversionError::PARSE_ERROR`] for anything but one JSON object and for a repeated key;
/// [`ConversionError::MALFORMED_DATA`] for a value that its column can't hold and a missing `hit_id` or `received_at`.
///
/// ```
/// use beacon_core::Schema;
///
/// let document = br#"{"received_at":"2026-11-21T05:34:56Z","hit_id":7,"page":"/talks","extra":1}"#;
/// let record = beacon_lake::convert_record(&Schema::builtin(), document)?;
/// let line = br#"{"hit_id":"7","received_at":"2026-11-21 05:34:56.000","page":"/talks"}"#;
/// assert_eq!(record.line.trim_ascii_end(), line);
/// assert_eq!(record.dropped_keys, ["extra"]);
/// # Ok::<(), beacon_lake::ConversionError>(())
/// ```
pub fn convert_record(
    schema: &Schema,
    document: &[u8],
) -> Result<ConvertedRecord, ConversionError> {
    let object: Object<'_> = serde_json::from_slice(document)
        .map_err(|error| ConversionError::parse(format!("not one JSON object: {error}")))?;
    if let Some(key) = object.repeated_key() {
        return Err(ConversionError::parse(format!(
            "the key {key:?} is there twice"
        )));
    }
    let missing = |column: &str| ConversionError::malformed(format!("{column} is missing"));
    let mut line = Vec::with_capacity(document.len() + 64);
    let mut received_at_ms = None;
    line.push(b'{');
    for column in schema.columns() {
        let Some(value) = object.get(column.name) else {
            if REQUIRED.contains(&column.name) {
                return Err(missing(column.name));
            }
            continue;
        };
        if line.len() > 1 {
            line.push(b',');
        }
        write_json(&mut line, column.name);
        line.push(b':');
        let time_ms = write_value(&mut line, &column, value)?;
        if column.name == "received_at" {
            received_at_ms = time_ms;
        }
    }
    line.extend_from_slice(b"}\n");
    Ok(ConvertedRecord {
        line,
        received_at_ms: received_at_ms.ok_or_else(|| missing("received_at"))?,
        dropped_keys: object.keys_beside(schema),
    })
}

/// Writes a value in the type of its column. Returns the Unix milliseconds of a timestamp.
fn write_value(
    line: &mut Vec<u8>,
    column: &ColumnRef<'_>,
    value: &RawValue,
) -> Result<Option<u64>, ConversionError> {
    let name = column.name;
    let wrong = |what: &str| {
        ConversionError::malformed(format!("{name} is not {what}: {}", shortened(value.get())))
    };
    match column.ty {
        ColumnType::Text => write_json(line, &text_of(value)),
        ColumnType::Boolean => match text_of(value).to_ascii_lowercase().as_str() {
            "true" => line.extend_from_slice(b"true"),
            "false" => line.extend_from_slice(b"false"),
            _ => return Err(wrong("true or false")),
        },
        ColumnType::Timestamp => {
            let ms = timestamp_ms(&text_of(value)).ok_or_else(|| wrong("a timestamp"))?;
            write_json(line, &format_timestamp(ms));
            return Ok(Some(ms));
        }
        ColumnType::TextMap => {
            let map: Object<'_> =
                serde_json::from_str(value.get()).map_err(|_| wrong("an object"))?;
            if let Some(key) = map.repeated_key() {
                return Err(ConversionError::parse(format!(
                    "the key {key:?} is twice in {name}"
                )));
            }
            write_map(line, &map);
        }
    }
    Ok(None)
}

/// A JSON object as it stands, so that a number keeps its digits and a repeated key shows.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    /// `None` for `null` too.
    fn get(&self, key: &str) -> Option<&'a RawValue> {
        let (_, value) = self.0.iter().find(|(name, _)| name == key)?;
        Some(*value).filter(|value| value.get() != "null")
    }

    /// Keys with a value that the table keeps nowhere. Those of partitions are in the path, from the time of arrival.
    fn keys_beside(self, schema: &Schema) -> Vec<String> {
        let is_known = |key: &str| {
            PARTITIONS.contains(&key) || schema.columns().any(|column| column.name == key)
        };
        let entries = self.0.into_iter();
        entries
            .filter(|(key, value)| value.get() != "null" && !is_known(key))
            .map(|(key, _)| key)
            .collect()
    }

    fn repeated_key(&self) -> Option<&str> {
        let mut seen = std::collections::HashSet::new();
        self.0
            .iter()
            .map(|(key, _)| key.as_str())
            .find(|key| !seen.insert(*key))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Members::deserialize(deserializer).map(|Members(members)| Object(members))
    }
}

/// A string's content, any other value's JSON.
fn text_of(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_not_a_string| value.get().to_owned())
}

fn write_map(line: &mut Vec<u8>, map: &Object<'_>) {
    line.push(b'{');
    for (at, (key, value)) in map.0.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        write_json(line, key);
        line.push(b':');
        if value.get() == "null" {
            line.extend_from_slice(b"null");
        } else {
            write_json(line, &text_of(value));
        }
    }
    line.push(b'}');
}

fn write_json(line: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(line, text).expect("text is always JSON, and a Vec takes it");
}

/// Characters of a refused value that its message repeats.
const SHOWN_CHARACTERS: usize = 60;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = r#""hit_id":"1","received_at":"2026-11-21 05:34:56.789""#;

    /// Checks the columns beside the two required ones.
    #[track_caller]
    fn check(input: &str, expected: &str) {
        let document = format!("{{{ID},{input}}}");
        let found = match convert_record(&Schema::builtin(), document.as_bytes()) {
            Ok(checked) => {
                let line = String::from_utf8(checked.line).unwrap();
                let rest = line
                    .strip_prefix(&format!("{{{ID}"))
                    .unwrap()
                    .strip_suffix("}\n")
                    .unwrap();
                rest.trim_start_matches(',').to_owned()
            }
            Err(refused) => refused.to_string(),
        };
        assert_eq!(found, expected, "{input}");
    }

    #[test]
    fn scalars_become_text() {
        check(r#""site":"a""#, r#""site":"a""#);
        check(r#""site":7"#, r#""site":"7""#);
        check(r#""site":1.50"#, r#""site":"1.50""#);
        check(
            r#""site":123456789012345678901234567890"#,
            r#""site":"123456789012345678901234567890""#,
        );
        check(r#""site":true"#, r#""site":"true""#);
        check(r#""site":null"#, "");
        check(r#""site":{"a": [1]}"#, r#""site":"{\"a\": [1]}""#);
        check(r#""site":"\u00e9\n\ud83d\ude00""#, r#""site":"é\n😀""#);
    }

    #[test]
    fn other_types_are_converted_or_refused() {
        check(r#""truncated":true"#, r#""truncated":true"#);
        check(r#""truncated":"False""#, r#""truncated":false"#);
        check(
            r#""truncated":1"#,
            "DataFormatConversion.MalformedData: truncated is not true or false: 1",
        );
        check(
            r#""params":{"a":1,"A":"x","b":null,"c":{"d":2}}"#,
            r#""params":{"a":"1","A":"x","b":null,"c":"{\"d\":2}"}"#,
        );
        check(r#""params":{}"#, r#""params":{}"#);
        check(
            r#""params":[1]"#,
            "DataFormatConversion.MalformedData: params is not an object: [1]",
        );
        check(
            r#""params":"a=1""#,
            "DataFormatConversion.MalformedData: params is not an object: \"a=1\"",
        );
    }

    #[test]
    fn unknown_keys_go_and_the_order_is_the_tables() {
        check(
            r#""year":2026,"x":{},"version":"1","site":"a""#,
            r#""site":"a","version":"1""#,
        );
        check(r#""Site":"a""#, "");
    }

    #[test]
    fn dropped_keys_are_those_with_a_value_and_no_column() {
        let document = format!(r#"{{{ID},"userid":"7","year":2026,"gone":null,"x":{{}}}}"#);
        let checked = convert_record(&Schema::builtin(), document.as_bytes()).unwrap();
        assert_eq!(checked.dropped_keys, ["userid", "x"]);
    }

    #[test]
    fn a_key_twice_is_refused_as_openx_refuses_it() {
        check(
            r#""site":"a","site":"b""#,
            "DataFormatConversion.ParseError: the key \"site\" is there twice",
        );
        check(
            r#""params":{"a":"1","a":"2"}"#,
            "DataFormatConversion.ParseError: the key \"a\" is twice in params",
        );
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        for document in [
            "",
            "[]",
            "[{}]",
            "7",
            "{",
            r#"{"a":1}{"a":2}"#,
            "{\"a\":\"\u{0}\"}",
            "hello",
        ] {
            let refused = convert_record(&Schema::builtin(), document.as_bytes()).unwrap_err();
            assert_eq!(refused.code, ConversionError::PARSE_ERROR, "{document}");
        }
        assert_eq!(
            convert_record(&Schema::builtin(), b"{\"site\":\"\xff\"}")
                .unwrap_err()
                .code,
            ConversionError::PARSE_ERROR
        );
        let missing = |document: &[u8]| {
            convert_record(&Schema::builtin(), document)
                .unwrap_err()
                .message
        };
        assert_eq!(missing(b"{}"), "hit_id is missing");
        assert_eq!(
            missing(br#"{"hit_id":"1","received_at":null}"#),
            "received_at is missing"
        );
    }

    #[test]
    fn a_hit_without_a_time_is_refused() {
        let message = |time: &str| {
            let document = format!(r#"{{"hit_id":"1","received_at":{time}}}"#);
            convert_record(&Schema::builtin(), document.as_bytes())
                .unwrap_err()
                .message
        };
        assert_eq!(
            message("\"yesterday\""),
            "received_at is not a timestamp: \"yesterday\""
        );
        assert_eq!(message("-1"), "received_at is not a timestamp: -1");
        assert_eq!(message("true"), "received_at is not a timestamp: true");
    }
}
