//! Looks at a spool from another process: who uses it, what waits in it, and how much room it has.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::SpoolError;
use super::reader::{self, SpoolFile};
use super::reserve::{MARGIN_BYTES, reserve_bytes};
use super::{file_name::SpoolKind, lock};
use crate::disk::Disk;

/// The state of a spool at one moment, as another process sees it.
#[derive(Debug)]
pub struct SpoolState {
    /// The process that has locked the spool, such as `process 4711`; `None` where no server uses it.
    pub holder: Option<String>,
    /// The number of files that wait for delivery.
    pub files: u64,
    /// Their size in bytes.
    pub bytes: u64,
    /// The time at which the newest file of hits was begun, in Unix milliseconds.
    pub newest_hits_ms: Option<u64>,
    /// The files that no delivery can read, each with the reason.
    pub unreadable: Vec<SpoolError>,
    /// Bytes of disk that must be free, or reserved, so that the largest file can be delivered.
    pub needed_bytes: u64,
    /// Bytes of disk that the spool keeps free; see [`reserve_bytes`].
    pub reserve_bytes: u64,
    /// Bytes that this user can still write to the disk of the spool.
    pub free_bytes: u64,
}

/// Reads the state of the spool in `directory`, which must exist. Changes nothing in it.
///
/// # Errors
/// Returns an error where it is not a directory, or can't be read, or its lock file can't.
pub fn inspect_spool(directory: &Path) -> Result<SpoolState, SpoolError> {
    if directory.exists() && !directory.is_dir() {
        return Err(SpoolError::NotADirectory {
            directory: directory.to_path_buf(),
        });
    }
    let holder = holder(directory)?;
    let mut state = SpoolState {
        holder,
        files: 0,
        bytes: 0,
        newest_hits_ms: None,
        unreadable: Vec::new(),
        needed_bytes: 0,
        reserve_bytes: reserve_bytes(directory),
        free_bytes: Disk::free_bytes(directory).map_err(failed(directory))?,
    };
    let mut largest_bytes = 0;
    for name in reader::list(directory)? {
        match SpoolFile::open_named(&directory.join(name.to_string()), name) {
            Ok(file) => {
                state.files += 1;
                state.bytes += file.len();
                largest_bytes = largest_bytes.max(file.len());
                if name.kind() == SpoolKind::Hits {
                    state.newest_hits_ms = state.newest_hits_ms.max(Some(name.start_ms()));
                }
            }
            // Delivered since it was listed.
            Err(SpoolError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => state.unreadable.push(error),
        }
    }
    state.needed_bytes = largest_bytes + MARGIN_BYTES;
    Ok(state)
}

/// The process that holds the lock. A shared lock is tried for that and given back at once: it would only be in the way
/// of a server that starts at the same moment.
fn holder(directory: &Path) -> Result<Option<String>, SpoolError> {
    let path = directory.join(lock::FILE_NAME);
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&path)(error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(lock::holder(&mut file))),
        Err(TryLockError::Error(error)) => Err(failed(&path)(error)),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> SpoolError {
    let path = PathBuf::from(path);
    move |source| SpoolError::Io { path, source }
}

#[cfg(test)]
mod tests;
