//! The append side of one spool: which file is open, when it is closed, and what a failing disk does to
//! the lines that wait. No thread and no clock of its own; `spool` drives it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use beacon_core::time::Hour;
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

use crate::disk::{Disk, DiskFile};
use crate::frame::Group;
use crate::name::{Kind, SpoolName};
use crate::observe::{Event, Observer};

/// Why lines are not in the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum Lost {
    /// No space, or the quota is used up.
    DiskFull,
    /// The file system of the spool cannot be written.
    ReadOnly,
    /// The disk failed, also on a second file.
    Io,
    /// More is waiting for the disk than memory is set aside for.
    Behind,
    /// The program is about to end.
    ShuttingDown,
}

impl Lost {
    /// The reason that `X-Beacon: lost; …` and the metrics give.
    pub fn as_str(self) -> &'static str {
        match self {
            Lost::DiskFull => "disk full",
            Lost::ReadOnly => "read-only disk",
            Lost::Io => "disk error",
            Lost::Behind => "disk too slow",
            Lost::ShuttingDown => "shutting down",
        }
    }
}

impl From<&io::Error> for Lost {
    fn from(error: &io::Error) -> Lost {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Lost::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Lost::ReadOnly,
            _ => Lost::Io,
        }
    }
}

/// When a spool file is closed, besides the end of its UTC hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) age: Duration,
    pub(crate) size_bytes: u64,
}

/// Files that a group is tried on before its lines are given up as lost.
const ATTEMPTS: u32 = 3;

/// One kind's open file.
pub(crate) struct Writer {
    folder: PathBuf,
    kind: Kind,
    limits: Limits,
    disk: Disk,
    open: Option<OpenFile>,
    closed: UnboundedSender<SpoolName>,
    observer: Observer,
}

struct OpenFile {
    file: DiskFile,
    name: SpoolName,
    /// Length up to the last frame that was answered; 0 before the first.
    good_bytes: u64,
}

impl Writer {
    pub(crate) fn new(
        folder: &Path,
        kind: Kind,
        limits: Limits,
        disk: Disk,
        closed: UnboundedSender<SpoolName>,
        observer: Observer,
    ) -> Writer {
        Writer {
            folder: folder.to_path_buf(),
            kind,
            limits,
            disk,
            open: None,
            closed,
            observer,
        }
    }

    /// Puts a finished group on disk. After `Ok` it survives any crash; after `Err` it may be answered as
    /// lost, and a trace of it that stayed behind is harmless.
    pub(crate) fn commit(&mut self, group: &Group, now_ms: u64) -> Result<(), Lost> {
        let mut lost = Lost::Io;
        for _ in 0..ATTEMPTS {
            self.close_if_due(now_ms);
            let error = match self.append(group, now_ms) {
                Ok(()) => return Ok(()),
                Err(Failure::Create(error)) => return Err(self.report(&error)),
                Err(Failure::Write(error)) if Lost::from(&error) == Lost::DiskFull => {
                    // Nothing was handed to the disk, so the descriptor is still good.
                    self.take_back();
                    return Err(self.report(&error));
                }
                Err(Failure::Write(error) | Failure::Sync(error)) => error,
            };
            lost = self.report(&error);
            // After a failed write or sync the kernel may have dropped pages and call the next sync a
            // success, so this descriptor is never used again. Only where the unanswered frame is surely
            // gone from this file may it go into another: else it could be counted twice.
            if !self.abandon() || lost != Lost::Io {
                return Err(lost);
            }
        }
        Err(lost)
    }

    /// Closes the file where age, size or the hour ask for it.
    pub(crate) fn close_if_due(&mut self, now_ms: u64) {
        let Some(open) = &self.open else { return };
        let other_hour = Hour::of(now_ms) != open.name.hour();
        let full = open.good_bytes >= self.limits.size_bytes;
        if other_hour || full || now_ms >= self.age_limit_ms(open) {
            self.close();
        }
    }

    /// When `close_if_due` has something to do at the latest, Unix milliseconds.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        let open = self.open.as_ref()?;
        let next_hour_ms = open.name.hour().start_ms() + 3_600_000;
        Some(self.age_limit_ms(open).min(next_hour_ms))
    }

    fn age_limit_ms(&self, open: &OpenFile) -> u64 {
        let age_ms = u64::try_from(self.limits.age.as_millis()).unwrap_or(u64::MAX);
        open.name.start_ms().saturating_add(age_ms)
    }

    /// Hands the open file over to delivery.
    pub(crate) fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        if open.good_bytes == 0 {
            // Nothing in it was answered. Should it stay, the next start removes it.
            if let Err(error) = self.disk.remove(open.file.path()) {
                tracing::warn!(file = %open.file.path().display(), %error, "cannot remove an empty spool file");
            }
            return;
        }
        // Without a receiver there is no delivery, only the spool: the next start finds the file.
        if self.closed.send(open.name).is_err() {
            tracing::debug!(file = %open.name, "closed with no delivery running");
        }
    }

    fn append(&mut self, group: &Group, now_ms: u64) -> Result<(), Failure> {
        if self.open.is_none() {
            self.open = Some(self.create(now_ms).map_err(Failure::Create)?);
        }
        let Some(open) = &mut self.open else {
            unreachable!("it was just made");
        };
        let fresh = open.good_bytes == 0;
        let bytes = if fresh {
            group.header_and_frame()
        } else {
            group.frame()
        };
        open.file.append(bytes).map_err(Failure::Write)?;
        let started = Instant::now();
        open.file.sync().map_err(Failure::Sync)?;
        if fresh {
            // A file is only as durable as its name.
            self.disk.sync_folder(&self.folder).map_err(Failure::Sync)?;
        }
        open.good_bytes += bytes.len() as u64;
        (self.observer)(Event::Synced {
            bytes: group.line_bytes() as u64,
            took: started.elapsed(),
        });
        Ok(())
    }

    fn create(&self, now_ms: u64) -> io::Result<OpenFile> {
        let name = SpoolName::new(now_ms, Uuid::now_v7(), self.kind);
        let file = self.disk.create(self.folder.join(name.to_string()))?;
        Ok(OpenFile {
            file,
            name,
            good_bytes: 0,
        })
    }

    /// Cuts a half-written frame off and keeps the file; gives the file up where that fails.
    fn take_back(&mut self) {
        let Some(open) = &self.open else { return };
        if open.file.cut(open.good_bytes).is_err() {
            self.close();
        }
    }

    /// Closes a file whose descriptor failed. `true` when the unanswered frame is surely gone from it.
    fn abandon(&mut self) -> bool {
        let Some(OpenFile {
            file,
            name,
            good_bytes,
        }) = self.open.take()
        else {
            return true;
        };
        let path = file.path().to_path_buf();
        drop(file);
        let gone = if good_bytes == 0 {
            // Durable by the sync of the folder that comes with the next file's first frame.
            self.disk.remove(&path)
        } else {
            self.disk.cut(&path, good_bytes)
        };
        if good_bytes > 0 && self.closed.send(name).is_err() {
            tracing::debug!(file = %name, "closed with no delivery running");
        }
        gone.is_ok()
    }

    fn report(&self, error: &io::Error) -> Lost {
        let lost = Lost::from(error);
        tracing::error!(spool = %self.folder.display(), %error, "cannot write to the spool");
        (self.observer)(Event::SpoolFailed { reason: lost });
        lost
    }
}

enum Failure {
    Create(io::Error),
    Write(io::Error),
    Sync(io::Error),
}
