//! Writes a hit as one line of JSON, at most [`RECORD_BYTES`] long; one of many in a POST within the
//! limit of its item.

mod share;

use std::borrow::Cow;
use std::io::Write as _;

use uuid::fmt::Hyphenated;

pub(crate) use share::bare_bytes;

use crate::columns::{MAX_OWN_COLUMNS, Source};
use crate::hit::{Hit, KeptHeaders, KeptParameters, Long, QueryString, Value};
use crate::json::{write_escaped, write_escaped_within};
use crate::parameters::{self, MAX_NAME_BYTES};
use crate::schema::Schema;
use crate::time;

/// The longest record, with its newline. A put to Firehose takes 1,000 KiB, but a hit is not a document.
pub const RECORD_BYTES: usize = 65_536;

/// The longest text of a column, in bytes of escaped JSON.
const TEXT_BYTES: usize = 2_048;

/// What all own columns together may take, in bytes of escaped JSON: with few of them, each may be as long as any
/// other column.
const OWN_TEXTS_BYTES: usize = 24 * 1_024;

/// The longest query string, and the longest value in `params` or `headers`, in bytes of escaped JSON. Twice the
/// longest header that common servers take.
const LONG_VALUE_BYTES: usize = 16 * 1_024;

// What is not cut when a record is too long must fit by itself.
const _: () = {
    const TEXT_COLUMNS: usize = 16;
    const NAMES_BYTES: usize = 1_024 + MAX_OWN_COLUMNS * 72;
    const SMALLEST_ROOM_BYTES: usize = 2_048;
    assert!(
        TEXT_COLUMNS * TEXT_BYTES + OWN_TEXTS_BYTES + NAMES_BYTES + SMALLEST_ROOM_BYTES
            <= RECORD_BYTES
    );
};

/// Appends the record of `hit`, newline included, at most `limit_bytes` long.
pub(crate) fn write(out: &mut Vec<u8>, schema: &Schema, hit: &Hit<'_>, limit_bytes: usize) {
    let start = out.len();
    out.reserve(2_048);
    let own_text_bytes = own_text_bytes(schema);
    let mut truncated = hit.parameters.all.truncated;
    let mut truncated_at = None;
    let mut long_start = start;
    let mut long_end = start;
    for column in &schema.columns {
        let column_start = out.len();
        out.extend_from_slice(column.json_key.as_bytes());
        match &column.source {
            Source::BuiltIn(value) => match value(hit) {
                Value::Null => out.extend_from_slice(b"null"),
                Value::Id(id) => write_id(out, id),
                Value::Timestamp(ms) => {
                    out.push(b'"');
                    time::write_timestamp(out, ms);
                    out.push(b'"');
                }
                Value::Text(text) => truncated |= write_text(out, text, TEXT_BYTES),
                Value::Address(address) => write_address(out, address),
                Value::Truncated => {
                    truncated_at = Some(out.len());
                    out.extend_from_slice(b"false");
                }
                Value::Long(long) => {
                    if long_end == start {
                        long_start = column_start;
                    }
                    truncated |= write_long(out, long, usize::MAX);
                    long_end = out.len();
                }
            },
            Source::Parameter(name) => {
                truncated |= write_own(out, hit.parameters.get(name), own_text_bytes);
            }
            Source::Header(name) => {
                truncated |= write_own(out, hit.headers.get(name), own_text_bytes);
            }
        }
    }
    out.extend_from_slice(b"}\n");
    // Every key brings a comma; the first one's place is the opening brace's.
    out[start] = b'{';
    if out.len() - start > limit_bytes {
        if limit_bytes < RECORD_BYTES {
            out.truncate(start);
            share::write(out, schema, hit, limit_bytes);
            return;
        }
        truncated = true;
        shorten(out, start, long_start, long_end, schema, hit);
    }
    if truncated && let Some(at) = truncated_at {
        // Of the same length, so that nothing moves; JSON allows the space.
        out[at..at + 5].copy_from_slice(b"true ");
    }
}

/// The longest text of an own column, in bytes of escaped JSON.
fn own_text_bytes(schema: &Schema) -> usize {
    let own_columns = schema.columns.len() - crate::schema::COLUMNS.len();
    TEXT_BYTES.min(OWN_TEXTS_BYTES / own_columns.max(1))
}

/// Writes the columns that can be long once more, in the room that the others leave.
fn shorten(
    out: &mut Vec<u8>,
    start: usize,
    long_start: usize,
    long_end: usize,
    schema: &Schema,
    hit: &Hit<'_>,
) {
    let tail = out[long_end..].to_vec();
    out.truncate(long_start);
    let end = start + RECORD_BYTES - tail.len();
    let room = end - long_start;
    for column in &schema.columns {
        let Source::BuiltIn(value) = &column.source else {
            continue;
        };
        let Value::Long(long) = value(hit) else {
            continue;
        };
        let column_end = match long {
            // Parameters get what the query string leaves of their half, headers all the rest.
            Long::QueryString(_) => long_start + room / 4,
            Long::Parameters(_) => long_start + room / 2,
            Long::Headers(_) => end,
        };
        out.extend_from_slice(column.json_key.as_bytes());
        write_long(out, long, column_end);
    }
    out.extend_from_slice(&tail);
}

/// Writes a value that may be long, so that `out` is no longer than `end` after it. True when something was cut.
fn write_long(out: &mut Vec<u8>, long: Long<'_>, end: usize) -> bool {
    match long {
        Long::QueryString(QueryString::AsReceived(query)) => {
            // Two quotes stand around it.
            let room = end.saturating_sub(out.len() + 2);
            write_text(out, query, LONG_VALUE_BYTES.min(room))
        }
        Long::QueryString(QueryString::Cleaned(parameters)) => {
            write_cleaned_query(out, parameters, end)
        }
        Long::Parameters(parameters) => write_parameters(out, parameters, end),
        Long::Headers(headers) => write_headers(out, headers, end),
    }
}

// Called from the way of every hit: inlined there, although a cut record calls it too.
#[inline(always)]
fn write_text(out: &mut Vec<u8>, text: &str, limit_bytes: usize) -> bool {
    out.push(b'"');
    let cut = write_escaped_within(out, text, limit_bytes);
    out.push(b'"');
    cut
}

fn write_own(out: &mut Vec<u8>, text: Option<Cow<'_, str>>, limit_bytes: usize) -> bool {
    let Some(text) = text else {
        out.extend_from_slice(b"null");
        return false;
    };
    write_text(out, &text, limit_bytes)
}

// As `write_text`.
#[inline(always)]
fn write_id(out: &mut Vec<u8>, id: uuid::Uuid) {
    let mut buffer = [0; Hyphenated::LENGTH];
    out.push(b'"');
    out.extend_from_slice(id.hyphenated().encode_lower(&mut buffer).as_bytes());
    out.push(b'"');
}

fn write_address(out: &mut Vec<u8>, address: Option<std::net::IpAddr>) {
    match address {
        Some(address) => {
            write!(out, "\"{}\"", address.to_canonical()).expect("a Vec takes every write");
        }
        None => out.extend_from_slice(b"null"),
    }
}

/// Whole pairs only: half a pair would name another parameter.
fn write_cleaned_query(out: &mut Vec<u8>, parameters: &KeptParameters<'_>, end: usize) -> bool {
    out.push(b'"');
    let start = out.len();
    let end = end.saturating_sub(1).min(start + LONG_VALUE_BYTES);
    for parameter in parameters.all.iter() {
        let pair_start = out.len();
        if pair_start > start {
            out.push(b'&');
        }
        parameters::encode(out, &parameter.name);
        out.push(b'=');
        parameters::encode(
            out,
            &parameters
                .privacy
                .clean_value(&parameter.name, &parameter.value),
        );
        if out.len() > end {
            out.truncate(pair_start);
            out.push(b'"');
            return true;
        }
    }
    out.push(b'"');
    false
}

fn write_parameters(out: &mut Vec<u8>, parameters: &KeptParameters<'_>, end: usize) -> bool {
    let mut map = MapWriter::begin(out, end);
    for parameter in parameters.all.iter().filter(|parameter| parameter.is_first) {
        map.entry(
            &parameter.name,
            &parameters
                .privacy
                .clean_value(&parameter.name, &parameter.value),
        );
    }
    map.finish()
}

fn write_headers(out: &mut Vec<u8>, headers: &KeptHeaders<'_>, end: usize) -> bool {
    let mut map = MapWriter::begin(out, end);
    headers.for_each(|name, value| {
        if name.as_str().len() > MAX_NAME_BYTES {
            map.cut = true;
        } else {
            map.entry(name.as_str(), &value);
        }
    });
    map.finish()
}

/// Writes a JSON object of texts that ends before `end`.
struct MapWriter<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    end: usize,
    cut: bool,
}

impl<'o> MapWriter<'o> {
    fn begin(out: &'o mut Vec<u8>, end: usize) -> MapWriter<'o> {
        let start = out.len();
        out.push(b'{');
        MapWriter {
            out,
            start,
            end,
            cut: false,
        }
    }

    fn entry(&mut self, name: &str, value: &str) {
        let entry_start = self.out.len();
        if entry_start > self.start + 1 {
            self.out.push(b',');
        }
        self.out.push(b'"');
        write_escaped(self.out, name);
        self.out.extend_from_slice(b"\":\"");
        // The value's quote and the object's brace come after it.
        let Some(room) = self.end.checked_sub(self.out.len() + 2) else {
            self.out.truncate(entry_start);
            self.cut = true;
            return;
        };
        self.cut |= write_escaped_within(self.out, value, LONG_VALUE_BYTES.min(room));
        self.out.push(b'"');
    }

    fn finish(self) -> bool {
        self.out.push(b'}');
        self.cut
    }
}

/// Escaped text between quotes, for the few answers that are JSON.
pub(crate) fn write_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    write_escaped(out, text);
    out.push(b'"');
}
