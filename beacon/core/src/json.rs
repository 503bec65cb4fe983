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

/// Escaped text between quotes, for the few answers that are JSON.
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
    let mut at = 0;
    // Nearly every value has nothing to escape. Looking at all 32 without stopping lets the compiler use vectors.
    while let Some(chunk) = bytes[at..].first_chunk::<32>() {
        if chunk
            .iter()
            .fold(false, |found, byte| found | is_to_escape(*byte))
        {
            break;
        }
        at += 32;
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
        .position(|byte| is_to_escape(*byte))
        .map(|found| at + found)
}

fn is_to_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        write_escaped(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    fn read_back(escaped: &str) -> String {
        serde_json::from_str(&format!("\"{escaped}\"")).unwrap()
    }

    #[track_caller]
    fn check_cut(text: &str, limit_bytes: usize, expected: &str) {
        let mut out = Vec::new();
        let cut = write_escaped_within(&mut out, text, limit_bytes);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert_eq!(cut, read_back(expected) != text);
    }

    #[test]
    fn every_control_character_is_escaped() {
        for code in 0..0x80_u8 {
            let text = format!("1234567{}9", char::from(code));
            assert_eq!(read_back(&escaped(&text)), text);
            let plain = code >= 0x20 && code != b'"' && code != b'\\';
            assert_eq!(escaped(&text) == text, plain, "{code:#x}");
        }
    }

    #[test]
    fn cuts_count_escaped_bytes_and_keep_characters_whole() {
        check_cut("abc", 3, "abc");
        check_cut("abcd", 3, "abc");
        check_cut("ab\"d", 3, "ab");
        check_cut("ab\"d", 4, "ab\\\"");
        check_cut("\0\0", 6, "\\u0000");
        check_cut("\0\0", 11, "\\u0000");
        check_cut("aé", 2, "a");
        check_cut("🎉🎉", 7, "🎉");
        check_cut("abc", 0, "");
        check_cut("", 0, "");
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(text in "(\\PC|[\0-\x20\"\\\\]){0,200}") {
            prop_assert_eq!(read_back(&escaped(&text)), text);
        }

        #[test]
        fn a_cut_is_the_longest_prefix_that_fits(text in "(\\PC|[\0-\x20\"\\\\]){0,80}", limit in 0..400_usize) {
            let mut longest = "";
            for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
                if escaped(&text[..end]).len() <= limit {
                    longest = &text[..end];
                }
            }
            let mut out = Vec::new();
            let cut = write_escaped_within(&mut out, &text, limit);
            prop_assert_eq!(String::from_utf8(out).unwrap(), escaped(longest));
            prop_assert_eq!(cut, longest.len() < text.len());
        }
    }
}
