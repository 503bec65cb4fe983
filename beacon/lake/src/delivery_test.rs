//! Delivery on a real disk and into an object store, and readers beside it.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use beacon_core::schema::Schema;
use beacon_core::time::Hour;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use object_store::memory::InMemory;
use object_store::path::Path as StorePath;
use object_store::{ObjectStore, ObjectStoreExt};
use tempfile::TempDir;
use url::Url;

use crate::clock::Clock;
use crate::delivery::{Backoff, Target, Worker};
use crate::disk::Disk;
use crate::object::ObjectBuilder;
use crate::publish::Publisher;
use crate::reserve::Reserve;
use crate::rows::convert;
use crate::snapshot::{complete, pin_spool};
use crate::test_view::{AT_MS, lake_in, line, read, rows_of, seen, seen_in, unzipped};
use crate::{
    Delivery, Event, Format, Lake, Lost, Observer, Sink, Spool, SpoolOptions, SpoolWriter,
    arrow_schema, spool, unobserved,
};

fn options(folder: &Path, size_bytes: u64) -> SpoolOptions {
    SpoolOptions {
        folder: folder.to_path_buf(),
        stream: "hits".to_owned(),
        buffer_interval: Duration::from_secs(600),
        buffer_size_bytes: size_bytes,
        clock: Clock::from_fn(|| AT_MS),
    }
}

fn memory_lake() -> (Lake, Arc<InMemory>) {
    let store = Arc::new(InMemory::new());
    let url = Url::parse("memory:///").unwrap();
    let lake = Lake::in_store(store.clone(), url, StorePath::from("base"));
    (lake, store)
}

async fn keys(store: &dyn ObjectStore) -> Vec<String> {
    let mut keys: Vec<String> = store
        .list(None)
        .map_ok(|meta| meta.location.to_string())
        .try_collect()
        .await
        .unwrap();
    keys.sort();
    keys
}

#[track_caller]
fn append(writer: &SpoolWriter, lines: String) -> Result<(), Lost> {
    let (sender, receiver) = mpsc::channel();
    writer.append(lines.into_bytes(), move |result| {
        sender.send(result).unwrap();
    });
    receiver.recv().unwrap()
}

fn sink(lake: &Lake, format: Format) -> Sink {
    Sink::Lake {
        lake: lake.clone(),
        format,
        schema: Schema::builtin(),
    }
}

fn worker(folder: &Path, lake: &Lake, format: Format, observer: Observer) -> Worker {
    let disk = Disk::default();
    disk.make_folders(folder).unwrap();
    let publisher = Publisher {
        lake: lake.clone(),
        stream: "hits".to_owned(),
        disk: disk.clone(),
    };
    let target = Target::Lake {
        publisher,
        format,
        schema: arrow_schema(&Schema::builtin()),
    };
    Worker {
        folder: folder.to_path_buf(),
        target,
        reserve: Arc::new(Reserve::open(&disk, folder, 0).unwrap()),
        disk,
        clock: Clock::from_fn(|| AT_MS),
        observer,
    }
}

/// A spool with one closed file of these lines.
fn closed_file(folder: &Path, lines: String) -> crate::SpoolName {
    let options = options(folder, 1 << 20);
    let spool = Spool::start(&options, unobserved()).unwrap();
    append(&spool.writer(), lines).unwrap();
    spool.close();
    spool::leftovers(folder).unwrap()[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_beside_delivery_sees_every_answered_hit_once() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir.path().join("lake"));
    let folder = dir.path().join("spool");
    // A file closes after a few batches, so that many are delivered while the reader looks.
    let mut spool = Spool::start(&options(&folder, 2_000), unobserved()).unwrap();
    let delivery = Delivery::start(&mut spool, sink(&lake, Format::Parquet), unobserved()).unwrap();
    let answered = Arc::new(Mutex::new(HashSet::new()));
    let finished = Arc::new(AtomicBool::new(false));

    let reader = {
        let (lake, folder, answered, finished) = (
            lake.clone(),
            folder.clone(),
            answered.clone(),
            finished.clone(),
        );
        tokio::spawn(async move {
            let mut looks = 0;
            loop {
                let last = finished.load(Ordering::Acquire);
                let expected = answered.lock().unwrap().clone();
                let seen = seen(&lake, &folder).await;
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
    assert_eq!(seen(&lake, &folder).await.len(), 1200);
    let snapshot = crate::snapshot(&lake, None, None).await.unwrap();
    let stored = lake
        .store()
        .list(Some(lake.prefix()))
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    // No temporary file is left.
    assert_eq!(stored.len(), snapshot.data.len());
    assert_eq!(spool::leftovers(&folder).unwrap(), []);
}

#[tokio::test]
async fn a_file_that_is_delivered_at_any_moment_of_a_look_is_seen_once() {
    for moment in 0..4 {
        let dir = TempDir::new().unwrap();
        let lake = lake_in(&dir.path().join("lake"));
        let folder = dir.path().join("spool");
        let name = closed_file(&folder, line(1));
        let worker = worker(&folder, &lake, Format::Parquet, unobserved());
        let deliver_at = async |now: usize| {
            if now == moment {
                assert_eq!(worker.deliver(name).await.unwrap().unwrap().hits, 1);
            }
        };
        deliver_at(0).await;
        let spool = pin_spool(&folder, None).await.unwrap();
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
    let folder = dir.path().join("spool");
    let worker = worker(&folder, &lake, Format::Parquet, unobserved());
    worker.deliver(closed_file(&folder, line(1))).await.unwrap();
    closed_file(&folder, line(2));
    let hour = Hour::from_ms(AT_MS);
    let next = Hour::from_ms(AT_MS + 3_600_000);
    assert_eq!(seen_in(&lake, &folder, Some(hour..=next)).await.len(), 2);
    assert_eq!(seen_in(&lake, &folder, Some(next..=next)).await.len(), 0);
}

/// Erasing and rescoring write the next generation and remove the one before.
#[tokio::test]
async fn of_two_generations_the_newer_is_read() {
    let dir = TempDir::new().unwrap();
    let (lake, store) = memory_lake();
    let name = closed_file(dir.path(), line(1) + &line(2));
    worker(dir.path(), &lake, Format::Json, unobserved())
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

#[tokio::test]
async fn a_store_gets_one_object_however_often_it_is_tried() {
    let dir = TempDir::new().unwrap();
    let (lake, store) = memory_lake();
    let name = closed_file(dir.path(), line(1) + &line(2));
    let path = dir.path().join(name.to_string());
    let content = std::fs::read(&path).unwrap();
    let worker = worker(dir.path(), &lake, Format::Parquet, unobserved());

    assert_eq!(worker.deliver(name).await.unwrap().unwrap().hits, 2);
    assert!(!path.exists());
    let expected = format!(
        "base/hits/year=2026/month=11/day=21/hour=05/hits-1-2026-11-21-05-34-56-{}.parquet",
        name.id()
    );
    assert_eq!(keys(&*store).await, std::slice::from_ref(&expected));

    // As after a crash before the removal: the object is there, also under another format's name.
    for format in [Format::Parquet, Format::Json] {
        std::fs::write(&path, &content).unwrap();
        assert_eq!(
            seen(&lake, dir.path())
                .await
                .into_values()
                .collect::<Vec<_>>(),
            [1, 1]
        );
        let worker = self::worker(dir.path(), &lake, format, unobserved());
        worker.deliver(name).await.unwrap();
        assert!(!path.exists());
        assert_eq!(keys(&*store).await, std::slice::from_ref(&expected));
    }

    // As when the answer to a put was lost: the second put says that it exists.
    let publisher = Publisher {
        lake: lake.clone(),
        stream: "hits".to_owned(),
        disk: Disk::default(),
    };
    publisher
        .put_hits(AT_MS, name.id(), Format::Parquet, b"another".to_vec())
        .await
        .unwrap();
    let stored = store
        .get(&StorePath::from(expected))
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_ne!(stored.as_ref(), b"another");
}

#[tokio::test]
async fn lines_that_do_not_convert_go_to_the_error_objects() {
    let dir = TempDir::new().unwrap();
    let (lake, store) = memory_lake();
    let bad = "{\"hit_id\":\"x\",\"received_at\":\"yesterday\"}\nnot json\n";
    let name = closed_file(dir.path(), line(1) + bad + &line(2));
    let spooled = seen(&lake, dir.path()).await;
    let delivered = worker(dir.path(), &lake, Format::Json, unobserved())
        .deliver(name)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((delivered.hits, delivered.refused), (2, 2));
    assert_eq!(seen(&lake, dir.path()).await, spooled);
    let object = format!(
        "year=2026/month=11/day=21/hour=05/hits-1-2026-11-21-05-34-56-{}.json.gz",
        name.id()
    );
    let errors = format!("base/errors/format-conversion-failed/{object}");
    assert_eq!(
        keys(&*store).await,
        [errors.clone(), format!("base/hits/{object}")]
    );
    let content = store
        .get(&StorePath::from(errors))
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let lines = String::from_utf8(unzipped(&content)).unwrap();
    let raw: Vec<String> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["rawData"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    // base64 of the two lines.
    assert_eq!(
        raw,
        [
            "eyJoaXRfaWQiOiJ4IiwicmVjZWl2ZWRfYXQiOiJ5ZXN0ZXJkYXkifQ==",
            "bm90IGpzb24="
        ]
    );
}

#[tokio::test]
async fn error_lines_are_spooled_and_delivered_like_hits() {
    let dir = TempDir::new().unwrap();
    let (lake, store) = memory_lake();
    let mut spool = Spool::start(&options(dir.path(), 1 << 20), unobserved()).unwrap();
    let (sender, receiver) = mpsc::channel();
    spool
        .writer()
        .append_errors(b"{\"rawData\":\"\"}\n".to_vec(), move |result| {
            sender.send(result).unwrap();
        });
    assert_eq!(receiver.recv().unwrap(), Ok(()));
    assert_eq!(seen(&lake, dir.path()).await.len(), 0);
    let delivery = Delivery::start(&mut spool, sink(&lake, Format::Parquet), unobserved()).unwrap();
    spool.close();
    assert!(delivery.finish(Duration::from_secs(60)).await);
    let keys = keys(&*store).await;
    assert!(
        keys[0].starts_with("base/errors/format-conversion-failed/year="),
        "{keys:?}"
    );
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn a_lake_that_is_down_is_tried_until_it_is_back() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir.path().join("lake"));
    let folder = dir.path().join("spool");
    // A file where a folder must be: every put fails.
    let obstacle = dir.path().join("lake/hits");
    std::fs::write(&obstacle, "").unwrap();
    let name = closed_file(&folder, line(1));
    let failures = Arc::new(AtomicUsize::new(0));
    let delivered = Arc::new(AtomicUsize::new(0));
    let observer: Observer = {
        let (failures, delivered) = (failures.clone(), delivered.clone());
        Arc::new(move |event| match event {
            Event::DeliveryFailed => _ = failures.fetch_add(1, Ordering::SeqCst),
            Event::Delivered { hits, .. } => {
                _ = delivered.fetch_add(hits as usize, Ordering::SeqCst);
            }
            _ => {}
        })
    };
    let (sender, closed) = tokio::sync::mpsc::unbounded_channel();
    sender.send(name).unwrap();
    let worker = worker(&folder, &lake, Format::Parquet, observer);
    let backoff = Backoff {
        first: Duration::from_millis(2),
        longest: Duration::from_millis(4),
    };
    let running = tokio::spawn(async move { worker.run(closed, backoff).await });
    let deadline = Instant::now() + Duration::from_secs(60);
    while failures.load(Ordering::SeqCst) < 3 {
        assert!(Instant::now() < deadline, "it did not try again");
        tokio::task::yield_now().await;
    }
    assert_eq!(delivered.load(Ordering::SeqCst), 0);
    std::fs::remove_file(&obstacle).unwrap();
    drop(sender);
    running.await.unwrap();
    assert_eq!(delivered.load(Ordering::SeqCst), 1);
    assert_eq!(
        seen(&lake, &folder).await.into_values().collect::<Vec<_>>(),
        [1]
    );
}

fn sample(rows: usize) -> String {
    (0..rows)
        .map(|id| {
            let value = if id % 3 == 0 { "null".to_owned() } else { format!("\"/é\\n{}\"", id % 7) };
            format!(
                "{{\"hit_id\":\"{id}\",\"received_at\":\"2026-11-21 05:34:{:02}.{:03}\",\"page\":{value},\"truncated\":{},\"params\":{{\"k{}\":\"v\",\"n\":null}},\"headers\":{{}}}}\n",
                id / 1000 % 60, id % 1000, id % 2 == 0, id % 5,
            )
        })
        .collect()
}

fn direct(lines: &str, schema: &SchemaRef) -> arrow::record_batch::RecordBatch {
    let mut batches = vec![];
    convert(
        lines.as_bytes(),
        schema,
        &mut |batch, _| batches.push(batch),
        &mut |_, error| panic!("{error}"),
    );
    concat_batches(schema, &batches).unwrap()
}

#[test]
fn an_object_holds_what_the_lines_hold() {
    let schema = arrow_schema(&Schema::builtin());
    let lines = sample(20_000);
    let expected = direct(&lines, &schema);
    for format in [Format::Parquet, Format::Json] {
        let mut builder = ObjectBuilder::new(&schema, format).unwrap();
        builder
            .push(lines.as_bytes(), &mut |_, error| panic!("{error}"))
            .unwrap();
        let (content, rows) = builder.finish().unwrap();
        assert_eq!(rows, 20_000);
        let batches = rows_of(content.unwrap().into(), format, &schema);
        assert_eq!(
            concat_batches(&schema, &batches).unwrap(),
            expected,
            "{format:?}"
        );
    }
}
