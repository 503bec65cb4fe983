use super::*;

/// Checks the messages that are due after occurrences at these milliseconds.
#[track_caller]
fn check(occurrences_ms: &[u64], expected: &[(u64, Due)]) {
    let begin = Instant::now();
    let mut event = Recurring::new();
    let mut said = Vec::new();
    for &at_ms in occurrences_ms {
        let due = event.occurred(begin + Duration::from_millis(at_ms));
        said.extend(due.map(|due| (at_ms, due)));
    }
    assert_eq!(said, expected);
}

#[test]
fn the_first_is_said_at_once_and_then_a_count_a_minute() {
    check(&[], &[]);
    check(&[5], &[(5, Due::First)]);
    check(&[5, 6, 7], &[(5, Due::First)]);
    check(
        &[0, 50, 59_999, 60_000, 60_001, 119_999, 120_000],
        &[
            (0, Due::First),
            (60_000, Due::Again { count: 3 }),
            (120_000, Due::Again { count: 3 }),
        ],
    );
    let often: Vec<u64> = (0..3 * 60 * 20).map(|nth| nth * 50).collect();
    check(
        &often,
        &[
            (0, Due::First),
            (60_000, Due::Again { count: 1200 }),
            (120_000, Due::Again { count: 1200 }),
        ],
    );
}

#[test]
fn an_event_that_stayed_away_is_new_again() {
    check(&[0, 60_000], &[(0, Due::First), (60_000, Due::First)]);
}

#[test]
fn the_last_occurrences_are_counted_when_time_passes() {
    let begin = Instant::now();
    let at = |seconds| begin + Duration::from_secs(seconds);
    let mut event = Recurring::new();
    assert_eq!(event.due(at(0)), None);
    assert_eq!(event.occurred(at(0)), Some(Due::First));
    assert_eq!(event.due(at(60)), None, "everything is said");
    assert_eq!(event.occurred(at(61)), Some(Due::First));
    assert_eq!(event.occurred(at(62)), None);
    assert_eq!(event.due(at(120)), None, "not a minute yet");
    assert_eq!(event.due(at(121)), Some(Due::Again { count: 1 }));
    assert_eq!(event.due(at(300)), None, "nothing has happened since");
}
