//! The formats of a lake's files.

use std::str::FromStr;

use crate::error::LakeError;

/// What the files of a lake are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns, zstd.
    Parquet,
    /// One object a line, gzip.
    Json,
}

impl Format {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Parquet => ".parquet",
            Format::Json => ".json.gz",
        }
    }
}

impl FromStr for Format {
    type Err = LakeError;

    fn from_str(text: &str) -> Result<Format, LakeError> {
        match text {
            "parquet" => Ok(Format::Parquet),
            "json" => Ok(Format::Json),
            _ => Err(LakeError::Format {
                text: text.to_owned(),
            }),
        }
    }
}
