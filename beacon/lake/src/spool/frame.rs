//! The bytes of a spool file: a header with the format's version, then frames of length, CRC-32C and NDJSON lines. A
//! frame is whole or it is not there; nothing behind the first bad one was ever answered.

use std::io::{self, Read};

/// First bytes of every spool file, so that no other file is taken for one.
pub(crate) const MAGIC: [u8; 8] = *b"BCNSPOOL";
/// The version this program writes, and the newest it reads.
pub(crate) const VERSION: u32 = 1;
/// Magic and version.
pub(crate) const HEADER_BYTES: usize = 12;
/// Length and checksum in front of a frame's lines.
const FRAME_HEADER_BYTES: usize = 8;

/// Returns the header of a file in this program's version.
pub(crate) fn header() -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..MAGIC.len()].copy_from_slice(&MAGIC);
    header[MAGIC.len()..].copy_from_slice(&VERSION.to_le_bytes());
    header
}

/// The kind of file that its first bytes announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// Frames follow.
    Good,
    /// The machine stopped before the first frame was on disk, so nothing in it was ever answered.
    Torn,
    /// Written by a newer program.
    Newer(u32),
    /// The file is not a spool's.
    Foreign,
}

/// Judges the first bytes of a file; a file shorter than a header passes what it has.
pub(crate) fn judge_header(bytes: &[u8]) -> Header {
    let expected = header();
    if bytes == expected {
        return Header::Good;
    }
    let whole = bytes
        .iter()
        .zip(&expected)
        .take_while(|(found, wanted)| found == wanted)
        .count();
    let zeros_follow = bytes[whole..].iter().all(|&byte| byte == 0);
    if zeros_follow {
        return Header::Torn;
    }
    if bytes.len() == HEADER_BYTES && bytes[..MAGIC.len()] == MAGIC {
        let mut version = [0; 4];
        version.copy_from_slice(&bytes[MAGIC.len()..]);
        return Header::Newer(u32::from_le_bytes(version));
    }
    Header::Foreign
}

/// The lines of all who wait, as one frame that is written with one call. The buffer is kept between
/// groups, so a steady load allocates nothing here.
pub(crate) struct Group {
    bytes: Vec<u8>,
}

/// The file header is kept in front of the frame, so that the first write of a file is one call too.
const LINES_AT: usize = HEADER_BYTES + FRAME_HEADER_BYTES;
/// A buffer that one large batch blew up is given back.
const KEEP_BYTES: usize = 4 << 20;

impl Group {
    pub(crate) fn new() -> Group {
        let mut bytes = header().to_vec();
        bytes.resize(LINES_AT, 0);
        Group { bytes }
    }

    pub(crate) fn push(&mut self, lines: &[u8]) {
        self.bytes.extend_from_slice(lines);
        if !lines.ends_with(b"\n") {
            self.bytes.push(b'\n');
        }
    }

    /// Bytes of lines pushed so far.
    pub(crate) fn line_bytes(&self) -> usize {
        self.bytes.len() - LINES_AT
    }

    /// Fills in length and checksum; to be called once after the last push.
    pub(crate) fn finish(&mut self) {
        let lines = &self.bytes[LINES_AT..];
        let length = u32::try_from(lines.len()).expect("the writer keeps groups far below 4 GiB");
        let checksum = crc32c::crc32c(lines);
        self.bytes[HEADER_BYTES..HEADER_BYTES + 4].copy_from_slice(&length.to_le_bytes());
        self.bytes[HEADER_BYTES + 4..LINES_AT].copy_from_slice(&checksum.to_le_bytes());
    }

    /// Returns the finished frame, for a file that has frames already.
    pub(crate) fn frame(&self) -> &[u8] {
        &self.bytes[HEADER_BYTES..]
    }

    /// Returns the file header and the finished frame, for a new file.
    pub(crate) fn header_and_frame(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.truncate(LINES_AT);
        if self.bytes.capacity() > KEEP_BYTES {
            self.bytes.shrink_to(KEEP_BYTES);
        }
    }
}

/// Reads frames from a position behind the header up to the first bad one or to `end`.
pub(crate) struct Frames<R> {
    reader: R,
    offset: u64,
    end: u64,
    lines: Vec<u8>,
}

impl<R: Read> Frames<R> {
    /// `reader` stands at `offset`, the beginning of a frame; bytes from `end` on are not looked at.
    pub(crate) fn new(reader: R, offset: u64, end: u64) -> Frames<R> {
        Frames {
            reader,
            offset,
            end,
            lines: Vec::new(),
        }
    }

    /// Returns the lines of the next frame; `None` at the end and at the first bad frame.
    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        let left = self.end.saturating_sub(self.offset);
        if left < FRAME_HEADER_BYTES as u64 {
            return Ok(None);
        }
        let mut length = [0; 4];
        let mut checksum = [0; 4];
        if !(read_all(&mut self.reader, &mut length)? && read_all(&mut self.reader, &mut checksum)?)
        {
            return Ok(None);
        }
        let length = u32::from_le_bytes(length);
        // An empty frame would have the checksum 0, so a tail of zeros would be a run of good frames.
        if length == 0 || u64::from(length) > left - FRAME_HEADER_BYTES as u64 {
            return Ok(None);
        }
        self.lines.resize(length as usize, 0);
        if !read_all(&mut self.reader, &mut self.lines)? {
            return Ok(None);
        }
        if crc32c::crc32c(&self.lines) != u32::from_le_bytes(checksum) {
            return Ok(None);
        }
        self.offset += FRAME_HEADER_BYTES as u64 + u64::from(length);
        Ok(Some(&self.lines))
    }

    /// Returns the offset of the frame after the last good one.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }
}

/// Fills `buffer`; `false` where the file ends before, as it does when it was cut meanwhile.
fn read_all(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
