//! Unpacks a whole file: archives, base64 and encodings of text, in any order.

use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use beacon_lake::SpoolFile;
use bzip2::read::MultiBzDecoder;
use flate2::bufread::GzDecoder;

use super::base64_text;
use super::legacy_text::{ByteOrder, Utf16, utf_16};

/// The number of first bytes that identify every kind of file.
const HEAD_BYTES: u64 = 4096;
/// More than that is no accident.
const MAX_LAYERS: usize = 8;
/// The position of a tar archive's signature.
const TAR_MAGIC_AT: usize = 257;

/// Begins text of some systems.
const UTF_8_MARK: &[u8] = "\u{feff}".as_bytes();

/// A compressed file, or text that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    Gzip,
    Zstandard,
    Bzip2,
    Utf16(ByteOrder),
}

/// A file, unpacked.
pub(super) enum Unpacked<'a> {
    Text(Box<dyn Read + 'a>),
    /// A spool file; `is_packed` where it stood in an archive.
    Spool {
        reader: Box<dyn Read + 'a>,
        is_packed: bool,
    },
    /// A kind of file that is not read, in words.
    Foreign(&'static str),
}

/// Recognizes by the first bytes how a file is packed.
pub(super) fn packed(head: &[u8]) -> Option<Packed> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Packed::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            Some(Packed::Zstandard)
        }
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => Some(Packed::Bzip2),
        _ => utf_16(head).map(Packed::Utf16),
    }
}

/// Returns the kind of a file whose hits can't be read from a stream of its bytes.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "a zip archive"),
        (b"\xfd7zXZ\0", "an xz file"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"\x04\x22\x4d\x18", "an lz4 file"),
        (b"PAR1", "a Parquet file"),
        (b"ORC", "an ORC file"),
        (b"Obj\x01", "an Avro file"),
    ];
    if head
        .get(TAR_MAGIC_AT..)
        .is_some_and(|rest| rest.starts_with(b"ustar"))
    {
        return Some("a tar archive");
    }
    kinds
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, kind)| *kind)
}

impl Packed {
    /// Reads what is packed.
    ///
    /// # Errors
    /// The decoder can't start.
    pub(super) fn reader<'a>(self, packed: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Packed::Gzip => Box::new(GzipMembers::new(packed)),
            Packed::Zstandard => Box::new(zstd::Decoder::new(packed)?),
            Packed::Bzip2 => Box::new(MultiBzDecoder::new(packed)),
            Packed::Utf16(order) => Box::new(Utf16::new(BufReader::new(packed), order)),
        })
    }
}

impl fmt::Display for Packed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Packed::Gzip => "gzip data",
            Packed::Zstandard => "Zstandard data",
            Packed::Bzip2 => "bzip2 data",
            Packed::Utf16(_) => "UTF-16 text",
        })
    }
}

/// Takes off everything that a file is packed in.
///
/// # Errors
/// It can't be read, or is no archive although it begins as one.
pub(super) fn unpack<'a>(file: Box<dyn Read + 'a>) -> io::Result<Unpacked<'a>> {
    let mut reader = file;
    for layer in 0..MAX_LAYERS {
        let mut head = Vec::new();
        // What came before an error is worth reading; the error comes again behind it.
        if let Err(error) = reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head) {
            reader = Box::new(Broken(Some(error)));
        }
        // Marks in front say nothing that isn't known, and stand in nobody's base64.
        while head.starts_with(UTF_8_MARK) {
            head.drain(..UTF_8_MARK.len());
        }
        if let Some(kind) = foreign(&head) {
            return Ok(Unpacked::Foreign(kind));
        }
        let (is_spool, packed) = (SpoolFile::has_magic(&head), packed(&head));
        let is_base64 = holds_base64(&head);
        reader = Box::new(Cursor::new(head).chain(reader));
        if is_spool {
            return Ok(Unpacked::Spool {
                reader,
                is_packed: layer > 0,
            });
        }
        reader = match packed {
            Some(packed) => packed.reader(reader)?,
            None if is_base64 => Box::new(Base64Lines::new(reader)),
            None => return Ok(Unpacked::Text(reader)),
        };
    }
    Ok(Unpacked::Text(reader))
}

/// Reads the members of gzip data as one text, although line ends may stand between them, as Firehose writes them with
/// a delimiter. What follows and is no gzip is read as it is.
struct GzipMembers<'a>(Member<'a>);

type Source<'a> = BufReader<Box<dyn Read + 'a>>;

enum Member<'a> {
    Gzip(Box<GzDecoder<Source<'a>>>),
    Other(Source<'a>),
    End,
}

impl<'a> GzipMembers<'a> {
    fn new(packed: Box<dyn Read + 'a>) -> GzipMembers<'a> {
        GzipMembers(Member::Gzip(Box::new(GzDecoder::new(BufReader::new(
            packed,
        )))))
    }

    /// Goes on behind a member.
    fn next(&mut self) -> io::Result<()> {
        let Member::Gzip(member) = std::mem::replace(&mut self.0, Member::End) else {
            return Ok(());
        };
        let mut source = member.into_inner();
        let first = loop {
            let Some(&first) = source.fill_buf()?.first() else {
                return Ok(());
            };
            if !matches!(first, b'\n' | b'\r' | 0) {
                break first;
            }
            source.consume(1);
        };
        self.0 = match first {
            0x1f => Member::Gzip(Box::new(GzDecoder::new(source))),
            _ => Member::Other(source),
        };
        Ok(())
    }
}

impl Read for GzipMembers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = match &mut self.0 {
                Member::Gzip(member) => member.read(buffer)?,
                Member::Other(source) => return source.read(buffer),
                Member::End => return Ok(0),
            };
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.next()?;
        }
    }
}

/// A reader that fails once, and has nothing.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Returns true if a file is base64 as a whole: its first bytes decode to an archive, or to readable text.
fn holds_base64(head: &[u8]) -> bool {
    const LOOKED_AT: usize = 64;
    if !base64_text::is_base64(head) {
        return false;
    }
    let mut digits: Vec<u8> = head
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take(LOOKED_AT)
        .collect();
    digits.truncate(digits.len() / 4 * 4);
    let Some(data) = base64_text::decode(&digits) else {
        return false;
    };
    let is_readable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    packed(&data).is_some()
        || SpoolFile::has_magic(&data)
        || data.starts_with(UTF_8_MARK)
        || data.iter().all(is_readable)
}

/// Reads base64 in lines of any length. Each may be padded, so that files behind each other are read as one.
struct Base64Lines<R> {
    reader: R,
    /// Digits that are not yet four.
    digits: Vec<u8>,
    data: Cursor<Vec<u8>>,
}

impl<R: Read> Base64Lines<R> {
    fn new(reader: R) -> Base64Lines<R> {
        Base64Lines {
            reader,
            digits: Vec::new(),
            data: Cursor::default(),
        }
    }

    /// Decodes some more; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        const READ_BYTES: u64 = 64 << 10;
        let mut text = Vec::new();
        let mut reader = self.reader.by_ref().take(READ_BYTES);
        let read = reader.read_to_end(&mut text)?;
        self.digits
            .extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let end = match read {
            0 => self.digits.len(),
            _ => self.digits.len() / 4 * 4,
        };
        let rest = self.digits.split_off(end);
        let digits = std::mem::replace(&mut self.digits, rest);
        let mut data = Vec::new();
        for quad in digits.split_inclusive(|&byte| byte == b'=') {
            // The second of two signs of padding stands alone.
            if quad == b"=" {
                continue;
            }
            let decoded = base64_text::decode(quad).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, "it stops being base64")
            })?;
            data.extend_from_slice(&decoded);
        }
        self.data = Cursor::new(data);
        Ok(read > 0)
    }
}

impl<R: Read> Read for Base64Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.data.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            if !self.fill()? {
                return self.data.read(buffer);
            }
        }
    }
}
