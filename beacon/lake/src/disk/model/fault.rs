//! Steps that fail on demand.

use std::io;

use crate::disk::step::Step;

/// A failure of some steps of one kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) kind: StepKind,
    /// The number of steps of the kind that succeed before.
    pub(crate) after: usize,
    /// The number of steps that fail then.
    pub(crate) times: usize,
    pub(crate) error: io::ErrorKind,
    /// The bytes that a failing write puts into the file.
    pub(crate) written: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    Any,
    SyncDirectory,
    Create,
    Write,
    SyncFile,
    Cut,
    Rename,
    Remove,
    OpenLock,
    Reserve,
}

impl Step<'_> {
    pub(crate) fn kind(&self) -> StepKind {
        match self {
            Step::MakeDirectory(_) => StepKind::Any,
            Step::SyncDirectory(_) => StepKind::SyncDirectory,
            Step::OpenLock(_) => StepKind::OpenLock,
            Step::Create(_) => StepKind::Create,
            Step::Write(..) => StepKind::Write,
            Step::SyncFile(_) => StepKind::SyncFile,
            Step::Cut(_) => StepKind::Cut,
            Step::Rename(..) => StepKind::Rename,
            Step::Remove(_) => StepKind::Remove,
            Step::Reserve(..) => StepKind::Reserve,
        }
    }
}
