//! A file system that keeps only what was synced. It runs every step on a real directory, remembers how to
//! take it back, and at a crash takes back what no sync has made durable: the tails of files, cut or full
//! of zeros, and the names in directories, each directory up to a moment of its own.

mod fault;
mod torn;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::fault::{Fault, StepKind};
pub(crate) use self::torn::Whims;
use self::torn::torn;
use crate::disk::step::Step;

/// The way to undo a change of a directory's names.
#[derive(Debug)]
enum Undo {
    Made(PathBuf),
    Created(PathBuf),
    Renamed {
        from: PathBuf,
        to: PathBuf,
        replaced: Option<Vec<u8>>,
    },
    Removed {
        path: PathBuf,
        durable: Vec<u8>,
    },
}

impl Undo {
    fn path(&self) -> &Path {
        match self {
            Undo::Made(path) | Undo::Created(path) | Undo::Removed { path, .. } => path,
            Undo::Renamed { to, .. } => to,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Content at the last sync, of every file that was made through the model.
    durable: HashMap<PathBuf, Vec<u8>>,
    /// Changes that no sync of their directory followed, oldest first.
    unsynced: HashMap<PathBuf, Vec<Undo>>,
    faults: Vec<Fault>,
    capacity: Option<Capacity>,
    /// Steps until the machine stops.
    steps_left: Option<usize>,
    pub(crate) steps: usize,
}

/// The size of the disk, and the directory that stands for it.
#[derive(Debug)]
struct Capacity {
    directory: PathBuf,
    bytes: u64,
}

/// A file or a directory takes whole blocks.
const BLOCK_BYTES: u64 = 4096;

impl Capacity {
    fn free_bytes(&self) -> u64 {
        self.bytes.saturating_sub(taken_bytes(&self.directory))
    }
}

pub(crate) fn taken_bytes(directory: &Path) -> u64 {
    let mut taken = BLOCK_BYTES;
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        taken += match about.is_dir() {
            true => taken_bytes(&entry.path()),
            false => about.len().next_multiple_of(BLOCK_BYTES),
        };
    }
    taken
}

fn stopped() -> io::Error {
    io::Error::other("the machine has stopped")
}

impl Model {
    pub(crate) fn fail(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn heal(&mut self) {
        self.faults.clear();
    }

    /// From now on everything in `directory` together takes `bytes` at most.
    pub(crate) fn limit(&mut self, directory: &Path, bytes: u64) {
        let directory = directory.to_path_buf();
        self.capacity = Some(Capacity { directory, bytes });
    }

    /// Somebody else has removed this file or directory, for good.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.durable.retain(|file, _| !file.starts_with(path));
        self.unsynced
            .retain(|directory, _| !directory.starts_with(path));
        for changes in self.unsynced.values_mut() {
            changes.retain(|undo| !undo.path().starts_with(path));
        }
    }

    /// Returns true if no crash can take the name of this file back.
    pub(crate) fn is_durable(&self, path: &Path) -> bool {
        let mut changes = self.unsynced.values().flatten();
        !changes.any(|undo| path.starts_with(undo.path()))
    }

    /// After so many steps every further one fails, as if the machine had stopped.
    pub(crate) fn stop_after(&mut self, steps: usize) {
        self.steps_left = Some(steps);
    }

    /// The process was killed, and the next one finds the machine running.
    pub(crate) fn go_on(&mut self) {
        self.steps_left = None;
    }

    pub(crate) fn step<T>(
        &mut self,
        step: Step<'_>,
        real: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        if self.steps_left == Some(0) {
            return Err(stopped());
        }
        if let Some(left) = &mut self.steps_left {
            *left -= 1;
        }
        self.steps += 1;
        if let Some(fault) = self.due_fault(step.kind()) {
            if let Step::Write(path, bytes) = step {
                let written = fault.written.min(bytes.len());
                let mut content = fs::read(path)?;
                content.extend_from_slice(&bytes[..written]);
                fs::write(path, content)?;
            }
            return Err(fault.error.into());
        }
        self.check_room(step)?;
        let before = self.before(step)?;
        let result = real()?;
        self.after(step, before);
        Ok(result)
    }

    fn due_fault(&mut self, kind: StepKind) -> Option<Fault> {
        for fault in &mut self.faults {
            if fault.kind != StepKind::Any && fault.kind != kind {
                continue;
            }
            if fault.after > 0 {
                fault.after -= 1;
            } else if fault.times > 0 {
                fault.times -= 1;
                return Some(*fault);
            }
        }
        None
    }

    /// A write that does not fit reaches the file in part, as on a real disk.
    fn check_room(&self, step: Step<'_>) -> io::Result<()> {
        let Some(capacity) = &self.capacity else {
            return Ok(());
        };
        let free = capacity.free_bytes();
        let full = Err(io::ErrorKind::StorageFull.into());
        match step {
            Step::Write(path, bytes) => {
                let Ok(mut content) = fs::read(path) else {
                    return Ok(());
                };
                let in_block = content.len().next_multiple_of(BLOCK_BYTES as usize) - content.len();
                let fits = usize::try_from(free / BLOCK_BYTES * BLOCK_BYTES).unwrap() + in_block;
                if bytes.len() <= fits {
                    return Ok(());
                }
                content.extend_from_slice(&bytes[..fits]);
                fs::write(path, content)?;
                full
            }
            Step::Reserve(path, bytes) => {
                let has = fs::metadata(path).map_or(0, |about| about.len());
                match bytes.saturating_sub(has).next_multiple_of(BLOCK_BYTES) <= free {
                    true => Ok(()),
                    false => full,
                }
            }
            Step::MakeDirectory(_) if free < BLOCK_BYTES => full,
            _ => Ok(()),
        }
    }

    /// Returns the content that the step is about to replace.
    fn before(&self, step: Step<'_>) -> io::Result<Option<Vec<u8>>> {
        match step {
            Step::Rename(_, to) if to.exists() => Ok(Some(fs::read(to)?)),
            _ => Ok(None),
        }
    }

    fn after(&mut self, step: Step<'_>, replaced: Option<Vec<u8>>) {
        match step {
            Step::MakeDirectory(path) => self.changed(path, Undo::Made(path.to_path_buf())),
            Step::SyncDirectory(path) => {
                self.unsynced.remove(path);
            }
            Step::Create(path) => {
                self.durable.insert(path.to_path_buf(), Vec::new());
                self.changed(path, Undo::Created(path.to_path_buf()));
            }
            Step::SyncFile(path) => {
                // A file that somebody has removed is synced through its descriptor, and nobody finds it again.
                if let Ok(content) = fs::read(path) {
                    self.durable.insert(path.to_path_buf(), content);
                }
            }
            Step::Rename(from, to) => {
                let durable = self.durable.remove(from).unwrap_or_default();
                self.durable.insert(to.to_path_buf(), durable);
                let (from, to_path) = (from.to_path_buf(), to.to_path_buf());
                self.changed(
                    to,
                    Undo::Renamed {
                        from,
                        to: to_path,
                        replaced,
                    },
                );
            }
            Step::Remove(path) => {
                let durable = self.durable.remove(path).unwrap_or_default();
                self.changed(
                    path,
                    Undo::Removed {
                        path: path.to_path_buf(),
                        durable,
                    },
                );
            }
            Step::Write(..) | Step::Cut(_) | Step::OpenLock(_) | Step::Reserve(..) => {}
        }
    }

    fn changed(&mut self, path: &Path, undo: Undo) {
        let directory = path.parent().unwrap().to_path_buf();
        self.unsynced.entry(directory).or_default().push(undo);
    }

    /// The machine stops and comes back.
    pub(crate) fn crash(&mut self, whims: &mut Whims) {
        self.steps_left = None;
        self.faults.clear();
        let mut paths: Vec<_> = self.durable.keys().cloned().collect();
        paths.sort();
        for path in paths {
            let Ok(current) = fs::read(&path) else {
                continue;
            };
            let left = torn(&self.durable[&path], current, whims);
            fs::write(&path, &left).unwrap();
            self.durable.insert(path, left);
        }
        let mut directories: Vec<_> = self.unsynced.drain().collect();
        directories.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (_, changes) in directories {
            let kept = whims.below(changes.len() + 1);
            for undo in changes.into_iter().skip(kept).rev() {
                self.undo(undo);
            }
        }
    }

    fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Made(path) => {
                self.durable.retain(|file, _| !file.starts_with(&path));
                // Its own parent may be gone already.
                if path.exists() {
                    fs::remove_dir_all(&path).unwrap();
                }
            }
            Undo::Created(path) => {
                self.durable.remove(&path);
                if path.exists() {
                    fs::remove_file(&path).unwrap();
                }
            }
            Undo::Renamed { from, to, replaced } => {
                let content = self.durable.remove(&to);
                if to.exists() {
                    fs::rename(&to, &from).unwrap();
                    self.durable.insert(from, content.unwrap_or_default());
                    if let Some(replaced) = replaced {
                        fs::write(&to, &replaced).unwrap();
                        self.durable.insert(to, replaced);
                    }
                }
            }
            Undo::Removed { path, durable } => {
                if path.parent().is_some_and(Path::exists) {
                    fs::write(&path, &durable).unwrap();
                    self.durable.insert(path, durable);
                }
            }
        }
    }
}
