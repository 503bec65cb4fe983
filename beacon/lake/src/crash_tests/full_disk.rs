//! Disks that are full or read-only.

use std::io;
use std::time::Duration;

use super::machine::Machine;
use crate::disk::model::{StepKind, Whims, taken_bytes};
use crate::spool::error::AppendError;
use crate::spool::writer::Limits;

#[test]
fn a_full_disk_loses_what_it_cannot_take_and_recovers() {
    for written in [0, 1, 7, 8, 9, 40] {
        let mut machine = Machine::new();
        machine.append(1).unwrap();
        // The second try is in the space that is given to the hits at the first failure.
        machine.fail(StepKind::Write, 0, 3, io::ErrorKind::StorageFull, written);
        assert_eq!(
            machine.append(1),
            Err(AppendError::DiskFull),
            "{written} bytes written"
        );
        assert_eq!(machine.append(1), Err(AppendError::DiskFull));
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
    assert_eq!(machine.append(1), Err(AppendError::DiskFull));
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
    let mut machine = machine_with_a_small_disk();
    // Twice as much as there is room for.
    for _ in 0..64 {
        machine.append(HITS_OF_A_BATCH).unwrap();
        machine.deliver().unwrap();
    }
    machine.check();
}

#[test]
fn delivery_finishes_on_a_disk_that_others_have_filled_and_hits_flow_again() {
    let mut machine = machine_with_a_small_disk();
    let directory = machine.dir.path().to_path_buf();
    machine.append(HITS_OF_A_BATCH).unwrap();
    let filler = directory.join("filler");
    let fill = || {
        let filled = std::fs::metadata(&filler).map_or(0, |about| about.len());
        let free = SMALL_DISK_BYTES - taken_bytes(&directory);
        std::fs::write(&filler, vec![0; (filled + free) as usize]).unwrap();
    };

    fill();
    // The surplus takes some more.
    assert_eq!(first_loss(&mut machine), Some(AppendError::DiskFull));
    machine.deliver().unwrap();
    assert_eq!(machine.spool_files(), 0, "delivered into the reserve");
    machine.check();
    fill();
    assert_eq!(first_loss(&mut machine), Some(AppendError::DiskFull));
    fill();
    assert_eq!(machine.append(1), Err(AppendError::DiskFull));
    assert_eq!(machine.writer.probe(), Err(AppendError::DiskFull));

    std::fs::remove_file(&filler).unwrap();
    assert_eq!(machine.writer.probe(), Ok(()));
    machine.append(HITS_OF_A_BATCH).unwrap();
    machine.check();
    machine.restart(Some(&mut Whims::new(5)));
    machine.check();
}

fn machine_with_a_small_disk() -> Machine {
    let machine = Machine::with_limits(LARGE_FILES);
    let mut disk = machine.model.lock().unwrap();
    disk.limit(machine.dir.path(), SMALL_DISK_BYTES);
    drop(disk);
    machine
}

/// The error of the first batch that isn't recorded, out of eight.
fn first_loss(machine: &mut Machine) -> Option<AppendError> {
    std::iter::repeat_with(|| machine.append(HITS_OF_A_BATCH))
        .take(8)
        .find_map(Result::err)
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
    assert_eq!(machine.writer.probe(), Err(AppendError::ReadOnly));
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
    assert_eq!(machine.append(1), Err(AppendError::ReadOnly));
    assert_eq!(machine.append(1), Err(AppendError::ReadOnly));
    machine.model.lock().unwrap().heal();
    machine.append(1).unwrap();
    machine.check();
}
