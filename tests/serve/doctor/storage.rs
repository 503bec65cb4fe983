//! Findings about the lake, the spool, the disk, and the times of hits.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::symlink;
use std::process::Command;

use beacon_lake_fixture::LakeFixture;

use crate::diagnosis::{diagnose, doctor};
use crate::program::files;

const ROW: &str =
    "{\"hit_id\":\"1\",\"received_at\":\"2026-02-01 03:00:00.000\",\"page\":\"/a\"}\n";

/// An hour in which a hit should have been delivered long ago, whatever the day of the test.
const LONG_AGO: &str = "2026-02-01-03";

/// A directory in which nobody can make a file, not even root.
const UNWRITABLE: &str = if cfg!(target_os = "macos") {
    "/System"
} else {
    "/sys"
};

/// An hour that no test runs in.
const FUTURE: &str = "2100-01-01-00";

#[test]
fn a_lake_or_a_spool_that_cannot_be_used_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "lake", &["there is no lake at", "beacon serve"]);
    assert_eq!(found.code, Some(1));
    assert!(!lake.exists(), "the doctor makes no lake");

    symlink(folder.path().join("nowhere"), &lake).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "lake", &["a link that leads nowhere"]);
    fs::remove_file(&lake).unwrap();

    fs::write(&lake, "").unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has("problem", "lake", &["is not a directory"]);
    found.has("problem", "spool", &["spool"]);
    fs::remove_file(&lake).unwrap();

    fs::create_dir(&lake).unwrap();
    let found = diagnose(&mut doctor(folder.path()), &[]);
    found.has_no_problem();
    found.has("ok", "spool", &["doesn't exist yet"]);
    for (spool, expected) in [
        ("file", "is not a directory"),
        ("link", "a link that leads nowhere"),
    ] {
        let path = folder.path().join(spool);
        match spool {
            "file" => fs::write(&path, "").unwrap(),
            _ => symlink(folder.path().join("nowhere"), &path).unwrap(),
        }
        let found = diagnose(
            &mut doctor(folder.path()),
            &[("BEACON_SPOOL", path.to_str().unwrap())],
        );
        found.has("problem", "spool", &[expected]);
        assert_eq!(found.code, Some(1));
    }
    let found = diagnose(&mut doctor(folder.path()), &[("BEACON_SPOOL", UNWRITABLE)]);
    found.has(
        "problem",
        "spool",
        &[&format!("{UNWRITABLE} can't be written")],
    );
}

#[test]
fn hits_that_wait_too_long_are_a_problem() {
    let fixture = LakeFixture::new();
    fixture.spool(LONG_AGO, ROW);
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "undelivered hits",
        &["days old", "more than 65 min", "start the server"],
    );

    // A file that no delivery can read.
    let spool = fixture.lake().default_spool();
    let name = "2026-02-01-03.1769914800000.019c1772-4a35-7000-8000-000000000000.hits";
    fs::write(spool.join(name), "no spool file").unwrap();
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    found.has(
        "problem",
        "undelivered hits",
        &[name, "move it out of the spool"],
    );
}

#[test]
fn a_disk_without_room_for_the_largest_file_is_a_problem() {
    const FAR_TOO_LARGE_BYTES: u64 = 8 << 40;
    let fixture = LakeFixture::new();
    fixture.spool(LONG_AGO, ROW);
    let spool = fixture.lake().default_spool();
    let waiting = files(&spool)
        .into_iter()
        .find(|path| path.extension().is_some_and(|kind| kind == "hits"))
        .unwrap();
    // Its length, without the blocks.
    let file = OpenOptions::new().write(true).open(waiting).unwrap();
    file.set_len(FAR_TOO_LARGE_BYTES).unwrap();
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "disk space",
        &["free on the disk", "needs 8.0 TiB", "make room"],
    );
}

#[test]
fn a_clock_behind_the_newest_hit_is_a_problem() {
    let mut fixture = LakeFixture::new();
    fixture.parquet(FUTURE, ROW);
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "clock",
        &["the newest hit is from 2100-01-01 00:00:00 UTC", "NTP"],
    );
    found.has(
        "ok",
        "newest file",
        &["hits/year=2100", "has the columns of this version"],
    );
}

#[test]
fn the_newest_file_is_compared_with_this_version() {
    let mut fixture = LakeFixture::new();
    fixture.json(LONG_AGO, ROW);
    let found = diagnose(&mut doctor_of(&fixture), &[("BEACON_FORMAT", "json")]);
    found.has_no_problem();
    found.has(
        "warning",
        "newest file",
        &["has no column", "host", "an older version wrote it"],
    );
    fixture.garbage("2026-02-01-04");
    let found = diagnose(&mut doctor_of(&fixture), &[]);
    found.has(
        "warning",
        "newest file",
        &["hour=04", "can't be read as a file of hits"],
    );
}

/// `beacon doctor` for the lake of a fixture.
fn doctor_of(fixture: &LakeFixture) -> Command {
    let lake = fixture.lake().local_path().unwrap().to_path_buf();
    let mut command = doctor(&lake);
    command
        .env("BEACON_LAKE", &lake)
        .env("BEACON_SALT_DIRECTORY", lake.with_extension("salts"));
    command
}
