//! Group commit: writes the hits of one worker that wait together with one sync.

use std::cell::{OnceCell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use beacon_core::PendingResponse;
use beacon_lake::{AppendError, SpoolWriter};
use tokio::sync::{Notify, oneshot};

use crate::metrics::IngestMetrics;

/// The batch that a worker fills now, and the spool that takes it.
pub(super) struct Batches {
    writer: SpoolWriter,
    open: RefCell<Batch>,
    changed: Notify,
    closing: OnceCell<()>,
}

#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    hits: u64,
    commit: Rc<Commit>,
}

/// The result of writing one batch, which all its hits wait for.
#[derive(Default)]
pub(super) struct Commit {
    result: OnceCell<Result<(), AppendError>>,
    waiting: RefCell<Vec<Waker>>,
}

impl Batches {
    pub(super) fn new(writer: SpoolWriter) -> Batches {
        Batches {
            writer,
            open: RefCell::default(),
            changed: Notify::new(),
            closing: OnceCell::new(),
        }
    }

    /// Lets `answer` append whole lines to the open batch. Returns the commit to wait for if it did.
    ///
    /// When `answer` panics, what it had appended is taken out again and the panic goes on.
    pub(super) fn append(
        &self,
        answer: impl FnOnce(&mut Vec<u8>) -> PendingResponse,
    ) -> (PendingResponse, Option<Rc<Commit>>) {
        let mut open = self.open.borrow_mut();
        let before = open.lines.len();
        let mut guard = TruncateOnPanic {
            lines: &mut open.lines,
            before,
        };
        let answer = answer(guard.lines);
        guard.before = guard.lines.len();
        drop(guard);
        if open.lines.len() == before {
            return (answer, None);
        }
        open.hits += answer.hits as u64;
        if before == 0 {
            self.changed.notify_one();
        }
        (answer, Some(Rc::clone(&open.commit)))
    }

    /// Writes one batch after the other, until [`Batches::close`] was called and nothing is left.
    ///
    /// Hits are counted here, because the client of one may be gone before its answer.
    pub(super) async fn commit_all(&self, count: &IngestMetrics) {
        loop {
            while self.open.borrow().lines.is_empty() {
                if self.closing.get().is_some() {
                    return;
                }
                self.changed.notified().await;
            }
            let batch = self.open.take();
            // The next one is likely to be as large.
            self.open.borrow_mut().lines.reserve(batch.lines.len());
            count.received(batch.hits);
            let (done, wait) = oneshot::channel();
            self.writer.append(batch.lines, move |result| {
                // The worker waits for as long as it lives.
                done.send(result).ok();
            });
            let result = wait.await.unwrap_or(Err(AppendError::ShuttingDown));
            match result {
                Ok(()) => count.recorded(batch.hits),
                Err(lost) => count.lost(lost.as_str(), batch.hits),
            }
            batch.commit.finish(result);
        }
    }

    /// Ends [`Batches::commit_all`] once all hits are written. No hit may follow.
    pub(super) fn close(&self) {
        self.closing.get_or_init(|| ());
        self.changed.notify_one();
    }
}

impl Commit {
    fn finish(&self, result: Result<(), AppendError>) {
        self.result.get_or_init(|| result);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits until the batch is on disk, or lost.
    pub(super) async fn wait(&self) -> Result<(), AppendError> {
        poll_fn(|context| match self.result.get() {
            Some(result) => Poll::Ready(*result),
            None => {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

/// A hit costs at most itself: half a record must not stay in front of the hits after it.
struct TruncateOnPanic<'a> {
    lines: &'a mut Vec<u8>,
    before: usize,
}

impl Drop for TruncateOnPanic<'_> {
    fn drop(&mut self) {
        self.lines.truncate(self.before);
    }
}

#[cfg(test)]
mod tests;
