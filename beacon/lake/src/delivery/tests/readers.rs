//! Readers beside a delivery.

use std::collections::HashSet;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beacon_core::time::{HOUR_MS, Hour};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path as StorePath;
use tempfile::TempDir;

use super::{append, closed_file, keys, memory_lake, options, sink, worker};
use crate::delivery::Delivery;
use crate::events::Observer;
use crate::file_format::FileFormat;
use crate::snapshot::{complete, pin_spool, snapshot};
use crate::spool::{Spool, leftovers};
use crate::testing::{AT_MS, lake_in, line, read, seen, seen_in};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_beside_delivery_sees_every_answered_hit_once() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir.path().join("lake"));
    let directory = dir.path().join("spool");
    // A file closes after a few batches, so that many are delivered while the reader looks.
    let mut spool = Spool::start(&options(&directory, 2_000), Observer::none()).unwrap();
    let delivery = Delivery::start(
        &mut spool,
        sink(&lake, FileFormat::Parquet),
        Observer::none(),
    )
    .unwrap();
    let answered = Arc::new(Mutex::new(HashSet::new()));
    let finished = Arc::new(AtomicBool::new(false));

    let reader = {
        let (lake, directory, answered, finished) = (
            lake.clone(),
            directory.clone(),
            answered.clone(),
            finished.clone(),
        );
        tokio::spawn(async move {
            let mut looks = 0;
            loop {
                let last = finished.load(Ordering::Acquire);
                let expected = answered.lock().unwrap().clone();
                let seen = seen(&lake, &directory).await;
                for id in &expected {
                    assert_eq!(seen.get(id), Some(&1), "hit {id}, look {looks}");
                }
                assert!(seen.values().all(|&count| count == 1), "{seen:?}");
                looks += 1;
                if last {
                    return looks;
                }
            }
        })
    };

    let writer = spool.writer();
    let written = tokio::task::spawn_blocking(move || {
        for batch in 0..400 {
            let ids = batch * 3..batch * 3 + 3;
            append(&writer, ids.clone().map(line).collect()).unwrap();
            answered
                .lock()
                .unwrap()
                .extend(ids.map(|id| id.to_string()));
        }
        spool.close();
    });
    written.await.unwrap();
    assert!(delivery.finish(Duration::from_secs(60)).await);
    finished.store(true, Ordering::Release);
    let looks = reader.await.unwrap();
    assert!(looks > 2, "the reader looked {looks} times");
    assert_eq!(seen(&lake, &directory).await.len(), 1200);
    let snapshot = snapshot(&lake, None, None).await.unwrap();
    let stored = lake
        .store()
        .list(Some(lake.prefix()))
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    // No temporary file is left.
    assert_eq!(stored.len(), snapshot.data.len());
    assert_eq!(leftovers(&directory).unwrap(), []);
}

#[tokio::test]
async fn a_file_that_is_delivered_at_any_moment_of_a_look_is_seen_once() {
    for moment in 0..4 {
        let dir = TempDir::new().unwrap();
        let lake = lake_in(&dir.path().join("lake"));
        let directory = dir.path().join("spool");
        let name = closed_file(&directory, line(1));
        let worker = worker(&directory, &lake, FileFormat::Parquet, Observer::none());
        let deliver_at = async |now: usize| {
            if now == moment {
                assert_eq!(worker.deliver(name).await.unwrap().unwrap().hits, 1);
            }
        };
        deliver_at(0).await;
        let spool = pin_spool(&directory, None).await.unwrap();
        deliver_at(1).await;
        let snapshot = complete(&lake, spool, None).await.unwrap();
        deliver_at(2).await;
        assert_eq!(
            read(&lake, &snapshot)
                .await
                .into_values()
                .collect::<Vec<_>>(),
            [1],
            "moment {moment}"
        );
        deliver_at(3).await;
    }
}

#[tokio::test]
async fn a_range_of_hours_is_all_that_is_read() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir.path().join("lake"));
    let directory = dir.path().join("spool");
    let worker = worker(&directory, &lake, FileFormat::Parquet, Observer::none());
    worker
        .deliver(closed_file(&directory, line(1)))
        .await
        .unwrap();
    closed_file(&directory, line(2));
    let hour = Hour::from_ms(AT_MS);
    let next = Hour::from_ms(AT_MS + HOUR_MS);
    assert_eq!(seen_in(&lake, &directory, Some(hour..=next)).await.len(), 2);
    assert_eq!(seen_in(&lake, &directory, Some(next..=next)).await.len(), 0);
}

/// Erasing and rescoring write the next generation and remove the one before.
#[tokio::test]
async fn of_two_generations_the_newer_is_read() {
    let dir = TempDir::new().unwrap();
    let (lake, store) = memory_lake();
    let name = closed_file(dir.path(), line(1) + &line(2));
    worker(dir.path(), &lake, FileFormat::Json, Observer::none())
        .deliver(name)
        .await
        .unwrap();
    let first = keys(&*store).await.remove(0);
    for generation in [2, 10] {
        let key = first.replace("/hits-1-", &format!("/hits-{generation}-"));
        let mut content = GzEncoder::new(Vec::new(), Compression::default());
        content.write_all(line(generation).as_bytes()).unwrap();
        store
            .put(&StorePath::from(key), content.finish().unwrap().into())
            .await
            .unwrap();
        let seen: Vec<_> = seen(&lake, dir.path()).await.into_keys().collect();
        assert_eq!(seen, [generation.to_string()]);
    }
}
