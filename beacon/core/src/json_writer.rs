//! Writes text as JSON, straight into a buffer.
//!
//! Ours and not serde_json's, for two reasons. A text is cut where its *escaped* form reaches a limit, which no
//! serializer offers. And nearly all bytes of a record are text: to look at them by whole vectors makes a hit 12 to 18%
//! cheaper.

/// Appends `text` escaped, without quotes around it.
pub(crate) fn write_escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    // Nearly every value has nothing to escape: to look whether it has costs less than to look where.
    if has_any(bytes, to_escape, |word| bytes_to_escape(word) != 0) {
        write_with_escapes(out, bytes);
    } else {
        out.extend_from_slice(bytes);
    }
}

fn write_with_escapes(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut written = 0;
    while let Some(found) = next_to_escape(&bytes[written..]) {
        let at = written + found;
        out.extend_from_slice(&bytes[written..at]);
        write_escape(out, bytes[at]);
        written = at + 1;
    }
    out.extend_from_slice(&bytes[written..]);
}

/// Tells whether `bytes` are ASCII that JSON takes as it is, between quotes.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Every byte beyond ASCII is negative as a signed number, so one comparison finds these and controls.
    let is_special = |byte: u8| {
        u8::from(byte.cast_signed() < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\')
    };
    !has_any(bytes, is_special, |word| {
        bytes_to_escape(word) != 0 || word & HIGH != 0
    })
}

/// Tells whether `is_sought` is not 0 for any byte; `has_sought` tells the same of eight bytes at once.
///
/// Blocks of the same length overlap at the end, so that no rest is left that would be searched byte by byte. All bytes
/// of a block are looked at, without stopping, which lets the compiler use vectors.
#[inline(always)]
fn has_any(bytes: &[u8], is_sought: impl Fn(u8) -> u8, has_sought: impl Fn(u64) -> bool) -> bool {
    let has_block = |block: &[u8; BLOCK_BYTES]| {
        block.iter().fold(0, |found, byte| found | is_sought(*byte)) != 0
    };
    if let Some(last) = bytes.last_chunk::<BLOCK_BYTES>() {
        let (blocks, _rest) = bytes.as_chunks::<BLOCK_BYTES>();
        return blocks.iter().any(has_block) || has_block(last);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return has_sought(u64::from_le_bytes(*first)) || has_sought(u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let first = u64::from(u32::from_le_bytes(*first));
        let last = u64::from(u32::from_le_bytes(*last));
        return has_sought(first | last << 32);
    }
    bytes.iter().any(|byte| is_sought(*byte) != 0)
}

/// The bytes of a vector register of every x86-64 and ARM64.
const BLOCK_BYTES: usize = 16;

/// Appends escaped text between quotes, for the few responses that are JSON.
pub(crate) fn write_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    write_escaped(out, text);
    out.push(b'"');
}

/// Appends as much of `text` as fits into `limit_bytes` of escaped JSON, cut on a character boundary. True
/// when something was cut.
pub(crate) fn write_escaped_within(out: &mut Vec<u8>, text: &str, limit_bytes: usize) -> bool {
    let fitting = fitting_prefix(text, limit_bytes);
    write_escaped(out, fitting);
    fitting.len() < text.len()
}

/// The longest escape of a byte, that of a control character: `\u0000`.
const LONGEST_ESCAPE_BYTES: usize = 6;

/// Returns the longest prefix of `text` that is at most `limit_bytes` long once escaped.
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

/// Returns the position of the first byte that JSON wants escaped: a control character, a quote or a backslash.
fn next_to_escape(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(block) = bytes[at..].first_chunk::<BLOCK_BYTES>() {
        if has_any_to_escape(block) {
            break;
        }
        at += BLOCK_BYTES;
    }
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let found = bytes_to_escape(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes[at..]
        .iter()
        .position(|byte| to_escape(*byte) != 0)
        .map(|found| at + found)
}

fn has_any_to_escape(block: &[u8; BLOCK_BYTES]) -> bool {
    block.iter().fold(0, |found, byte| found | to_escape(*byte)) != 0
}

/// Returns 1 for a byte that JSON wants escaped. A number and not a truth value, so that the compiler uses vectors for
/// many.
fn to_escape(byte: u8) -> u8 {
    u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\')
}

/// Sets the high bit of the lowest byte to escape, and none below it. Bits above may be false alarms, because
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

#[cfg(test)]
mod tests;
