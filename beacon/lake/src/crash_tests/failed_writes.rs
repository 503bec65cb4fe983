//! Writes and syncs that fail.

use std::io;

use super::machine::Machine;
use crate::disk::model::{StepKind, Whims};
use crate::spool::error::AppendError;

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
    machine.fail(StepKind::SyncDirectory, 0, 1, io::ErrorKind::Other, 0);
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
    assert_eq!(machine.append(1), Err(AppendError::Io));
    machine.model.lock().unwrap().heal();
    machine.append(1).unwrap();
    machine.check();
}
