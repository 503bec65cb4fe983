//! Every operation on files that durability rests on. In production it is `std::fs`. In the tests of this crate a model
//! stands in front of it, which fails on demand, stops between any two steps, and then drops all that was not synced.

#[cfg(test)]
pub(crate) mod model;
pub(crate) mod step;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::FallocateFlags;

use self::step::Step;

/// Permissions of every file: hits are the business of the user that the server runs as. A umask can only take
/// more away.
const FILE_MODE: u32 = 0o600;
/// Permissions of every directory that is made.
const FOLDER_MODE: u32 = 0o700;

/// The way to the file system.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    #[cfg(test)]
    model: Option<std::sync::Arc<std::sync::Mutex<model::Model>>>,
}

impl Disk {
    /// A disk on a model, which the test keeps to make it fail.
    #[cfg(test)]
    pub(crate) fn model() -> (Disk, std::sync::Arc<std::sync::Mutex<model::Model>>) {
        let model = std::sync::Arc::new(std::sync::Mutex::new(model::Model::default()));
        (
            Disk {
                model: Some(std::sync::Arc::clone(&model)),
            },
            model,
        )
    }

    #[cfg(not(test))]
    fn step<T>(&self, _step: Step<'_>, real: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        real()
    }

    #[cfg(test)]
    fn step<T>(&self, step: Step<'_>, real: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match &self.model {
            None => real(),
            Some(model) => model.lock().unwrap().step(step, real),
        }
    }

    /// Makes `directory` and its missing parents, each of them synced into its own parent.
    pub(crate) fn make_directories(&self, directory: &Path) -> io::Result<()> {
        if directory.is_dir() {
            return Ok(());
        }
        let Some(parent) = directory.parent() else {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        };
        // The parent of a relative name of one part.
        let parent = if parent.as_os_str().is_empty() {
            Path::new(".")
        } else {
            parent
        };
        self.make_directories(parent)?;
        let make = || DirBuilder::new().mode(FOLDER_MODE).create(directory);
        self.step(Step::MakeDirectory(directory), || match make() {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Made by another meanwhile, or no directory at all.
                if directory.is_dir() {
                    Ok(())
                } else {
                    Err(io::ErrorKind::NotADirectory.into())
                }
            }
            other => other,
        })?;
        self.sync_directory(parent)
    }

    /// Makes the names in `directory` durable.
    pub(crate) fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        self.step(Step::SyncDirectory(directory), || {
            File::open(directory)?.sync_all()
        })
    }

    /// Opens the lock file; the lock on it dies with the process, so nothing here is synced.
    pub(crate) fn open_lock(&self, path: &Path) -> io::Result<File> {
        self.step(Step::OpenLock(path), || {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(FILE_MODE)
                .open(path)
        })
    }

    /// Creates a file that must not be there yet, for appending.
    pub(crate) fn create(&self, path: PathBuf) -> io::Result<DiskFile> {
        let file = self.step(Step::Create(&path), || {
            OpenOptions::new()
                .append(true)
                .create_new(true)
                .mode(FILE_MODE)
                .open(&path)
        })?;
        let identity = Identity::of(&file)?;
        // Where a file system gives numbers that don't last, they say nothing of a file's name.
        let identity = identity.is_at(&path).then_some(identity);
        Ok(DiskFile {
            file,
            path,
            identity,
            disk: self.clone(),
        })
    }

    /// Writes a whole file and syncs its content, but not its name; a leftover of the same name goes. A file
    /// that could not be written whole is removed, so that it does not keep the space that was lacking.
    pub(crate) fn write_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let leftover = self.remove(path);
        if let Err(error) = leftover
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = self.create(path.to_path_buf())?;
        let written = file
            .append(content)
            .and_then(|()| self.step(Step::SyncFile(path), || file.file.sync_all()));
        if written.is_err()
            && let Err(error) = self.remove(path)
        {
            tracing::debug!(file = %path.display(), %error, "a half-written file stays until the next try");
        }
        written
    }

    /// Shortens a file through a descriptor of its own and makes the new length durable.
    pub(crate) fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        let file = self.step(Step::Cut(path), || {
            let file = OpenOptions::new().write(true).open(path)?;
            file.set_len(length)?;
            Ok(file)
        })?;
        self.step(Step::SyncFile(path), || file.sync_all())
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Step::Rename(from, to), || fs::rename(from, to))
    }

    pub(crate) fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Remove(path), || fs::remove_file(path))
    }

    /// Makes a file that takes `bytes` of the disk, or makes it larger; nothing is written into it.
    ///
    /// # Errors
    /// `Unsupported` where the file system can't; `StorageFull` or `QuotaExceeded` where there is no room.
    pub(crate) fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        self.step(Step::Reserve(path, bytes), || {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(FILE_MODE)
                .open(path)?;
            rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, bytes)?;
            Ok(())
        })
    }

    /// Gives back what [`Disk::reserve`] took beyond `bytes`.
    pub(crate) fn shrink(&self, path: &Path, bytes: u64) -> io::Result<()> {
        self.step(Step::Cut(path), || {
            OpenOptions::new().write(true).open(path)?.set_len(bytes)
        })
    }

    /// Bytes that this user can still write to the file system of a directory; quotas are not in it.
    pub(crate) fn free_bytes(directory: &Path) -> io::Result<u64> {
        let about = rustix::fs::statvfs(directory)?;
        Ok(about.f_bavail.saturating_mul(about.f_frsize))
    }
}

/// The identity of a file, whatever its name: two open files with the same identity are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(crate) fn of(file: &File) -> io::Result<Identity> {
        Ok(Identity::from(&file.metadata()?))
    }

    /// Returns true if the name leads to this file, and where that can't be found out.
    pub(crate) fn is_at(self, path: &Path) -> bool {
        match fs::symlink_metadata(path) {
            Ok(found) => Identity::from(&found) == self,
            Err(error) => !is_gone(&error),
        }
    }
}

impl From<&fs::Metadata> for Identity {
    fn from(metadata: &fs::Metadata) -> Identity {
        Identity {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }
}

/// Returns true for the error of a name that nothing has.
pub(crate) fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Returns true for the error of a full disk, a full quota, or a file that is too large.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// An open file that only grows.
#[derive(Debug)]
pub(crate) struct DiskFile {
    file: File,
    path: PathBuf,
    /// `None` where the file system's numbers don't last.
    identity: Option<Identity>,
    disk: Disk,
}

impl DiskFile {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let DiskFile {
            file, path, disk, ..
        } = self;
        disk.step(Step::Write(path, bytes), || file.write_all(bytes))
    }

    /// `fdatasync`: content and length, which is all a reader needs.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.disk
            .step(Step::SyncFile(&self.path), || self.file.sync_data())
    }

    /// Returns true if the file still has its name: neither it nor a directory above it was removed, renamed or
    /// replaced. Takes one system call.
    pub(crate) fn is_in_place(&self) -> bool {
        match self.identity {
            Some(identity) => identity.is_at(&self.path),
            None => self
                .file
                .metadata()
                .is_ok_and(|metadata| metadata.nlink() > 0),
        }
    }

    /// Takes back what a failed append left behind. Not durable before the next sync.
    pub(crate) fn cut(&self, length: u64) -> io::Result<()> {
        self.disk
            .step(Step::Cut(&self.path), || self.file.set_len(length))
    }
}
