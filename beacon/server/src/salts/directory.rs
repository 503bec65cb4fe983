//! The directory of salts: a file for each UTC day, named by the day's end, that one process makes and all read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use beacon_core::time::{DAY_MS, Hour};
use beacon_core::{SALT_BYTES, Salt};
use rand::TryRngCore;
use rand::rngs::OsRng;
use rustix::process::geteuid;
use zeroize::Zeroizing;

use super::error::SaltError;

/// The beginning of every file's name; the date of the midnight at which its salt ends follows.
const PREFIX: &str = "salt-";

/// Follows the name of a file that is being written.
const UNPUBLISHED: &str = ".new";

/// The length of `2026-11-28`.
const DATE_BYTES: usize = 10;

/// Permissions to write of others than the owner: they could plant a salt that they know.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Permissions of others than the owner.
const OTHERS: u32 = 0o077;

/// The place of a machine's salts; `None` inside where none is known.
#[derive(Debug, Clone)]
pub struct SaltDirectory(Option<PathBuf>);

/// The files of salts whose day is over.
pub type EndedSalts = Vec<PathBuf>;

impl SaltDirectory {
    /// Takes the directory, which is created when it is needed.
    pub fn new(path: Option<PathBuf>) -> SaltDirectory {
        SaltDirectory(path)
    }

    /// Refuses a directory inside one of `others`, the lake and the spool: these are copied and backed up.
    ///
    /// # Errors
    /// Returns [`SaltError::Inside`].
    pub fn check_outside(&self, others: &[&Path]) -> Result<(), SaltError> {
        let Some(path) = &self.0 else {
            return Ok(());
        };
        match others.iter().find(|other| is_inside(path, other)) {
            None => Ok(()),
            Some(other) => Err(SaltError::Inside {
                path: path.clone(),
                of: other.to_path_buf(),
            }),
        }
    }

    /// Reads the salt of the UTC day of `at_ms`, or makes it where no process has.
    ///
    /// # Errors
    /// Returns the failure, because of which hits have no visitor.
    pub fn salt(&self, at_ms: u64) -> Result<Salt, SaltError> {
        let directory = self.0.as_deref().ok_or(SaltError::NoDirectory)?;
        let user = geteuid().as_raw();
        prepare(directory, user)?;
        let path = directory.join(file_name(at_ms));
        let bytes = match read(&path, user)? {
            Some(bytes) => bytes,
            None => {
                publish(&path)?;
                // That of the process which was first, whoever it was.
                read(&path, user)?.ok_or_else(|| SaltError::Read {
                    path: path.clone(),
                    source: io::ErrorKind::NotFound.into(),
                })?
            }
        };
        Ok(Salt::new(at_ms, *bytes))
    }

    /// Checks the modes of the directory and of the salt of the UTC day of `at_ms`, as far as they exist. Their owner
    /// isn't checked, because only the server knows its user.
    ///
    /// # Errors
    /// Returns [`SaltError::Exposed`] if the server would refuse one of them, and another error if it can't be examined.
    pub fn check_modes(&self, at_ms: u64) -> Result<(), SaltError> {
        let Some(directory) = &self.0 else {
            return Ok(());
        };
        let file = directory.join(file_name(at_ms));
        for (path, refused) in [(directory, WRITABLE_BY_OTHERS), (&file, OTHERS)] {
            match fs::metadata(path) {
                Ok(about) => check_mode(path, &about, refused)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => {
                    return Err(SaltError::Read {
                        path: path.clone(),
                        source,
                    });
                }
            }
        }
        Ok(())
    }

    /// Lists the files whose day is over at `now_ms`, also those that were never finished.
    ///
    /// # Errors
    /// Returns an error if the directory is there but can't be read.
    pub fn ended(&self, now_ms: u64) -> Result<EndedSalts, SaltError> {
        let Some(directory) = &self.0 else {
            return Ok(Vec::new());
        };
        let failed = |source| SaltError::Directory {
            path: directory.clone(),
            source,
        };
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut ended = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            if name
                .to_str()
                .and_then(end_ms)
                .is_some_and(|end| end <= now_ms)
            {
                ended.push(directory.join(name));
            }
        }
        Ok(ended)
    }

    /// Removes the files whose day is over at `now_ms`, and returns their number.
    ///
    /// # Errors
    /// Returns the first failure, after all others are removed.
    pub fn remove_ended(&self, now_ms: u64) -> Result<usize, SaltError> {
        let mut removed = 0;
        let mut failed = None;
        for path in self.ended(now_ms)? {
            match fs::remove_file(&path) {
                Ok(()) => removed += 1,
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => failed = failed.or(Some(SaltError::Remove { path, source })),
            }
        }
        match failed {
            None => Ok(removed),
            Some(error) => Err(error),
        }
    }

    /// Returns the path; `None` where none is known.
    pub fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

/// Tells whether a directory lies in another or is that one, by their real names. Either may not exist yet.
pub fn is_inside(directory: &Path, other: &Path) -> bool {
    real_path(directory).starts_with(real_path(other))
}

/// Resolves the links in the part of a path that exists.
fn real_path(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for ancestor in path.ancestors() {
        let (Ok(real), Ok(rest)) = (ancestor.canonicalize(), path.strip_prefix(ancestor)) else {
            continue;
        };
        return real.join(rest);
    }
    path
}

/// Returns `salt-2026-11-28` for a moment of 2026-11-27.
fn file_name(at_ms: u64) -> String {
    let end = Hour::from_ms(at_ms - at_ms % DAY_MS + DAY_MS);
    let (year, month, day) = (end.year(), end.month(), end.day());
    format!("{PREFIX}{year:04}-{month:02}-{day:02}")
}

/// Returns the moment at which the salt of a file ends, published or not. `None` for a file of somebody else.
fn end_ms(name: &str) -> Option<u64> {
    let rest = name.strip_prefix(PREFIX)?;
    let (date, suffix) = rest.split_at_checked(DATE_BYTES)?;
    let is_unpublished = suffix.starts_with('.') && suffix.ends_with(UNPUBLISHED);
    if !suffix.is_empty() && !is_unpublished {
        return None;
    }
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let end = Hour::new(
        year.parse().ok()?,
        month.parse().ok()?,
        day.parse().ok()?,
        0,
    )?;
    Some(end.start_ms())
}

fn prepare(directory: &Path, user: u32) -> Result<(), SaltError> {
    let failed = |source| SaltError::Directory {
        path: directory.to_path_buf(),
        source,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(failed)?;
    let about = fs::metadata(directory).map_err(failed)?;
    check_owner(directory, &about, user)?;
    check_mode(directory, &about, WRITABLE_BY_OTHERS)
}

fn check_owner(path: &Path, about: &fs::Metadata, user: u32) -> Result<(), SaltError> {
    if about.uid() == user {
        return Ok(());
    }
    Err(SaltError::Foreign {
        path: path.to_path_buf(),
        owner: about.uid(),
        user,
    })
}

fn check_mode(path: &Path, about: &fs::Metadata, refused: u32) -> Result<(), SaltError> {
    let mode = about.permissions().mode() & 0o7777;
    match mode & refused {
        0 => Ok(()),
        _ => Err(SaltError::Exposed {
            path: path.to_path_buf(),
            mode,
        }),
    }
}

/// Reads a salt of `user`. `None` where there is no file.
fn read(path: &Path, user: u32) -> Result<Option<Zeroizing<[u8; SALT_BYTES]>>, SaltError> {
    let failed = |source| SaltError::Read {
        path: path.to_path_buf(),
        source,
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let about = file.metadata().map_err(failed)?;
    check_owner(path, &about, user)?;
    check_mode(path, &about, OTHERS)?;
    if about.len() != SALT_BYTES as u64 {
        return Err(SaltError::Damaged {
            path: path.to_path_buf(),
        });
    }
    let mut bytes = Zeroizing::new([0; SALT_BYTES]);
    file.read_exact(&mut *bytes).map_err(failed)?;
    Ok(Some(bytes))
}

/// Makes a salt and gives it its name, unless another process has been faster.
///
/// A file appears under its name whole or not at all, because it is written under another. `link` doesn't replace a file,
/// as `rename` would: the loser of a race leaves the winner's salt alone. Both names say when the salt ends, so that one
/// which a crash leaves behind is removed with the other.
fn publish(path: &Path) -> Result<(), SaltError> {
    let failed = |source| SaltError::Write {
        path: path.to_path_buf(),
        source,
    };
    let mut bytes = Zeroizing::new([0; SALT_BYTES]);
    OsRng
        .try_fill_bytes(&mut *bytes)
        .map_err(|error| failed(io::Error::other(error)))?;
    let mut temporary = path.as_os_str().to_os_string();
    temporary.push(format!(".{:016x}{UNPUBLISHED}", rand::random::<u64>()));
    let temporary = PathBuf::from(temporary);
    let written = write_private(&temporary, &*bytes).and_then(|()| fs::hard_link(&temporary, path));
    let removed = fs::remove_file(&temporary);
    match written {
        Ok(()) => removed.map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => removed.map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    // After a power failure, a name without its bytes would stand in the way until the day ends.
    file.sync_all()
}

#[cfg(test)]
mod tests;
