use super::*;
use proptest::prelude::*;

/// `lengths` are those of the lines, newline included; `expected` those of the records.
#[track_caller]
fn check(lengths: &[usize], expected: &[usize]) {
    let lines = lines_of(lengths);
    let packed: Vec<usize> = records(&lines)
        .iter()
        .map(|record| record.lines.len())
        .collect();
    assert_eq!(packed, expected);
}

fn lines_of(lengths: &[usize]) -> Vec<u8> {
    let mut lines = Vec::new();
    for &length in lengths {
        lines.extend(std::iter::repeat_n(b'x', length - 1));
        lines.push(b'\n');
    }
    lines
}

#[test]
fn lines_share_a_record_up_to_one_billing_step() {
    check(&[], &[]);
    check(&[700], &[700]);
    check(&[700, 700], &[1_400]);
    check(&[2_560, 2_560], &[5_120]);
    check(&[2_560, 2_561], &[2_560, 2_561]);
    check(&[5_120, 1], &[5_120, 1]);
    check(&[6_000], &[6_000]);
    check(&[10, 6_000, 10], &[10, 6_000, 10]);
}

#[test]
fn a_last_line_without_newline_gets_one() {
    let records = records(b"a\nb");
    assert_eq!(records, [PackedRecord { lines: b"a\nb" }]);
    assert_eq!(records[0].data(), b"a\nb\n");
    assert_eq!(records[0].each().collect::<Vec<_>>(), [b"a", b"b"]);
}

#[test]
fn a_line_beyond_the_largest_record_does_not_fit() {
    assert!(records(&lines_of(&[MAX_RECORD_BYTES]))[0].fits());
    assert!(!records(&lines_of(&[MAX_RECORD_BYTES + 1]))[0].fits());
}

#[test]
fn a_batch_has_500_records_at_most() {
    let lines = lines_of(&[5_000; 1_001]);
    let records = records(&lines);
    assert_eq!(batches(&records), [0..500, 500..1_000, 1_000..1_001]);
}

#[test]
fn a_batch_has_4_mib_at_most() {
    let lines = lines_of(&[1_000_000; 4]);
    let records = records(&lines);
    assert_eq!(batches(&records), [0..3, 3..4]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn packing_keeps_every_byte_and_every_limit(lengths in prop::collection::vec(1_usize..12_000, 0..800)) {
        let lines = lines_of(&lengths);
        let records = records(&lines);
        prop_assert_eq!(records.iter().flat_map(|record| record.data()).collect::<Vec<_>>(), lines.clone());
        for record in &records {
            prop_assert!(record.lines.len() <= BILLING_STEP_BYTES || record.each().count() == 1);
        }
        let batches = batches(&records);
        let mut next = 0;
        for batch in batches {
            prop_assert_eq!(batch.start, next);
            next = batch.end;
            let carried = &records[batch];
            prop_assert!(!carried.is_empty() && carried.len() <= MAX_BATCH_RECORDS);
            prop_assert!(carried.iter().map(PackedRecord::encoded_bytes).sum::<usize>() <= MAX_BATCH_BYTES);
        }
        prop_assert_eq!(next, records.len());
    }
}
