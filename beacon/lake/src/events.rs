//! What happens in the lake, for whoever counts it.

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

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A group of lines is on disk.
    Synced {
        /// Of lines, without the frame.
        bytes: u64,
        /// From the end of the write to the end of the sync.
        took: Duration,
    },
    /// A write to the spool failed. Lines may yet be saved in another file; what is really lost is told
    /// to those who wait for it.
    SpoolFailed {
        /// What the disk answered.
        reason: AppendError,
    },
    /// After a failure, a trial without hits went well.
    SpoolWritable,
    /// A spool file was removed, renamed or replaced by somebody else before its hits were delivered.
    SpoolFileGone,
    /// A spool file is in the lake, or at the sink, and gone from the spool.
    Delivered {
        /// Rows that can be queried.
        hits: u64,
        /// Lines that went to the error objects.
        refused: u64,
        /// Size of the objects.
        bytes: u64,
        /// Reading, converting, writing and syncing.
        took: Duration,
        /// From the file's first line to its delivery.
        age: Duration,
    },
    /// A delivery failed; it is tried again.
    DeliveryFailed,
}
