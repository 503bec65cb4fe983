//! Files of a replay, read line by line: what in them is a lost hit, and what is not.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use beacon_firehose::unsent;
use beacon_lake::{SpoolLines, is_spool_file, spool_lines};
use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;
use serde::Deserialize;

/// The first bytes of a gzip member (RFC 1952, section 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// As many first bytes as tell all kinds of files apart.
const MAGIC_BYTES: u64 = 8;

/// One file, opened.
pub(super) struct Input {
    name: String,
    size_bytes: u64,
    lines: Lines,
    /// From a line that held several.
    waiting: VecDeque<Found>,
    passed: Passed,
}

enum Lines {
    Text(Box<dyn BufRead>),
    Spool(SpoolLines<Box<dyn Read>>),
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
    /// Opens `path`, or standard input for `-`: plain, gzip or a spool file by its first bytes.
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

    fn new(name: String, size_bytes: u64, reader: impl Read + 'static) -> anyhow::Result<Input> {
        let passed = Passed::default();
        let mut reader = Counting {
            reader,
            passed: passed.clone(),
        };
        let mut magic = Vec::new();
        reader.by_ref().take(MAGIC_BYTES).read_to_end(&mut magic)?;
        let is_gzip = magic.starts_with(&GZIP_MAGIC);
        let is_spool = is_spool_file(&magic);
        let whole = Cursor::new(magic).chain(reader);
        let lines = if is_spool && size_bytes > 0 {
            let whole: Box<dyn Read> = Box::new(BufReader::new(whole));
            Lines::Spool(spool_lines(Path::new(&name), whole, size_bytes)?)
        } else {
            let mut text: Box<dyn BufRead> = match is_gzip {
                true => Box::new(BufReader::new(MultiGzDecoder::new(whole))),
                false => Box::new(BufReader::new(whole)),
            };
            // Its frames are no lines, and its length must be known: as text it would lose hits without a word.
            ensure!(
                !is_spool && !is_spool_file(text.fill_buf()?),
                "it is a spool file, which is read from the file alone; unpack it and name it"
            );
            Lines::Text(text)
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
        while self.waiting.is_empty() {
            let Some(found) = self.lines.next()? else {
                return Ok(None);
            };
            progress.inc(self.passed.take());
            self.waiting.extend(found);
        }
        Ok(self.waiting.pop_front())
    }
}

impl Lines {
    /// What the next line is, or `None` at the end.
    fn next(&mut self) -> io::Result<Option<Vec<Found>>> {
        match self {
            Lines::Text(lines) => {
                let mut line = Vec::new();
                let length = lines.read_until(b'\n', &mut line)?;
                Ok((length > 0).then(|| look_at(line.trim_ascii())))
            }
            Lines::Spool(lines) => {
                if let Some(line) = lines.next_line()? {
                    return Ok(Some(look_at(line.trim_ascii())));
                }
                let bytes_left_out = lines.torn_bytes();
                if bytes_left_out > 0 {
                    tracing::warn!(
                        bytes_left_out,
                        "the end of a spool file is torn; nothing in it was ever answered"
                    );
                }
                Ok(None)
            }
        }
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
    // A record as it is: a spool's line, or one of a lake of JSON or of Firehose's source backup.
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
    use std::fs;
    use std::io::Write;
    use std::path::PathBuf;
    use std::sync::mpsc;

    use beacon_lake::{
        Clock, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, Spool, SpoolOptions, unobserved,
    };
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

    /// The bytes of a spool file of hits with these lines, each in a frame of its own.
    fn spool_file(lines: &[&str]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let options = SpoolOptions {
            folder: folder.path().to_path_buf(),
            stream: "hits".to_owned(),
            buffer_interval: DEFAULT_BUFFER_INTERVAL,
            buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
            clock: Clock::from_fn(|| 1_795_239_296_789),
        };
        let spool = Spool::start(&options, unobserved()).unwrap();
        for line in lines {
            let (done, is_done) = mpsc::channel();
            spool
                .writer()
                .append(format!("{line}\n").into_bytes(), move |result| {
                    done.send(result).unwrap();
                });
            is_done.recv().unwrap().unwrap();
        }
        spool.close();
        let is_hits = |path: &PathBuf| path.extension().is_some_and(|end| end == "hits");
        let mut paths = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        fs::read(paths.find(is_hits).unwrap()).unwrap()
    }

    #[test]
    fn a_spool_file_gives_every_hit_up_to_its_torn_end() {
        let whole = spool_file(&[
            r#"{"hit_id":"a"}"#,
            r#"{"hit_id":"b"}"#,
            r#"{"hit_id":"c"}"#,
        ]);
        for (cut, expected) in [
            (0, vec![hit("a"), hit("b"), hit("c")]),
            (1, vec![hit("a"), hit("b")]),
        ] {
            // The name may have changed with the disk.
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), &whole[..whole.len() - cut]).unwrap();
            let mut input = Input::open(file.path()).unwrap();
            let progress = ProgressBar::hidden();
            let found: Vec<Found> = std::iter::from_fn(|| input.next(&progress).unwrap()).collect();
            assert_eq!(found, expected, "{cut} bytes cut off");
        }
    }

    #[test]
    fn a_spool_file_that_would_be_taken_for_text_is_refused() {
        let whole = spool_file(&[r#"{"hit_id":"a"}"#]);
        let mut zipped = GzEncoder::new(Vec::new(), Compression::fast());
        zipped.write_all(&whole).unwrap();
        let zipped = zipped.finish().unwrap();
        // Of standard input no size is known.
        for (size_bytes, bytes) in [(0, whole), (zipped.len() as u64, zipped)] {
            let refused = Input::new("test".to_owned(), size_bytes, Cursor::new(bytes)).err();
            assert_eq!(
                refused.unwrap().to_string(),
                "it is a spool file, which is read from the file alone; unpack it and name it"
            );
        }
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
