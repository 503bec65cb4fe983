//! Puts objects into the lake, each whole or not at all, and durable.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use beacon_core::time::Hour;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{ObjectStoreExt, PutMode, PutOptions};
use uuid::Uuid;

use crate::disk::Disk;
use crate::error::LakeError;
use crate::file_format::FileFormat;
use crate::lake::Lake;
use crate::object_name::{ObjectName, object_name};

/// The way from bytes to an object.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    pub(crate) lake: Lake,
    pub(crate) stream: String,
    pub(crate) disk: Disk,
}

impl Publisher {
    /// Returns true if the object of these hits is in the lake already, and durable.
    ///
    /// It is looked up by its id, because format and stream may have been set otherwise when it was made.
    pub(crate) async fn has_hits(&self, start_ms: u64, id: Uuid) -> Result<bool, LakeError> {
        let directory = self.lake.hits_key(Hour::from_ms(start_ms));
        let mut objects = self
            .lake
            .store()
            .list(Some(&self.lake.store_path(&directory)));
        while let Some(object) = objects.try_next().await? {
            let name = object.location.filename().and_then(ObjectName::parse);
            if name
                .and_then(|name| name.generation)
                .is_none_or(|(_, found)| found != id)
            {
                continue;
            }
            if let Some(root) = self.lake.local_path() {
                // It may have been renamed by a process that was killed before the sync.
                let (disk, root) = (self.disk.clone(), root.to_path_buf());
                blocking(move || sync_up(&disk, &root.join(&directory), &root)).await?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Stores an object of hits. After `Ok` it is there for good.
    pub(crate) async fn put_hits(
        &self,
        start_ms: u64,
        id: Uuid,
        format: FileFormat,
        content: Vec<u8>,
    ) -> Result<(), LakeError> {
        let prefix = self.lake.hits_prefix().evaluate(start_ms, id);
        self.put(
            format!(
                "{prefix}{}",
                object_name(&self.stream, start_ms, id, format)
            ),
            content,
        )
        .await
    }

    /// Stores an error object.
    pub(crate) async fn put_errors(
        &self,
        start_ms: u64,
        id: Uuid,
        content: Vec<u8>,
    ) -> Result<(), LakeError> {
        let prefix = self.lake.error_prefix().evaluate(start_ms, id);
        let name = object_name(&self.stream, start_ms, id, FileFormat::Json);
        self.put(format!("{prefix}{name}"), content).await
    }

    /// Returns true if objects take space of the same disk as the files in `directory`.
    pub(crate) fn is_on_disk_of(&self, directory: &Path) -> bool {
        let device = |path: &Path| std::fs::metadata(path).map(|about| about.dev());
        match self.lake.local_path().map(device) {
            Some(Ok(lake)) => device(directory).is_ok_and(|spool| spool == lake),
            _ => false,
        }
    }

    async fn put(&self, key: String, content: Vec<u8>) -> Result<(), LakeError> {
        if let Some(root) = self.lake.local_path() {
            let (disk, root) = (self.disk.clone(), root.to_path_buf());
            return blocking(move || put_in_directory(&disk, &root, &key, &content)).await;
        }
        let options = PutOptions {
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        let (store, path) = (self.lake.store(), self.lake.store_path(&key));
        let put = store
            .put_opts(&path, Bytes::from(content).into(), options)
            .await;
        match put {
            // Either an earlier try came through and its answer did not; or another put of the key is under way
            // (ConditionalRequestConflict), which may yet fail: only what is there is delivered.
            Err(error @ object_store::Error::AlreadyExists { .. }) => match store.head(&path).await
            {
                Ok(_) => Ok(()),
                Err(object_store::Error::NotFound { .. }) => Err(error.into()),
                Err(unknown) => Err(unknown.into()),
            },
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }
}

async fn blocking(
    work: impl FnOnce() -> Result<(), (PathBuf, io::Error)> + Send + 'static,
) -> Result<(), LakeError> {
    let done = tokio::task::spawn_blocking(work).await?;
    done.map_err(|(path, source)| LakeError::Io { path, source })
}

/// Writes under a temporary name that begins with a dot, which readers of a lake skip, then renames.
fn put_in_directory(
    disk: &Disk,
    root: &Path,
    key: &str,
    content: &[u8],
) -> Result<(), (PathBuf, io::Error)> {
    let path = root.join(key);
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |error| (path, error)
    };
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err((path, io::Error::from(io::ErrorKind::InvalidFilename)));
    };
    disk.make_directories(directory).map_err(at(directory))?;
    // The same at each try, so that a crash leaves at most one behind and the next try takes its place.
    let temporary = directory.join(format!(".{}.tmp", name.display()));
    disk.write_file(&temporary, content)
        .map_err(at(&temporary))?;
    disk.rename(&temporary, &path).map_err(at(&path))?;
    sync_up(disk, directory, root)
}

/// Syncs a directory of the lake and all above it up to the lake's own, because an earlier run that was
/// killed may have made them without coming to the sync.
fn sync_up(disk: &Disk, directory: &Path, root: &Path) -> Result<(), (PathBuf, io::Error)> {
    for directory in directory
        .ancestors()
        .take_while(|directory| directory.starts_with(root))
    {
        disk.sync_directory(directory)
            .map_err(|error| (directory.to_path_buf(), error))?;
    }
    Ok(())
}
