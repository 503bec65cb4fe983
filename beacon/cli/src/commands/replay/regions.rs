//! Cutting a stream of text into parts that are looked at alone: as a rule lines, but nothing that belongs together.

use std::io::{self, Read};

use super::base64_text;
use super::quoting::Csv;
use super::scan::{Scanner, Step};

/// The most bytes that are held to be looked at together: what is longer without a place to cut is skipped. Events of
/// CloudWatch Logs have 1 MiB at most, records of Kinesis 10 MiB.
pub(super) const MAX_PART_BYTES: usize = 16 << 20;
/// From here on a line or document is cut between two of its members.
const CUT_BYTES: usize = 4 << 20;
/// The longest field of a CSV that is waited for over several lines.
const MAX_FIELD_BYTES: usize = 1 << 20;
/// Read at a time.
const READ_BYTES: usize = 64 << 10;

/// A stream's parts, one after the other. It holds one part at a time, whatever the stream holds.
pub(super) struct Regions<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The position at which the part begins.
    begun: usize,
    /// The scanner's findings.
    seen: usize,
    scanner: Option<Scanner>,
    /// The end of the last whole JSON value in the part.
    value_end: usize,
    csv: Csv,
    /// The beginning of the current line.
    line_begun: usize,
    is_at_end: bool,
    /// The number of the part's first line, from 1.
    line: u64,
    /// The bytes of that line before the part.
    line_bytes: u64,
}

/// A part of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// Number of the line in which it begins, from 1.
    pub(super) line: u64,
    pub(super) content: Content,
}

/// The kind of a part.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(Vec<u8>),
    /// A line of this many bytes, the rest of which was skipped because it has no place to cut.
    TooLong(u64),
}

impl<R: Read> Regions<R> {
    pub(super) fn new(reader: R) -> Regions<R> {
        Regions {
            reader,
            buffer: Vec::new(),
            begun: 0,
            seen: 0,
            scanner: None,
            value_end: 0,
            csv: Csv::default(),
            line_begun: 0,
            is_at_end: false,
            line: 1,
            line_bytes: 0,
        }
    }

    /// Returns the number of the current line.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Returns the next part, or `None` at the end.
    ///
    /// # Errors
    /// The stream can't be read any further; the next call gives what came before.
    pub(super) fn next(&mut self) -> io::Result<Option<Region>> {
        loop {
            if let Some(end) = self.look() {
                return Ok(Some(self.give(end)));
            }
            if self.is_at_end {
                let end = self.buffer.len();
                return Ok((end > self.begun).then(|| self.give(end)));
            }
            if let Some(end) = self.place_to_cut() {
                return Ok(Some(self.give(end)));
            }
            if self.buffer.len() - self.begun >= MAX_PART_BYTES {
                return self.skip_line().map(Some);
            }
            self.read()?;
        }
    }

    /// Looks at what has not been seen, up to the end of a part.
    fn look(&mut self) -> Option<usize> {
        while self.seen < self.buffer.len() {
            let at = self.seen;
            if let Some(scanner) = &mut self.scanner {
                match scanner.step(&self.buffer, at, &mut |_, _| {}) {
                    Step::More => self.seen += 1,
                    Step::Done => {
                        self.scanner = None;
                        self.seen += 1;
                        self.value_end = self.seen;
                    }
                    Step::Failed => self.scanner = None,
                }
                continue;
            }
            match self.buffer[at] {
                bracket @ (b'{' | b'[') => self.scanner = Some(Scanner::new(bracket, at)),
                b'\n' => {
                    self.seen += 1;
                    self.csv.take(&self.buffer[self.begun..self.seen]);
                    let line_begun = self.line_begun.max(self.begun);
                    let is_base64 = base64_text::goes_on(&self.buffer[line_begun..self.seen]);
                    self.line_begun = self.seen;
                    let is_field =
                        self.csv.is_in_field() && self.seen - self.begun <= MAX_FIELD_BYTES;
                    if !is_field && !is_base64 {
                        return Some(self.seen);
                    }
                    if is_base64 {
                        self.value_end = self.seen;
                    }
                    continue;
                }
                _ => {}
            }
            self.seen += 1;
        }
        None
    }

    /// Returns a place to cut: after the last value, or between two members of the outermost suitable container.
    fn place_to_cut(&self) -> Option<usize> {
        let held = self.buffer.len() - self.begun;
        if held < CUT_BYTES {
            return None;
        }
        let Some(scanner) = &self.scanner else {
            return Some(self.value_end).filter(|&end| end > self.begun);
        };
        let places = || scanner.open().iter().map(|open| open.last_end);
        let leaves_little = |&end: &usize| self.buffer.len() - end <= CUT_BYTES / 2;
        places()
            .find(leaves_little)
            .or_else(|| places().next_back().filter(|_| held >= MAX_PART_BYTES))
            .filter(|&end| end > self.begun)
    }

    fn give(&mut self, end: usize) -> Region {
        let text = self.buffer[self.begun..end].to_vec();
        let line = self.line;
        self.line += count_lines(&text);
        match memchr::memrchr(b'\n', &text) {
            Some(at) => self.line_bytes = (text.len() - at - 1) as u64,
            None => self.line_bytes += text.len() as u64,
        }
        self.begun = end;
        self.csv = Csv::default();
        Region {
            line,
            content: Content::Text(text),
        }
    }

    /// Drops what is held, and everything up to the end of the line.
    fn skip_line(&mut self) -> io::Result<Region> {
        let line = self.line;
        let mut size_bytes = self.line_bytes;
        let mut held_from = self.begun;
        loop {
            // All that is held was looked at: a line end in it is blank space between the parts of a document.
            size_bytes += (self.buffer.len() - held_from) as u64;
            self.line += count_lines(&self.buffer[held_from..]);
            self.buffer.clear();
            (self.begun, self.seen, self.value_end, held_from) = (0, 0, 0, 0);
            self.line_begun = 0;
            self.read()?;
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                size_bytes += end as u64;
                (self.begun, self.seen) = (end + 1, end + 1);
                self.line += 1;
                break;
            }
            if self.is_at_end {
                break;
            }
        }
        self.scanner = None;
        self.csv = Csv::default();
        self.line_bytes = 0;
        Ok(Region {
            line,
            content: Content::TooLong(size_bytes),
        })
    }

    fn read(&mut self) -> io::Result<()> {
        // Not each time: moving the rest must not cost more than reading did.
        if self.begun > self.buffer.len() / 2 {
            self.buffer.drain(..self.begun);
            if let Some(scanner) = &mut self.scanner {
                scanner.rebase(self.begun);
            }
            self.seen -= self.begun;
            self.value_end = self.value_end.saturating_sub(self.begun);
            self.line_begun = self.line_begun.saturating_sub(self.begun);
            self.begun = 0;
        }
        let held = self.buffer.len();
        self.buffer.resize(held + READ_BYTES, 0);
        let read = loop {
            match self.reader.read(&mut self.buffer[held..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer
            .truncate(held + read.as_ref().map_or(0, |&count| count));
        self.is_at_end = matches!(read, Ok(0) | Err(_));
        read.map(|_| ())
    }
}

fn count_lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

#[cfg(test)]
mod tests;
