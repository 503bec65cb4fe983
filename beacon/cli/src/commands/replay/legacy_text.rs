//! Text in encodings of older systems, as UTF-8.

use std::io::{self, Read};

/// The characters of Windows-1252 from 0x80 to 0x9F; the others are those of Unicode. Five are not assigned, which
/// the WHATWG maps to the controls of the same number.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Decodes bytes that aren't UTF-8 as Windows-1252 or Latin-1, to which another program has converted the hits.
pub(super) fn decode(bytes: &[u8]) -> String {
    let character = |&byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    bytes.iter().map(character).collect()
}

/// The byte order of UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// Returns the byte order of UTF-16, by its mark or because every other byte is zero.
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
mod tests;
