//! Formats a query's result for download.

use beacon_csv::CsvText;

use crate::engine::{Answer, Column, Value};

/// Returns a header and the rows.
pub(crate) fn write(answer: &Answer) -> String {
    head(&answer.columns) + &lines(&answer.rows)
}

/// Returns the header.
pub(crate) fn head(columns: &[Column]) -> String {
    let mut csv = CsvText::default();
    for column in columns {
        csv.text(&column.name);
    }
    csv.end_row();
    csv.take()
}

/// Returns rows without a header.
pub(crate) fn lines(rows: &[Vec<Value>]) -> String {
    let mut csv = CsvText::default();
    for row in rows {
        for value in row {
            match value {
                Value::Null => csv.null(),
                Value::Text(text) => csv.text(text),
                Value::Integer(number) => csv.plain(number),
                Value::Double(number) => csv.plain(number),
                Value::Boolean(value) => csv.plain(value),
            }
        }
        csv.end_row();
    }
    csv.take()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ColumnType;

    #[test]
    fn a_result_is_a_table_whose_numbers_stay_numbers() {
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
