//! Random runs of a machine.

use std::io;

use proptest::prelude::*;

use super::machine::Machine;
use crate::disk::model::{StepKind, Whims};

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
    use StepKind::{Any, Create, Cut, Remove, Rename, Reserve, SyncDirectory, SyncFile, Write};
    let kind = prop::sample::select(vec![
        Any,
        Create,
        Cut,
        Remove,
        Rename,
        Reserve,
        SyncFile,
        SyncFile,
        SyncDirectory,
        Write,
        Write,
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
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

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
                    let directory = machine.spool();
                    if directory.exists() {
                        machine.remove(&directory);
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
