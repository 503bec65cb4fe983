//! Failures of the day's salt, each with its fix for the log and its reason for metrics.

use std::io;
use std::path::PathBuf;

use beacon_core::SALT_BYTES;

/// A failure to read, make or remove a salt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaltError {
    /// There is no directory for salts.
    #[error(
        "no private directory for the day's salt is known: set --salt-directory (BEACON_SALT_DIRECTORY)"
    )]
    NoDirectory,
    /// The directory can't be created or read.
    #[error(
        "cannot use {} for the day's salt: make it a directory of the server's user, or set --salt-directory", path.display()
    )]
    Directory {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Others than the owner may write to the directory, or read the file.
    #[error("{} has mode {mode:04o}, so others could know the salt: run chmod go-rwx {}", path.display(), path.display())]
    Exposed {
        /// The directory or file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The directory or the file belongs to another user.
    #[error(
        "{} belongs to user {owner} and not to the server's user {user}, so others could know the salt: change its \
         owner, or set --salt-directory (BEACON_SALT_DIRECTORY)", path.display()
    )]
    Foreign {
        /// The directory or file.
        path: PathBuf,
        /// The user who owns it.
        owner: u32,
        /// The user of this process.
        user: u32,
    },
    /// The file of the day can't be read.
    #[error("cannot read the day's salt {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file of the day has another length than a salt.
    #[error("the day's salt {} has not {SALT_BYTES} bytes: remove it, and the server makes another", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file of the day can't be written.
    #[error("cannot write the day's salt {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file of a day that is over can't be removed.
    #[error("cannot remove {}", path.display())]
    Remove {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The directory lies where its files would be copied.
    #[error(
        "the salt's directory {} is inside {}, and copies of that would keep the salt: set --salt-directory \
         (BEACON_SALT_DIRECTORY) to another place", path.display(), of.display()
    )]
    Inside {
        /// The directory of salts.
        path: PathBuf,
        /// The lake or the spool.
        of: PathBuf,
    },
}

impl SaltError {
    /// Returns the reason in a few words that are the same for every file, for metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            SaltError::NoDirectory => "no directory",
            SaltError::Directory { .. } => "directory unusable",
            SaltError::Exposed { .. } | SaltError::Foreign { .. } => "exposed to others",
            SaltError::Read { .. } => "read failed",
            SaltError::Damaged { .. } => "damaged",
            SaltError::Write { .. } => "write failed",
            SaltError::Remove { .. } => "remove failed",
            SaltError::Inside { .. } => "inside lake or spool",
        }
    }
}
