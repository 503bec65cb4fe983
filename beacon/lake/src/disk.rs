//! Every operation on files that durability rests on. In production it is `std::fs`; in the tests of this
//! crate a model stands in front of it that fails on demand, stops between any two steps, and then drops
//! what was not synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[cfg(test)]
pub(crate) mod model;

/// One operation, as the model sees it. Outside the tests nothing looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    MakeFolder(&'a Path),
    SyncFolder(&'a Path),
    OpenLock(&'a Path),
    Create(&'a Path),
    Write(&'a Path, &'a [u8]),
    SyncFile(&'a Path),
    Cut(&'a Path),
    Rename(&'a Path, &'a Path),
    Remove(&'a Path),
}

/// The way to the file system.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    #[cfg(test)]
    model: Option<std::sync::Arc<std::sync::Mutex<model::Model>>>,
}

impl Disk {
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

    /// Makes `folder` and its missing parents, each of them synced into its own parent.
    pub(crate) fn make_folders(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let Some(parent) = folder.parent() else {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        };
        // The parent of a relative name of one part.
        let parent = if parent.as_os_str().is_empty() {
            Path::new(".")
        } else {
            parent
        };
        self.make_folders(parent)?;
        self.step(Step::MakeFolder(folder), || match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Made by another meanwhile, or no folder at all.
                if folder.is_dir() {
                    Ok(())
                } else {
                    Err(io::ErrorKind::NotADirectory.into())
                }
            }
            other => other,
        })?;
        self.sync_folder(parent)
    }

    /// Makes the names in `folder` durable.
    pub(crate) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step(Step::SyncFolder(folder), || File::open(folder)?.sync_all())
    }

    /// Opens the lock file; the lock on it dies with the process, so nothing here is synced.
    pub(crate) fn open_lock(&self, path: &Path) -> io::Result<File> {
        self.step(Step::OpenLock(path), || {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(path)
        })
    }

    /// Creates a file that must not be there yet, for appending.
    pub(crate) fn create(&self, path: PathBuf) -> io::Result<DiskFile> {
        let file = self.step(Step::Create(&path), || {
            OpenOptions::new().append(true).create_new(true).open(&path)
        })?;
        Ok(DiskFile {
            file,
            path,
            disk: self.clone(),
        })
    }

    /// Writes a whole file and syncs its content, but not its name; a leftover of the same name goes.
    pub(crate) fn write_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let leftover = self.remove(path);
        if let Err(error) = leftover
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = self.create(path.to_path_buf())?;
        file.append(content)?;
        self.step(Step::SyncFile(path), || file.file.sync_all())
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
}

/// An open file that only grows.
#[derive(Debug)]
pub(crate) struct DiskFile {
    file: File,
    path: PathBuf,
    disk: Disk,
}

impl DiskFile {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let DiskFile { file, path, disk } = self;
        disk.step(Step::Write(path, bytes), || file.write_all(bytes))
    }

    /// `fdatasync`: content and length, which is all a reader needs.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.disk
            .step(Step::SyncFile(&self.path), || self.file.sync_data())
    }

    /// Takes back what a failed append left behind. Not durable before the next sync.
    pub(crate) fn cut(&self, length: u64) -> io::Result<()> {
        self.disk
            .step(Step::Cut(&self.path), || self.file.set_len(length))
    }
}
