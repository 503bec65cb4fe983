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
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::path::Path;
    use std::time::Duration;

    use beacon_core::Beacon;
    use beacon_core::settings::Settings;
    use beacon_core::{Arrival, Request};
    use beacon_lake::{Clock, Observer, Spool, SpoolFile, SpoolOptions};

    use super::*;
    use crate::metrics::Metrics;

    /// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
    const AT_MS: u64 = 1_795_239_296_789;

    fn spool(folder: &Path) -> Spool {
        let options = SpoolOptions {
            directory: folder.to_path_buf(),
            stream: "hits".to_owned(),
            buffer_interval: Duration::from_secs(3600),
            buffer_size_bytes: 64 << 20,
            clock: Clock::from_fn(|| AT_MS),
        };
        Spool::start(&options, Observer::none()).unwrap()
    }

    fn respond(beacon: &Beacon, query: &str, lines: &mut Vec<u8>) -> PendingResponse {
        let request = Request {
            method: &http::Method::GET,
            path: "/pixel.gif",
            query,
            headers: &http::HeaderMap::new(),
            body: b"",
            peer: None,
        };
        beacon.handle(
            &request,
            Arrival {
                at_ms: 0,
                random: &mut || 7,
            },
            lines,
        )
    }

    fn lines_in(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "hits") {
                let mut lines = SpoolFile::open(&path).unwrap().lines();
                while let Some(line) = lines.next_line().unwrap() {
                    found.push(String::from_utf8(line.to_vec()).unwrap());
                }
            }
        }
        found
    }

    #[tokio::test]
    async fn waiting_hits_are_written_together_and_a_panic_loses_only_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let spool = spool(folder.path());
        let beacon = Beacon::new(Settings::from_lookup(|_| None).unwrap());
        let metrics = Metrics::new(folder.path());
        let batches = Batches::new(spool.writer());

        let (_, first) = batches.append(|lines| respond(&beacon, "page=/1", lines));
        let panic = catch_unwind(AssertUnwindSafe(|| {
            batches.append(|lines| {
                lines.extend_from_slice(b"{\"half a");
                panic!("as a bug in the core would");
            })
        }));
        assert!(panic.is_err());
        let (_, second) = batches.append(|lines| respond(&beacon, "page=/2", lines));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(Rc::ptr_eq(&first, &second), "both wait for one batch");
        batches.close();
        let (written, ()) = tokio::join!(first.wait(), batches.commit_all(&metrics.pixel));
        assert_eq!((written, second.wait().await), (Ok(()), Ok(())));

        let lines = lines_in(folder.path());
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(
            lines[0].contains("\"/1\"") && lines[1].contains("\"/2\""),
            "{lines:?}"
        );
        spool.close();
    }

    #[tokio::test]
    async fn hit_after_the_spool_was_closed_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let spool = spool(folder.path());
        let beacon = Beacon::new(Settings::from_lookup(|_| None).unwrap());
        let metrics = Metrics::new(folder.path());
        let batches = Batches::new(spool.writer());
        spool.close();
        let (_, commit) = batches.append(|lines| respond(&beacon, "page=/1", lines));
        batches.close();
        let commit = commit.unwrap();
        let (written, ()) = tokio::join!(commit.wait(), batches.commit_all(&metrics.pixel));
        assert_eq!(written, Err(AppendError::ShuttingDown));
    }
}
