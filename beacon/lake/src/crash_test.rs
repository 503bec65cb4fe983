//! The spool and its delivery on the model of a disk that drops what was not synced: whatever happens, every
//! answered hit is seen once, and none twice.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beacon_core::schema::Schema;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::clock::Clock;
use crate::delivery::{Target, Worker};
use crate::disk::Disk;
use crate::disk::model::{Fault, Model, StepKind, Whims, taken_bytes};
use crate::frame::Group;
use crate::name::{Kind, SpoolName};
use crate::publish::Publisher;
use crate::reserve::Reserve;
use crate::test_view::{AT_MS, Seen, lake_in, line, seen};
use crate::writer::{Limits, Lost, Place, Writer};
use crate::{Format, Lake, arrow_schema, lock, spool, unobserved};

const LIMITS: Limits = Limits {
    age: Duration::from_secs(600),
    size_bytes: 600,
};

/// A machine with a spool and a lake, that can stop and start again.
struct Machine {
    runtime: Runtime,
    dir: TempDir,
    lake: Lake,
    disk: Disk,
    model: Arc<Mutex<Model>>,
    place: Place,
    limits: Limits,
    writer: Writer,
    closed: UnboundedReceiver<SpoolName>,
    waiting: Vec<SpoolName>,
    now_ms: u64,
    written: usize,
    answered: Vec<usize>,
}

impl Machine {
    fn new() -> Machine {
        Machine::with_limits(LIMITS)
    }

    fn with_limits(limits: Limits) -> Machine {
        let dir = TempDir::new().unwrap();
        let (disk, model) = Disk::model();
        let lake = lake_in(&dir.path().join("lake"));
        let folder = dir.path().join("spool");
        std::fs::create_dir(&folder).unwrap();
        // Their steps are none of a test's: the next one begins with the first append.
        let real = Disk::default();
        let place = Place {
            lock: Arc::new(lock::take(&real, &folder).unwrap()),
            reserve: Arc::new(Reserve::open(&disk, &folder, 0).unwrap()),
            disk: disk.clone(),
            folder,
        };
        let (writer, closed) = writer(&place, limits);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        Machine {
            runtime,
            dir,
            lake,
            disk,
            model,
            place,
            limits,
            writer,
            closed,
            waiting: vec![],
            now_ms: AT_MS,
            written: 0,
            answered: vec![],
        }
    }

    fn spool(&self) -> PathBuf {
        self.dir.path().join("spool")
    }

    fn append(&mut self, count: usize) -> Result<(), Lost> {
        let ids = self.written..self.written + count;
        self.written += count;
        let mut group = Group::new();
        for id in ids.clone() {
            group.push(line(id).as_bytes());
        }
        group.finish();
        let result = self.writer.commit(&group, self.now_ms);
        if result.is_ok() {
            self.answered.extend(ids);
        }
        result
    }

    /// Delivers all closed files, as far as that goes.
    fn deliver(&mut self) -> Result<(), String> {
        while let Ok(name) = self.closed.try_recv() {
            self.waiting.push(name);
        }
        let publisher = Publisher {
            lake: self.lake.clone(),
            stream: "hits".to_owned(),
            disk: self.disk.clone(),
        };
        let schema = arrow_schema(&Schema::builtin());
        let worker = Worker {
            folder: self.spool(),
            // The format does not matter to what survives, and this one is quickly written.
            target: Target::Lake {
                publisher,
                format: Format::Json,
                schema,
            },
            disk: self.disk.clone(),
            reserve: Arc::clone(&self.place.reserve),
            clock: Clock::from_fn(|| AT_MS),
            observer: unobserved(),
        };
        while let Some(&name) = self.waiting.first() {
            self.runtime
                .block_on(worker.deliver(name))
                .map_err(|error| error.to_string())?;
            self.waiting.remove(0);
        }
        self.place.reserve.settle();
        Ok(())
    }

    /// What fails on a broken machine may be lost; the check looks at what was answered.
    fn try_to_append(&mut self, count: usize) {
        if let Err(lost) = self.append(count) {
            assert_ne!(lost, Lost::ShuttingDown);
        }
    }

    fn try_to_deliver(&mut self) {
        if let Err(error) = self.deliver() {
            assert!(!self.waiting.is_empty(), "{error}");
        }
    }

    /// The process ends and another begins; with `whims` the whole machine.
    fn restart(&mut self, whims: Option<&mut Whims>) {
        let mut model = self.model.lock().unwrap();
        match whims {
            Some(whims) => model.crash(whims),
            None => model.go_on(),
        }
        drop(model);
        if let Ok(reserve) = Reserve::open(&self.disk, &self.place.folder, 0) {
            self.place.reserve = Arc::new(reserve);
        }
        (self.writer, self.closed) = writer(&self.place, self.limits);
        self.waiting = spool::leftovers(&self.spool()).unwrap();
    }

    fn seen(&self) -> Seen {
        self.runtime.block_on(seen(&self.lake, &self.spool()))
    }

    #[track_caller]
    fn check(&self) {
        let seen = self.seen();
        for id in &self.answered {
            assert_eq!(
                seen.get(&id.to_string()),
                Some(&1),
                "hit {id} was answered; seen: {seen:?}"
            );
        }
        for (id, count) in &seen {
            assert_eq!(*count, 1, "hit {id}");
            assert!(
                id.parse::<usize>().unwrap() < self.written,
                "hit {id} was never written"
            );
        }
    }

    /// Somebody removes this, a file of the spool or all of it, and with it the hits that are nowhere else.
    fn remove(&mut self, path: &Path) {
        match path.is_dir() {
            true => std::fs::remove_dir_all(path).unwrap(),
            false => std::fs::remove_file(path).unwrap(),
        }
        self.model.lock().unwrap().forget(path);
        let seen = self.seen();
        self.answered
            .retain(|id| seen.contains_key(&id.to_string()));
    }

    fn first_spool_file(&self) -> Option<PathBuf> {
        let names = spool::leftovers(&self.spool()).unwrap();
        let name = names.first()?;
        Some(self.spool().join(name.to_string()))
    }

    fn spool_files(&self) -> usize {
        spool::leftovers(&self.spool()).unwrap().len()
    }

    fn fail(
        &self,
        kind: StepKind,
        after: usize,
        times: usize,
        error: io::ErrorKind,
        written: usize,
    ) {
        self.model.lock().unwrap().fail(Fault {
            kind,
            after,
            times,
            error,
            written,
        });
    }
}

fn writer(place: &Place, limits: Limits) -> (Writer, UnboundedReceiver<SpoolName>) {
    let (sender, closed) = unbounded_channel();
    let writer = Writer::new(place.clone(), Kind::Hits, limits, sender, unobserved());
    (writer, closed)
}

#[derive(Debug, Clone)]
enum Act {
    Append(usize),
    Wait(u64),
    Close,
    Deliver,
    Kill,
    Crash(u64),
    StopAfter(usize),
    Fail(StepKind, usize, usize, io::ErrorKind, usize),
    Heal,
    RemoveSpool,
    RemoveFile,
}

fn act() -> impl Strategy<Value = Act> {
    use StepKind::{Any, Create, Cut, Remove, Rename, Reserve, SyncFile, SyncFolder, Write};
    let kind = prop::sample::select(vec![
        Any, Create, Cut, Remove, Rename, Reserve, SyncFile, SyncFile, SyncFolder, Write, Write,
    ]);
    let error = prop::sample::select(vec![
        io::ErrorKind::Other,
        io::ErrorKind::Other,
        io::ErrorKind::StorageFull,
        io::ErrorKind::ReadOnlyFilesystem,
    ]);
    prop_oneof![
        8 => (1..4_usize).prop_map(Act::Append),
        1 => (1..4_000_000_u64).prop_map(Act::Wait),
        1 => Just(Act::Close),
        3 => Just(Act::Deliver),
        1 => Just(Act::Kill),
        2 => any::<u64>().prop_map(Act::Crash),
        1 => (0..12_usize).prop_map(Act::StopAfter),
        3 => (kind, 0..3_usize, 1..4_usize, error, 0..120_usize)
            .prop_map(|(kind, after, times, error, written)| Act::Fail(kind, after, times, error, written)),
        1 => Just(Act::Heal),
        1 => Just(Act::RemoveSpool),
        1 => Just(Act::RemoveFile),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answered_hit_is_seen_once(acts in prop::collection::vec(act(), 1..40), seed: u64) {
        let mut machine = Machine::new();
        for act in acts {
            match act {
                Act::Append(count) => machine.try_to_append(count),
                Act::Wait(ms) => {
                    machine.now_ms += ms;
                    machine.writer.close_if_due(machine.now_ms);
                }
                Act::Close => machine.writer.close(),
                Act::Deliver => machine.try_to_deliver(),
                Act::Kill => machine.restart(None),
                Act::Crash(seed) => machine.restart(Some(&mut Whims::new(seed))),
                Act::StopAfter(steps) => machine.model.lock().unwrap().stop_after(steps),
                Act::Fail(kind, after, times, error, written) => machine.fail(kind, after, times, error, written),
                Act::Heal => machine.model.lock().unwrap().heal(),
                Act::RemoveSpool => {
                    let folder = machine.spool();
                    if folder.exists() {
                        machine.remove(&folder);
                    }
                }
                Act::RemoveFile => {
                    if let Some(file) = machine.first_spool_file() {
                        machine.remove(&file);
                    }
                }
            }
            machine.check();
        }
        machine.restart(Some(&mut Whims::new(seed)));
        machine.check();
        machine.append(2).unwrap();
        machine.writer.close();
        machine.deliver().unwrap();
        machine.check();
        prop_assert_eq!(machine.spool_files(), 0);
    }
}

/// Stops the machine before each step of `work` in turn, and looks before and after it comes back.
fn stop_at_every_step(prepare: impl Fn(&mut Machine), work: impl Fn(&mut Machine)) {
    let mut steps = 0;
    loop {
        let mut done = false;
        for seed in 0..8 {
            let mut machine = Machine::new();
            prepare(&mut machine);
            let before = machine.model.lock().unwrap().steps;
            machine.model.lock().unwrap().stop_after(steps);
            work(&mut machine);
            done = machine.model.lock().unwrap().steps - before < steps;
            machine.check();
            machine.restart(Some(&mut Whims::new(seed * 7919 + 1)));
            machine.check();
            machine.deliver().unwrap();
            machine.check();
            assert_eq!(machine.spool_files(), 0, "stopped after {steps} steps");
        }
        if done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 3, "the work has steps");
}

#[test]
fn a_stop_between_any_two_steps_of_an_append_loses_nothing_answered() {
    stop_at_every_step(
        |_| {},
        |machine| {
            machine.try_to_append(2);
            machine.try_to_append(3);
        },
    );
}

#[test]
fn a_stop_between_any_two_steps_of_a_delivery_counts_nothing_twice() {
    stop_at_every_step(
        |machine| {
            machine.append(3).unwrap();
            machine.writer.close();
        },
        Machine::try_to_deliver,
    );
}

#[test]
fn what_a_killed_delivery_left_unsynced_is_synced_by_the_next() {
    for steps in 0..30 {
        for seed in 0..8 {
            let mut machine = Machine::new();
            machine.append(3).unwrap();
            machine.writer.close();
            machine.model.lock().unwrap().stop_after(steps);
            machine.try_to_deliver();
            machine.restart(None);
            machine.deliver().unwrap();
            machine.restart(Some(&mut Whims::new(seed * 7919 + 1)));
            machine.check();
        }
    }
}

#[test]
fn a_failed_sync_moves_the_unanswered_lines_to_a_new_file() {
    let mut machine = Machine::new();
    machine.append(1).unwrap();
    machine.fail(StepKind::SyncFile, 0, 1, io::ErrorKind::Other, 0);
    machine.append(1).unwrap();
    machine.check();
    assert_eq!(machine.spool_files(), 2);
    // The first file is never appended to again.
    machine.append(1).unwrap();
    assert_eq!(machine.spool_files(), 2);
    machine.restart(Some(&mut Whims::new(1)));
    machine.check();
    assert_eq!(machine.seen().len(), 3);
}

#[test]
fn a_first_sync_that_fails_leaves_no_second_copy() {
    let mut machine = Machine::new();
    machine.fail(StepKind::SyncFolder, 0, 1, io::ErrorKind::Other, 0);
    machine.append(1).unwrap();
    assert_eq!(machine.spool_files(), 1);
    for seed in 0..20 {
        machine.restart(Some(&mut Whims::new(seed)));
        machine.check();
    }
}

#[test]
fn a_disk_that_fails_again_and_again_is_said_to() {
    let mut machine = Machine::new();
    machine.append(1).unwrap();
    machine.fail(StepKind::SyncFile, 0, 100, io::ErrorKind::Other, 0);
    assert_eq!(machine.append(1), Err(Lost::Io));
    machine.model.lock().unwrap().heal();
    machine.append(1).unwrap();
    machine.check();
}

#[test]
fn a_full_disk_loses_what_it_cannot_take_and_recovers() {
    for written in [0, 1, 7, 8, 9, 40] {
        let mut machine = Machine::new();
        machine.append(1).unwrap();
        // The second try is in the space that is given to the hits at the first failure.
        machine.fail(StepKind::Write, 0, 3, io::ErrorKind::StorageFull, written);
        assert_eq!(
            machine.append(1),
            Err(Lost::DiskFull),
            "{written} bytes written"
        );
        assert_eq!(machine.append(1), Err(Lost::DiskFull));
        machine.append(1).unwrap();
        machine.check();
        assert_eq!(machine.seen().len(), 2, "what was lost is not there");
        // The first file was closed, so that its delivery makes room.
        assert_eq!(machine.spool_files(), 2);
        machine.restart(Some(&mut Whims::new(3)));
        machine.check();
    }
}

#[test]
fn a_disk_that_was_full_at_the_first_line_leaves_no_trace() {
    let mut machine = Machine::new();
    machine.fail(StepKind::Write, 0, 2, io::ErrorKind::StorageFull, 30);
    assert_eq!(machine.append(1), Err(Lost::DiskFull));
    assert_eq!(machine.spool_files(), 0);
}

/// The default, that a small disk never reaches.
const LARGE_FILES: Limits = Limits {
    age: Duration::from_secs(3600),
    size_bytes: 64 << 20,
};
const SMALL_DISK_BYTES: u64 = 4 << 20;
/// About 130 KiB.
const HITS_OF_A_BATCH: usize = 1000;

#[test]
fn a_spool_that_fills_its_disk_is_delivered_before_it_is_full() {
    let mut machine = Machine::with_limits(LARGE_FILES);
    let folder = machine.dir.path().to_path_buf();
    machine
        .model
        .lock()
        .unwrap()
        .limit(&folder, SMALL_DISK_BYTES);
    // Twice as much as there is room for.
    for _ in 0..64 {
        machine.append(HITS_OF_A_BATCH).unwrap();
        machine.deliver().unwrap();
    }
    machine.check();
}

#[test]
fn delivery_finishes_on_a_disk_that_others_have_filled_and_hits_flow_again() {
    let mut machine = Machine::with_limits(LARGE_FILES);
    let folder = machine.dir.path().to_path_buf();
    machine
        .model
        .lock()
        .unwrap()
        .limit(&folder, SMALL_DISK_BYTES);
    machine.append(HITS_OF_A_BATCH).unwrap();
    let filler = folder.join("filler");
    let fill = || {
        let filled = std::fs::metadata(&filler).map_or(0, |about| about.len());
        let free = SMALL_DISK_BYTES - taken_bytes(&folder);
        std::fs::write(&filler, vec![0; (filled + free) as usize]).unwrap();
    };

    fill();
    // The surplus takes some more.
    let lost = std::iter::repeat_with(|| machine.append(HITS_OF_A_BATCH))
        .take(8)
        .find_map(Result::err);
    assert_eq!(lost, Some(Lost::DiskFull));
    machine.deliver().unwrap();
    assert_eq!(machine.spool_files(), 0, "delivered into the reserve");
    machine.check();
    fill();
    let lost = std::iter::repeat_with(|| machine.append(HITS_OF_A_BATCH))
        .take(8)
        .find_map(Result::err);
    assert_eq!(lost, Some(Lost::DiskFull));
    fill();
    assert_eq!(machine.append(1), Err(Lost::DiskFull));
    assert_eq!(machine.writer.probe(), Err(Lost::DiskFull));

    std::fs::remove_file(&filler).unwrap();
    assert_eq!(machine.writer.probe(), Ok(()));
    machine.append(HITS_OF_A_BATCH).unwrap();
    machine.check();
    machine.restart(Some(&mut Whims::new(5)));
    machine.check();
}

#[test]
fn hits_go_on_when_the_spool_or_its_file_is_removed_renamed_or_replaced() {
    type Act = fn(&Path, &Path);
    let acts: [(&str, Act); 6] = [
        ("the folder removed", |folder, _| {
            std::fs::remove_dir_all(folder).unwrap();
        }),
        ("the file removed", |_, file| {
            std::fs::remove_file(file).unwrap();
        }),
        ("the file renamed", |_, file| {
            std::fs::rename(file, file.with_extension("old")).unwrap();
        }),
        ("the file replaced", |_, file| {
            std::fs::remove_file(file).unwrap();
            std::fs::write(file, "").unwrap();
        }),
        ("the folder renamed", |folder, _| {
            std::fs::rename(folder, folder.with_extension("old")).unwrap();
        }),
        ("the folder replaced", |folder, _| {
            std::fs::rename(folder, folder.with_extension("old")).unwrap();
            std::fs::create_dir(folder).unwrap();
        }),
    ];
    for (name, act) in acts {
        let mut machine = Machine::new();
        machine.append(1).unwrap();
        let (folder, file) = (machine.spool(), machine.first_spool_file().unwrap());
        act(&folder, &file);
        machine.model.lock().unwrap().forget(&file);
        machine.answered.clear();
        assert_eq!(machine.append(1), Ok(()), "{name}");
        assert_eq!(machine.append(1), Ok(()), "{name}");
        machine.check();
        assert_eq!(machine.seen().len(), 2, "{name}");
        let second = lock::take(&Disk::default(), &folder)
            .map(|_| ())
            .unwrap_err();
        assert!(
            second.to_string().contains("is in use by"),
            "{name}: {second}"
        );
        machine.restart(Some(&mut Whims::new(9)));
        machine.check();
    }
}

#[test]
fn a_spool_that_another_process_has_taken_over_is_left_alone() {
    let mut machine = Machine::new();
    machine.append(1).unwrap();
    let folder = machine.spool();
    machine.remove(&folder);
    let other = lock::take(&Disk::default(), &folder).unwrap();
    std::fs::remove_dir(&folder).unwrap_err();
    std::fs::rename(&folder, folder.with_extension("other")).unwrap();
    assert_eq!(machine.append(1), Ok(()), "the folder was made again");
    let file = machine.first_spool_file().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    machine.model.lock().unwrap().forget(&file);
    machine.answered.clear();
    std::fs::rename(folder.with_extension("other"), &folder).unwrap();
    assert_eq!(machine.append(1), Err(Lost::InUse));
    drop(other);
    assert_eq!(machine.append(1), Ok(()));
}

#[test]
fn a_trial_says_when_a_failure_has_ended() {
    let machine = Machine::new();
    machine.fail(
        StepKind::SyncFile,
        0,
        1,
        io::ErrorKind::ReadOnlyFilesystem,
        0,
    );
    assert_eq!(machine.writer.probe(), Err(Lost::ReadOnly));
    assert_eq!(machine.writer.probe(), Ok(()));
    let left: Vec<_> = std::fs::read_dir(machine.spool())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != "LOCK" && name != "RESERVE")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_disk_that_turns_read_only_loses_and_comes_back() {
    let mut machine = Machine::new();
    machine.append(1).unwrap();
    machine.fail(StepKind::Any, 0, 1000, io::ErrorKind::ReadOnlyFilesystem, 0);
    assert_eq!(machine.append(1), Err(Lost::ReadOnly));
    assert_eq!(machine.append(1), Err(Lost::ReadOnly));
    machine.model.lock().unwrap().heal();
    machine.append(1).unwrap();
    machine.check();
}

#[test]
fn files_close_by_size_age_and_hour() {
    let check = |wait_ms: u64, lines: usize, files: usize| {
        let mut machine = Machine::new();
        machine.append(lines).unwrap();
        machine.now_ms += wait_ms;
        machine.append(1).unwrap();
        assert_eq!(
            machine.spool_files(),
            files,
            "{lines} lines, then after {wait_ms} ms one more"
        );
    };
    check(0, 1, 1);
    check(599_999, 1, 1);
    check(600_000, 1, 2);
    check(0, 20, 2);
    // The hour ends 1,503,211 ms after the start, before the age does.
    let mut machine = Machine::new();
    machine.now_ms += 1_400_000;
    machine.append(1).unwrap();
    machine.now_ms += 103_210;
    machine.append(1).unwrap();
    assert_eq!(machine.spool_files(), 1);
    assert_eq!(machine.writer.due_ms(), Some(AT_MS + 1_503_211));
    machine.now_ms += 1;
    machine.append(1).unwrap();
    assert_eq!(machine.spool_files(), 2);
}
