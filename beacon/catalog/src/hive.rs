//! Names the types of columns in Hive and Trino, and writes their comments.

use beacon_core::schema::{ColumnRef, ColumnType};

/// The longest comment of a column in Glue, in characters.
/// <https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html>
const MAX_COMMENT: usize = 255;

/// Returns the name of a type in Hive, and so in Glue and in Athena's DDL.
pub fn hive_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text => "string",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Boolean => "boolean",
        ColumnType::TextMap => "map<string,string>",
    }
}

/// Returns the name of a type in Trino, and so in Athena's queries.
pub fn trino_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text => "varchar",
        ColumnType::Timestamp => "timestamp(3)",
        ColumnType::Boolean => "boolean",
        ColumnType::TextMap => "map(varchar,varchar)",
    }
}

/// Returns the meaning of a column as a comment that Glue takes: without backticks, at most 255 characters.
pub(crate) fn comment(column: &ColumnRef<'_>) -> String {
    column
        .meaning
        .chars()
        .filter(|letter| *letter != '`')
        .take(MAX_COMMENT)
        .collect()
}
