//! A local file that is read at the start, and again when it changes. Nothing is ever fetched.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use prometheus_client::metrics::counter::Counter;
use tokio::time::{MissedTickBehavior, interval};

/// The time between two looks at a file. Such files change daily at most.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// The content of a file in memory. Whoever reads it never waits, also while another version takes its place.
pub(crate) struct WatchedFile<T> {
    path: PathBuf,
    read: fn(&Path) -> anyhow::Result<T>,
    content: ArcSwap<T>,
    /// The file's stamp at the last check; `None` if it couldn't be read.
    seen: Mutex<Option<Version>>,
}

/// The reloads of a file since the start.
#[derive(Clone, Debug)]
pub(crate) struct ReloadMetrics {
    pub(crate) reloads: Counter,
    pub(crate) failures: Counter,
}

/// The properties of a file that change when somebody writes it, replaces it, or changes who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    device: u64,
    inode: u64,
    size_bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Version {
    fn of(path: &Path) -> io::Result<Version> {
        let metadata = fs::metadata(path)?;
        Ok(Version {
            device: metadata.dev(),
            inode: metadata.ino(),
            size_bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}

impl<T: Send + Sync + 'static> WatchedFile<T> {
    /// Reads a file with `read`, which is called again for each later version.
    ///
    /// # Errors
    /// Returns the error of `read`.
    pub(crate) fn open(
        path: &Path,
        read: fn(&Path) -> anyhow::Result<T>,
    ) -> anyhow::Result<WatchedFile<T>> {
        // Before the file is read: a change in between is one that the next check finds.
        let seen = Version::of(path).ok();
        Ok(WatchedFile {
            content: ArcSwap::from_pointee(read(path)?),
            read,
            path: path.to_path_buf(),
            seen: Mutex::new(seen),
        })
    }

    /// Returns the content as it was read last.
    pub(crate) fn content(&self) -> Guard<Arc<T>> {
        self.content.load()
    }

    /// Reads the file again if it has changed since the last check, and tells whether it did.
    ///
    /// # Errors
    /// Returns an error that names the file if it can't be read or used, once for each such state. The version in memory
    /// stays.
    pub(crate) fn reload(&self) -> anyhow::Result<bool> {
        let version = Version::of(&self.path).ok();
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == version {
                return Ok(false);
            }
            *seen = version;
        }
        self.content.store(Arc::new((self.read)(&self.path)?));
        Ok(true)
    }

    /// Checks the file until the task is dropped. Logs what comes of a change as that of the file of `subject`, such as
    /// `countries`, and counts it.
    pub(crate) async fn watch(self: Arc<Self>, subject: &'static str, metrics: ReloadMetrics) {
        let mut checks = interval(CHECK_INTERVAL);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            checks.tick().await;
            let file = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || file.reload()).await {
                Ok(Ok(false)) => {}
                Ok(Ok(true)) => {
                    metrics.reloads.inc();
                    tracing::info!(path = %self.path.display(), "the file of {subject} has changed and is read again");
                }
                Ok(Err(error)) => {
                    metrics.failures.inc();
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "the file of {subject} cannot be used; the one before stays"
                    );
                }
                Err(error) => {
                    tracing::error!(%error, "the file of {subject} could not be checked");
                }
            }
        }
    }
}
