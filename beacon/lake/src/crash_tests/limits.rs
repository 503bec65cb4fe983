//! When files close.

use super::machine::Machine;
use crate::testing::AT_MS;

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
