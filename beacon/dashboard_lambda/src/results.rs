//! Converts Athena's pages of strings to typed rows.

use aws_sdk_athena::types::{ColumnInfo, ResultSet, Row};
use beacon_core::time::format_timestamp;
use beacon_dashboard::engine::{Answer, Column, ColumnType, MAX_ROWS, Value};

use crate::failure::Unreadable;

/// The maximum number of rows in one page, the header included.
/// <https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html>
pub(crate) const PAGE_ROWS: i32 = 1000;

/// An answer that is read page by page.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    types: Vec<String>,
    answer: Answer,
    has_header_behind: bool,
}

impl Pages {
    /// Appends the rows of one page, up to [`MAX_ROWS`].
    pub(crate) fn push(&mut self, page: &ResultSet) -> Result<(), Unreadable> {
        let metadata = page.result_set_metadata().ok_or(Unreadable::Missing {
            operation: "GetQueryResults",
            part: "ResultSetMetadata",
        })?;
        if self.types.is_empty() {
            let columns = metadata.column_info();
            self.types = columns.iter().map(|one| one.r#type.clone()).collect();
            self.answer.columns = columns.iter().map(column).collect();
        }
        let mut rows = page.rows();
        if !self.has_header_behind {
            self.has_header_behind = true;
            // The first row of a SELECT is the header. If it ever is not, it is a row like the others.
            rows = match rows.split_first() {
                Some((first, others)) if self.is_header(first) => others,
                _ => rows,
            };
        }
        for row in rows {
            if self.answer.rows.len() == MAX_ROWS {
                self.answer.truncated = true;
                break;
            }
            let row = self.row(row)?;
            self.answer.rows.push(row);
        }
        Ok(())
    }

    /// Returns true if further pages would change nothing.
    pub(crate) fn is_full(&self) -> bool {
        self.answer.truncated
    }

    pub(crate) fn into_answer(mut self) -> Answer {
        if !self.answer.truncated {
            self.answer.row_count = Some(self.answer.rows.len() as u64);
        }
        self.answer
    }

    /// Returns the rows since the last call, and makes room for as many again.
    pub(crate) fn take_rows(&mut self) -> Vec<Vec<Value>> {
        std::mem::take(&mut self.answer.rows)
    }

    fn is_header(&self, row: &Row) -> bool {
        let values = row.data().iter().map(|datum| datum.var_char_value());
        let names = self
            .answer
            .columns
            .iter()
            .map(|one| Some(one.name.as_str()));
        values.eq(names)
    }

    fn row(&self, row: &Row) -> Result<Vec<Value>, Unreadable> {
        let mut values = Vec::with_capacity(self.types.len());
        for (index, athena_type) in self.types.iter().enumerate() {
            let text = row
                .data()
                .get(index)
                .and_then(|datum| datum.var_char_value());
            values.push(match text {
                None => Value::Null,
                Some(text) => value(athena_type, text).ok_or_else(|| Unreadable::Value {
                    column: self.answer.columns[index].name.clone(),
                    athena_type: athena_type.clone(),
                    value: text.to_owned(),
                })?,
            });
        }
        Ok(values)
    }
}

fn column(info: &ColumnInfo) -> Column {
    Column {
        name: info.name.clone(),
        column_type: column_type(&info.r#type),
    }
}

/// Returns the column type for a type of Athena. A type that no named query returns is a string, as Athena sends it.
fn column_type(athena_type: &str) -> ColumnType {
    match athena_type {
        "tinyint" | "smallint" | "integer" | "bigint" => ColumnType::Bigint,
        "float" | "real" | "double" | "decimal" => ColumnType::Double,
        "boolean" => ColumnType::Boolean,
        "timestamp" | "date" => ColumnType::Timestamp,
        _ => ColumnType::Varchar,
    }
}

fn value(athena_type: &str, text: &str) -> Option<Value> {
    Some(match column_type(athena_type) {
        ColumnType::Varchar => Value::Text(text.to_owned()),
        ColumnType::Bigint => Value::Integer(text.parse().ok()?),
        // JSON has neither NaN nor infinity.
        ColumnType::Double => match text.parse::<f64>().ok()? {
            number if number.is_finite() => Value::Double(number),
            _ => Value::Null,
        },
        ColumnType::Boolean => Value::Boolean(text.parse().ok()?),
        ColumnType::Timestamp => Value::Text(timestamp(text)?),
    })
}

/// Returns a timestamp or a date as `yyyy-MM-dd HH:mm:ss.SSS`; Athena writes as many digits as the type's precision has.
fn timestamp(text: &str) -> Option<String> {
    let pattern = format_timestamp(0);
    let is_prefix = text.len() >= "yyyy-MM-dd".len()
        && text.len() <= pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(one, other)| match other.is_ascii_digit() {
                true => one.is_ascii_digit(),
                false => one == other,
            });
    is_prefix.then(|| format!("{text}{}", &pattern[text.len()..]))
}

#[cfg(test)]
mod tests {
    use aws_sdk_athena::types::{Datum, ResultSetMetadata};

    use super::*;

    fn page(columns: &[(&str, &str)], rows: &[&[Option<&str>]]) -> ResultSet {
        let info = columns.iter().map(|(name, athena_type)| {
            let info = ColumnInfo::builder().name(*name).r#type(*athena_type);
            info.build().unwrap()
        });
        let metadata = ResultSetMetadata::builder()
            .set_column_info(Some(info.collect()))
            .build();
        let rows = rows.iter().map(|row| {
            let data = row.iter().map(|value| {
                Datum::builder()
                    .set_var_char_value(value.map(str::to_owned))
                    .build()
            });
            Row::builder().set_data(Some(data.collect())).build()
        });
        ResultSet::builder()
            .result_set_metadata(metadata)
            .set_rows(Some(rows.collect()))
            .build()
    }

    #[test]
    fn text_becomes_values_of_the_column_types() {
        let mut pages = Pages::default();
        let columns = [
            ("page", "varchar"),
            ("views", "bigint"),
            ("day", "date"),
            ("quarter", "timestamp"),
            ("share", "double"),
            ("truncated", "boolean"),
        ];
        let names: Vec<Option<&str>> = columns.iter().map(|(name, _)| Some(*name)).collect();
        let first = [
            Some("/"),
            Some("7"),
            Some("2026-11-21"),
            Some("2026-11-21 00:15:00.000"),
            Some("0.5"),
            Some("true"),
        ];
        let second = [
            None,
            Some("-1"),
            None,
            Some("2026-11-21 00:15:00"),
            Some("NaN"),
            None,
        ];
        let empty = [Some(""), None, None, None, None, Some("false")];
        pages
            .push(&page(&columns, &[&names, &first, &second]))
            .unwrap();
        pages.push(&page(&columns, &[&empty])).unwrap();

        let answer = pages.into_answer();
        assert!(!answer.truncated);
        let types: Vec<ColumnType> = answer.columns.iter().map(|one| one.column_type).collect();
        assert_eq!(
            types,
            [
                ColumnType::Varchar,
                ColumnType::Bigint,
                ColumnType::Timestamp,
                ColumnType::Timestamp,
                ColumnType::Double,
                ColumnType::Boolean
            ]
        );
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(
            answer.rows,
            [
                vec![
                    text("/"),
                    Value::Integer(7),
                    text("2026-11-21 00:00:00.000"),
                    text("2026-11-21 00:15:00.000"),
                    Value::Double(0.5),
                    Value::Boolean(true)
                ],
                vec![
                    Value::Null,
                    Value::Integer(-1),
                    Value::Null,
                    text("2026-11-21 00:15:00.000"),
                    Value::Null,
                    Value::Null
                ],
                vec![
                    text(""),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Boolean(false)
                ],
            ]
        );
    }

    #[test]
    fn a_row_that_is_no_header_is_kept() {
        let mut pages = Pages::default();
        let columns = [("views", "bigint")];
        pages.push(&page(&columns, &[&[Some("7")]])).unwrap();
        assert_eq!(pages.into_answer().rows, [[Value::Integer(7)]]);
    }

    #[test]
    fn the_most_rows_are_kept_and_no_more() {
        let columns = [("views", "bigint")];
        let full: Vec<&[Option<&str>]> = vec![&[Some("1")]; MAX_ROWS];
        let mut pages = Pages::default();
        pages.push(&page(&columns, &full)).unwrap();
        assert!(!pages.is_full(), "{MAX_ROWS} rows are all of them");
        pages.push(&page(&columns, &[&[Some("2")]])).unwrap();
        assert!(pages.is_full());
        assert_eq!(pages.into_answer().rows.len(), MAX_ROWS);
    }

    #[track_caller]
    fn check_unreadable(athena_type: &str, value: &str) {
        let mut pages = Pages::default();
        let error = pages
            .push(&page(&[("x", athena_type)], &[&[Some(value)]]))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("column x is of type {athena_type} and has the value {value:?}")
        );
    }

    #[test]
    fn a_value_of_another_type_is_no_answer() {
        check_unreadable("bigint", "7.0");
        check_unreadable("boolean", "1");
        check_unreadable("timestamp", "21.11.2026");
        check_unreadable("timestamp", "2026-11-21 00:15:00.000 UTC");
        check_unreadable("double", "");
    }
}
