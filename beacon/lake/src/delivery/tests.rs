//! Delivery on a real disk and into an object store, and readers beside it.

mod objects;
mod readers;
mod retries;

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use beacon_core::schema::Schema;
use futures::TryStreamExt;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use object_store::path::Path as StorePath;
use url::Url;

use crate::clock::Clock;
use crate::delivery::Sink;
use crate::delivery::publish::Publisher;
use crate::delivery::worker::{Target, Worker};
use crate::disk::Disk;
use crate::events::Observer;
use crate::file_format::FileFormat;
use crate::lake::Lake;
use crate::schema::arrow_schema;
use crate::spool::reserve::Reserve;
use crate::spool::{self, AppendError, Spool, SpoolName, SpoolOptions, SpoolWriter};
use crate::testing::AT_MS;

fn options(directory: &Path, size_bytes: u64) -> SpoolOptions {
    SpoolOptions {
        directory: directory.to_path_buf(),
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
fn append(writer: &SpoolWriter, lines: String) -> Result<(), AppendError> {
    let (sender, receiver) = mpsc::channel();
    writer.append(lines.into_bytes(), move |result| {
        sender.send(result).unwrap();
    });
    receiver.recv().unwrap()
}

fn sink(lake: &Lake, format: FileFormat) -> Sink {
    Sink::Lake {
        lake: lake.clone(),
        format,
        schema: Schema::builtin(),
    }
}

fn worker(directory: &Path, lake: &Lake, format: FileFormat, observer: Observer) -> Worker {
    let disk = Disk::default();
    disk.make_directories(directory).unwrap();
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
        directory: directory.to_path_buf(),
        target,
        reserve: Arc::new(Reserve::open(&disk, directory, 0).unwrap()),
        disk,
        clock: Clock::from_fn(|| AT_MS),
        observer,
    }
}

/// A spool with one closed file of these lines.
fn closed_file(directory: &Path, lines: String) -> SpoolName {
    let options = options(directory, 1 << 20);
    let spool = Spool::start(&options, Observer::none()).unwrap();
    append(&spool.writer(), lines).unwrap();
    spool.close();
    spool::leftovers(directory).unwrap()[0]
}
