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

/// Returns the column type for a type of Athena. A type that the API has no name for is a string, as Athena sends it.
fn column_type(athena_type: &str) -> ColumnType {
    match athena_type {
        "tinyint" | "smallint" | "integer" | "bigint" => ColumnType::Bigint,
        "float" | "real" | "double" | "decimal" => ColumnType::Double,
        "boolean" => ColumnType::Boolean,
        "timestamp" => ColumnType::Timestamp,
        "date" => ColumnType::Date,
        _ => ColumnType::Varchar,
    }
}

fn value(athena_type: &str, text: &str) -> Option<Value> {
    Some(match column_type(athena_type) {
        ColumnType::Varchar | ColumnType::Date => Value::Text(text.to_owned()),
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

/// Returns a timestamp as `yyyy-MM-dd HH:mm:ss.SSS`; Athena writes as many digits as the type's precision has.
fn timestamp(text: &str) -> Option<String> {
    let pattern = format_timestamp(0);
    let matches = |(one, other): (u8, u8)| match other.is_ascii_digit() {
        true => one.is_ascii_digit(),
        false => one == other,
    };
    let is_timestamp = text.len() >= "yyyy-MM-dd".len()
        && text.bytes().zip(pattern.bytes()).all(matches)
        && text
            .bytes()
            .skip(pattern.len())
            .all(|byte| byte.is_ascii_digit());
    if !is_timestamp {
        return None;
    }
    Some(match text.get(..pattern.len()) {
        Some(milliseconds) => milliseconds.to_owned(),
        None => format!("{text}{}", &pattern[text.len()..]),
    })
}

#[cfg(test)]
mod tests;
