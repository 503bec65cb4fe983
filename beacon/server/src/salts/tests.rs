use std::collections::{HashMap, HashSet};
use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use beacon_core::settings::Settings;
use beacon_core::{Arrival, Beacon, Request};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;

use super::*;

/// 2026-11-28 00:00:00 UTC.
const MIDNIGHT_MS: u64 = 1_795_824_000_000;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// The addresses that are tried: 192.0.0.0/20. All of a /16 takes minutes in a build without optimisation.
const TRIED_ADDRESSES: u16 = 1 << 12;

/// A process, by a clock that the test sets.
struct Process {
    salts: Salts,
    now_ms: Arc<AtomicU64>,
}

impl Process {
    fn new(directory: Option<&Path>) -> Process {
        let now_ms = Arc::new(AtomicU64::new(0));
        Process {
            salts: salts_by(&now_ms, directory),
            now_ms,
        }
    }

    /// Returns its salts after the clock is set.
    fn at(&self, now_ms: u64) -> &Salts {
        self.now_ms.store(now_ms, Ordering::SeqCst);
        &self.salts
    }
}

fn salts_by(now_ms: &Arc<AtomicU64>, directory: Option<&Path>) -> Salts {
    let now_ms = Arc::clone(now_ms);
    let directory = SaltDirectory::new(directory.map(Path::to_path_buf));
    Salts::new(
        directory,
        Clock::from_fn(move || now_ms.load(Ordering::SeqCst)),
    )
}

fn process(folder: &Path) -> Process {
    Process::new(Some(folder))
}

/// The record's visitor of a hit from this address at this time.
fn visitor_of(beacon: &Beacon, salts: &Salts, at_ms: u64, peer: IpAddr) -> Option<String> {
    let today = salts.of(at_ms);
    visitor_under(beacon, today.salt(at_ms).ok(), at_ms, peer)
}

fn visitor_under(beacon: &Beacon, salt: Option<&Salt>, at_ms: u64, peer: IpAddr) -> Option<String> {
    let mut headers = HeaderMap::new();
    headers.insert("user-agent", HeaderValue::from_static(FIREFOX));
    let request = Request {
        method: &Method::GET,
        path: "/pixel.gif",
        query: "site=blog.example&page=/",
        headers: &headers,
        body: b"",
        peer: Some(peer),
    };
    let arrival = Arrival {
        at_ms,
        random: &mut || 1,
        salt,
    };
    let mut line = Vec::new();
    let answer = beacon.handle(&request, arrival, &mut line);
    assert_eq!(answer.hits, 1);
    let record: Value = serde_json::from_slice(&line).unwrap();
    record["visitor"].as_str().map(str::to_owned)
}

fn beacon() -> Beacon {
    Beacon::new(Settings::from_lookup(|_| None).unwrap())
}

/// The visitor of a hit that is handled as soon as it arrives.
fn visitor(process: &Process, at_ms: u64) -> Option<String> {
    visitor_of(&beacon(), process.at(at_ms), at_ms, [192, 0, 2, 7].into())
}

fn reason(salts: &Salts, at_ms: u64) -> Option<Reason> {
    salts.of(at_ms).salt(at_ms).err()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn processes_of_a_directory_have_one_salt_and_a_restart_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (process(folder.path()), process(folder.path()));
    let known = visitor(&first, MIDNIGHT_MS + 1);
    assert!(known.is_some());
    assert_eq!(visitor(&second, MIDNIGHT_MS + 2), known);
    drop((first, second));
    assert_eq!(visitor(&process(folder.path()), MIDNIGHT_MS + 3), known);
}

#[test]
fn the_first_hit_of_a_day_removes_the_salt_of_the_day_before() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    let before = visitor(&process, MIDNIGHT_MS - 1);
    assert_eq!(files(folder.path()), ["salt-2026-11-28"]);
    let after = visitor(&process, MIDNIGHT_MS);
    assert_eq!(files(folder.path()), ["salt-2026-11-29"]);
    assert!(before.is_some() && after.is_some() && before != after);
}

#[test]
fn a_day_that_is_over_gets_no_second_salt() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    assert!(visitor(&process, MIDNIGHT_MS).is_some());
    assert_eq!(reason(&process.salts, MIDNIGHT_MS - 1), Some(DAY_IS_OVER));
    assert_eq!(visitor(&process, MIDNIGHT_MS - 1), None);
    process.at(MIDNIGHT_MS + DAY_MS).forget_ended();
    assert_eq!(reason(&process.salts, MIDNIGHT_MS), Some(DAY_IS_OVER));
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn the_day_ends_without_a_hit_too() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    let known = visitor(&process, MIDNIGHT_MS - 1);
    process.at(MIDNIGHT_MS - 1).forget_ended();
    assert_eq!(visitor(&process, MIDNIGHT_MS - 1), known);
    let used = Arc::downgrade(&process.salts.today.load_full());
    process.at(MIDNIGHT_MS).forget_ended();
    assert!(
        used.upgrade().is_none(),
        "the salt is dropped, and overwritten"
    );
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn a_process_that_was_down_at_midnight_removes_the_salt_at_its_start() {
    let folder = tempfile::tempdir().unwrap();
    visitor(&process(folder.path()), MIDNIGHT_MS - 1);
    fs::write(folder.path().join("salt-2026-11-28.00aa.new"), "half").unwrap();
    process(folder.path())
        .at(MIDNIGHT_MS + 3 * DAY_MS)
        .forget_ended();
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

/// The hit arrives in the last moment of the day, and the process is only scheduled again after midnight.
#[test]
fn a_process_without_a_hit_yet_makes_no_salt_for_a_day_that_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (process(folder.path()), process(folder.path()));
    visitor(&first, MIDNIGHT_MS - 1).unwrap();
    first.at(MIDNIGHT_MS).forget_ended();

    let late = second.at(MIDNIGHT_MS);
    assert_eq!(reason(late, MIDNIGHT_MS - 1), Some(DAY_IS_OVER));
    assert_eq!(files(folder.path()), Vec::<String>::new());
    // Nor is a salt used that nobody has removed yet.
    let third = process(folder.path());
    fs::write(folder.path().join("salt-2026-11-28"), [7; 32]).unwrap();
    assert_eq!(
        reason(third.at(MIDNIGHT_MS), MIDNIGHT_MS - 1),
        Some(DAY_IS_OVER)
    );
    assert_eq!(files(folder.path()), Vec::<String>::new());
    assert_eq!(
        visitor(&second, MIDNIGHT_MS + 1),
        visitor(&third, MIDNIGHT_MS + 1)
    );
    assert_eq!(files(folder.path()), ["salt-2026-11-29"]);
}

#[test]
fn a_salt_that_is_made_while_its_day_ends_is_removed_and_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let readings = AtomicU64::new(0);
    let clock = Clock::from_fn(move || match readings.fetch_add(1, Ordering::SeqCst) {
        0 => MIDNIGHT_MS - 1,
        _ => MIDNIGHT_MS,
    });
    let directory = SaltDirectory::new(Some(folder.path().to_path_buf()));
    let salts = Salts::new(directory, clock);
    assert_eq!(reason(&salts, MIDNIGHT_MS - 1), Some(DAY_IS_OVER));
    assert_eq!(files(folder.path()), Vec::<String>::new());
    assert_eq!(reason(&salts, MIDNIGHT_MS), None);
}

#[test]
fn a_clock_that_was_days_ahead_costs_only_the_hits_of_that_time() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    let before = visitor(&process, MIDNIGHT_MS);
    assert!(visitor(&process, MIDNIGHT_MS + 40 * DAY_MS).is_some());
    let after = visitor(&process, MIDNIGHT_MS + 1_000);
    assert!(after.is_some());
    assert_ne!(after, before, "the file of the day was removed as ended");
    assert_eq!(visitor(&process, MIDNIGHT_MS + 2_000), after);
}

#[test]
fn a_clock_that_is_adjusted_over_midnight_makes_no_second_salt() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    visitor(&process, MIDNIGHT_MS).unwrap();
    let back = MIDNIGHT_MS - CORRECTED_CLOCK_MS;
    assert_eq!(reason(process.at(back), back), Some(DAY_IS_OVER));
    assert_eq!(files(folder.path()), ["salt-2026-11-29"]);
    assert_eq!(reason(process.at(back - 1), back - 1), None);
}

/// The lock is held as by a worker whose disk doesn't answer.
#[test]
fn no_worker_waits_for_one_that_tries_again_after_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("place");
    fs::write(&place, "a file where the directory should be").unwrap();
    let process = process(&place);
    let failed = Some("directory unusable");
    assert_eq!(reason(process.at(MIDNIGHT_MS), MIDNIGHT_MS), failed);
    fs::remove_file(&place).unwrap();
    let again = MIDNIGHT_MS + RETRY_MS;
    let other_worker = process.salts.turn.lock().unwrap();
    assert_eq!(reason(process.at(again), again), failed);
    drop(other_worker);
    assert_eq!(reason(process.at(again), again), None);
}

/// A demo starts at the real time, and then plays days that are long over.
#[test]
fn a_clock_that_goes_back_before_the_first_hit_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    process.at(MIDNIGHT_MS + 30 * DAY_MS).forget_ended();
    assert!(visitor(&process, MIDNIGHT_MS).is_some());
}

#[test]
fn failure_costs_the_visitor_until_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("place");
    fs::write(&place, "a file where the directory should be").unwrap();
    let process = process(&place);
    assert_eq!(
        reason(process.at(MIDNIGHT_MS), MIDNIGHT_MS),
        Some("directory unusable")
    );
    assert_eq!(visitor(&process, MIDNIGHT_MS), None);
    fs::remove_file(&place).unwrap();
    // The disk is not read for each hit.
    assert_eq!(visitor(&process, MIDNIGHT_MS + RETRY_MS - 1), None);
    assert!(!place.exists());
    assert!(visitor(&process, MIDNIGHT_MS + RETRY_MS).is_some());
}

#[test]
fn without_a_directory_no_hit_has_a_visitor() {
    let process = Process::new(None);
    assert_eq!(
        reason(process.at(MIDNIGHT_MS), MIDNIGHT_MS),
        Some("no directory")
    );
    process.at(MIDNIGHT_MS + DAY_MS).forget_ended();
}

/// Two processes of four workers each, whose clocks run over two midnights while they record.
#[test]
fn midnight_under_load_counts_nobody_twice_and_links_no_days() {
    const HITS: u64 = 4_000;
    const STEP_MS: u64 = DAY_MS / 2_000;
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicU64::new(MIDNIGHT_MS - DAY_MS));
    let processes = [0, 1].map(|_| salts_by(&clock, Some(folder.path())));
    let start = Barrier::new(8);
    let found: Vec<(u64, u8, Option<String>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|worker| {
                let (salts, clock, start) = (&processes[worker % 2], &clock, &start);
                scope.spawn(move || {
                    let beacon = beacon();
                    let mut found = Vec::new();
                    start.wait();
                    for hit in 0..HITS / 8 {
                        let at_ms = clock.fetch_add(STEP_MS, Ordering::SeqCst);
                        let who = (hit % 5) as u8;
                        let visitor = visitor_of(&beacon, salts, at_ms, [192, 0, 2, who].into());
                        found.push((at_ms / DAY_MS, who, visitor));
                    }
                    found
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    let mut visitors: HashMap<(u64, u8), HashSet<String>> = HashMap::new();
    for (day, who, visitor) in found {
        let of_day = visitors.entry((day, who)).or_default();
        of_day.extend(visitor);
    }
    assert_eq!(visitors.len(), 2 * 5);
    let mut all = HashSet::new();
    for ((day, who), ids) in &visitors {
        assert_eq!(ids.len(), 1, "day {day}, visitor {who}: {ids:?}");
        all.extend(ids);
    }
    assert_eq!(all.len(), 2 * 5, "no visitor is the same on both days");
}

/// The attacker has every byte that is on disk the day after: the record and the directory of salts.
#[test]
fn disk_of_the_day_after_identifies_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let process = process(folder.path());
    let seen = visitor(&process, MIDNIGHT_MS - 1).unwrap();
    let found_with = |salt: &Salt, at_ms: u64| -> Vec<IpAddr> {
        let beacon = beacon();
        let mut found = Vec::new();
        for low in 0..TRIED_ADDRESSES {
            let [high, low] = low.to_be_bytes();
            let address = IpAddr::from([192, 0, high, low]);
            if visitor_under(&beacon, Some(salt), at_ms, address).as_deref() == Some(&seen) {
                found.push(address);
            }
        }
        found
    };
    // That the search can find somebody: with the salt of the day, while it is there.
    let bytes = fs::read(folder.path().join("salt-2026-11-28")).unwrap();
    let salt = Salt::new(MIDNIGHT_MS - 1, bytes.try_into().unwrap());
    assert_eq!(
        found_with(&salt, MIDNIGHT_MS - 1),
        [IpAddr::from([192, 0, 2, 7])]
    );

    visitor(&process, MIDNIGHT_MS + 1).unwrap();
    let left = files(folder.path());
    assert_eq!(left, ["salt-2026-11-29"]);
    let bytes: [u8; 32] = fs::read(folder.path().join(&left[0]))
        .unwrap()
        .try_into()
        .unwrap();
    // Under whatever day the attacker takes it for.
    for at_ms in [MIDNIGHT_MS - 1, MIDNIGHT_MS + 1] {
        let salt = Salt::new(at_ms, bytes);
        assert_eq!(found_with(&salt, at_ms), Vec::<IpAddr>::new());
    }
}
