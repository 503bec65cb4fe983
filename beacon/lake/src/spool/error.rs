//! Why a spool cannot be used, and why lines were not recorded.

use std::io;
use std::path::PathBuf;

/// Why a spool cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process has the lock.
    #[error("the spool {} is in use by {holder}; stop it, or give this one another --spool", directory.display())]
    InUse {
        /// The spool.
        directory: PathBuf,
        /// `process 4711`, or `another process` where it cannot be told.
        holder: String,
    },
    /// The path of the spool leads to something else.
    #[error("the spool {} is not a directory; remove the file, or give another --spool", directory.display())]
    NotADirectory {
        /// The spool.
        directory: PathBuf,
    },
    /// The spool must be written, and can't be.
    #[error("the spool {} cannot be written: {source}; make it writable for this user, or give another --spool", directory.display())]
    ReadOnly {
        /// The spool.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A newer program left a file behind.
    #[error("the spool file {} is of format {found}, this program knows up to {known}; use the version that wrote it, or a newer one", file.display())]
    Newer {
        /// The spool file.
        file: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest that is understood.
        known: u32,
    },
    /// A file with a spool file's name and another content.
    #[error("{} has the name of a spool file but not its content; move it out of the spool", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// Anything else that the system refused.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Why lines are not in the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum AppendError {
    /// No space, or the quota is used up.
    DiskFull,
    /// The file system of the spool cannot be written.
    ReadOnly,
    /// The disk failed, also on a second file.
    Io,
    /// Somebody removed, renamed or replaced the file while it was written, again and again.
    Removed,
    /// Another process has locked the spool's directory, after it was removed or replaced.
    InUse,
    /// More is waiting for the disk than memory is set aside for.
    Behind,
    /// The program is about to end.
    ShuttingDown,
}

impl AppendError {
    /// The reason that `X-Beacon: lost; …` and the metrics give.
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
