//! The machine stops between any two steps.

use super::machine::Machine;
use crate::disk::model::Whims;

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
