//! Writes single values of a record, each within its limit.

use std::borrow::Cow;
use std::io::Write as _;

use http::HeaderName;
use uuid::fmt::Hyphenated;

use crate::form_encoding;
use crate::json_writer::{write_escaped, write_escaped_within};
use crate::limits::LONG_VALUE_BYTES;
use crate::parameter_names::MAX_NAME_BYTES;
use crate::value::{HeaderText, KeptHeaders, KeptParameters, QueryString, Truncatable};
use crate::visitor::Visitor;

/// Writes a value that may be long, so that `out` is no longer than `end` after it. True when something was cut.
pub(crate) fn write_long(out: &mut Vec<u8>, long: Truncatable<'_>, end: usize) -> bool {
    match long {
        Truncatable::QueryString(QueryString::AsReceived(query)) => {
            // Two quotes stand around it.
            let room = end.saturating_sub(out.len() + 2);
            write_text(out, query, LONG_VALUE_BYTES.min(room))
        }
        Truncatable::QueryString(QueryString::Cleaned(parameters)) => {
            write_cleaned_query(out, parameters, end)
        }
        Truncatable::Parameters(parameters) => write_parameters(out, parameters, end),
        Truncatable::Headers(headers) => write_headers(out, headers, end),
    }
}

// Called from the way of every hit: inlined there, although a cut record calls it too.
#[inline(always)]
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str, limit_bytes: usize) -> bool {
    out.push(b'"');
    let cut = write_escaped_within(out, text, limit_bytes);
    out.push(b'"');
    cut
}

pub(crate) fn write_custom(
    out: &mut Vec<u8>,
    text: Option<Cow<'_, str>>,
    limit_bytes: usize,
) -> bool {
    let Some(text) = text else {
        out.extend_from_slice(b"null");
        return false;
    };
    write_text(out, &text, limit_bytes)
}

// Inlined for the same reason as `write_text`.
#[inline(always)]
pub(crate) fn write_id(out: &mut Vec<u8>, id: uuid::Uuid) {
    let mut buffer = [0; Hyphenated::LENGTH];
    out.push(b'"');
    out.extend_from_slice(id.hyphenated().encode_lower(&mut buffer).as_bytes());
    out.push(b'"');
}

pub(crate) fn write_address(out: &mut Vec<u8>, address: Option<std::net::IpAddr>) {
    match address {
        Some(address) => {
            write!(out, "\"{}\"", address.to_canonical()).expect("writing to a Vec never fails");
        }
        None => out.extend_from_slice(b"null"),
    }
}

pub(crate) fn write_visitor(out: &mut Vec<u8>, visitor: Option<Visitor>) {
    match visitor {
        Some(visitor) => {
            out.push(b'"');
            out.extend_from_slice(&visitor.text());
            out.push(b'"');
        }
        None => out.extend_from_slice(b"null"),
    }
}

/// Keeps whole pairs only, because half a pair would name another parameter.
fn write_cleaned_query(out: &mut Vec<u8>, parameters: &KeptParameters<'_>, end: usize) -> bool {
    out.push(b'"');
    let start = out.len();
    let end = end.saturating_sub(1).min(start + LONG_VALUE_BYTES);
    for parameter in parameters.all.iter() {
        let pair_start = out.len();
        if pair_start > start {
            out.push(b'&');
        }
        form_encoding::encode(out, &parameter.name);
        out.push(b'=');
        form_encoding::encode(
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

pub(crate) fn write_headers(out: &mut Vec<u8>, headers: &KeptHeaders<'_>, end: usize) -> bool {
    let mut map = MapWriter::begin(out, end);
    headers.for_each(|name, value| {
        if name.as_str().len() > MAX_NAME_BYTES {
            map.cut = true;
        } else {
            map.header(name, &value);
        }
    });
    map.finish()
}

/// Writes a JSON object of texts that ends before `end`.
pub(crate) struct MapWriter<'o> {
    pub(crate) out: &'o mut Vec<u8>,
    start: usize,
    pub(crate) end: usize,
    cut: bool,
}

impl<'o> MapWriter<'o> {
    pub(crate) fn begin(out: &'o mut Vec<u8>, end: usize) -> MapWriter<'o> {
        let start = out.len();
        out.push(b'{');
        MapWriter {
            out,
            start,
            end,
            cut: false,
        }
    }

    pub(crate) fn entry(&mut self, name: &str, value: &str) {
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

    /// Writes a header. Its name needs no escapes, and its value rarely does.
    pub(crate) fn header(&mut self, name: &HeaderName, value: &HeaderText<'_>) {
        let value = match value {
            HeaderText::Any(text) => return self.entry(name.as_str(), text),
            HeaderText::Plain(bytes) => *bytes,
        };
        let entry_start = self.out.len();
        if entry_start > self.start + 1 {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_str().as_bytes());
        self.out.extend_from_slice(b"\":\"");
        // The value's quote and the object's brace come after it.
        let Some(room) = self.end.checked_sub(self.out.len() + 2) else {
            self.out.truncate(entry_start);
            self.cut = true;
            return;
        };
        let fitting = value.len().min(LONG_VALUE_BYTES).min(room);
        self.out.extend_from_slice(&value[..fitting]);
        self.cut |= fitting < value.len();
        self.out.push(b'"');
    }

    pub(crate) fn finish(self) -> bool {
        self.out.push(b'}');
        self.cut
    }
}
