//! What happens in the lake, for whoever counts it.

use std::sync::Arc;
use std::time::Duration;

use crate::spool::error::AppendError;

/// Called from the writer's thread and from delivery; must be quick and must not panic.
pub type Observer = Arc<dyn Fn(Event) + Send + Sync>;

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

/// For those who count nothing.
pub fn unobserved() -> Observer {
    Arc::new(|_| {})
}
