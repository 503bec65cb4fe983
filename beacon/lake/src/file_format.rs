//! The formats of a lake's files.

use std::str::FromStr;

use crate::error::LakeError;

/// The format of a lake's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Parquet with zstd, `.parquet`.
    Parquet,
    /// NDJSON with gzip, `.json.gz`.
    Json,
}

impl FileFormat {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            FileFormat::Parquet => ".parquet",
            FileFormat::Json => ".json.gz",
        }
    }
}

impl FromStr for FileFormat {
    type Err = LakeError;

    fn from_str(text: &str) -> Result<FileFormat, LakeError> {
        match text {
            "parquet" => Ok(FileFormat::Parquet),
            "json" => Ok(FileFormat::Json),
            _ => Err(LakeError::Format {
                text: text.to_owned(),
            }),
        }
    }
}
