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
    fn plain_is_what_is_ascii_and_needs_no_escape(bytes in proptest::collection::vec(prop_oneof![8 => b' '..=b'~', 1 => any::<u8>()], 0..80)) {
        let slow = bytes.iter().all(|byte| matches!(byte, b' '..0x80) && !matches!(byte, b'"' | b'\\'));
        prop_assert_eq!(is_plain(&bytes), slow);
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
