//! JSON text, written straight into a buffer.

/// Appends `text` escaped, without quotes around it.
pub(crate) fn write_escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut written = 0;
    while let Some(found) = next_to_escape(&bytes[written..]) {
        let at = written + found;
        out.extend_from_slice(&bytes[written..at]);
        write_escape(out, bytes[at]);
        written = at + 1;
    }
    out.extend_from_slice(&bytes[written..]);
}

/// Appends as much of `text` as fits into `limit_bytes` of escaped JSON, cut on a character boundary. True
/// when something was cut.
pub(crate) fn write_escaped_within(out: &mut Vec<u8>, text: &str, limit_bytes: usize) -> bool {
    let fitting = fitting_prefix(text, limit_bytes);
    write_escaped(out, fitting);
    fitting.len() < text.len()
}

/// A control character becomes `\u0000`: no byte needs more.
const LONGEST_ESCAPE_BYTES: usize = 6;

/// The longest prefix of `text` that is at most `limit_bytes` long once escaped.
fn fitting_prefix(text: &str, limit_bytes: usize) -> &str {
    if text.len() <= limit_bytes / LONGEST_ESCAPE_BYTES {
        return text;
    }
    let mut escaped_bytes = 0;
    for (at, byte) in text.bytes().enumerate() {
        escaped_bytes += escaped_length(byte);
        if escaped_bytes > limit_bytes {
            return &text[..text.floor_char_boundary(at)];
        }
    }
    text
}

fn escaped_length(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..0x20 => LONGEST_ESCAPE_BYTES,
        _ => 1,
    }
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        control => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(control >> 4)]);
            out.push(HEX[usize::from(control & 15)]);
        }
    }
}

/// Where the first byte stands that JSON wants escaped: a control character, a quote or a backslash.
fn next_to_escape(bytes: &[u8]) -> Option<usize> {
    // Eight bytes at a time, because nearly every value has nothing to escape.
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let found = bytes_to_escape(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes[at..]
        .iter()
        .position(|byte| escaped_length(*byte) > 1)
        .map(|found| at + found)
}

/// The high bit of the lowest byte to escape is set, and none below it. Bits above may be false alarms, because
/// a subtraction borrows from the next byte.
fn bytes_to_escape(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let below_space = word.wrapping_sub(ONES * 0x20) & !word;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let is_quote = quote.wrapping_sub(ONES) & !quote;
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    (below_space | is_quote | is_backslash) & HIGH
}
