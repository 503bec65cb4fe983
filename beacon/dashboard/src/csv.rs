//! An answer as CSV (RFC 4180), safe to open in a spreadsheet.

use crate::engine::{Answer, Column, Value};

/// What a spreadsheet takes for the beginning of a formula. A page's name is whatever somebody sent.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A header line, then the rows. NULL is empty, an empty text is `""`. A text that begins like a formula gets a `'`
/// before it.
pub(crate) fn write(answer: &Answer) -> String {
    head(&answer.columns) + &lines(&answer.rows)
}

/// The header line.
pub(crate) fn head(columns: &[Column]) -> String {
    let mut out = String::new();
    line(&mut out, columns.iter().map(|column| text(&column.name)));
    out
}

/// The lines of some rows.
pub(crate) fn lines(rows: &[Vec<Value>]) -> String {
    let mut out = String::new();
    for row in rows {
        line(&mut out, row.iter().map(field));
    }
    out
}

fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&field);
    }
    out.push_str("\r\n");
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(value) => text(value),
        Value::Integer(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Boolean(value) => value.to_string(),
    }
}

fn text(value: &str) -> String {
    let defused = match value.starts_with(FORMULA) {
        true => format!("'{value}"),
        false => value.to_owned(),
    };
    let plain = !defused.is_empty()
        && !defused.contains([',', '"', '\r', '\n'])
        && defused.trim() == defused;
    match plain {
        true => defused,
        false => format!("\"{}\"", defused.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Column, ColumnType};

    #[track_caller]
    fn check(value: &str, expected: &str) {
        assert_eq!(text(value), expected, "{value:?}");
    }

    #[test]
    fn no_field_is_a_formula() {
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
    fn fields_are_quoted_where_they_must_be() {
        check("/talks", "/talks");
        check("", "\"\"");
        check(" a", "\" a\"");
        check("a,b", "\"a,b\"");
        check("a\nb", "\"a\nb\"");
    }

    #[test]
    fn an_answer_is_a_table() {
        let column = |name: &str, column_type| Column {
            name: name.to_owned(),
            column_type,
        };
        let answer = Answer {
            columns: vec![
                column("page", ColumnType::Varchar),
                column("views", ColumnType::Bigint),
            ],
            rows: vec![
                vec![Value::Text("/".to_owned()), Value::Integer(-2)],
                vec![Value::Null, Value::Integer(1)],
            ],
            ..Answer::default()
        };
        assert_eq!(write(&answer), "page,views\r\n/,-2\r\n,1\r\n");
    }
}
