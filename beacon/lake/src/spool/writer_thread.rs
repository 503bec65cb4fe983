//! The thread that writes a spool: it groups what waits, puts each group on disk, and answers.

use std::sync::atomic::Ordering;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::directory::SpoolDirectory;
use super::error::AppendError;
use super::file_name::SpoolKind;
use super::frame::Group;
use super::queue::{Ack, Batch, Message, Queue};
use super::writer::Writer;
use crate::clock::Clock;
use crate::events::{Event, Observer};
use crate::recurring::{Due, Recurring};

/// Lines that are written with one call at most, a last batch aside. Large enough that the sync is paid
/// by thousands of hits, small enough that a reader can hold a frame in memory.
const MAX_GROUP_BYTES: usize = 8 << 20;
/// The writer looks at the clock at least this often, because the clock may be set.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The pause between trials without a hit after a failure, which find out when it has ended.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);
/// The lock file is looked at this often, while hits come.
const LOCK_INTERVAL: Duration = Duration::from_secs(1);

/// The state of the writer's thread.
pub(crate) struct WriterThread {
    writers: [Writer; 2],
    queue: Queue,
    clock: Clock,
    /// Held by the thread too: a forgotten `Spool` must not let a second process in.
    directory: SpoolDirectory,
    observer: Observer,
    lock_seen: Instant,
    lock_failures: Recurring,
    /// The last write failed, and no trial since then went well.
    is_failing: bool,
}

/// The lines of one kind that go to disk together, and who waits for them.
struct PendingBatch {
    group: Group,
    /// Size of the batches as they came, to be subtracted from the waiting bytes.
    size_bytes: usize,
    waiting: Vec<Ack>,
}

impl WriterThread {
    pub(crate) fn new(
        directory: SpoolDirectory,
        writers: [Writer; 2],
        queue: Queue,
        clock: Clock,
        observer: Observer,
    ) -> WriterThread {
        WriterThread {
            writers,
            queue,
            clock,
            directory,
            observer,
            lock_seen: Instant::now(),
            lock_failures: Recurring::new(),
            is_failing: false,
        }
    }

    pub(crate) fn run(mut self) {
        let mut pending = [SpoolKind::Hits, SpoolKind::Errors].map(|_| PendingBatch {
            group: Group::new(),
            size_bytes: 0,
            waiting: Vec::new(),
        });
        loop {
            let first = match self.queue.receiver.recv_timeout(self.wait()) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Message::Close),
            };
            let closing = first.is_some_and(|first| self.collect(first, &mut pending));
            let now_ms = self.clock.now_ms();
            let is_idle = pending.iter().all(|pending| pending.waiting.is_empty());
            if is_idle && self.is_failing && !closing {
                self.is_failing = self.writers[SpoolKind::Hits as usize].probe().is_err();
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
                self.queue
                    .waiting_bytes
                    .fetch_sub(pending.size_bytes, Ordering::Relaxed);
                pending.size_bytes = 0;
                pending.group.clear();
                for ack in pending.waiting.drain(..) {
                    ack.call(result);
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
    fn keep_lock(&mut self) -> Result<(), AppendError> {
        let now = Instant::now();
        if now.duration_since(self.lock_seen) < LOCK_INTERVAL {
            return Ok(());
        }
        self.directory.reserve.refresh();
        match self.directory.lock.keep() {
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
                let reason = AppendError::from(&error);
                self.observer.notify(Event::SpoolFailed { reason });
                Err(reason)
            }
        }
    }

    /// Takes everything that waits, without waiting for more: while one group is synced the next gathers
    /// by itself. `true` when the spool shall close after it.
    fn collect(&mut self, first: Message, pending: &mut [PendingBatch; 2]) -> bool {
        let mut next = Some(first);
        while let Some(message) = next {
            let Message::Batch(Batch { kind, lines, ack }) = message else {
                return true;
            };
            let pending = &mut pending[kind as usize];
            pending.group.push(&lines);
            pending.size_bytes += lines.len();
            pending.waiting.push(ack);
            if pending.group.line_bytes() >= MAX_GROUP_BYTES {
                return false;
            }
            next = self.queue.receiver.try_recv().ok();
        }
        false
    }
}
