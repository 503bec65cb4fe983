//! The spool: where lines wait, safely, until they are in the lake. One thread writes it; everybody else
//! hands it batches.

pub(crate) mod directory;
pub(crate) mod error;
pub(crate) mod file_name;
pub(crate) mod frame;
pub(crate) mod lock;
mod queue;
pub(crate) mod reader;
pub(crate) mod reserve;
pub(crate) mod writer;
mod writer_thread;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use self::directory::SpoolDirectory;
pub use self::error::{AppendError, SpoolError};
pub use self::file_name::{SpoolKind, SpoolName};
pub use self::queue::SpoolWriter;
pub use self::reader::{SpoolFile, SpoolLines, oldest_undelivered_ms};
use self::reserve::Reserve;
pub use self::reserve::reserve_bytes;
use self::writer::{Limits, Writer};
use self::writer_thread::WriterThread;
use crate::clock::Clock;
use crate::disk::Disk;
use crate::events::Observer;

/// Where the spool is and when its files are closed.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// A directory of its own on a local file system; it is made where it is missing.
    pub directory: PathBuf,
    /// Begins the names of the objects, as the name of a Firehose stream does.
    pub stream: String,
    /// A file is delivered when its first line is this old.
    pub buffer_interval: Duration,
    /// A file is delivered when it has this size, before compression.
    pub buffer_size_bytes: u64,
    /// Says in which hour a line arrived.
    pub clock: Clock,
}

/// The default of [`SpoolOptions::buffer_interval`]: the spool can be queried anyway, and many small files
/// are what makes a lake slow.
pub const DEFAULT_BUFFER_INTERVAL: Duration = Duration::from_secs(3600);
/// The default of [`SpoolOptions::buffer_size_bytes`].
pub const DEFAULT_BUFFER_SIZE_BYTES: u64 = 64 << 20;

/// The default of [`SpoolOptions::stream`].
pub const DEFAULT_STREAM: &str = "hits";

/// A spool with its writer thread. It holds the lock of its directory as long as it lives.
pub struct Spool {
    directory: SpoolDirectory,
    stream: String,
    sender: SpoolWriter,
    thread: JoinHandle<()>,
    /// What earlier runs left behind, then every file as it is closed.
    closed: Option<UnboundedReceiver<SpoolName>>,
    clock: Clock,
}

impl Spool {
    /// Makes and locks the directory, takes over what earlier runs left in it, and starts the writer thread.
    /// Nothing is ever appended to a file of an earlier run.
    ///
    /// # Errors
    /// The directory is in use, not a directory, not writable, or holds a file of a newer version.
    pub fn start(options: &SpoolOptions, observer: Observer) -> Result<Spool, SpoolError> {
        let (disk, clock) = (Disk::default(), options.clock.clone());
        let path = options.directory.clone();
        let lock = Arc::new(lock::take(&disk, &path)?);
        let (closed_sender, closed) = unbounded_channel();
        let mut largest_bytes = 0;
        for (name, bytes) in leftovers_with_sizes(&path)? {
            closed_sender.send(name).expect("its receiver stands above");
            largest_bytes = largest_bytes.max(bytes);
        }
        let reserve =
            Reserve::open(&disk, &path, largest_bytes).map_err(|source| SpoolError::ReadOnly {
                directory: path.clone(),
                source,
            })?;
        let directory = SpoolDirectory {
            path: path.clone(),
            disk,
            lock,
            reserve: Arc::new(reserve),
        };
        let limits = Limits {
            age: options.buffer_interval,
            size_bytes: options.buffer_size_bytes,
        };
        let writer = |kind| {
            let (closed, observer) = (closed_sender.clone(), observer.clone());
            Writer::new(directory.clone(), kind, limits, closed, observer)
        };
        let writers = [writer(SpoolKind::Hits), writer(SpoolKind::Errors)];
        let (sender, queue) = queue::queue();
        let worker = WriterThread::new(
            directory.clone(),
            writers,
            queue,
            clock.clone(),
            observer.clone(),
        );
        let thread = std::thread::Builder::new()
            .name("spool".to_owned())
            .spawn(move || worker.run())
            .map_err(|source| SpoolError::Io {
                path: path.clone(),
                source,
            })?;
        Ok(Spool {
            directory,
            stream: options.stream.clone(),
            sender,
            thread,
            closed: Some(closed),
            clock,
        })
    }

    /// A handle for those who have lines.
    pub fn writer(&self) -> SpoolWriter {
        self.sender.clone()
    }

    /// The directory, for readers.
    pub fn directory(&self) -> &Path {
        &self.directory.path
    }

    /// The name that objects begin with.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// To be held by whoever works on the files: the lock ends with its last holder.
    pub(crate) fn guarded_directory(&self) -> SpoolDirectory {
        self.directory.clone()
    }

    /// The files that are ready for delivery, oldest first; for one taker.
    pub(crate) fn take_closed(&mut self) -> Option<UnboundedReceiver<SpoolName>> {
        self.closed.take()
    }

    /// Writes what was handed over before, closes the open files and waits for the thread. Lines handed
    /// over later are answered as lost. Blocks for as long as the disk takes.
    pub fn close(self) {
        self.sender.close();
        if self.thread.join().is_err() {
            tracing::error!("the spool's thread has panicked");
        }
    }
}

/// Spool files of earlier runs, oldest first, each looked into: a start must not find out hours later that
/// it cannot deliver one of them.
fn leftovers_with_sizes(directory: &Path) -> Result<Vec<(SpoolName, u64)>, SpoolError> {
    let mut names = Vec::new();
    for name in reader::list(directory)? {
        let path = directory.join(name.to_string());
        match SpoolFile::open_named(&path, name) {
            Ok(file) => names.push((name, file.len())),
            Err(SpoolError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

#[cfg(test)]
pub(crate) fn leftovers(directory: &Path) -> Result<Vec<SpoolName>, SpoolError> {
    let names = leftovers_with_sizes(directory)?;
    Ok(names.into_iter().map(|(name, _)| name).collect())
}
