//! Finds the class of an address in a local file of address ranges (`BEACON_RANGES`), and reads the file again when it
//! changes.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use beacon_core::{RangeRule, Ranges};

use crate::watched_file::{ReloadMetrics, WatchedFile};

/// A file of address ranges in memory. Look-ups never wait, also while another version takes its place.
pub struct RangeFile {
    file: Arc<WatchedFile<Ranges>>,
}

impl RangeFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Returns an error that names the file if it can't be read, and the line and its value if one is wrong.
    pub fn open(path: &Path) -> anyhow::Result<RangeFile> {
        Ok(RangeFile {
            file: Arc::new(WatchedFile::open(path, read)?),
        })
    }

    /// Returns the class and rule of the range that an address lies in.
    pub fn rule(&self, address: IpAddr) -> Option<RangeRule> {
        self.file.content().find(address).cloned()
    }

    /// Returns the number of lines that name a range.
    pub fn count(&self) -> usize {
        self.file.content().len()
    }

    /// Checks the file until the task is dropped. Logs what comes of a change, and counts it.
    pub(crate) async fn watch(self: Arc<RangeFile>, metrics: ReloadMetrics) {
        Arc::clone(&self.file).watch("ranges", metrics).await;
    }
}

fn read(path: &Path) -> anyhow::Result<Ranges> {
    let name = path.display();
    let bytes = fs::read(path).with_context(|| format!("cannot read the file of ranges {name}"))?;
    // A comment may be in any encoding; in a range, the replacement character is an error that shows it.
    let text = String::from_utf8_lossy(&bytes);
    Ranges::parse(&text).with_context(|| format!("the file of ranges {name} cannot be used"))
}

#[cfg(test)]
mod tests;
