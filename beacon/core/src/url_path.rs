//! Normalizes paths. Plain ASCII without `%` and dot segments, as nearly every path is, costs one look at its bytes.

use std::borrow::Cow;

use crate::percent;

/// Normalizes a path, or any name of a page. Valid UTF-8 is readable, and so is every character that can't change what
/// the path means; reserved characters stay as they are, raw or encoded; `%`, controls, invisible marks of
/// direction, invalid UTF-8 and blanks at the ends are encoded, with capital digits. Behind a leading `/`, `.` and
/// `..` segments are resolved.
pub(crate) fn path(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let decoded = decode(text.as_bytes());
    let mut normalized = readable(&decoded);
    encode_blank_ends(&mut normalized);
    if normalized.starts_with('/') && normalized.contains("/.") {
        normalized = without_dot_segments(&normalized);
    }
    if normalized == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(normalized)
    }
}

fn is_plain(text: &str) -> bool {
    let mut before = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_graphic() || byte == b'%' || byte == b'.' && before == b'/' {
            return false;
        }
        before = byte;
    }
    true
}

/// Decodes what may be decoded and encodes what must be, as far as that can be told from single bytes.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let encoded = match text[at..] {
            [b'%', high, low, ..] => percent::digit(high).zip(percent::digit(low)),
            _ => None,
        };
        let Some((high, low)) = encoded else {
            match text[at] {
                byte @ (b'%' | 0..b' ' | 0x7f) => percent::encode(&mut decoded, byte),
                byte => decoded.push(byte),
            }
            at += 1;
            continue;
        };
        let byte = high << 4 | low;
        if stays_encoded(byte) {
            percent::encode(&mut decoded, byte);
        } else {
            decoded.push(byte);
        }
        at += 3;
    }
    decoded
}

/// Tells whether a byte stays encoded: reserved characters (RFC 3986 section 2.2), the backslash, which browsers take
/// for a slash, `%` and controls.
fn stays_encoded(byte: u8) -> bool {
    byte < b' ' || byte == 0x7f || b":/?#[]@!$&'()*+,;=%\\".contains(&byte)
}

/// Returns the bytes as text, with invalid UTF-8 and invisible characters encoded.
fn readable(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            let mut buffer = [0; 4];
            let letter_bytes = letter.encode_utf8(&mut buffer).as_bytes();
            if letter.is_ascii() || is_readable(letter) {
                out.extend_from_slice(letter_bytes);
            } else {
                letter_bytes
                    .iter()
                    .for_each(|byte| percent::encode(&mut out, *byte));
            }
        }
        for byte in chunk.invalid() {
            percent::encode(&mut out, *byte);
        }
    }
    into_text(out)
}

/// Returns text that is mostly UTF-8, with its invalid bytes encoded.
pub(crate) fn with_invalid_encoded(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        chunk
            .invalid()
            .iter()
            .for_each(|byte| percent::encode(&mut out, *byte));
    }
    into_text(out)
}

fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("whole characters and ASCII are UTF-8")
}

/// Returns true for `ucschar` of RFC 3987 section 2.2, except line breaks and marks of direction.
///
/// Section 4.1 forbids these marks.
fn is_readable(letter: char) -> bool {
    let code = u32::from(letter);
    let is_plane_end = code & 0xFFFE == 0xFFFE;
    match code {
        0x200E | 0x200F | 0x2028..=0x202E | 0x2066..=0x2069 | 0xFEFF => false,
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF => true,
        0x1_0000..=0xD_FFFF | 0xE_1000..=0xE_FFFF => !is_plane_end,
        _ => false,
    }
}

/// Encodes blanks at the ends: nobody sees them, and many programs drop them.
fn encode_blank_ends(text: &mut String) {
    let kept = text.trim();
    if kept.len() == text.len() {
        return;
    }
    let start = text.len() - text.trim_start().len();
    let end = start + kept.len();
    let mut out = Vec::with_capacity(text.len() + 16);
    text[..start]
        .bytes()
        .for_each(|byte| percent::encode(&mut out, byte));
    out.extend_from_slice(&text.as_bytes()[start..end]);
    text[end..]
        .bytes()
        .for_each(|byte| percent::encode(&mut out, byte));
    *text = into_text(out);
}

/// Resolves `.` and `..` (RFC 3986 section 5.2.4), as browsers do before they request a page.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_in_directory = false;
    for segment in path.split('/').skip(1) {
        ends_in_directory = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            name => kept.push(name),
        }
    }
    let mut out = String::with_capacity(path.len());
    for segment in kept {
        out.push('/');
        out.push_str(segment);
    }
    if ends_in_directory {
        out.push('/');
    }
    out
}
