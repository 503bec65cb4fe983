//! Disk space that is kept free for delivery, so that a full disk empties itself: a file in the spool that holds
//! blocks and no content.
//!
//! Delivery writes an object before it removes the spool file that the object is made from. If the spool took the last
//! byte, no delivery could finish, and no hit would ever be recorded again. So the spool takes only space that leaves
//! room for its largest file once more. Where others have filled the disk, delivery is lent that room.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, is_full, is_gone};

/// The name of the file in the spool.
pub(crate) const FILE_NAME: &str = "RESERVE";

/// Space beyond the size of a spool file: an object of few rows is larger than its lines, and directories take
/// blocks too.
pub(crate) const MARGIN_BYTES: u64 = 256 << 10;

/// The reserve has this much more while there is room: it grows in steps, so that few appends pay for it, and when it
/// can't grow any more the surplus takes the hits that arrive while the open file is delivered.
pub(crate) const STEP_BYTES: u64 = 256 << 10;

/// The reserve of one spool.
#[derive(Debug)]
pub(crate) struct Reserve {
    disk: Disk,
    directory: PathBuf,
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    kept: Kept,
    /// Bytes that the largest file that is not yet delivered needs.
    wanted_bytes: u64,
    /// The surplus was given to the hits.
    is_tight: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// Blocks of the file.
    Bytes(u64),
    /// The file system has no `fallocate`: free space is looked at instead, which others may take.
    Nothing,
    /// Delivery writes into the space.
    Lent,
}

impl Reserve {
    /// Takes over what an earlier run kept, and makes room for a file of `largest_bytes`, the largest that waits.
    /// A full disk is no error: the spool then takes nothing until there is space.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub(crate) fn open(disk: &Disk, directory: &Path, largest_bytes: u64) -> io::Result<Reserve> {
        let reserve = Reserve {
            disk: disk.clone(),
            directory: directory.to_path_buf(),
            path: directory.join(FILE_NAME),
            state: Mutex::new(State {
                kept: Kept::Bytes(0),
                wanted_bytes: largest_bytes + MARGIN_BYTES,
                is_tight: true,
            }),
        };
        let opened = reserve.reclaim();
        reserve.state().is_tight = false;
        match opened {
            Err(error) if !is_full(&error) => Err(error),
            Err(error) => {
                tracing::error!(
                    spool = %directory.display(), %error,
                    "the disk of the spool is full: hits are lost until there is space"
                );
                Ok(reserve)
            }
            Ok(()) => Ok(reserve),
        }
    }

    /// Makes sure that a spool file of `bytes` can be delivered after they are written.
    ///
    /// # Errors
    /// `StorageFull` or `QuotaExceeded` where there is no room for it once more.
    pub(crate) fn cover(&self, bytes: u64) -> io::Result<()> {
        let mut state = self.state();
        let wanted = state.wanted_bytes.max(bytes + MARGIN_BYTES);
        match state.kept {
            Kept::Bytes(kept) if kept >= wanted + state.surplus() => {
                state.wanted_bytes = wanted;
                Ok(())
            }
            Kept::Bytes(_) => self.grow(&mut state, wanted),
            // The bytes themselves will be taken from the free space as well.
            Kept::Nothing => self.look(wanted + bytes),
            Kept::Lent => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// Gives the surplus to the hits that come while a file is delivered, after [`Reserve::cover`] failed. `false`
    /// where there is none.
    pub(crate) fn tighten(&self) -> bool {
        let mut state = self.state();
        let Kept::Bytes(kept) = state.kept else {
            return false;
        };
        let had_surplus = !state.is_tight;
        state.is_tight = true;
        if kept > state.wanted_bytes {
            self.shrink(&mut state);
        }
        had_surplus
    }

    /// Gives the space to the next writer, which is delivery: nothing is appended until [`Reserve::reclaim`].
    pub(crate) fn lend(&self) {
        let mut state = self.state();
        if state.kept == Kept::Nothing {
            return;
        }
        state.kept = Kept::Lent;
        if let Err(error) = self.disk.remove(&self.path)
            && !is_gone(&error)
        {
            tracing::warn!(path = %self.path.display(), %error, "cannot free the reserve of the spool");
        }
    }

    /// Returns true while delivery uses the space.
    pub(crate) fn is_lent(&self) -> bool {
        self.state().kept == Kept::Lent
    }

    /// Takes the space again.
    ///
    /// # Errors
    /// There is no room for it yet; appending tries again.
    pub(crate) fn reclaim(&self) -> io::Result<()> {
        let mut state = self.state();
        if state.kept == Kept::Nothing {
            return Ok(());
        }
        state.kept = Kept::Bytes(0);
        state.is_tight = true;
        let wanted = state.wanted_bytes;
        self.grow(&mut state, wanted)
    }

    /// Keeps no more than an empty spool needs. Appending takes what it needs again.
    pub(crate) fn settle(&self) {
        let mut state = self.state();
        state.wanted_bytes = MARGIN_BYTES;
        state.is_tight = false;
        if matches!(state.kept, Kept::Bytes(kept) if kept > MARGIN_BYTES + STEP_BYTES) {
            self.shrink(&mut state);
        }
    }

    fn shrink(&self, state: &mut State) {
        let bytes = state.wanted_bytes + state.surplus();
        state.kept = match self.disk.shrink(&self.path, bytes) {
            Ok(()) => Kept::Bytes(bytes),
            // Made again by the next file.
            Err(_) => Kept::Bytes(0),
        };
    }

    /// Looks whether the space is still kept: the file, or the spool's directory, may have been removed or replaced.
    pub(crate) fn refresh(&self) {
        let mut state = self.state();
        if let Kept::Bytes(kept) = state.kept
            && !fs::metadata(&self.path).is_ok_and(|about| about.len() == kept)
        {
            state.kept = Kept::Bytes(0);
        }
    }

    /// Gives all of it back, when the spool is empty and ends.
    pub(crate) fn remove(&self) {
        if let Err(error) = self.disk.remove(&self.path)
            && !is_gone(&error)
        {
            tracing::debug!(path = %self.path.display(), %error, "the reserve stays in the spool");
        }
    }

    /// Reserves a little more than is wanted, if there is room.
    fn grow(&self, state: &mut State, wanted: u64) -> io::Result<()> {
        let least = wanted + state.surplus();
        let ample = least + STEP_BYTES.max(wanted / 8);
        let mut grown = (ample, self.disk.reserve(&self.path, ample));
        if grown.1.as_ref().is_err_and(is_full) {
            grown = (least, self.disk.reserve(&self.path, least));
        }
        match grown {
            (bytes, Ok(())) => {
                state.kept = Kept::Bytes(bytes);
                state.wanted_bytes = wanted;
                Ok(())
            }
            (_, Err(error)) if error.kind() == io::ErrorKind::Unsupported => {
                tracing::info!(
                    spool = %self.directory.display(),
                    "this file system can't hold space for delivery; free space is looked at instead"
                );
                self.remove();
                state.kept = Kept::Nothing;
                self.look(wanted)
            }
            (_, Err(error)) => Err(error),
        }
    }

    fn look(&self, bytes: u64) -> io::Result<()> {
        match Disk::free_bytes(&self.directory)? >= bytes {
            true => Ok(()),
            false => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn surplus(&self) -> u64 {
        match self.is_tight {
            true => 0,
            false => STEP_BYTES,
        }
    }
}

/// Returns the bytes of disk that the spool in `directory` reserves for its delivery.
///
/// It is 0 while delivery uses them, and on a file system that can't reserve space.
pub fn reserve_bytes(directory: &Path) -> u64 {
    fs::metadata(directory.join(FILE_NAME)).map_or(0, |about| about.len())
}
