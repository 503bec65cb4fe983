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

/// Returns the content of a string, or the JSON of any other value.
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
    serde_json::to_writer(line, text)
        .expect("a string is valid JSON, and writing to a Vec never fails");
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
mod tests;
