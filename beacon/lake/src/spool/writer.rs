//! Appends groups of lines to the open file of one kind: opens and closes files, and moves lines to another file when
//! the disk fails. It has no thread and no clock of its own; `writer_thread` drives it.

use std::io;
use std::time::{Duration, Instant};

use beacon_core::time::{HOUR_MS, Hour};
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

use super::directory::SpoolDirectory;
use super::error::AppendError;
use super::file_name::{SpoolKind, SpoolName};
use super::frame::Group;
use crate::disk::{DiskFile, is_gone};
use crate::events::{Event, Observer};
use crate::recurring::{Due, Recurring};

/// When a spool file is closed, besides the end of its UTC hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) age: Duration,
    pub(crate) size_bytes: u64,
}

/// Written, synced and removed again by [`Writer::probe`].
const PROBE_FILE_NAME: &str = "PROBE";
const PROBE: [u8; 4096] = [0; 4096];

/// Files that a group is tried on before its lines are given up as lost.
const ATTEMPTS: u32 = 3;

/// One kind's open file.
pub(crate) struct Writer {
    directory: SpoolDirectory,
    kind: SpoolKind,
    limits: Limits,
    open: Option<OpenFile>,
    closed: UnboundedSender<SpoolName>,
    observer: Observer,
    failures: Recurring,
}

struct OpenFile {
    file: DiskFile,
    name: SpoolName,
    /// Length up to the last frame that was answered; 0 before the first.
    good_bytes: u64,
}

impl Writer {
    pub(crate) fn new(
        directory: SpoolDirectory,
        kind: SpoolKind,
        limits: Limits,
        closed: UnboundedSender<SpoolName>,
        observer: Observer,
    ) -> Writer {
        Writer {
            directory,
            kind,
            limits,
            open: None,
            closed,
            observer,
            failures: Recurring::new(),
        }
    }

    /// Puts a finished group on disk. After `Ok` it survives any crash; after `Err` it may be answered as
    /// lost, and a trace of it that stayed behind is harmless.
    pub(crate) fn commit(&mut self, group: &Group, now_ms: u64) -> Result<(), AppendError> {
        let mut lost = AppendError::Io;
        for _ in 0..ATTEMPTS {
            self.close_if_due(now_ms);
            let Err(failure) = self.append(group, now_ms) else {
                return Ok(());
            };
            lost = self.report(&failure);
            let may_try_again = match failure {
                // The directory is gone: nothing of the group is anywhere.
                Failure::Create(error) if is_gone(&error) => self.restore()?,
                Failure::Create(_) => false,
                // The earlier lines of the file can be delivered, which makes room.
                Failure::NoRoom(_) => {
                    self.close();
                    self.directory.reserve.tighten()
                }
                Failure::Write(_) if lost == AppendError::DiskFull => {
                    // Nothing was handed to the disk, so the descriptor is still good.
                    self.rollback();
                    self.close();
                    self.directory.reserve.tighten()
                }
                // After a failed write or sync the kernel may have dropped pages and call the next sync a
                // success, so this descriptor is never used again. Only where the unanswered frame is surely
                // gone from this file may it go into another: else it could be counted twice.
                Failure::Write(_) | Failure::Sync(_) => self.seal() && lost == AppendError::Io,
                // The answered lines went with the file. This group is not answered yet.
                Failure::Removed => self.detach() && self.restore()?,
            };
            if !may_try_again {
                return Err(lost);
            }
        }
        Err(lost)
    }

    /// Tries, without a hit, what a hit needs: a directory that is there and locked, room, and a file that can be
    /// written and synced. To be called now and then after a failure, so that it is known when that has ended.
    pub(crate) fn probe(&self) -> Result<(), AppendError> {
        let SpoolDirectory {
            path: directory,
            disk,
            lock,
            reserve,
        } = &self.directory;
        lock.keep().map_err(|error| AppendError::from(&error))?;
        let path = directory.join(PROBE_FILE_NAME);
        reserve
            .cover(PROBE.len() as u64)
            .and_then(|()| disk.write_file(&path, &PROBE))
            .and_then(|()| disk.remove(&path))
            .map_err(|error| AppendError::from(&error))?;
        self.observer.notify(Event::SpoolWritable);
        Ok(())
    }

    /// Closes the file where age, size or the hour ask for it.
    pub(crate) fn close_if_due(&mut self, now_ms: u64) {
        let Some(open) = &self.open else { return };
        let other_hour = Hour::from_ms(now_ms) != open.name.hour();
        let full = open.good_bytes >= self.limits.size_bytes;
        if other_hour || full || now_ms >= self.age_limit_ms(open) {
            self.close();
        }
    }

    /// Returns the latest time, in Unix milliseconds, at which `close_if_due` has something to do.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        let open = self.open.as_ref()?;
        let next_hour_ms = open.name.hour().start_ms() + HOUR_MS;
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
            if let Err(error) = self.directory.disk.remove(open.file.path()) {
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
        let (bytes, good_bytes) = match &self.open {
            Some(open) if open.good_bytes > 0 => (group.frame(), open.good_bytes),
            _ => (group.header_and_frame(), 0),
        };
        let end = good_bytes + bytes.len() as u64;
        let covered = self.directory.reserve.cover(end);
        if let Err(error) = covered {
            return Err(match is_gone(&error) {
                true => Failure::Create(error),
                false => Failure::NoRoom(error),
            });
        }
        if self.open.is_none() {
            self.open = Some(self.create(now_ms).map_err(Failure::Create)?);
        }
        let Some(open) = &mut self.open else {
            unreachable!("the line above has opened the file");
        };
        open.file.append(bytes).map_err(Failure::Write)?;
        let started = Instant::now();
        open.file.sync().map_err(Failure::Sync)?;
        if good_bytes == 0 {
            // A file is only as durable as its name.
            let synced = self.directory.disk.sync_directory(&self.directory.path);
            if let Err(error) = synced {
                return Err(match open.file.is_in_place() {
                    true => Failure::Sync(error),
                    false => Failure::Removed,
                });
            }
        }
        // Last: an answer given after a file was removed would be a lie.
        if !open.file.is_in_place() {
            return Err(Failure::Removed);
        }
        open.good_bytes = end;
        self.observer.notify(Event::Synced {
            bytes: group.line_bytes() as u64,
            took: started.elapsed(),
        });
        Ok(())
    }

    fn create(&self, now_ms: u64) -> io::Result<OpenFile> {
        let name = SpoolName::new(now_ms, Uuid::now_v7(), self.kind);
        let path = self.directory.path.join(name.to_string());
        let file = self.directory.disk.create(path)?;
        Ok(OpenFile {
            file,
            name,
            good_bytes: 0,
        })
    }

    /// Makes the directory again, with its lock and its reserve. Returns true when writing can go on.
    fn restore(&self) -> Result<bool, AppendError> {
        self.directory.reserve.refresh();
        match self.directory.lock.keep() {
            Ok(()) => Ok(true),
            Err(error) => {
                tracing::debug!(%error, "the spool's directory can't be made again");
                Err(AppendError::from(&error))
            }
        }
    }

    /// Gives up a file that lost its name. Returns true when the unanswered frame is surely gone from it, wherever the
    /// file may be now.
    fn detach(&mut self) -> bool {
        let Some(open) = self.open.take() else {
            return true;
        };
        let cut = open
            .file
            .cut(open.good_bytes)
            .and_then(|()| open.file.sync());
        tracing::error!(
            file = %open.file.path().display(), bytes = open.good_bytes,
            "a spool file was removed, renamed or replaced; if it is kept elsewhere, `beacon replay` can deliver \
             the hits that were recorded in it"
        );
        self.observer.notify(Event::SpoolFileGone);
        cut.is_ok()
    }

    /// Cuts a half-written frame off and keeps the file; closes the file where that fails.
    fn rollback(&mut self) {
        let Some(open) = &self.open else { return };
        if open.file.cut(open.good_bytes).is_err() {
            self.close();
        }
    }

    /// Closes a file whose descriptor failed. Returns true when the unanswered frame is surely gone from it.
    fn seal(&mut self) -> bool {
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
            // Durable by the sync of the directory that comes with the next file's first frame.
            self.directory.disk.remove(&path)
        } else {
            self.directory.disk.cut(&path, good_bytes)
        };
        if good_bytes > 0 && self.closed.send(name).is_err() {
            tracing::debug!(file = %name, "closed with no delivery running");
        }
        gone.is_ok()
    }

    fn report(&mut self, failure: &Failure) -> AppendError {
        let (lost, error) = match failure {
            Failure::Create(error)
            | Failure::NoRoom(error)
            | Failure::Write(error)
            | Failure::Sync(error) => (AppendError::from(error), error.to_string()),
            Failure::Removed => (
                AppendError::Removed,
                "the file has lost its name".to_owned(),
            ),
        };
        let spool = self.directory.path.display();
        match self.failures.occurred(Instant::now()) {
            Some(Due::First) => tracing::error!(%spool, error, "cannot write to the spool"),
            Some(Due::Again { count }) => {
                tracing::error!(%spool, error, count, "writes to the spool failed since the last message");
            }
            None => {}
        }
        self.observer.notify(Event::SpoolFailed { reason: lost });
        lost
    }

    /// Says how many failures no message has spoken of yet, when that is due.
    pub(crate) fn report_due(&mut self) {
        if let Some(Due::Again { count }) = self.failures.due(Instant::now()) {
            let spool = self.directory.path.display();
            tracing::error!(%spool, count, "writes to the spool failed since the last message");
        }
    }
}

enum Failure {
    Create(io::Error),
    NoRoom(io::Error),
    Write(io::Error),
    Sync(io::Error),
    Removed,
}
