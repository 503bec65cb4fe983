//! Files of a replay, read line by line: what in them is a lost hit, and what is not.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use beacon_firehose::unsent;
use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;
use serde::Deserialize;

/// The first bytes of a gzip member (RFC 1952, section 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// One file, opened.
pub(super) struct Input {
    name: String,
    size_bytes: u64,
    lines: Box<dyn BufRead>,
    /// From a line that held several.
    waiting: VecDeque<Found>,
    passed: Passed,
}

/// What a line, or a part of one, is.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// JSON that should be a hit.
    Hit(Vec<u8>),
    /// About a lost hit, but the hit can't be had from it.
    Damaged(String),
    /// About something else.
    Nothing,
}

/// Both shapes of Firehose's error objects have the lines in this member; the names of the others differ.
#[derive(Deserialize)]
struct ErrorObject {
    #[serde(rename = "rawData")]
    raw_data: String,
}

impl Input {
    /// Opens `path`, or standard input for `-`, plain or gzip by its first bytes.
    pub(super) fn open(path: &Path) -> anyhow::Result<Input> {
        if path.as_os_str() == "-" {
            return Input::new("standard input".to_owned(), 0, io::stdin())
                .context("can't read standard input");
        }
        let name = path.display().to_string();
        let opened = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            Ok::<_, io::Error>((file, metadata))
        };
        let (file, metadata) = opened().with_context(|| format!("can't read {name}"))?;
        ensure!(
            !metadata.is_dir(),
            "{name} is a folder; name the files in it, as {name}/**/*.gz"
        );
        Input::new(name.clone(), metadata.len(), file).with_context(|| format!("can't read {name}"))
    }

    fn new(name: String, size_bytes: u64, reader: impl Read + 'static) -> io::Result<Input> {
        let passed = Passed::default();
        let mut reader = Counting {
            reader,
            passed: passed.clone(),
        };
        let mut magic = Vec::with_capacity(GZIP_MAGIC.len());
        reader
            .by_ref()
            .take(GZIP_MAGIC.len() as u64)
            .read_to_end(&mut magic)?;
        let gzip = magic == GZIP_MAGIC;
        let whole = Cursor::new(magic).chain(reader);
        let lines: Box<dyn BufRead> = match gzip {
            true => Box::new(BufReader::new(MultiGzDecoder::new(whole))),
            false => Box::new(BufReader::new(whole)),
        };
        Ok(Input {
            name,
            size_bytes,
            lines,
            waiting: VecDeque::new(),
            passed,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// On disk; 0 where it can't be known.
    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// What comes next, or `None` at the end.
    pub(super) fn next(&mut self, progress: &ProgressBar) -> io::Result<Option<Found>> {
        let mut line = Vec::new();
        while self.waiting.is_empty() {
            line.clear();
            if self.lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            progress.inc(self.passed.take());
            self.waiting.extend(look_at(line.trim_ascii()));
        }
        Ok(self.waiting.pop_front())
    }
}

fn look_at(line: &[u8]) -> Vec<Found> {
    if line.is_empty() {
        return Vec::new();
    }
    if let Some(record) = unsent::parse_line(line) {
        return vec![Found::Hit(record)];
    }
    if line[0] != b'{' {
        return vec![Found::Nothing];
    }
    beacon_lake::documents(line)
        .flat_map(look_at_document)
        .collect()
}

fn look_at_document(document: &[u8]) -> Vec<Found> {
    if let Ok(ErrorObject { raw_data }) = serde_json::from_slice(document) {
        return match BASE64_STANDARD.decode(raw_data) {
            Ok(data) => beacon_lake::documents(&data)
                .map(|hit| Found::Hit(hit.to_vec()))
                .collect(),
            Err(error) => vec![Found::Damaged(format!("rawData is not base64: {error}"))],
        };
    }
    // A record as it is, from a spool, a lake of JSON or Firehose's source backup.
    #[derive(Deserialize)]
    struct Record {
        #[serde(rename = "hit_id")]
        _hit_id: serde::de::IgnoredAny,
    }
    match serde_json::from_slice::<Record>(document) {
        Ok(_) => vec![Found::Hit(document.to_vec())],
        Err(_) => vec![Found::Nothing],
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
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn hit(id: &str) -> Found {
        Found::Hit(format!(r#"{{"hit_id":"{id}"}}"#).into_bytes())
    }

    #[track_caller]
    fn check(content: impl Into<Vec<u8>>, expected: &[Found]) {
        let content: Vec<u8> = content.into();
        let mut zipped = GzEncoder::new(Vec::new(), Compression::fast());
        zipped.write_all(&content).unwrap();
        for bytes in [content, zipped.finish().unwrap()] {
            let progress = ProgressBar::hidden();
            let size = bytes.len() as u64;
            let mut input = Input::new("test".to_owned(), size, Cursor::new(bytes)).unwrap();
            let found: Vec<Found> = std::iter::from_fn(|| input.next(&progress).unwrap()).collect();
            assert_eq!(found, expected);
            assert!(progress.position() <= size);
        }
    }

    #[test]
    fn unsent_lines_among_others() {
        check(
            "START RequestId: 1\n\
             {\"level\":\"ERROR\",\"message\":\"hit not sent\",\"stream\":\"hits\",\"reason\":\"\",\"unsent\":{\"hit_id\":\"a\"}}\n\
             \n\
             {\"_aws\":{},\"UnsentHits\":1}\n",
            &[Found::Nothing, hit("a"), Found::Nothing],
        );
    }

    #[test]
    fn both_shapes_of_error_objects_with_several_lines() {
        let raw = BASE64_STANDARD.encode("{\"hit_id\":\"a\"}\n{\"hit_id\":\"b\"}\n");
        check(
            format!(
                "{{\"attemptsMade\":1,\"errorCode\":\"x\",\"rawData\":\"{raw}\",\"lambdaArn\":\"y\"}}\n\
                 {{\"lastErrorCode\":\"x\",\"rawData\":\"{raw}\"}}{{\"lastErrorCode\":\"x\",\"rawData\":\"{raw}\"}}"
            ),
            &[hit("a"), hit("b"), hit("a"), hit("b"), hit("a"), hit("b")],
        );
    }

    #[test]
    fn records_as_they_are_and_raw_data_that_is_broken() {
        check("{\"hit_id\":\"a\"}\r\n", &[hit("a")]);
        check(
            "{\"rawData\":\"%\"}",
            &[Found::Damaged(
                "rawData is not base64: Invalid symbol 37, offset 0.".to_owned(),
            )],
        );
        check("", &[]);
    }

    #[test]
    fn a_file_that_is_missing_or_a_folder_is_named() {
        let message = |path: &str| format!("{:#}", Input::open(Path::new(path)).err().unwrap());
        assert_eq!(
            message("/no/such.log"),
            "can't read /no/such.log: No such file or directory (os error 2)"
        );
        assert_eq!(
            message("/tmp"),
            "/tmp is a folder; name the files in it, as /tmp/**/*.gz"
        );
    }
}
