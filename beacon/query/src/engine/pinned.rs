//! The files that one statement reads, and what is found out about them on the way.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use beacon_lake::{DataFile, Snapshot};
use object_store::ObjectMeta;

use super::faults::{Fault, LeftOutFiles};

/// What one statement reads, carried to its scans by the configuration of its session.
#[derive(Debug)]
pub(crate) struct PinnedSnapshot {
    snapshot: Snapshot,
    /// Size of the files that are read whole, because they are not Parquet.
    row_bytes: AtomicU64,
    left_out: LeftOutFiles,
    /// Parquet files that were opened.
    opened: Mutex<Vec<ObjectMeta>>,
}

impl PinnedSnapshot {
    pub(crate) fn new(snapshot: Snapshot) -> PinnedSnapshot {
        PinnedSnapshot {
            snapshot,
            row_bytes: AtomicU64::new(0),
            left_out: LeftOutFiles::default(),
            opened: Mutex::default(),
        }
    }

    /// The files, as they were listed for the statement.
    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Says why a file is not in the answer.
    pub(crate) fn leave_out(&self, file: &ObjectMeta, fault: Fault) {
        self.left_out.insert(file.location.as_ref(), fault);
    }

    /// The same of a spool file, by its name.
    pub(crate) fn leave_out_of_spool(&self, name: String, fault: Fault) {
        self.left_out.insert(name, fault);
    }

    pub(crate) fn opened(&self, file: &ObjectMeta) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.push(file.clone());
    }

    /// The Parquet files that were opened until now.
    pub(crate) fn all_opened(&self) -> Vec<DataFile> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let is_opened = |file: &&DataFile| opened.iter().any(|open| open.location == file.path);
        self.snapshot
            .data
            .iter()
            .filter(is_opened)
            .cloned()
            .collect()
    }

    pub(crate) fn has_vanished(&self) -> bool {
        self.left_out.has_vanished()
    }

    /// What is not in the answer, of what was read until now.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.left_out.warnings(&self.snapshot.left_out)
    }

    pub(crate) fn add_row_bytes(&self, bytes: u64) {
        self.row_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn row_bytes(&self) -> u64 {
        self.row_bytes.load(Ordering::Relaxed)
    }
}
