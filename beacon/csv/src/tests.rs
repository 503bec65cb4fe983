use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(value: &str, expected: &str) {
    let mut csv = CsvText::default();
    csv.text(value);
    assert_eq!(csv.take(), expected, "{value:?}");
}

#[test]
fn no_text_is_a_formula() {
    check(
        "=HYPERLINK(\"http://evil.example\")",
        "\"'=HYPERLINK(\"\"http://evil.example\"\")\"",
    );
    check("+1", "'+1");
    check("-1", "'-1");
    check("@SUM(A1)", "'@SUM(A1)");
    check("\t=1", "'\t=1");
    check("\r=1", "\"'\r=1\"");
    check("a=1", "a=1");
}

#[test]
fn fields_have_quotes_where_they_need_them() {
    check("/talks", "/talks");
    check("", "\"\"");
    check(" a", "\" a\"");
    check("a ", "\"a \"");
    check("a,b", "\"a,b\"");
    check("a\nb", "\"a\nb\"");
    check("a\rb", "\"a\rb\"");
    check("say \"a\"", "\"say \"\"a\"\"\"");
}

#[test]
fn null_differs_from_an_empty_string_and_numbers_keep_their_sign() {
    let mut csv = CsvText::default();
    csv.null();
    csv.text("");
    csv.plain(-1.5);
    csv.null();
    csv.end_row();
    csv.plain(true);
    csv.end_row();
    assert_eq!(csv.take(), ",\"\",-1.5,\r\ntrue\r\n");
    assert_eq!(csv.take(), "");
}

/// Strings of what matters to CSV, and of anything else.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![r#"[,"'=+@\t\r\n a-]{0,6}"#, ".{0,12}"]
}

proptest! {
    #[test]
    fn a_reader_gets_every_cell_back(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..6)
    ) {
        let mut written = CsvText::default();
        // A header comes first in every file: its beginning is nobody's choice, so it is no byte order mark.
        ["a", "b", "c"].iter().for_each(|name| written.text(name));
        written.end_row();
        for row in &rows {
            row.iter().for_each(|cell| written.text(cell));
            written.end_row();
        }
        let written = written.take();
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let mut read = Vec::new();
        for record in reader.records() {
            read.push(record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
        }
        let expected: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| safe(cell)).collect())
            .collect();
        prop_assert_eq!(read, expected);
    }
}

/// The cell, as a spreadsheet shows it.
fn safe(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}
