//! Newlines: who puts them where.

use crate::stream::{Program, hit, raw};

/// One put of these records into a lake of JSON lines: the ids of each line, and what was set aside.
#[track_caller]
fn check(records: &[&str], expected_ids: &[&str], expected_errors: &[&str]) {
    let program = Program::start(&["--format", "json"]);
    let records: Vec<_> = records.iter().map(|record| record.as_bytes()).collect();
    program.accept(&records);
    let objects = program.end();
    let (mut ids, mut errors) = (vec![], vec![]);
    for key in objects.keys() {
        let text = objects.text(&key);
        assert!(text.ends_with('\n') && !text.contains("\n\n"), "{text:?}");
        for line in objects.lines(&key) {
            match line["hit_id"].as_str() {
                Some(id) => ids.push(id.to_owned()),
                None => errors.push(String::from_utf8(raw(&line)).unwrap()),
            }
        }
    }
    assert_eq!(ids, expected_ids);
    assert_eq!(errors, expected_errors);
}

/// L1: with a newline or without one, a record never runs into the next.
#[test]
fn a_record_without_a_newline_gets_one() {
    let (one, two, three) = (hit("1"), hit("2"), hit("3"));
    check(&[&one, &two, &three], &["1", "2", "3"], &[]);
    check(
        &[&format!("{one}\n"), &two, &format!("{three}\r\n")],
        &["1", "2", "3"],
        &[],
    );
}

/// L1: newlines that are there already are not kept beside our own.
#[test]
fn blank_lines_are_dropped() {
    check(
        &[&format!("\n\n{}\n \n", hit("1")), "\n", "  "],
        &["1"],
        &[],
    );
}

/// L1, L2: lines of one record, as this project's Lambda packs them up to a billing step of 5 KiB.
#[test]
fn a_record_may_have_several_lines() {
    let (one, two, three) = (hit("1"), hit("2"), hit("3"));
    check(
        &[&format!("{one}\n{two}\n"), &format!("{three}\n")],
        &["1", "2", "3"],
        &[],
    );
    check(
        &[&format!("{one}\nnonsense\n{two}\n")],
        &["1", "2"],
        &["nonsense"],
    );
}

/// L2: without anything between them; and a document of several lines is one.
#[test]
fn documents_need_no_delimiter() {
    let (one, two) = (hit("1"), hit("2"));
    check(&[&format!("{one}{two}")], &["1", "2"], &[]);
    check(&[&one.replace(',', ",\n  ")], &["1"], &[]);
}

/// L2: an array is not taken apart.
#[test]
fn an_array_is_refused() {
    let array = format!("[{},{}]", hit("1"), hit("2"));
    check(&[&array, &hit("3")], &["3"], &[&array]);
}

/// L3: halves of a document are not joined, in one batch or in two.
#[test]
fn a_document_over_two_records_is_refused() {
    let one = hit("1");
    let (first, second) = one.split_at(20);
    check(&[first, second, &hit("2")], &["2"], &[first, second]);
}
