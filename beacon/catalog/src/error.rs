//! Why a catalogue can't be made of the SQL files.

use crate::sql_file::SqlFile;

/// Tells why an SQL file can't be part of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// The name can't be one of Athena's.
    #[error(
        "{name:?} can't name an SQL file: use a to z, 0 to 9 and _, a letter first, up to 128 of them"
    )]
    Name {
        /// The name that was given.
        name: String,
    },
    /// A line of the header is missing.
    #[error("{name}.sql has no header line -- {key}: at its top")]
    Header {
        /// The file's name.
        name: String,
        /// `question`, `parameters`, `view` or `columns`.
        key: &'static str,
    },
    /// Question and parameters are too long together.
    #[error("{name}.sql: question and parameters together are longer than {most} characters")]
    Description {
        /// The file's name.
        name: String,
        /// The limit, in characters.
        most: usize,
    },
    /// A column of a view that can't be read.
    #[error(
        "{name}.sql has {entry:?} in its -- columns: line; write * for all of the table, or a name and a type of \
         Trino, as occurrence bigint"
    )]
    ViewColumn {
        /// The file's name.
        name: String,
        /// The column, as given.
        entry: String,
    },
    /// A column of a view is named twice.
    #[error(
        "{name}.sql names its column {column} twice in its -- columns: line; * has all columns of the table"
    )]
    ViewColumnTwice {
        /// The file's name.
        name: String,
        /// The column.
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
