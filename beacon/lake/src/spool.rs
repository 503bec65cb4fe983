//! The spool: where lines wait, safely, until they are in the lake. One thread writes it; everybody else
//! hands it batches.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::clock::Clock;
use crate::disk::Disk;
use crate::frame::Group;
use crate::lock;
use crate::name::{Kind, SpoolName};
use crate::observe::{Event, Observer};
use crate::recurring::{Due, Recurring};
use crate::reserve::Reserve;
use crate::writer::{Limits, Lost, Place, Writer};

/// Where the spool is and when its files are closed.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// A folder of its own on a local file system; it is made where it is missing.
    pub folder: PathBuf,
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

/// Why a spool cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process has the lock.
    #[error("the spool {} is in use by {holder}; stop it, or give this one another --spool", folder.display())]
    InUse {
        /// The spool.
        folder: PathBuf,
        /// `process 4711`, or `another process` where it cannot be told.
        holder: String,
    },
    /// The path of the spool leads to something else.
    #[error("the spool {} is not a folder; remove the file, or give another --spool", folder.display())]
    NotAFolder {
        /// The spool.
        folder: PathBuf,
    },
    /// The spool must be written, and can't be.
    #[error("the spool {} cannot be written: {source}; make it writable for this user, or give another --spool", folder.display())]
    ReadOnly {
        /// The spool.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A newer program left a file behind.
    #[error("the spool file {} is of format {found}, this program knows up to {known}; use the version that wrote it, or a newer one", file.display())]
    Newer {
        /// The spool file.
        file: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest that is understood.
        known: u32,
    },
    /// A file with a spool file's name and another content.
    #[error("{} has the name of a spool file but not its content; move it out of the spool", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// Anything else that the system refused.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The default of [`SpoolOptions::stream`].
pub const DEFAULT_STREAM: &str = "hits";

/// A spool with its writer thread. It holds the lock of its folder as long as it lives.
pub struct Spool {
    place: Place,
    stream: String,
    sender: SpoolWriter,
    thread: JoinHandle<()>,
    /// What earlier runs left behind, then every file as it is closed.
    closed: Option<UnboundedReceiver<SpoolName>>,
    clock: Clock,
}

impl Spool {
    /// Makes and locks the folder, takes over what earlier runs left in it, and starts the writer thread.
    /// Nothing is ever appended to a file of an earlier run.
    ///
    /// # Errors
    /// The folder is in use, not a folder, not writable, or holds a file of a newer version.
    pub fn start(options: &SpoolOptions, observer: Observer) -> Result<Spool, SpoolError> {
        let (disk, clock) = (Disk::default(), options.clock.clone());
        let folder = options.folder.clone();
        let lock = Arc::new(lock::take(&disk, &folder)?);
        let (closed_sender, closed) = unbounded_channel();
        let mut largest_bytes = 0;
        for (name, bytes) in leftovers_with_sizes(&folder)? {
            closed_sender.send(name).expect("its receiver stands above");
            largest_bytes = largest_bytes.max(bytes);
        }
        let reserve = Reserve::open(&disk, &folder, largest_bytes).map_err(|source| {
            SpoolError::ReadOnly {
                folder: folder.clone(),
                source,
            }
        })?;
        let place = Place {
            folder: folder.clone(),
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
            Writer::new(place.clone(), kind, limits, closed, observer)
        };
        let (sender, receiver) = mpsc::channel();
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let work = Work {
            writers: [writer(Kind::Hits), writer(Kind::Errors)],
            receiver,
            clock: clock.clone(),
            waiting_bytes: Arc::clone(&waiting_bytes),
            place: place.clone(),
            observer: observer.clone(),
            lock_seen: Instant::now(),
            lock_failures: Recurring::new(),
            is_failing: false,
        };
        let thread = std::thread::Builder::new()
            .name("spool".to_owned())
            .spawn(move || work.run())
            .map_err(|source| SpoolError::Io {
                path: folder.clone(),
                source,
            })?;
        let sender = SpoolWriter {
            sender,
            waiting_bytes,
        };
        Ok(Spool {
            place,
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

    /// The folder, for readers.
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    /// The name that objects begin with.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// To be held by whoever works on the files: the lock ends with its last holder.
    pub(crate) fn place(&self) -> Place {
        self.place.clone()
    }

    /// The files that are ready for delivery, oldest first; for one taker.
    pub(crate) fn take_closed(&mut self) -> Option<UnboundedReceiver<SpoolName>> {
        self.closed.take()
    }

    /// Writes what was handed over before, closes the open files and waits for the thread. Lines handed
    /// over later are answered as lost. Blocks for as long as the disk takes.
    pub fn close(self) {
        if self.sender.sender.send(Message::Close).is_err() {
            tracing::debug!("the spool's thread has ended before");
        }
        if self.thread.join().is_err() {
            tracing::error!("the spool's thread has panicked");
        }
    }
}

/// Spool files of earlier runs, oldest first, each looked into: a start must not find out hours later that
/// it cannot deliver one of them.
fn leftovers_with_sizes(folder: &Path) -> Result<Vec<(SpoolName, u64)>, SpoolError> {
    let mut names = Vec::new();
    for name in crate::spool_file::list(folder)? {
        let path = folder.join(name.to_string());
        match crate::spool_file::open(&path, name) {
            Ok(file) => names.push((name, file.len())),
            Err(SpoolError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

#[cfg(test)]
pub(crate) fn leftovers(folder: &Path) -> Result<Vec<SpoolName>, SpoolError> {
    let names = leftovers_with_sizes(folder)?;
    Ok(names.into_iter().map(|(name, _)| name).collect())
}

/// Hands batches to the writer thread. Cheap to clone; one per server thread.
#[derive(Clone)]
pub struct SpoolWriter {
    sender: Sender<Message>,
    waiting_bytes: Arc<AtomicUsize>,
}

/// Memory that lines may take while they wait for a slow disk; beyond it they are answered as lost.
const MAX_WAITING_BYTES: usize = 256 << 20;
/// Lines that are written with one call at most, a last batch aside. Large enough that the sync is paid
/// by thousands of hits, small enough that a reader can hold a frame in memory.
const MAX_GROUP_BYTES: usize = 8 << 20;
/// The writer looks at the clock at least this often, because the clock may be set.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// After a failure the spool is tried this often without a hit, so that it is known when that has ended.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);
/// The lock file is looked at this often, while hits come.
const LOCK_INTERVAL: Duration = Duration::from_secs(1);

impl SpoolWriter {
    /// Hands over one batch of complete NDJSON lines, any number of hits. `done` is called once: on the
    /// writer's thread when the lines are on disk or lost, or on this one when they are lost at once. It
    /// must be quick and must not panic.
    pub fn append(&self, lines: Vec<u8>, done: impl FnOnce(Result<(), Lost>) + Send + 'static) {
        self.send(Kind::Hits, lines, Done(Some(Box::new(done))));
    }

    /// The same for lines of error objects, as [`crate::error_line`] writes them.
    pub fn append_errors(
        &self,
        lines: Vec<u8>,
        done: impl FnOnce(Result<(), Lost>) + Send + 'static,
    ) {
        self.send(Kind::Errors, lines, Done(Some(Box::new(done))));
    }

    fn send(&self, kind: Kind, lines: Vec<u8>, done: Done) {
        if lines.is_empty() {
            return done.call(Ok(()));
        }
        let size = lines.len();
        if self.waiting_bytes.fetch_add(size, Ordering::Relaxed) + size > MAX_WAITING_BYTES {
            self.waiting_bytes.fetch_sub(size, Ordering::Relaxed);
            return done.call(Err(Lost::Behind));
        }
        // A batch that no thread takes any more is dropped, and answers as shutting down.
        if self
            .sender
            .send(Message::Batch(Batch { kind, lines, done }))
            .is_err()
        {
            tracing::debug!("lines came after the spool was closed");
        }
    }
}

enum Message {
    Batch(Batch),
    Close,
}

struct Batch {
    kind: Kind,
    lines: Vec<u8>,
    done: Done,
}

type Callback = Box<dyn FnOnce(Result<(), Lost>) + Send>;

/// A callback that is called in any case, so that nobody waits for ever.
struct Done(Option<Callback>);

impl Done {
    fn call(mut self, result: Result<(), Lost>) {
        if let Some(done) = self.0.take() {
            done(result);
        }
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            done(Err(Lost::ShuttingDown));
        }
    }
}

/// What the writer's thread owns.
struct Work {
    writers: [Writer; 2],
    receiver: Receiver<Message>,
    clock: Clock,
    waiting_bytes: Arc<AtomicUsize>,
    /// Held by the thread too: a forgotten `Spool` must not let a second process in.
    place: Place,
    observer: Observer,
    lock_seen: Instant,
    lock_failures: Recurring,
    /// The last write failed, and no trial since then went well.
    is_failing: bool,
}

/// The lines of one kind that go to disk together, and who waits for them.
struct Pending {
    group: Group,
    /// Of the batches as they came, to be taken off the waiting bytes.
    size_bytes: usize,
    waiting: Vec<Done>,
}

impl Work {
    fn run(mut self) {
        let mut pending = [Kind::Hits, Kind::Errors].map(|_| Pending {
            group: Group::new(),
            size_bytes: 0,
            waiting: Vec::new(),
        });
        loop {
            let first = match self.receiver.recv_timeout(self.wait()) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Message::Close),
            };
            let closing = first.is_some_and(|first| self.collect(first, &mut pending));
            let now_ms = self.clock.now_ms();
            let is_idle = pending.iter().all(|pending| pending.waiting.is_empty());
            if is_idle && self.is_failing && !closing {
                self.is_failing = self.writers[Kind::Hits as usize].probe().is_err();
            }
            let locked = match is_idle {
                true => Ok(()),
                false => self.keep_lock(),
            };
            for (writer, pending) in self.writers.iter_mut().zip(&mut pending) {
                writer.report_due();
                if pending.waiting.is_empty() {
                    writer.close_if_due(now_ms);
                    continue;
                }
                pending.group.finish();
                let result = locked.and_then(|()| writer.commit(&pending.group, now_ms));
                self.is_failing = result.is_err();
                writer.close_if_due(now_ms);
                self.waiting_bytes
                    .fetch_sub(pending.size_bytes, Ordering::Relaxed);
                pending.size_bytes = 0;
                pending.group.clear();
                for done in pending.waiting.drain(..) {
                    done.call(result);
                }
            }
            if closing {
                break;
            }
        }
        for writer in &mut self.writers {
            writer.close();
        }
    }

    fn wait(&self) -> Duration {
        let longest = match self.is_failing {
            true => PROBE_INTERVAL,
            false => LONGEST_WAIT,
        };
        let due_ms = self.writers.iter().filter_map(Writer::due_ms).min();
        let Some(due_ms) = due_ms else {
            return longest;
        };
        Duration::from_millis(due_ms.saturating_sub(self.clock.now_ms())).min(longest)
    }

    /// Looks from time to time whether the spool is still this process's: without its lock file a second process
    /// could start, deliver the open file and remove it.
    fn keep_lock(&mut self) -> Result<(), Lost> {
        let now = Instant::now();
        if now.duration_since(self.lock_seen) < LOCK_INTERVAL {
            return Ok(());
        }
        self.place.reserve.refresh();
        match self.place.lock.keep() {
            Ok(()) => {
                self.lock_seen = now;
                Ok(())
            }
            Err(error) => {
                if let Some(due) = self.lock_failures.occurred(now) {
                    let count = match due {
                        Due::First => 1,
                        Due::Again { count } => count,
                    };
                    tracing::error!(%error, count, "the spool can't be used any more");
                }
                let reason = Lost::from(&error);
                (self.observer)(Event::SpoolFailed { reason });
                Err(reason)
            }
        }
    }

    /// Takes everything that waits, without waiting for more: while one group is synced the next gathers
    /// by itself. `true` when the spool shall close after it.
    fn collect(&mut self, first: Message, pending: &mut [Pending; 2]) -> bool {
        let mut next = Some(first);
        while let Some(message) = next {
            let Message::Batch(Batch { kind, lines, done }) = message else {
                return true;
            };
            let pending = &mut pending[kind as usize];
            pending.group.push(&lines);
            pending.size_bytes += lines.len();
            pending.waiting.push(done);
            if pending.group.line_bytes() >= MAX_GROUP_BYTES {
                return false;
            }
            next = self.receiver.try_recv().ok();
        }
        false
    }
}
