//! Defines the errors of a lake that can't be used.

use std::io;
use std::path::PathBuf;

use crate::prefix::PrefixError;
use crate::spool::error::SpoolError;

/// An error of a lake: its settings, its store, or its files.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The format name is unknown.
    #[error("unknown format {text:?}; use parquet or json")]
    Format {
        /// The name as given.
        text: String,
    },
    /// The location is neither a directory nor an S3 URL.
    #[error(
        "{location:?} is not a valid location for a lake: {reason}; give a directory or s3://bucket/prefix"
    )]
    Location {
        /// The location as given.
        location: String,
        /// The part of it that is wrong.
        reason: String,
    },
    /// The client of the object store refuses its settings.
    #[error("cannot use {location}: {source}; check the AWS_… variables")]
    Settings {
        /// The location as given.
        location: String,
        /// The client's error.
        source: object_store::Error,
    },
    /// A prefix can't be used.
    #[error(transparent)]
    Prefix(#[from] PrefixError),
    /// The directory of the lake is missing. An empty answer would look right, so it is an error.
    #[error("there is no lake at {}; check --lake, or start one with `beacon serve`", directory.display())]
    Missing {
        /// The directory of the lake.
        directory: PathBuf,
    },
    /// The path of the lake is not a directory.
    #[error("the lake {} is not a directory; give another --lake", directory.display())]
    NotADirectory {
        /// The directory of the lake.
        directory: PathBuf,
    },
    /// An operation on a file failed.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The lake can't be written.
    #[error("the lake {} cannot be written: {source}; make it writable for this user, or give another --lake", directory.display())]
    ReadOnly {
        /// The lake, or the directory in it.
        directory: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The object store can't be reached, listed or written.
    #[error("cannot {doing} the lake {location} ({setup}): {reason}; {fix}")]
    Unreachable {
        /// `list`, `write to` or `reach`.
        doing: &'static str,
        /// The location as given.
        location: String,
        /// Region and endpoint of the client.
        setup: String,
        /// The error of the store, in a few words.
        reason: String,
        /// The way to mend it.
        fix: &'static str,
    },
    /// A request to the store failed.
    #[error("the lake's store failed: {0}")]
    Store(#[from] object_store::Error),
    /// The spool beside the lake can't be used.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Lines could not be converted into rows.
    #[error("cannot convert lines: {0}")]
    Convert(#[from] arrow::error::ArrowError),
    /// Rows could not be written or read as Parquet.
    #[error("cannot convert to Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A background task ended early.
    #[error("a task was cancelled or panicked: {0}")]
    Task(#[from] tokio::task::JoinError),
}
