//! What a crash and a second process must not do to the hits, tried on the real `beacon` binary.
//!
//! `kill -9` leaves the page cache alone, so these tests say nothing of `fdatasync`; the file model in
//! `beacon-lake` does that.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a suite of tests: what goes wrong in its helpers fails the test, and its seed is printed"
)]

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;

use beacon_testing::load::Load;
use beacon_testing::machine::{self, Killed, signal, wait_until};
use beacon_testing::number_from;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

const BEACON: &str = env!("CARGO_BIN_EXE_beacon");

/// The number of kills unless `BEACON_CRASH_KILLS` says another; `tests/long/run` says 1,000.
const KILLS: u64 = 30;
/// The seed unless `BEACON_CRASH_SEED` says another; printed, so that a run can be repeated.
const SEED: u64 = 20_261_126;
/// Ports below those that the system hands out by itself (Linux: from 32,768 on), so that no other program gets one by
/// chance while the server is down.
const PORTS: Range<u16> = 10_000..32_768;
/// A long run says every so many kills how far it is.
const KILLS_OF_A_MESSAGE: u64 = 50;

/// `kill -9` at random moments under load, and a start on the same spool each time. Among the clients are some that
/// send their request and close at once: nobody acknowledges their hits, which are recorded once at most.
#[test]
fn every_acknowledged_hit_survives_kills_exactly_once() {
    let kills = number_from("BEACON_CRASH_KILLS").unwrap_or(KILLS);
    let seed = number_from("BEACON_CRASH_SEED").unwrap_or(SEED);
    println!("kills: {kills}, seed: {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let address = fixed_address();
    let load = Load::start(address, 8).with_leavers(2);

    for kill in 0..kills {
        let mut server = serve(folder.path(), address);
        // Some kills come before the first answer, in the middle of the start and its left-over deliveries.
        let more = if kill % 10 == 9 {
            0
        } else {
            random.random_range(1..600)
        };
        let target = load.acknowledged_count() + more;
        wait_until("the load is acknowledged", || {
            load.acknowledged_count() >= target
        });
        if kill % 7 == 6 {
            // A kill in the middle of an orderly end.
            signal(server.id(), "TERM");
        }
        server.kill().unwrap();
        server.ended();
        if (kill + 1) % KILLS_OF_A_MESSAGE == 0 {
            println!(
                "{} kills, {} hits acknowledged",
                kill + 1,
                load.acknowledged_count()
            );
        }
    }

    let mut server = serve(folder.path(), address);
    let target = load.acknowledged_count() + 100;
    wait_until("the last server answers", || {
        load.acknowledged_count() >= target
    });
    let left = load.left_count();
    let acknowledged = load.stop();
    check_each_once(folder.path(), &acknowledged);
    println!(
        "{} hits acknowledged, each there once; {left} clients left at once",
        acknowledged.len()
    );
    assert!(left > 0, "nobody left at once");

    signal(server.id(), "TERM");
    assert!(server.ended().success(), "an orderly end exits with 0");
    check_each_once(folder.path(), &acknowledged);
    let left: Vec<_> = std::fs::read_dir(folder.path().join("spool"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".hits") || name.ends_with(".errors"))
        .collect();
    assert!(left.is_empty(), "the spool is drained, but holds {left:?}");
}

/// A second process asks again and again while hits arrive and files are delivered.
#[test]
fn a_second_process_sees_each_hit_once_during_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let address = fixed_address();
    let mut server = serve(folder.path(), address);
    let load = Load::start(address, 4);
    wait_until("the server has a lake", || load.acknowledged_count() > 0);
    let mut questions = 0;
    // Several questions for each of several deliveries, however slow the machine.
    wait_until("there are 3 files and 8 questions", || {
        let before = load.acknowledged_count();
        let rows = query(
            folder.path(),
            "SELECT count(*) AS hits, count(DISTINCT element_at(params, 'n')) AS numbers FROM hits",
        );
        let after = load.sent_count();
        let (hits, numbers) = (
            rows[0]["hits"].as_u64().unwrap(),
            rows[0]["numbers"].as_u64().unwrap(),
        );
        assert_eq!(hits, numbers, "a hit was seen twice");
        assert!(
            hits >= before,
            "{before} hits were acknowledged before the question, {hits} were seen"
        );
        assert!(
            hits <= after,
            "{after} hits were sent when the answer came, {hits} were seen"
        );
        questions += 1;
        questions >= 8 && parquet_files(&folder.path().join("hits")) >= 3
    });
    let acknowledged = load.stop();
    check_each_once(folder.path(), &acknowledged);
    signal(server.id(), "TERM");
    assert!(server.ended().success());
}

#[track_caller]
fn check_each_once(lake: &Path, acknowledged: &[u64]) {
    let rows = query(
        lake,
        "SELECT element_at(params, 'n') AS n, count(*) AS copies FROM hits GROUP BY element_at(params, 'n')",
    );
    let copies: HashMap<u64, u64> = rows
        .iter()
        .map(|row| {
            (
                row["n"].as_str().unwrap().parse().unwrap(),
                row["copies"].as_u64().unwrap(),
            )
        })
        .collect();
    let twice: Vec<_> = copies
        .iter()
        .filter(|(_, copies)| **copies != 1)
        .take(10)
        .collect();
    assert!(twice.is_empty(), "hits counted more than once: {twice:?}");
    let missing: Vec<_> = acknowledged
        .iter()
        .filter(|n| !copies.contains_key(n))
        .take(10)
        .collect();
    assert!(
        missing.is_empty(),
        "acknowledged but not in the lake: {missing:?} of {}",
        acknowledged.len()
    );
    assert!(
        !acknowledged.is_empty(),
        "the load never reached the server"
    );
}

/// Returns an address that the servers of a test take one after another.
#[track_caller]
fn fixed_address() -> SocketAddr {
    for _ in 0..100 {
        let address = SocketAddr::from(([127, 0, 0, 1], rand::random_range(PORTS)));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("none of a hundred ports in {PORTS:?} is free");
}

fn serve(lake: &Path, address: SocketAddr) -> Killed {
    let mut command = machine::command(BEACON);
    command
        .args([
            "serve",
            "--buffer-interval",
            "1",
            "--metrics-listen",
            "127.0.0.1:0",
            "--dashboard-listen",
            "off",
            "--log-level",
            "error",
        ])
        .args(["--listen", &address.to_string()])
        .arg("--lake")
        .arg(lake)
        .stdout(Stdio::null());
    Killed::start(&mut command)
}

#[track_caller]
fn query(lake: &Path, sql: &str) -> Vec<Value> {
    machine::query(BEACON, lake, sql)
}

fn parquet_files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| match path.is_dir() {
            true => parquet_files(&path),
            false => usize::from(path.extension().is_some_and(|end| end == "parquet")),
        })
        .sum()
}
