//! The directory of a spool, with what guards it.

use std::path::PathBuf;
use std::sync::Arc;

use super::lock::Lock;
use super::reserve::Reserve;
use crate::disk::Disk;

/// The directory that both writers and delivery work in.
#[derive(Debug, Clone)]
pub(crate) struct SpoolDirectory {
    pub(crate) path: PathBuf,
    pub(crate) disk: Disk,
    pub(crate) lock: Arc<Lock>,
    pub(crate) reserve: Arc<Reserve>,
}
