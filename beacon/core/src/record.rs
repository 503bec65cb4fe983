//! Writes a hit as one line of JSON, at most [`MAX_RECORD_BYTES`] long; one of many in a POST within the
//! limit of its item.
//!
//! Ours and not a serializer's: a record goes straight into the caller's buffer, key by key as the schema has them, and
//! is cut to its limit where it is too long. A tree of values, or a struct for serde, would hold all of it a second
//! time, and could be cut only before its length is known.

mod cells;
mod item;

use crate::hit::Hit;
use crate::limits::{MAX_RECORD_BYTES, TEXT_BYTES};
use crate::schema::{Schema, Source};
use crate::time;
use crate::value::{Truncatable, Value};

use cells::{write_address, write_custom, write_id, write_long, write_text, write_visitor};

/// Appends the record of `hit`, newline included, at most `limit_bytes` long.
pub(crate) fn write(out: &mut Vec<u8>, schema: &Schema, hit: &Hit<'_>, limit_bytes: usize) {
    let start = out.len();
    out.reserve(2_048);
    let custom_text_bytes = schema.custom_text_bytes;
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
                Value::Visitor(visitor) => write_visitor(out, visitor),
                Value::Truncated => {
                    truncated_at = Some(out.len());
                    out.extend_from_slice(b"false");
                }
                Value::Truncatable(long) => {
                    if long_end == start {
                        long_start = column_start;
                    }
                    truncated |= write_long(out, long, usize::MAX);
                    long_end = out.len();
                }
            },
            Source::Parameter(name) => {
                truncated |= write_custom(out, hit.parameters.get(name), custom_text_bytes);
            }
            Source::Header(name) => {
                truncated |= write_custom(out, hit.headers.get(name), custom_text_bytes);
            }
        }
    }
    out.extend_from_slice(b"}\n");
    // Every key brings a comma; the first one's place is the opening brace's.
    out[start] = b'{';
    if out.len() - start > limit_bytes {
        if limit_bytes < MAX_RECORD_BYTES {
            out.truncate(start);
            item::write(out, schema, hit, limit_bytes);
            return;
        }
        truncated = true;
        shorten(out, start, long_start, long_end, schema, hit);
    }
    if truncated && let Some(at) = truncated_at {
        // The same length, so that nothing moves; JSON allows the space.
        out[at..at + 5].copy_from_slice(b"true ");
    }
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
    let end = start + MAX_RECORD_BYTES - tail.len();
    let room = end - long_start;
    for column in &schema.columns {
        let Source::BuiltIn(value) = &column.source else {
            continue;
        };
        let Value::Truncatable(long) = value(hit) else {
            continue;
        };
        let column_end = match long {
            // Parameters get what the query string leaves of their half, headers all the rest.
            Truncatable::QueryString(_) => long_start + room / 4,
            Truncatable::Parameters(_) => long_start + room / 2,
            Truncatable::Headers(_) => end,
        };
        out.extend_from_slice(column.json_key.as_bytes());
        write_long(out, long, column_end);
    }
    out.extend_from_slice(&tail);
}
