//! Why a lake cannot be used.

use std::io;
use std::path::PathBuf;

use crate::prefix::PrefixError;
use crate::spool::error::SpoolError;

/// Why a lake cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// Not one of ours.
    #[error("unknown format {text:?}; use parquet or json")]
    Format {
        /// As given.
        text: String,
    },
    /// Neither a directory nor a URL that is understood.
    #[error(
        "{location:?} is not a valid location for a lake: {reason}; give a directory or s3://bucket/prefix"
    )]
    Location {
        /// As given.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The store's settings.
    #[error("cannot use {location}: {source}; check the AWS_… variables")]
    Settings {
        /// As given.
        location: String,
        /// What the store's client said.
        source: object_store::Error,
    },
    /// A prefix that can't be used.
    #[error(transparent)]
    Prefix(#[from] PrefixError),
    /// Nothing there, so a question would be answered with nothing and look right.
    #[error("there is no lake at {}; check --lake, or start one with `beacon serve`", directory.display())]
    Missing {
        /// The directory of the lake.
        directory: PathBuf,
    },
    /// The path of the lake leads to something else.
    #[error("the lake {} is not a directory; give another --lake", directory.display())]
    NotADirectory {
        /// The directory of the lake.
        directory: PathBuf,
    },
    /// The system refused.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Hits can't be written there.
    #[error("the lake {} cannot be written: {source}; make it writable for this user, or give another --lake", directory.display())]
    ReadOnly {
        /// The lake, or the directory in it.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store of the lake does not do what it must.
    #[error("cannot {doing} the lake {location} ({setup}): {reason}; {fix}")]
    Unreachable {
        /// `list` or `write to`.
        doing: &'static str,
        /// As given.
        location: String,
        /// Region and endpoint.
        setup: String,
        /// What the store said.
        reason: String,
        /// What to do.
        fix: &'static str,
    },
    /// The store refused.
    #[error("the lake's store failed: {0}")]
    Store(#[from] object_store::Error),
    /// The spool beside the lake.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Lines could not be made into rows.
    #[error("cannot convert lines: {0}")]
    Convert(#[from] arrow::error::ArrowError),
    /// Rows could not be written or read as Parquet.
    #[error("cannot convert to Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A background task ended early.
    #[error("a task was cancelled or panicked: {0}")]
    Task(#[from] tokio::task::JoinError),
}
