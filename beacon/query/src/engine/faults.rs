//! Files that can't be read: what is wrong with each, and what a reader is told. A file is left out whole or read
//! whole, never in part.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beacon_lake::{DENIED, LeftOut};
use datafusion::common::DataFusionError;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};

/// How a Parquet file begins and ends.
const MAGIC: &[u8] = b"PAR1";

/// A footer's length and the magic behind it.
const MIN_PARQUET_BYTES: u64 = 12;

const CURE: &str = "move it out of the lake, or put a whole copy in its place";

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Nobody gave this user the right to read it.
    Denied,
    /// It has gone since it was listed.
    Vanished,
    /// Something else, in words that go behind the name of the file.
    Unreadable(String),
    /// Lines that are no rows of the table; the others are read.
    Lines(u64),
}

impl Fault {
    pub(crate) fn damaged(error: impl fmt::Display) -> Fault {
        let error = error.to_string();
        let first = error.lines().next().unwrap_or_default();
        Fault::Unreadable(format!("is damaged ({first}): {CURE}"))
    }

    pub(crate) fn foreign(what: impl fmt::Display) -> Fault {
        Fault::Unreadable(format!("holds no hits ({what}): move it out of the lake"))
    }

    /// What keeps a store from reading a file.
    pub(crate) fn of_store(error: &object_store::Error) -> Fault {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = source {
            if let Some(error) = error.downcast_ref::<std::io::Error>()
                && error.kind() == std::io::ErrorKind::PermissionDenied
            {
                return Fault::Denied;
            }
            source = error.source();
        }
        match error {
            object_store::Error::NotFound { .. } => Fault::Vanished,
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => Fault::Denied,
            other => Fault::damaged(other),
        }
    }

    /// Looks at a Parquet file whose footer can't be read.
    pub(crate) async fn of_parquet(
        store: &dyn ObjectStore,
        file: &ObjectMeta,
        error: impl fmt::Display,
    ) -> Fault {
        let magic = MAGIC.len() as u64;
        let ends = [
            0..magic.min(file.size),
            file.size.saturating_sub(magic)..file.size,
        ];
        match store.get_ranges(&file.location, &ends).await {
            Err(error) => Fault::of_store(&error),
            Ok(ends) if ends.first().is_none_or(|start| **start != *MAGIC) => {
                Fault::Unreadable("is no Parquet file: move it out of the lake".to_owned())
            }
            Ok(ends)
                if file.size < MIN_PARQUET_BYTES
                    || ends.last().is_none_or(|end| **end != *MAGIC) =>
            {
                Fault::Unreadable(format!("is cut off: {CURE}"))
            }
            Ok(_) => Fault::damaged(error),
        }
    }

    fn reason(&self) -> &str {
        match self {
            Fault::Denied => DENIED,
            Fault::Vanished => "has gone while it was read: ask again",
            Fault::Unreadable(reason) => reason,
            Fault::Lines(_) => "has lines that are no rows of the table",
        }
    }
}

/// What one statement leaves out.
#[derive(Debug, Default)]
pub(crate) struct LeftOutFiles(Mutex<BTreeMap<String, Fault>>);

impl LeftOutFiles {
    pub(crate) fn insert(&self, path: impl Into<String>, fault: Fault) {
        lock(&self.0).insert(path.into(), fault);
    }

    pub(crate) fn has_vanished(&self) -> bool {
        lock(&self.0)
            .values()
            .any(|fault| *fault == Fault::Vanished)
    }

    /// A sentence for each reason: the cause is said once, with what to do.
    pub(crate) fn warnings(&self, listed: &[LeftOut]) -> Vec<String> {
        let files = lock(&self.0);
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut warnings = Vec::new();
        for left_out in listed {
            let paths = by_reason.entry(left_out.reason).or_default();
            paths.push(&left_out.path);
        }
        for (path, fault) in files.iter() {
            match fault {
                Fault::Lines(count) => warnings.push(format!(
                    "{count} lines of {path} are no rows of the table and are left out"
                )),
                fault => by_reason.entry(fault.reason()).or_default().push(path),
            }
        }
        for (reason, paths) in by_reason {
            warnings.push(match paths.as_slice() {
                [path] => format!("{path} is left out: it {reason}"),
                paths => format!(
                    "{} are left out, for the same reason each: it {reason}",
                    shortened(paths)
                ),
            });
        }
        warnings
    }
}

/// Files that a warning names.
const MAX_NAMED: usize = 3;

fn shortened(paths: &[&str]) -> String {
    let named = paths[..paths.len().min(MAX_NAMED)].join(", ");
    match paths.len().saturating_sub(MAX_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// A file as it was when it was looked at: path, size, and when it was written, in milliseconds.
type Version = (Path, u64, i64);

/// The files that an engine has found damaged in the middle, so that each is looked through once.
#[derive(Debug, Default)]
pub(crate) struct Damaged(Mutex<HashMap<Version, Fault>>);

impl Damaged {
    pub(crate) fn insert(&self, file: &ObjectMeta, fault: Fault) {
        lock(&self.0).insert(version(file), fault);
    }

    pub(crate) fn find(&self, file: &ObjectMeta) -> Option<Fault> {
        lock(&self.0).get(&version(file)).cloned()
    }
}

fn version(file: &ObjectMeta) -> Version {
    (
        file.location.clone(),
        file.size,
        file.last_modified.timestamp_millis(),
    )
}

/// Whether a file can be the reason for an error, and not the statement.
pub(crate) fn is_of_a_file(error: &DataFusionError) -> bool {
    use arrow::error::ArrowError;
    match error.find_root() {
        DataFusionError::ParquetError(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_)
        | DataFusionError::External(_) => true,
        DataFusionError::ArrowError(error, _) => matches!(
            **error,
            ArrowError::ParquetError(_) | ArrowError::IoError(_, _) | ArrowError::ExternalError(_)
        ),
        _ => false,
    }
}

/// A panic elsewhere leaves nothing half done in these.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
