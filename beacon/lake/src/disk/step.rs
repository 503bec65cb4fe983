//! One operation on files, as the model of a disk sees it.

use std::path::Path;

/// One operation, as the model sees it. Outside the tests nothing looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    MakeDirectory(&'a Path),
    SyncDirectory(&'a Path),
    OpenLock(&'a Path),
    Create(&'a Path),
    Write(&'a Path, &'a [u8]),
    SyncFile(&'a Path),
    Cut(&'a Path),
    Rename(&'a Path, &'a Path),
    Remove(&'a Path),
    Reserve(&'a Path, u64),
}
