use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::mpsc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use beacon_lake::{
    Clock, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, Observer, Spool, SpoolOptions,
};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn hit(id: &str) -> Found {
    Found::Hit(format!(r#"{{"hit_id":"{id}"}}"#).into_bytes())
}

fn all(mut input: Input) -> Vec<Found> {
    let progress = ProgressBar::hidden();
    std::iter::from_fn(|| input.next(&progress))
        .flat_map(|part| part.found)
        .collect()
}

#[track_caller]
fn check(content: impl Into<Vec<u8>>, expected: &[Found]) {
    let content: Vec<u8> = content.into();
    let mut zipped = GzEncoder::new(Vec::new(), Compression::fast());
    zipped.write_all(&content).unwrap();
    for bytes in [content, zipped.finish().unwrap()] {
        let size = bytes.len() as u64;
        let input = Input::new("test".to_owned(), size, Cursor::new(bytes));
        assert_eq!(all(input), expected);
    }
}

#[test]
fn unsent_lines_among_others() {
    check(
        "START RequestId: 1\n\
             {\"level\":\"ERROR\",\"message\":\"hit not sent\",\"stream\":\"hits\",\"reason\":\"\",\"unsent\":{\"hit_id\":\"a\"}}\n\
             \n\
             {\"_aws\":{},\"UnsentHits\":1}\n",
        &[hit("a")],
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
        directory: folder.path().to_path_buf(),
        stream: "hits".to_owned(),
        buffer_interval: DEFAULT_BUFFER_INTERVAL,
        buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
        clock: Clock::from_fn(|| 1_795_239_296_789),
    };
    let spool = Spool::start(&options, Observer::none()).unwrap();
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
        let input = Input::open(file.path()).unwrap();
        assert_eq!(all(input), expected, "{cut} bytes cut off");
    }
}

#[test]
fn a_spool_file_is_read_from_an_archive_and_from_standard_input_too() {
    let whole = spool_file(&[r#"{"hit_id":"a"}"#, r#"{"hit_id":"b"}"#]);
    let mut zipped = GzEncoder::new(Vec::new(), Compression::fast());
    zipped.write_all(&whole).unwrap();
    let zipped = zipped.finish().unwrap();
    // The size of standard input is unknown.
    for (size_bytes, bytes) in [(0, whole), (zipped.len() as u64, zipped)] {
        let input = Input::new("test".to_owned(), size_bytes, Cursor::new(bytes));
        assert_eq!(all(input), [hit("a"), hit("b")]);
    }
}

#[test]
fn a_file_that_ends_too_early_gives_what_it_has_and_says_so() {
    let mut zipped = GzEncoder::new(Vec::new(), Compression::none());
    zipped.write_all(b"{\"hit_id\":\"a\"}\n{\"hit").unwrap();
    let mut zipped = zipped.finish().unwrap();
    zipped.truncate(zipped.len() - 12);
    let input = Input::new("test".to_owned(), zipped.len() as u64, Cursor::new(zipped));
    let found = all(input);
    assert!(found.contains(&hit("a")), "{found:?}");
    let is_said = |found: &Found| matches!(found, Found::Damaged(reason) if reason.starts_with("can't be read any further: "));
    assert!(found.iter().any(is_said), "{found:?}");
}

#[test]
fn a_kind_of_file_that_is_not_read_is_named() {
    let input = Input::new("test".to_owned(), 8, Cursor::new(b"PK\x03\x04rest"));
    let expected = "is a zip archive, which replay doesn't read".to_owned();
    assert_eq!(all(input), [Found::Damaged(expected)]);
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
