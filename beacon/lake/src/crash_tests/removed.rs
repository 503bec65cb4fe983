//! Others remove, rename or replace what the spool writes.

use std::path::Path;

use super::machine::Machine;
use crate::disk::Disk;
use crate::disk::model::Whims;
use crate::spool::error::AppendError;
use crate::spool::lock;

#[test]
fn hits_go_on_when_the_spool_or_its_file_is_removed_renamed_or_replaced() {
    type Act = fn(&Path, &Path);
    let acts: [(&str, Act); 6] = [
        ("the directory removed", |directory, _| {
            std::fs::remove_dir_all(directory).unwrap();
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
        ("the directory renamed", |directory, _| {
            std::fs::rename(directory, directory.with_extension("old")).unwrap();
        }),
        ("the directory replaced", |directory, _| {
            std::fs::rename(directory, directory.with_extension("old")).unwrap();
            std::fs::create_dir(directory).unwrap();
        }),
    ];
    for (name, act) in acts {
        let mut machine = Machine::new();
        machine.append(1).unwrap();
        let (directory, file) = (machine.spool(), machine.first_spool_file().unwrap());
        act(&directory, &file);
        machine.model.lock().unwrap().forget(&file);
        machine.answered.clear();
        assert_eq!(machine.append(1), Ok(()), "{name}");
        assert_eq!(machine.append(1), Ok(()), "{name}");
        machine.check();
        assert_eq!(machine.seen().len(), 2, "{name}");
        let second = lock::take(&Disk::default(), &directory)
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
    let directory = machine.spool();
    machine.remove(&directory);
    let other = lock::take(&Disk::default(), &directory).unwrap();
    std::fs::remove_dir(&directory).unwrap_err();
    std::fs::rename(&directory, directory.with_extension("other")).unwrap();
    assert_eq!(machine.append(1), Ok(()), "the directory was made again");
    let file = machine.first_spool_file().unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    machine.model.lock().unwrap().forget(&file);
    machine.answered.clear();
    std::fs::rename(directory.with_extension("other"), &directory).unwrap();
    assert_eq!(machine.append(1), Err(AppendError::InUse));
    drop(other);
    assert_eq!(machine.append(1), Ok(()));
}

#[test]
fn hits_of_an_object_whose_name_is_not_synced_go_with_their_spool_file() {
    let (mut was_unsafe, mut was_safe) = (false, false);
    for steps in 0..20 {
        let mut machine = Machine::new();
        machine.append(1).unwrap();
        machine.writer.close();
        machine.model.lock().unwrap().stop_after(steps);
        machine.try_to_deliver();
        let spool = machine.spool();
        machine.remove(&spool);
        let is_safe = machine.answered.contains(&0);
        was_unsafe |= !is_safe && machine.seen().contains_key("0");
        was_safe |= is_safe;
        for seed in 0..8 {
            machine.restart(Some(&mut Whims::new(seed)));
            machine.check();
        }
    }
    assert!(was_unsafe && was_safe);
}
