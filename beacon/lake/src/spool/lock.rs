//! An advisory file lock: at most one process writes a spool. The kernel releases it on exit, including crashes.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::SpoolError;
use crate::disk::{Disk, Identity};

pub(crate) const FILE_NAME: &str = "LOCK";

/// The lock of a spool, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    disk: Disk,
    directory: PathBuf,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    /// Its end is the lock's.
    _file: File,
    identity: Identity,
}

/// Makes the directory where it is missing and locks it. The lock file stays: to remove it would let two
/// processes hold locks on two files of the same name.
pub(crate) fn take(disk: &Disk, directory: &Path) -> Result<Lock, SpoolError> {
    let held = lock_file(disk, directory)?;
    Ok(Lock {
        disk: disk.clone(),
        directory: directory.to_path_buf(),
        held: Mutex::new(held),
    })
}

impl Lock {
    /// Makes sure that the lock is on the file that others would try to lock. Where somebody has removed or
    /// replaced that file, or the whole directory, it is made and locked again.
    ///
    /// # Errors
    /// Another process has locked the directory meanwhile, or it cannot be made.
    pub(crate) fn keep(&self) -> Result<(), SpoolError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.identity.is_at(&self.directory.join(FILE_NAME)) {
            return Ok(());
        }
        *held = lock_file(&self.disk, &self.directory)?;
        tracing::warn!(
            spool = %self.directory.display(),
            "the spool's lock file was removed or replaced while the spool was in use; it is locked again"
        );
        Ok(())
    }
}

fn lock_file(disk: &Disk, directory: &Path) -> Result<Held, SpoolError> {
    let io = |source| SpoolError::Io {
        path: directory.to_path_buf(),
        source,
    };
    let read_only = |source| SpoolError::ReadOnly {
        directory: directory.to_path_buf(),
        source,
    };
    if directory.exists() && !directory.is_dir() {
        return Err(SpoolError::NotADirectory {
            directory: directory.to_path_buf(),
        });
    }
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => read_only(source),
        io::ErrorKind::NotADirectory => SpoolError::NotADirectory {
            directory: directory.to_path_buf(),
        },
        _ => io(source),
    };
    disk.make_directories(directory).map_err(refused)?;
    let mut file = disk
        .open_lock(&directory.join(FILE_NAME))
        .map_err(refused)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = holder(&mut file);
            return Err(SpoolError::InUse {
                directory: directory.to_path_buf(),
                holder,
            });
        }
        Err(TryLockError::Error(source)) => return Err(io(source)),
    }
    // Only for the message to the next one, so neither synced nor needed.
    let written = file
        .set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    if let Err(error) = written {
        tracing::debug!(%error, "cannot write the process id into the lock file");
    }
    let identity = Identity::of(&file).map_err(io)?;
    Ok(Held {
        _file: file,
        identity,
    })
}

/// Returns `process 4711`, or `another process` where the lock file does not tell.
pub(crate) fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file
        .read_to_string(&mut text)
        .map(|_| text.trim().parse::<u32>())
    {
        Ok(Ok(process)) => format!("process {process}"),
        _ => "another process".to_owned(),
    }
}
