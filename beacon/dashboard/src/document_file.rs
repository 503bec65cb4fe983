//! Keeps the document in a file of its own, private to its owner.
//!
//! Writers of several processes take turns by a lock on a file beside it, which is never removed: whoever waits for a
//! removed lock would not see the next one. Readers need no lock, because a rename replaces the file whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use futures::future::BoxFuture;
use ring::digest;
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::document_store::{DocumentStore, StoreFailure, Stored, Version};
use crate::secret::hex;

/// A file of this machine.
#[derive(Debug, Clone)]
pub struct DocumentFile {
    path: PathBuf,
}

impl DocumentFile {
    /// Returns the store in a file, which may not exist yet. Touches nothing.
    pub fn new(path: PathBuf) -> DocumentFile {
        DocumentFile { path }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn read_now(&self) -> io::Result<Stored> {
        match fs::read(&self.path) {
            Ok(text) => Ok(Stored {
                version: version_of(&text),
                text: Some(text),
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Stored {
                text: None,
                version: Version::Absent,
            }),
            Err(error) => Err(error),
        }
    }

    fn replace_now(&self, text: &[u8], version: &Version) -> io::Result<bool> {
        let directory = match self.path.parent() {
            Some(directory) if directory != Path::new("") => directory,
            _ => Path::new("."),
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)?;
        let owner = fs::metadata(directory)?;
        let lock = self.open_lock(&owner)?;
        lock.lock()?;
        if self.read_now()?.version != *version {
            return Ok(false);
        }
        let temporary = with_suffix(&self.path, ".new");
        // One that a crash has left may have another mode.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)?;
        give_to(&file, &owner)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&temporary, &self.path)?;
        // Without it, a power failure could bring back a key that was revoked.
        File::open(directory)?.sync_all()?;
        Ok(true)
    }

    /// Opens the lock, and makes it the first time. Only a file that this call made is given away, and no link is
    /// followed: the directory's owner may have put another file of the administrator's in the lock's place.
    fn open_lock(&self, owner: &fs::Metadata) -> io::Result<File> {
        let path = with_suffix(&self.path, ".lock");
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match made {
            Ok(lock) => {
                give_to(&lock, owner)?;
                Ok(lock)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => open_existing(&path),
            Err(error) => Err(error),
        }
    }
}

/// Opens the lock that an earlier call made.
fn open_existing(lock: &Path) -> io::Result<File> {
    let opened = OpenOptions::new()
        .write(true)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(lock);
    match opened {
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            let message = format!("{} is a symbolic link: remove it", lock.display());
            Err(io::Error::other(message))
        }
        opened => opened,
    }
}

/// Gives a file that the administrator has just made to the owner of its directory, as whom the server runs.
fn give_to(file: &File, directory: &fs::Metadata) -> io::Result<()> {
    let about = file.metadata()?;
    let (owner, user) = (directory.uid(), about.uid());
    match user == ROOT && owner != ROOT {
        true => fchown(file, Some(owner), Some(directory.gid())),
        false => Ok(()),
    }
}

/// The number of the administrator.
const ROOT: u32 = 0;

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Returns the digest of a text: two files with the same text need not be told apart.
fn version_of(text: &[u8]) -> Version {
    Version::Tag(hex(digest::digest(&digest::SHA256, text).as_ref()))
}

impl DocumentStore for DocumentFile {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&self) -> BoxFuture<'_, Result<Stored, StoreFailure>> {
        let file = self.clone();
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || file.read_now());
            Ok(read.await??)
        })
    }

    fn replace<'a>(
        &'a self,
        text: Vec<u8>,
        version: &'a Version,
    ) -> BoxFuture<'a, Result<bool, StoreFailure>> {
        let (file, version) = (self.clone(), version.clone());
        Box::pin(async move {
            let replaced = tokio::task::spawn_blocking(move || file.replace_now(&text, &version));
            Ok(replaced.await??)
        })
    }
}

#[cfg(test)]
mod tests;
