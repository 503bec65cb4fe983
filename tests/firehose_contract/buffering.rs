//! When an object is made: by size or by time, whichever comes first.

use std::time::Duration;

use beacon_testing::machine::wait_until;

use crate::program::files;
use crate::stream::{Program, Turned, hit, hit_with};

const DAY: &str = "86400";
const INTERVAL: Duration = Duration::from_secs(300);

fn data_files(program: &Program) -> Vec<std::path::PathBuf> {
    let mut found = files(&program.lake().join("hits"));
    found.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "parquet")
    });
    found
}

/// B1: a mebibyte of one letter is full, though a few kilobytes are left of it; and no object is made before.
#[test]
fn buffer_size_counts_before_compression() {
    let program = Program::start(&["--buffer-size", "1", "--buffer-interval", DAY]);
    let half = |id: &str| hit_with(id, &format!(r#""title":"{}""#, "x".repeat(600_000)));
    program.accept(&[half("1").as_bytes()]);
    program.accept(&[half("2").as_bytes()]);
    wait_until("an object is there", || !data_files(&program).is_empty());
    program.accept(&[hit("3").as_bytes()]);
    let [object] = &data_files(&program)[..] else {
        panic!("{:?}", data_files(&program))
    };
    assert!(object.metadata().unwrap().len() < 100_000);
    // Both halves are in it, so the first alone did not make it.
    wait_until("both are delivered", || {
        program.beacon.metric("beacon_delivered_total") == 2.0
    });
    assert_eq!(program.ids(), ["1", "2", "3"]);
}

/// B2: an object of one small hit, long before its size is reached.
#[test]
fn interval_makes_an_object() {
    let program = Program::start(&["--buffer-size", "1024", "--buffer-interval", "1"]);
    program.accept(&[hit("1").as_bytes()]);
    wait_until("an object is there", || data_files(&program).len() == 1);
    wait_until("the spool is empty", || {
        program.beacon.metric("beacon_spool_files") == 0.0
    });
    assert_eq!(program.ids(), ["1"]);
}

/// B2: what makes no hits makes no objects, however long it goes.
#[test]
fn no_object_without_records() {
    let stream = Turned::start(INTERVAL, 64 << 20);
    stream.turn_to(10 * INTERVAL);
    assert_eq!(stream.end().keys(), [] as [&str; 0]);
}

/// B2: the interval begins with the first record of a buffer, not with the one before it or the clock.
#[test]
fn the_interval_begins_with_the_first_record() {
    let stream = Turned::start(INTERVAL, 64 << 20);
    let second = Duration::from_secs(1);
    stream.turn_to(second);
    stream.accept(&[hit("1").as_bytes()]);
    stream.turn_to(INTERVAL + second - Duration::from_millis(1));
    stream.accept(&[hit("2").as_bytes()]);
    stream.turn_to(INTERVAL + second);
    stream.accept(&[hit("3").as_bytes()]);
    let contents = stream.end().contents();
    let ids: Vec<_> = contents.iter().map(|(_, _, ids)| ids.join(" ")).collect();
    assert_eq!(ids, ["1 2", "3"]);
}

/// B1: of two limits the size comes first where much arrives, and the next buffer begins anew.
#[test]
fn each_full_buffer_is_an_object() {
    let stream = Turned::start(INTERVAL, 2_000);
    let large = |id: &str| hit_with(id, &format!(r#""title":"{}""#, "x".repeat(1_200)));
    for id in ["1", "2", "3", "4", "5"] {
        stream.accept(&[large(id).as_bytes()]);
    }
    let contents = stream.end().contents();
    let mut ids: Vec<_> = contents.iter().map(|(_, _, ids)| ids.join(" ")).collect();
    ids.sort();
    assert_eq!(ids, ["1 2", "3 4", "5"]);
}

/// B1, B2: outside their ranges the settings are refused.
#[test]
fn buffering_options_have_ranges() {
    for (flag, value, range) in [
        ("--buffer-size", "0", "1..=1024"),
        ("--buffer-size", "1025", "1..=1024"),
        ("--buffer-interval", "0", "1..=86400"),
        ("--buffer-interval", "86401", "1..=86400"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = crate::program::command(folder.path());
        command.args([flag, value]);
        let (code, message) = crate::program::refused(command);
        assert_eq!(code, Some(2), "{message}");
        assert!(
            message.contains(flag) && message.contains(range),
            "{message}"
        );
    }
}
