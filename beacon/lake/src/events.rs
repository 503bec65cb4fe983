//! Events of a spool and its delivery, for metrics and health checks.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::spool::error::AppendError;

/// Receives the events of a spool and its delivery. Cheap to clone.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(Event) + Send + Sync>);

impl Observer {
    /// Calls `receive` with each event, on the spool's thread or on that of delivery. It must be quick and must not
    /// panic.
    pub fn new(receive: impl Fn(Event) + Send + Sync + 'static) -> Observer {
        Observer(Arc::new(receive))
    }

    /// Ignores all events.
    pub fn none() -> Observer {
        Observer::new(|_| {})
    }

    /// Passes one event on.
    pub fn notify(&self, event: Event) {
        (self.0)(event);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}

/// One event of a spool or its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A group of lines is durable on disk.
    Synced {
        /// Size of the lines, without the frame.
        bytes: u64,
        /// Duration of the sync.
        took: Duration,
    },
    /// A write to the spool failed. Its lines may still be saved in another file; the callbacks of
    /// [`crate::SpoolWriter::append`] say which were not.
    SpoolFailed {
        /// The error of the disk.
        reason: AppendError,
    },
    /// After a failure, a trial write without hits succeeded.
    SpoolWritable,
    /// Another process removed, renamed or replaced a spool file before its hits were delivered.
    SpoolFileGone,
    /// A spool file was delivered and removed from the spool.
    Delivered {
        /// Hits that were delivered.
        hits: u64,
        /// Lines that were not converted, and are in the error objects.
        refused: u64,
        /// Size of the objects; 0 for [`crate::Sink::Forward`].
        bytes: u64,
        /// Duration of reading, converting, writing and syncing.
        took: Duration,
        /// Time from the file's first line to its delivery.
        age: Duration,
    },
    /// A delivery failed and will be tried again.
    DeliveryFailed,
}
