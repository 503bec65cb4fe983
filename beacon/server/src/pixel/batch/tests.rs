use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_core::{Arrival, Request};
use beacon_lake::{Clock, Observer, Spool, SpoolFile, SpoolOptions};

use super::*;
use crate::metrics::Metrics;

/// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
const AT_MS: u64 = 1_795_239_296_789;

fn spool(folder: &Path) -> Spool {
    let options = SpoolOptions {
        directory: folder.to_path_buf(),
        stream: "hits".to_owned(),
        buffer_interval: Duration::from_secs(3600),
        buffer_size_bytes: 64 << 20,
        clock: Clock::from_fn(|| AT_MS),
    };
    Spool::start(&options, Observer::none()).unwrap()
}

fn respond(beacon: &Beacon, query: &str, lines: &mut Vec<u8>) -> PendingResponse {
    let request = Request {
        method: &http::Method::GET,
        path: "/pixel.gif",
        query,
        headers: &http::HeaderMap::new(),
        body: b"",
        peer: None,
    };
    beacon.handle(
        &request,
        Arrival {
            at_ms: 0,
            random: &mut || 7,
            salt: None,
        },
        lines,
    )
}

fn lines_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "hits") {
            let mut lines = SpoolFile::open(&path).unwrap().lines();
            while let Some(line) = lines.next_line().unwrap() {
                found.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
    }
    found
}

#[tokio::test]
async fn waiting_hits_are_written_together_and_a_panic_loses_only_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let spool = spool(folder.path());
    let beacon = Beacon::new(Settings::from_lookup(|_| None).unwrap());
    let metrics = Metrics::new(folder.path());
    let batches = Batches::new(spool.writer());

    let (_, first) = batches.append(|lines| respond(&beacon, "page=/1", lines));
    let panic = catch_unwind(AssertUnwindSafe(|| {
        batches.append(|lines| {
            lines.extend_from_slice(b"{\"half a");
            panic!("as a bug in the core would");
        })
    }));
    assert!(panic.is_err());
    let (_, second) = batches.append(|lines| respond(&beacon, "page=/2", lines));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert!(Rc::ptr_eq(&first, &second), "both wait for one batch");
    batches.close();
    let (written, ()) = tokio::join!(first.wait(), batches.commit_all(&metrics.pixel));
    assert_eq!((written, second.wait().await), (Ok(()), Ok(())));

    let lines = lines_in(folder.path());
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains("\"/1\"") && lines[1].contains("\"/2\""),
        "{lines:?}"
    );
    spool.close();
}

#[tokio::test]
async fn hit_after_the_spool_was_closed_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let spool = spool(folder.path());
    let beacon = Beacon::new(Settings::from_lookup(|_| None).unwrap());
    let metrics = Metrics::new(folder.path());
    let batches = Batches::new(spool.writer());
    spool.close();
    let (_, commit) = batches.append(|lines| respond(&beacon, "page=/1", lines));
    batches.close();
    let commit = commit.unwrap();
    let (written, ()) = tokio::join!(commit.wait(), batches.commit_all(&metrics.pixel));
    assert_eq!(written, Err(AppendError::ShuttingDown));
}
