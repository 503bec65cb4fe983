//! The queue in front of the writer's thread: lines come in as batches, and each batch is answered once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};

use super::error::AppendError;
use super::file_name::SpoolKind;

/// Hands batches of lines to the writer's thread. Cheap to clone: each server thread has one.
#[derive(Clone)]
pub struct SpoolWriter {
    sender: Sender<Message>,
    waiting_bytes: Arc<AtomicUsize>,
}

/// The other end of the queue, for the thread.
pub(crate) struct Queue {
    pub(crate) receiver: Receiver<Message>,
    /// Bytes of the batches that were not answered yet.
    pub(crate) waiting_bytes: Arc<AtomicUsize>,
}

pub(crate) fn queue() -> (SpoolWriter, Queue) {
    let (sender, receiver) = mpsc::channel();
    let waiting_bytes = Arc::new(AtomicUsize::new(0));
    let writer = SpoolWriter {
        sender,
        waiting_bytes: Arc::clone(&waiting_bytes),
    };
    let queue = Queue {
        receiver,
        waiting_bytes,
    };
    (writer, queue)
}

/// Memory that lines may take while they wait for a slow disk, in bytes. Lines beyond it are answered as lost.
const MAX_WAITING_BYTES: usize = 256 << 20;

impl SpoolWriter {
    /// Hands over one batch of complete NDJSON lines, each a record of the table.
    ///
    /// `done` is called once: on the writer's thread when the lines are durable or lost, or on this one when they are
    /// lost at once. It must be quick and must not panic. The partition of the lines is the hour in which the writer's
    /// thread takes them, by [`crate::SpoolOptions::clock`]; at the turn of an hour that may be the hour after the one
    /// in their `received_at`. Readers allow for that.
    pub fn append(
        &self,
        lines: Vec<u8>,
        done: impl FnOnce(Result<(), AppendError>) + Send + 'static,
    ) {
        self.send(SpoolKind::Hits, lines, Ack(Some(Box::new(done))));
    }

    /// Hands over one batch of error records, as [`crate::write_error_record`] writes them. See
    /// [`SpoolWriter::append`].
    pub fn append_errors(
        &self,
        lines: Vec<u8>,
        done: impl FnOnce(Result<(), AppendError>) + Send + 'static,
    ) {
        self.send(SpoolKind::Errors, lines, Ack(Some(Box::new(done))));
    }

    /// Has the thread end after what was handed over before.
    pub(crate) fn close(&self) {
        if self.sender.send(Message::Close).is_err() {
            tracing::debug!("the spool's thread has ended before");
        }
    }

    fn send(&self, kind: SpoolKind, lines: Vec<u8>, ack: Ack) {
        if lines.is_empty() {
            return ack.call(Ok(()));
        }
        let size = lines.len();
        if self.waiting_bytes.fetch_add(size, Ordering::Relaxed) + size > MAX_WAITING_BYTES {
            self.waiting_bytes.fetch_sub(size, Ordering::Relaxed);
            return ack.call(Err(AppendError::Behind));
        }
        // A batch that no thread takes any more is dropped, and answers as shutting down.
        if self
            .sender
            .send(Message::Batch(Batch { kind, lines, ack }))
            .is_err()
        {
            tracing::debug!("lines came after the spool was closed");
        }
    }
}

pub(crate) enum Message {
    Batch(Batch),
    Close,
}

pub(crate) struct Batch {
    pub(crate) kind: SpoolKind,
    pub(crate) lines: Vec<u8>,
    pub(crate) ack: Ack,
}

type Callback = Box<dyn FnOnce(Result<(), AppendError>) + Send>;

/// The callback of a batch. It is called in any case, so that nobody waits forever.
pub(crate) struct Ack(Option<Callback>);

impl Ack {
    pub(crate) fn call(mut self, result: Result<(), AppendError>) {
        if let Some(done) = self.0.take() {
            done(result);
        }
    }
}

impl Drop for Ack {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            done(Err(AppendError::ShuttingDown));
        }
    }
}
