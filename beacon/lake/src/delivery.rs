//! Delivers closed spool files to a lake or another sink, in the background. It never gives a file up: while the sink
//! is down the spool keeps the file, and readers see it there.

pub(crate) mod object;
pub(crate) mod publish;
mod sink;
pub(crate) mod worker;

#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

pub use self::sink::{SendFile, Sink, SinkError};
use self::worker::{Backoff, Worker};
use crate::disk::Disk;
use crate::events::Observer;
use crate::spool::Spool;

const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(60),
};

/// A running delivery. To drop it stops it at any point, which loses nothing.
pub struct Delivery {
    task: JoinHandle<()>,
    /// Taken when it ends.
    runtime: Option<Runtime>,
}

impl Delivery {
    /// Starts to deliver the spool's files, those of earlier runs first. To be called once for a spool.
    ///
    /// It has a runtime of its own, in which one thread converts: an allocator keeps the memory that a thread has freed
    /// for that thread, so with a pool each thread would hold on to the memory of a whole file.
    ///
    /// # Errors
    /// Returns the error of a system that refuses a thread.
    pub fn start(spool: &mut Spool, sink: Sink, observer: Observer) -> io::Result<Delivery> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .thread_name("delivery")
            .enable_all()
            .build()?;
        let worker = Worker::new(spool, sink, observer, Disk::default(), spool.clock());
        let closed = spool.take_closed();
        let directory = spool.guarded_directory();
        let task = runtime.spawn(async move {
            // Files are delivered under the lock, or a second process could take them over halfway.
            let _directory = directory;
            if let Some(closed) = closed {
                worker.run(closed, BACKOFF).await;
            }
        });
        Ok(Delivery {
            task,
            runtime: Some(runtime),
        })
    }

    /// Waits until all files are delivered; to be called after [`Spool::close`].
    ///
    /// Returns false when that takes longer than `patience`: the remaining files stay in the spool for the next start.
    pub async fn finish(mut self, patience: Duration) -> bool {
        match tokio::time::timeout(patience, &mut self.task).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "delivery has ended early");
                false
            }
            Err(_elapsed) => false,
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(runtime) = self.runtime.take() {
            // It may be dropped where nothing may block.
            runtime.shutdown_background();
        }
    }
}
