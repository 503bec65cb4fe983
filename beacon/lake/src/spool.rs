//! The spool: lines wait in it, durably, until they are in the lake. One thread writes it; all others hand it batches.

pub(crate) mod directory;
pub(crate) mod error;
pub(crate) mod file_name;
pub(crate) mod frame;
mod inspection;
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
pub use self::inspection::{SpoolState, inspect_spool};
pub use self::queue::SpoolWriter;
pub use self::reader::{SpoolFile, SpoolLines, oldest_undelivered_ms};
use self::reserve::Reserve;
pub use self::reserve::reserve_bytes;
use self::writer::{Limits, Writer};
use self::writer_thread::WriterThread;
use crate::clock::Clock;
use crate::disk::Disk;
use crate::events::Observer;

/// The directory of a spool, and the limits at which its files are closed.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// A directory of its own on a local file system; it is created where it is missing.
    pub directory: PathBuf,
    /// The first part of objects' names, as the name of a Firehose stream is.
    pub stream: String,
    /// The age of its first line at which a file is delivered. A file is delivered at the end of its UTC hour in any
    /// case.
    pub buffer_interval: Duration,
    /// The size at which a file is delivered, in bytes before compression.
    pub buffer_size_bytes: u64,
    /// The clock that decides in which hour a batch lies.
    pub clock: Clock,
}

impl SpoolOptions {
    /// Returns the options of a spool in `directory` with the defaults for all else.
    pub fn new(directory: impl Into<PathBuf>, clock: Clock) -> SpoolOptions {
        SpoolOptions {
            directory: directory.into(),
            stream: DEFAULT_STREAM.to_owned(),
            buffer_interval: DEFAULT_BUFFER_INTERVAL,
            buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
            clock,
        }
    }
}

/// The default of [`SpoolOptions::buffer_interval`]. The spool can be queried anyway, and many small files make a lake
/// slow.
pub const DEFAULT_BUFFER_INTERVAL: Duration = Duration::from_secs(3600);
/// The default of [`SpoolOptions::buffer_size_bytes`].
pub const DEFAULT_BUFFER_SIZE_BYTES: u64 = 64 << 20;

/// The default of [`SpoolOptions::stream`].
pub const DEFAULT_STREAM: &str = "hits";

/// A spool with its writer's thread. It holds the lock of its directory until it is closed or dropped.
///
/// ```
/// use std::sync::mpsc;
///
/// use beacon_lake::{Clock, Observer, Spool, SpoolFile, SpoolOptions};
///
/// # let directory = tempfile::tempdir()?;
/// let clock = Clock::from_fn(|| 1_795_239_296_789); // 2026-11-21 05:34:56.789 UTC
/// let options = SpoolOptions::new(directory.path().join("spool"), clock);
/// let spool = Spool::start(&options, Observer::none())?;
///
/// let (sender, answer) = mpsc::channel();
/// let line = b"{\"hit_id\":\"1\",\"received_at\":\"2026-11-21 05:34:56.789\"}\n";
/// spool.writer().append(line.to_vec(), move |result| {
///     sender.send(result).expect("the example waits for it");
/// });
/// answer.recv()??; // From here on the hit survives a crash.
/// spool.close();
///
/// let mut paths = std::fs::read_dir(&options.directory)?.map(|entry| entry.map(|entry| entry.path()));
/// let path = paths
///     .find(|path| path.as_ref().is_ok_and(|path| path.extension().is_some_and(|kind| kind == "hits")))
///     .expect("the hit is in a file")?;
/// let mut lines = SpoolFile::open(&path)?.lines();
/// assert_eq!(lines.next_line()?, Some(line.trim_ascii_end()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Spool {
    directory: SpoolDirectory,
    stream: String,
    sender: SpoolWriter,
    thread: JoinHandle<()>,
    /// Names of the files of earlier runs, then of each file as it is closed.
    closed: Option<UnboundedReceiver<SpoolName>>,
    clock: Clock,
}

impl Spool {
    /// Creates and locks the directory, takes over earlier files, and starts the writer's thread.
    ///
    /// It appends to no file of an earlier run.
    ///
    /// # Errors
    /// Returns an error where the directory is in use, not a directory, or not writable, and where it holds a file of a
    /// newer version.
    pub fn start(options: &SpoolOptions, observer: Observer) -> Result<Spool, SpoolError> {
        let (disk, clock) = (Disk::default(), options.clock.clone());
        let path = options.directory.clone();
        let lock = Arc::new(lock::take(&disk, &path)?);
        let (closed_sender, closed) = unbounded_channel();
        let mut largest_bytes = 0;
        for (name, bytes) in leftovers_with_sizes(&path)? {
            closed_sender
                .send(name)
                .expect("the receiver, which was created above, still exists");
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

    /// Returns a handle that appends lines.
    pub fn writer(&self) -> SpoolWriter {
        self.sender.clone()
    }

    /// Returns the directory, for readers.
    pub fn directory(&self) -> &Path {
        &self.directory.path
    }

    /// Returns the name that objects begin with.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Returns the lock, which ends with its last holder. Code that works on the files holds it.
    pub(crate) fn guarded_directory(&self) -> SpoolDirectory {
        self.directory.clone()
    }

    /// Returns the files that are ready for delivery, oldest first. Only the first call gets them.
    pub(crate) fn take_closed(&mut self) -> Option<UnboundedReceiver<SpoolName>> {
        self.closed.take()
    }

    /// Writes the batches that were handed over before, closes the open files and waits for the thread.
    ///
    /// Later batches are answered as lost. Blocks for as long as the disk takes.
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
