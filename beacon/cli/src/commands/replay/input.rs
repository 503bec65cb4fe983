//! Files of a replay, read part by part: which parts hold lost hits, and which name one that can't be read.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use anyhow::{Context, ensure};
use beacon_lake::SpoolLines;
use indicatif::ProgressBar;

use super::layers::{Unpacked, unpack};
use super::regions::{Content, Regions};
use super::search::{Found, search, too_long};

/// One file, opened.
pub(super) struct Input {
    name: String,
    parts: Parts,
    passed: Passed,
}

enum Parts {
    Text(Regions<Box<dyn Read>>),
    Spool(SpoolLines<Box<dyn Read>>, u64),
    /// Nothing of it can be read, for this reason.
    Unreadable(Option<String>),
}

/// A part of a file: a line as a rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Number of its first line, from 1; of a spool file, that of the hit.
    pub(super) line: u64,
    pub(super) found: Vec<Found>,
    /// Blank space only.
    pub(super) is_blank: bool,
}

/// Returns the size of a file that can be opened, or 0 for standard input, which is `-`.
///
/// # Errors
/// It can't be opened, or is a folder.
pub(super) fn size_bytes(path: &Path) -> anyhow::Result<u64> {
    if is_standard_input(path) {
        return Ok(0);
    }
    let name = path.display();
    let opened = || File::open(path)?.metadata();
    let metadata = opened().with_context(|| format!("can't read {name}"))?;
    ensure!(
        !metadata.is_dir(),
        "{name} is a folder; name the files in it, as {name}/**/*.gz"
    );
    Ok(metadata.len())
}

impl Input {
    /// Opens `path`, or standard input for `-`, however it is packed.
    ///
    /// # Errors
    /// It can't be opened.
    pub(super) fn open(path: &Path) -> anyhow::Result<Input> {
        if is_standard_input(path) {
            return Ok(Input::new("standard input".to_owned(), 0, io::stdin()));
        }
        let name = path.display().to_string();
        let size_bytes = size_bytes(path)?;
        let file = File::open(path).with_context(|| format!("can't read {name}"))?;
        Ok(Input::new(name, size_bytes, file))
    }

    /// `size_bytes` is 0 where it can't be known.
    fn new(name: String, size_bytes: u64, reader: impl Read + 'static) -> Input {
        let passed = Passed::default();
        let reader = Counting {
            reader,
            passed: passed.clone(),
        };
        let parts = parts(&name, size_bytes, reader)
            .unwrap_or_else(|error| Parts::Unreadable(Some(format!("can't be read: {error:#}"))));
        Input {
            name,
            parts,
            passed,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the next part, or `None` at the end. A part reports where reading fails.
    pub(super) fn next(&mut self, progress: &ProgressBar) -> Option<Part> {
        let part = self.parts.next();
        progress.inc(self.passed.take());
        part
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn parts(name: &str, size_bytes: u64, reader: impl Read + 'static) -> anyhow::Result<Parts> {
    Ok(match unpack(Box::new(reader))? {
        Unpacked::Text(reader) => Parts::Text(Regions::new(reader)),
        Unpacked::Foreign(kind) => {
            Parts::Unreadable(Some(format!("is {kind}, which replay doesn't read")))
        }
        Unpacked::Spool { reader, is_packed } if is_packed || size_bytes == 0 => {
            // Where its frames end is known from its length alone.
            let mut reader = reader;
            let mut file = tempfile::tempfile().context("can't make a temporary file")?;
            let size_bytes = io::copy(&mut reader, &mut file)?;
            file.rewind()?;
            spool(name, Box::new(BufReader::new(file)), size_bytes)?
        }
        Unpacked::Spool { reader, .. } => {
            spool(name, Box::new(BufReader::new(reader)), size_bytes)?
        }
    })
}

fn spool(name: &str, reader: Box<dyn Read>, size_bytes: u64) -> anyhow::Result<Parts> {
    let lines = SpoolLines::new(Path::new(name), reader, size_bytes)?;
    Ok(Parts::Spool(lines, 0))
}

impl Parts {
    fn next(&mut self) -> Option<Part> {
        match self {
            Parts::Text(regions) => match regions.next() {
                Ok(region) => region.map(|region| match region.content {
                    Content::Text(text) => look_at(region.line, &text),
                    Content::TooLong(size_bytes) => damaged(region.line, too_long(size_bytes)),
                }),
                Err(error) => Some(damaged(
                    regions.line(),
                    format!("can't be read any further: {error}"),
                )),
            },
            Parts::Spool(lines, number) => match lines.next_line() {
                Ok(Some(line)) => {
                    *number += 1;
                    Some(look_at(*number, line))
                }
                Ok(None) => {
                    let bytes_left_out = lines.torn_bytes();
                    if bytes_left_out > 0 {
                        tracing::warn!(
                            bytes_left_out,
                            "the end of a spool file is torn; nothing in it was ever answered"
                        );
                    }
                    None
                }
                Err(error) => {
                    let part = damaged(*number, format!("can't be read any further: {error}"));
                    *self = Parts::Unreadable(None);
                    Some(part)
                }
            },
            Parts::Unreadable(reason) => reason.take().map(|reason| damaged(1, reason)),
        }
    }
}

fn look_at(line: u64, text: &[u8]) -> Part {
    Part {
        line,
        found: search(text),
        is_blank: text.trim_ascii().is_empty(),
    }
}

fn damaged(line: u64, reason: String) -> Part {
    Part {
        line,
        found: vec![Found::Damaged(reason)],
        is_blank: false,
    }
}

/// Bytes read since the last look, shared with the reader inside the decoder.
#[derive(Clone, Default)]
struct Passed(std::rc::Rc<std::cell::Cell<u64>>);

impl Passed {
    fn take(&self) -> u64 {
        self.0.take()
    }
}

struct Counting<R> {
    reader: R,
    passed: Passed,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.passed.0.set(self.passed.0.get() + count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
