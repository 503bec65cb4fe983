//! Group commit: the hits of one worker that wait together are written together.

use std::cell::{OnceCell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use beacon_lake::{Lost, SpoolWriter};
use tokio::sync::{Notify, oneshot};

/// The batch that a worker fills now, and the way to the writer.
pub(super) struct Batches {
    writer: SpoolWriter,
    open: RefCell<Batch>,
    changed: Notify,
    closing: OnceCell<()>,
}

#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    commit: Rc<Commit>,
}

/// How the write of one batch ended; all its hits wait for it.
#[derive(Default)]
pub(super) struct Commit {
    result: OnceCell<Result<(), Lost>>,
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

    /// Lets `write` append whole lines to the open batch, and gives what to wait for if it did.
    ///
    /// When `write` panics, what it had appended is taken out again and the panic goes on.
    pub(super) fn append<T>(
        &self,
        write: impl FnOnce(&mut Vec<u8>) -> T,
    ) -> (T, Option<Rc<Commit>>) {
        let mut open = self.open.borrow_mut();
        let before = open.lines.len();
        let mut guard = TruncateOnPanic {
            lines: &mut open.lines,
            before,
        };
        let written = write(guard.lines);
        guard.before = guard.lines.len();
        drop(guard);
        let after = open.lines.len();
        if after == before {
            return (written, None);
        }
        if before == 0 {
            self.changed.notify_one();
        }
        (written, Some(Rc::clone(&open.commit)))
    }

    /// Hands over one batch after the other, until [`Batches::close`] and nothing is left.
    pub(super) async fn commit_all(&self) {
        loop {
            while self.open.borrow().lines.is_empty() {
                if self.closing.get().is_some() {
                    return;
                }
                self.changed.notified().await;
            }
            let mut batch = self.open.take();
            self.open.borrow_mut().lines.reserve(batch.lines.len());
            let (done, wait) = oneshot::channel();
            self.writer
                .append(std::mem::take(&mut batch.lines), move |result| {
                    // The worker waits for as long as it lives.
                    done.send(result).ok();
                });
            batch
                .commit
                .finish(wait.await.unwrap_or(Err(Lost::ShuttingDown)));
        }
    }

    /// No further hits will come.
    pub(super) fn close(&self) {
        self.closing.get_or_init(|| ());
        self.changed.notify_one();
    }
}

impl Commit {
    fn finish(&self, result: Result<(), Lost>) {
        self.result.get_or_init(|| result);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits until the batch is on disk, or lost.
    pub(super) async fn wait(&self) -> Result<(), Lost> {
        poll_fn(|context| match self.result.get() {
            Some(result) => Poll::Ready(result.clone()),
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
