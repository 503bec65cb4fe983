//! Defines the errors of SQL files that can't be part of a catalog.

use crate::sql_file::SqlFile;

/// Errors in the SQL files that a catalog is made from. Each message names the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The name doesn't fit a prepared statement, a named query and a view alike.
    #[error(
        "{name:?} can't name an SQL file: use 2 to 128 of a to z, 0 to 9 and _, a letter first"
    )]
    Name {
        /// The file's name.
        name: String,
    },
    /// The header lacks a line.
    #[error("{name}.sql has no header line -- {key}: at its top")]
    Header {
        /// The file's name.
        name: String,
        /// `question`, `parameters`, `view` or `columns`.
        key: &'static str,
    },
    /// The line `-- visits:` has an unknown value, or no statement behind it that the block fits before.
    #[error(
        "{name}.sql has -- visits: {value}; write agents or open_agents, in a file whose statement begins with WITH"
    )]
    Visits {
        /// The file's name.
        name: String,
        /// The value of the line.
        value: String,
    },
    /// Question and parameters together are too long for a description in Athena.
    #[error("{name}.sql: question and parameters together are longer than {most} characters")]
    Description {
        /// The file's name.
        name: String,
        /// The limit, in characters.
        most: usize,
    },
    /// A column of a view has no valid name, or a type that this crate doesn't know.
    #[error(
        "{name}.sql has {entry:?} in its -- columns: line; write * for all columns of the table, or a name and a \
         type of Trino, as in occurrence bigint"
    )]
    ViewColumn {
        /// The file's name.
        name: String,
        /// The column, as the header has it.
        entry: String,
    },
    /// The header of a view names a column twice.
    #[error(
        "{name}.sql names its column {column} twice in its -- columns: line; * has all columns of the table"
    )]
    ViewColumnTwice {
        /// The file's name.
        name: String,
        /// The name of the column.
        column: String,
    },
}

/// Returns the value of a header line that the file must have.
pub(crate) fn required_header<'a>(
    file: &SqlFile<'a>,
    key: &'static str,
) -> Result<&'a str, CatalogError> {
    file.header(key).ok_or_else(|| CatalogError::Header {
        name: file.name.to_owned(),
        key,
    })
}
