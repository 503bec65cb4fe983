//! Defines the errors of a spool that can't be used, and of lines that were not recorded.

use std::io;
use std::path::PathBuf;

/// An error of a spool or one of its files.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process has locked the spool.
    #[error("the spool {} is in use by {holder}; stop it, or give this one another --spool", directory.display())]
    InUse {
        /// The spool.
        directory: PathBuf,
        /// `process 4711`, or `another process` where the lock file does not tell.
        holder: String,
    },
    /// The path of the spool is not a directory.
    #[error("the spool {} is not a directory; remove the file, or give another --spool", directory.display())]
    NotADirectory {
        /// The spool.
        directory: PathBuf,
    },
    /// The spool can't be written.
    #[error("the spool {} cannot be written: {source}; make it writable for this user, or give another --spool", directory.display())]
    ReadOnly {
        /// The spool.
        directory: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A newer program wrote the file.
    #[error("the spool file {} is of format {found}, this program knows up to {known}; use the version that wrote it, or a newer one", file.display())]
    Newer {
        /// The spool file.
        file: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest version that this program reads.
        known: u32,
    },
    /// The file is not a spool file, though its name may be one's.
    #[error("{} has the name of a spool file but not its content; move it out of the spool", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// Another operation on a file failed.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

/// The reason why lines were not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum AppendError {
    /// The disk or the quota is full.
    DiskFull,
    /// The file system of the spool cannot be written.
    ReadOnly,
    /// The disk failed, on further files too.
    Io,
    /// Another process removed, renamed or replaced the file while it was written, more than once.
    Removed,
    /// Another process has locked the spool's directory, after it was removed or replaced.
    InUse,
    /// More than 256 MiB of lines wait for the disk.
    Behind,
    /// The spool is closed.
    ShuttingDown,
}

impl AppendError {
    /// Returns the reason as `X-Beacon: lost; …` and the metrics give it.
    pub fn as_str(self) -> &'static str {
        match self {
            AppendError::DiskFull => "disk full",
            AppendError::ReadOnly => "read-only disk",
            AppendError::Io => "disk error",
            AppendError::Removed => "spool removed",
            AppendError::InUse => "spool in use",
            AppendError::Behind => "disk too slow",
            AppendError::ShuttingDown => "shutting down",
        }
    }
}

impl From<&io::Error> for AppendError {
    fn from(error: &io::Error) -> AppendError {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => AppendError::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                AppendError::ReadOnly
            }
            _ => AppendError::Io,
        }
    }
}

impl From<&SpoolError> for AppendError {
    fn from(error: &SpoolError) -> AppendError {
        match error {
            SpoolError::InUse { .. } => AppendError::InUse,
            SpoolError::ReadOnly { source, .. } | SpoolError::Io { source, .. } => {
                AppendError::from(source)
            }
            _ => AppendError::Io,
        }
    }
}
