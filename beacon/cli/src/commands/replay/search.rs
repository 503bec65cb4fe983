//! Finding the hits in a text, however deep in JSON, strings, base64, archives and quoting they are.
//!
//! It goes from the outside to the inside and stops at a hit: what stands in a hit's own values was sent by a visitor.

use std::io::Read as _;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use beacon_core::json::Members;
use serde_json::value::RawValue;

use super::base64_text;
use super::layers::{self, Packed};
use super::legacy_text;
use super::quoting::{Quoting, lines, named, quoting_of_unnamed, without_doubles};
use super::regions::{Content, MAX_PART_BYTES, Regions};
use super::scan::scan;

/// Layers that are taken off: strings in strings, quoting, base64 and archives. Each of them reads the text once.
const MAX_LAYERS: u8 = 12;
/// Bytes that the archives in one part of a file may unpack to.
const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// Shorter lists of bytes hold no hit.
const MIN_LIST_BYTES: usize = 120;

/// The contents of a part of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// JSON that should be a hit.
    Hit(Vec<u8>),
    /// Names a lost hit, but the hit can't be had from it.
    Damaged(String),
}

/// Finds all hits of a text, and says which parts name one and have none.
pub(super) fn search(text: &[u8]) -> Vec<Found> {
    let mut search = Search {
        found: Vec::new(),
        unpacked_bytes: 0,
    };
    search.text(text, MAX_LAYERS);
    if search.found.is_empty()
        && let Some(named) = named(text)
    {
        search.no_hit(named.key);
    }
    search.found
}

struct Search {
    found: Vec<Found>,
    unpacked_bytes: u64,
}

impl Search {
    /// Looks at each JSON value of a text, and at what stands between those that hold something.
    fn text(&mut self, text: &[u8], layers: u8) {
        let (mut at, mut gap) = (0, 0);
        while let Some(offset) = memchr::memchr2(b'{', b'[', &text[at..]) {
            let start = at + offset;
            let scanned = scan(text, start);
            at = scanned.end.max(start + 1);
            for (begun, end) in scanned.values {
                if !may_hold(&text[begun..end]) {
                    continue;
                }
                let before = std::mem::take(&mut self.found);
                self.value(&text[begun..end], quoted_value(text, begun, end), layers);
                let found = std::mem::replace(&mut self.found, before);
                if !found.is_empty() {
                    self.gap(without_key(&text[gap..begun]), layers);
                    self.found.extend(found);
                    gap = end;
                }
            }
        }
        self.gap(&text[gap..], layers);
    }

    /// Looks at text that is no JSON, or not yet.
    fn gap(&mut self, gap: &[u8], layers: u8) {
        if !may_hold(gap) {
            return;
        }
        for line in lines(gap) {
            let Some(named) = named(line) else {
                self.unnamed(line, layers);
                continue;
            };
            let count = self.found.len();
            if let (Some(quoting), Some(layers)) = (named.quoting, layers.checked_sub(1)) {
                self.text(&quoting.taken_off(line), layers);
            }
            if self.found.len() == count {
                self.no_hit(named.key);
            }
        }
    }

    /// Looks at a line whose keys, if it has any, are hidden in base64 or a list of bytes, which may be quoted.
    fn unnamed(&mut self, line: &[u8], layers: u8) {
        if !may_hold(line) {
            return;
        }
        let count = self.found.len();
        if let (Some(quoting), Some(layers)) = (quoting_of_unnamed(line), layers.checked_sub(1)) {
            self.text(&quoting.taken_off(line), layers);
        }
        if self.found.len() == count {
            self.base64_in(line, layers);
        }
    }

    /// Looks at base64 that is all of a text, in one line or several, or at each that is in it.
    fn base64_in(&mut self, text: &[u8], layers: u8) {
        let count = self.found.len();
        if base64_text::is_base64(text) {
            let mut run = text.to_vec();
            run.retain(|byte| !byte.is_ascii_whitespace());
            self.base64(&run, layers);
        }
        if self.found.len() > count {
            return;
        }
        for stretch in base64_text::stretches(text) {
            self.base64(&stretch, layers);
        }
        if self.found.len() > count {
            return;
        }
        for run in base64_text::runs(text) {
            self.base64(run, layers);
        }
    }

    fn no_hit(&mut self, key: &str) {
        self.found.push(Found::Damaged(format!(
            "names a lost hit ({key}), but no whole hit can be read from it"
        )));
    }

    /// Looks at a whole JSON value. `single_quoted` says that each `'` in it is written twice, as YAML and SQL do.
    fn value(&mut self, value: &[u8], single_quoted: bool, layers: u8) {
        let value = match single_quoted {
            true => &without_doubles(value, b'\''),
            false => value,
        };
        match std::str::from_utf8(value) {
            Ok(value) => self.json(value, layers),
            Err(_) => self.json(&legacy_text::decode(value), layers),
        }
    }

    fn json(&mut self, value: &str, layers: u8) {
        if !may_hold(value.as_bytes()) {
            return;
        }
        match value.as_bytes().first() {
            Some(b'"') => self.string(value, layers),
            Some(b'{') => self.object(value, layers),
            Some(b'[') => self.array(value, layers),
            _ => {}
        }
    }

    fn object(&mut self, object: &str, layers: u8) {
        let Ok(Members(members)) = serde_json::from_str::<Members<String, &RawValue>>(object)
        else {
            return;
        };
        let has = |name: &str| {
            members
                .iter()
                .any(|(key, value)| key == name && value.get() != "null")
        };
        if has("hit_id") && has("received_at") {
            self.found.push(Found::Hit(object.as_bytes().to_vec()));
            return;
        }
        let count = self.found.len();
        for (key, value) in &members {
            match key.as_str() {
                "rawData" => self.raw_data(value.get(), layers),
                "unsent" => self.unsent(value.get(), layers),
                _ => self.json(value.get(), layers),
            }
        }
        if has("hit_id") && self.found.len() == count {
            // Its missing columns are the reason that is reported.
            self.found.push(Found::Hit(object.as_bytes().to_vec()));
        }
    }

    /// Returns the member of the Lambda's log line that is the hit.
    fn unsent(&mut self, value: &str, layers: u8) {
        let count = self.found.len();
        self.json(value, layers);
        if self.found.len() > count {
            return;
        }
        match value.as_bytes().first() {
            Some(b'{') => self.found.push(Found::Hit(value.as_bytes().to_vec())),
            Some(b'"') if value.len() > 2 => {
                let text = plain_string(value);
                self.found.push(Found::Hit(text));
            }
            Some(b'[') => self.no_hit("unsent"),
            _ => {}
        }
    }

    /// The member of Firehose's error objects, which holds what was sent to the stream: each document of it is a hit,
    /// or is reported with the reason why it is none.
    fn raw_data(&mut self, value: &str, layers: u8) {
        let Ok(text) = serde_json::from_str::<String>(value) else {
            return self.json(value, layers);
        };
        let data = match BASE64_STANDARD.decode(text.split_ascii_whitespace().collect::<String>()) {
            Ok(data) => data,
            Err(error) => {
                let reason = format!("rawData is not base64: {error}");
                return self.found.push(Found::Damaged(reason));
            }
        };
        let count = self.found.len();
        let Some(layers) = layers.checked_sub(1) else {
            return self.no_hit("rawData");
        };
        if layers::packed(&data).is_some() {
            self.bytes(&data, layers);
            if self.found.len() == count {
                self.no_hit("rawData");
            }
            return;
        }
        for document in beacon_lake::deaggregate(&data) {
            let count = self.found.len();
            self.text(document, layers);
            if self.found.len() == count {
                self.found.push(Found::Hit(document.to_vec()));
            }
        }
        if self.found.len() == count {
            self.found
                .push(Found::Damaged("rawData is empty".to_owned()));
        }
    }

    /// Looks at the values of an array; or, where it is text as a list of its bytes (as journald prints what a
    /// terminal can't show), at that text.
    fn array(&mut self, array: &str, layers: u8) {
        if let (Ok(bytes), Some(layers)) = (
            serde_json::from_str::<Vec<u8>>(array),
            layers.checked_sub(1),
        ) {
            return self.bytes(&bytes, layers);
        }
        let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(array) else {
            return;
        };
        for value in values {
            self.json(value.get(), layers);
        }
    }

    fn string(&mut self, string: &str, layers: u8) {
        let Some(layers) = layers.checked_sub(1) else {
            return;
        };
        let text = plain_string(string);
        if base64_text::is_base64(&text) {
            return self.base64_in(&text, layers);
        }
        self.text(&text, layers);
    }

    fn base64(&mut self, run: &[u8], layers: u8) {
        let (Some(data), Some(layers)) = (base64_text::decode(run), layers.checked_sub(1)) else {
            return;
        };
        if layers::packed(&data).is_some() || may_hold(&data) {
            self.bytes(&data, layers);
        }
    }

    /// Looks at bytes that may be an archive or text.
    fn bytes(&mut self, data: &[u8], layers: u8) {
        let Some(packed) = layers::packed(data) else {
            return self.text(data, layers);
        };
        let Some(layers) = layers.checked_sub(1) else {
            return self.no_hit("an archive");
        };
        let left = MAX_UNPACKED_BYTES.saturating_sub(self.unpacked_bytes);
        let unpacked = match packed.reader(Box::new(data)) {
            Ok(unpacked) => unpacked,
            Err(error) => return self.cannot_unpack(packed, &error),
        };
        let mut regions = Regions::new(unpacked.take(left));
        loop {
            match regions.next() {
                Ok(None) => break,
                Ok(Some(region)) => match region.content {
                    Content::Text(text) => {
                        self.unpacked_bytes += text.len() as u64;
                        self.text(&text, layers);
                    }
                    Content::TooLong(size_bytes) => {
                        self.unpacked_bytes += size_bytes;
                        self.found.push(Found::Damaged(too_long(size_bytes)));
                    }
                },
                Err(error) => self.cannot_unpack(packed, &error),
            }
        }
        if self.unpacked_bytes >= MAX_UNPACKED_BYTES {
            self.found.push(Found::Damaged(format!(
                "holds archives that unpack to more than the limit of {} MiB; the rest was skipped",
                MAX_UNPACKED_BYTES >> 20
            )));
        }
    }

    fn cannot_unpack(&mut self, packed: Packed, error: &std::io::Error) {
        self.found.push(Found::Damaged(format!(
            "holds {packed} that can't be unpacked to its end: {error}"
        )));
    }
}

/// Returns the reason for skipping a line of this size.
pub(super) fn too_long(size_bytes: u64) -> String {
    format!(
        "a line of {size_bytes} bytes is longer than the limit of {} MiB and can't be cut between JSON values; its \
         rest was skipped",
        MAX_PART_BYTES >> 20
    )
}

/// Returns true if the line names a lost hit, or may be base64 or a list of bytes with one.
fn may_hold(text: &[u8]) -> bool {
    named(text).is_some() || base64_text::runs(text).next().is_some() || has_byte_list(text)
}

/// Returns true if a list of numbers is as long as a hit.
fn has_byte_list(text: &[u8]) -> bool {
    // A comma is `%2C` in a URL.
    let is_of_list = |byte: u8| {
        byte.is_ascii_digit()
            || byte.is_ascii_whitespace()
            || matches!(byte, b',' | b'%' | b'C' | b'c')
    };
    text.split(|&byte| !is_of_list(byte)).any(|run| {
        run.len() >= MIN_LIST_BYTES && run.iter().any(|byte| matches!(byte, b',' | b'%'))
    })
}

fn plain_string(string: &str) -> Vec<u8> {
    match serde_json::from_str::<String>(string) {
        Ok(text) => text.into_bytes(),
        // Half a surrogate pair is no reason to lose the rest.
        Err(_) => Quoting::Backslashes.taken_off(&string.as_bytes()[1..string.len() - 1]),
    }
}

/// Returns true for text in single quotes with at least one doubled quote inside.
fn quoted_value(text: &[u8], begun: usize, end: usize) -> bool {
    let is_quoted = begun > 0 && text[begun - 1] == b'\'' && text.get(end) == Some(&b'\'');
    is_quoted && memchr::memmem::find(&text[begun..end], b"''").is_some()
}

/// Returns the text before a value, without the value's key, which names no other hit.
fn without_key(gap: &[u8]) -> &[u8] {
    let is_around_key =
        |byte: &u8| matches!(byte, b' ' | b':' | b'=' | b'"' | b'\'' | b'\\' | b'\n');
    let end = gap.len()
        - gap
            .iter()
            .rev()
            .take_while(|byte| is_around_key(byte))
            .count();
    for key in ["unsent", "rawData"] {
        if let Some(rest) = gap[..end].strip_suffix(key.as_bytes()) {
            return rest;
        }
    }
    gap
}
