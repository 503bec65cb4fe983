//! Lengths of files.

use std::fs;
use std::path::PathBuf;

use beacon_structure::file_sizes::{
    LONGER, MEDIAN_LINES, MOST_LINES, Size, longest_of_rust, median_of_rust, sizes, too_long,
    too_long_in_the_middle,
};

use crate::planted::print;

fn size(file: &str, lines: usize) -> Size {
    Size {
        file: file.into(),
        lines,
    }
}

/// The files that may be long, and are.
fn excepted() -> Vec<Size> {
    LONGER
        .iter()
        .map(|(file, _)| size(file, MOST_LINES + 1))
        .collect()
}

#[test]
fn file_that_is_too_long() {
    let mut sizes = excepted();
    sizes.extend([size("a.rs", MOST_LINES), size("deploy", MOST_LINES + 1)]);
    assert_eq!(
        print(&too_long(&sizes)),
        "error: deploy has more than 500 lines\n  --> deploy:501\n"
    );
}

#[test]
fn exception_that_is_needed_no_more() {
    let expected = LONGER
        .map(|(file, _)| format!("error: {file} may be long and is not: take it off the list\n"))
        .concat();
    assert_eq!(print(&too_long(&[])), expected);
}

#[test]
fn median_and_the_longest() {
    let sizes = [
        size("a.rs", MEDIAN_LINES),
        size("b.rs", 400),
        size("c.rs", 3),
        size("d.py", 900),
        size("e.rs", 121),
    ];
    assert_eq!(median_of_rust(&sizes), MEDIAN_LINES);
    assert_eq!(median_of_rust(&[]), 0);
    assert_eq!(
        longest_of_rust(&sizes, 2),
        [size("b.rs", 400), size("e.rs", 121)]
    );
    assert_eq!(too_long_in_the_middle(&sizes[..4]), []);
    assert_eq!(too_long_in_the_middle(&sizes[1..2]).len(), 1);
}

#[test]
fn source_files_by_ending_and_scripts_by_their_first_line() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["a.rs", "b.json", "deploy", "LICENSE", "c.yml"];
    let texts = [
        "one\ntwo\n",
        "{\n}\n",
        "#!/usr/bin/env python3\n",
        "text\n",
        "a: 1\n",
    ];
    for (file, text) in files.iter().zip(texts) {
        fs::write(folder.path().join(file), text).unwrap();
    }
    let files = files.map(PathBuf::from);
    assert_eq!(
        sizes(folder.path(), &files).unwrap(),
        [size("a.rs", 2), size("deploy", 1), size("c.yml", 1)]
    );
}
