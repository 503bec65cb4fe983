//! Text in encodings of older systems, as UTF-8.

use std::io::{self, Read};

/// The characters of Windows-1252 from 0x80 to 0x9F; the others are those of Unicode. Five are not assigned, which
/// the WHATWG maps to the controls of the same number.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of bytes that are not UTF-8. The beacon writes nothing else, so another program made Windows-1252 or
/// Latin-1 of it.
pub(super) fn decode(bytes: &[u8]) -> String {
    let character = |&byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    bytes.iter().map(character).collect()
}

/// How UTF-16 writes its units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// The byte order of text that begins so, if it is UTF-16: by its mark, or because every other byte is zero.
pub(super) fn utf_16(head: &[u8]) -> Option<ByteOrder> {
    match head {
        [0xff, 0xfe, ..] => Some(ByteOrder::Little),
        [0xfe, 0xff, ..] => Some(ByteOrder::Big),
        [1..=255, 0, 1..=255, 0, ..] => Some(ByteOrder::Little),
        [0, 1..=255, 0, 1..=255, ..] => Some(ByteOrder::Big),
        _ => None,
    }
}

/// Reads UTF-16 as UTF-8. What is no character is read as U+FFFD.
pub(super) struct Utf16<R> {
    reader: R,
    order: ByteOrder,
    /// Read but not yet a whole character: half a unit, or the first of two.
    rest: Vec<u8>,
    text: io::Cursor<Vec<u8>>,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(reader: R, order: ByteOrder) -> Utf16<R> {
        Utf16 {
            reader,
            order,
            rest: Vec::new(),
            text: io::Cursor::default(),
        }
    }

    /// Reads some text; none at the end.
    fn fill(&mut self) -> io::Result<()> {
        const READ_BYTES: u64 = 64 << 10;
        let mut bytes = std::mem::take(&mut self.rest);
        let read = self
            .reader
            .by_ref()
            .take(READ_BYTES)
            .read_to_end(&mut bytes)?;
        let mut units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|unit| match self.order {
                ByteOrder::Little => u16::from_le_bytes([unit[0], unit[1]]),
                ByteOrder::Big => u16::from_be_bytes([unit[0], unit[1]]),
            })
            .collect();
        let is_first_of_two = |unit: &u16| (0xd800..0xdc00).contains(unit);
        if read > 0 && units.last().is_some_and(is_first_of_two) {
            units.pop();
        }
        self.rest = match read {
            0 => Vec::new(),
            _ => bytes.split_off(units.len() * 2),
        };
        let text = String::from_utf16_lossy(&units);
        self.text = io::Cursor::new(text.into_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(buffer)?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        self.fill()?;
        self.text.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_byte_order_with_and_without_a_mark() {
        // Characters of two units stand across the ends of readings, whatever these are.
        let text = format!("{{\"a\":\"{}é\"}}\n", "😀x".repeat(50_000));
        for (order, mark) in [
            (ByteOrder::Little, true),
            (ByteOrder::Little, false),
            (ByteOrder::Big, true),
            (ByteOrder::Big, false),
        ] {
            let marked = format!("{}{text}", if mark { "\u{feff}" } else { "" });
            let bytes: Vec<u8> = marked
                .encode_utf16()
                .flat_map(|unit| match order {
                    ByteOrder::Little => unit.to_le_bytes(),
                    ByteOrder::Big => unit.to_be_bytes(),
                })
                .collect();
            assert_eq!(utf_16(&bytes), Some(order));
            let mut read = String::new();
            Utf16::new(&bytes[..], order)
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, marked);
        }
        assert_eq!(utf_16(b"{\"a\""), None);
        assert_eq!(utf_16(&[0; 8]), None);
    }

    #[test]
    fn windows_1252() {
        assert_eq!(decode(b"caf\xe9 \x80 \x93"), "café € “");
    }
}
