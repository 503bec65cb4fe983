//! The spool as a server sees it: starting, refusing to start, answering and closing.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use beacon_core::schema::Schema;
use beacon_lake::{
    AppendError, Delivery, FileFormat, Lake, LakeError, Observer, Sink, Snapshot, Spool,
    SpoolError, SpoolFile, SpoolOptions, arrow_schema, read_spool, snapshot,
};
use tempfile::TempDir;

/// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
const AT_MS: u64 = 1_795_239_296_789;

fn options(directory: &Path) -> SpoolOptions {
    SpoolOptions {
        directory: directory.to_path_buf(),
        stream: "hits".to_owned(),
        buffer_interval: Duration::from_secs(600),
        buffer_size_bytes: 1 << 20,
        clock: beacon_lake::Clock::from_fn(|| AT_MS),
    }
}

fn start(directory: &Path) -> Result<Spool, SpoolError> {
    Spool::start(&options(directory), Observer::none())
}

/// The message of a start that is refused.
#[track_caller]
fn refused(directory: &Path) -> String {
    match start(directory) {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

fn line(id: usize) -> String {
    format!("{{\"hit_id\":\"{id}\",\"received_at\":\"2026-11-21 05:34:56.789\"}}\n")
}

#[track_caller]
fn append(spool: &Spool, lines: &str) {
    let (sender, receiver) = mpsc::channel();
    spool
        .writer()
        .append(lines.as_bytes().to_vec(), move |result| {
            sender.send(result).unwrap();
        });
    assert_eq!(receiver.recv().unwrap(), Ok(()));
}

fn spool_files(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "hits")
    });
    files.sort();
    files
}

async fn pinned(dir: &TempDir, directory: &Path) -> Snapshot {
    let lake = Lake::open(dir.path().to_str().unwrap(), std::iter::empty()).unwrap();
    snapshot(&lake, Some(directory), None).await.unwrap()
}

#[test]
fn a_second_one_on_the_same_spool_is_refused() {
    let dir = TempDir::new().unwrap();
    let first = start(dir.path()).unwrap();
    let expected = format!(
        "the spool {} is in use by process {}; stop it, or give this one another --spool",
        dir.path().display(),
        std::process::id()
    );
    assert_eq!(refused(dir.path()), expected);
    first.close();
    start(dir.path()).unwrap().close();
}

#[test]
fn a_spool_that_is_no_directory_is_refused() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("spool");
    fs::write(&file, "").unwrap();
    let expected = |path: &Path| {
        format!(
            "the spool {} is not a directory; remove the file, or give another --spool",
            path.display()
        )
    };
    assert_eq!(refused(&file), expected(&file));
    let below = file.join("spool");
    assert_eq!(refused(&below), expected(&below));
}

#[test]
fn a_file_of_a_newer_version_stops_the_start_and_the_reader() {
    let dir = TempDir::new().unwrap();
    let spool = start(dir.path()).unwrap();
    append(&spool, &line(1));
    spool.close();
    let file = spool_files(dir.path()).remove(0);
    let mut content = fs::read(&file).unwrap();
    content[8] = 9;
    fs::write(&file, &content).unwrap();
    let expected = format!(
        "the spool file {} is of format 9, this program knows up to 1; use the version that wrote it, or a newer one",
        file.display()
    );
    assert_eq!(refused(dir.path()), expected);
    assert_eq!(
        SpoolFile::open(&file).map(|_| ()).unwrap_err().to_string(),
        expected
    );
    let lake = Lake::open(dir.path().to_str().unwrap(), std::iter::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = runtime
        .block_on(snapshot(&lake, Some(dir.path()), None))
        .unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_foreign_file_with_a_spool_files_name_is_refused() {
    let dir = TempDir::new().unwrap();
    let file = dir
        .path()
        .join("2026-11-21-05.1795239296789.019aa4c2-1111-7222-8333-444455556666.hits");
    fs::write(&file, "{\"hit_id\":\"1\"}\n").unwrap();
    let expected = format!(
        "{} has the name of a spool file but not its content; move it out of the spool",
        file.display()
    );
    assert_eq!(refused(dir.path()), expected);
}

#[tokio::test]
async fn an_answered_line_is_read_at_once_and_a_torn_tail_left_out() {
    let dir = TempDir::new().unwrap();
    let directory = dir.path().join("spool");
    let spool = start(&directory).unwrap();
    append(&spool, &line(1));
    append(&spool, &line(2));
    let schema = arrow_schema(&Schema::builtin());
    let first = pinned(&dir, &directory).await;
    append(&spool, &(line(3) + "not a hit\n"));

    // A pinned file does not grow.
    let mut batches = read_spool(&first.spool[0], schema.clone());
    let rows: usize = batches
        .by_ref()
        .map(|batch| batch.unwrap().num_rows())
        .sum();
    assert_eq!((rows, batches.left_out()), (2, 0));

    let second = pinned(&dir, &directory).await;
    let mut more = read_spool(&second.spool[0], schema.clone());
    let rows: usize = more.by_ref().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!((rows, more.left_out()), (3, 1));
    spool.close();

    let file = spool_files(&directory).remove(0);
    let content = fs::read(&file).unwrap();
    for torn in 1..line(3).len() {
        fs::write(&file, &content[..content.len() - torn]).unwrap();
        let rows: usize = read_spool(&pinned(&dir, &directory).await.spool[0], schema.clone())
            .map(|batch| batch.unwrap().num_rows())
            .sum();
        assert_eq!(rows, 2, "{torn} bytes cut off");
    }
    let mut lines = SpoolFile::open(&file).unwrap().lines();
    let mut drained = vec![];
    while let Some(line) = lines.next_line().unwrap() {
        drained.push(String::from_utf8(line.to_vec()).unwrap() + "\n");
    }
    assert_eq!(drained, [line(1), line(2)]);
    // A torn tail is no reason not to start.
    start(&directory).unwrap().close();
}

#[test]
fn lines_that_come_after_closing_are_answered_as_lost() {
    let dir = TempDir::new().unwrap();
    let spool = start(dir.path()).unwrap();
    let writer = spool.writer();
    let (sender, receiver) = mpsc::channel();
    for id in 0..100 {
        let sender = sender.clone();
        writer.append(line(id).into_bytes(), move |result| {
            sender.send(result).unwrap();
        });
    }
    spool.close();
    // The lines that were handed over before are written.
    for _ in 0..100 {
        assert_eq!(receiver.recv().unwrap(), Ok(()));
    }
    writer.append(line(100).into_bytes(), move |result| {
        sender.send(result).unwrap();
    });
    assert_eq!(receiver.recv().unwrap(), Err(AppendError::ShuttingDown));
}

#[tokio::test]
async fn a_sink_of_another_kind_gets_every_line() {
    let dir = TempDir::new().unwrap();
    let mut spool = start(dir.path()).unwrap();
    append(&spool, &(line(1) + &line(2)));
    let (sender, receiver) = mpsc::channel();
    let send = Sink::Forward(Box::new(move |path| {
        let sender = sender.clone();
        Box::pin(async move {
            let mut lines = SpoolFile::open(&path)?.lines();
            let mut hits = 0;
            while let Some(line) = lines.next_line()? {
                sender.send(line.len()).unwrap();
                hits += 1;
            }
            Ok(hits)
        })
    }));
    let delivery = Delivery::start(&mut spool, send, Observer::none()).unwrap();
    spool.close();
    assert!(delivery.finish(Duration::from_secs(60)).await);
    assert_eq!(receiver.try_iter().count(), 2);
    assert!(spool_files(dir.path()).is_empty());
}

#[tokio::test]
async fn a_delivery_that_cannot_end_leaves_its_files_for_the_next_start() {
    let dir = TempDir::new().unwrap();
    let directory = dir.path().join("spool");
    let lake_directory = dir.path().join("lake");
    let lake = Lake::open(lake_directory.to_str().unwrap(), std::iter::empty()).unwrap();
    lake.create().unwrap();
    fs::write(
        lake_directory.join("hits"),
        "a file where a directory must be",
    )
    .unwrap();
    let sink = || Sink::Lake {
        lake: lake.clone(),
        format: FileFormat::Parquet,
        schema: Schema::builtin(),
    };

    let mut spool = start(&directory).unwrap();
    append(&spool, &line(1));
    let delivery = Delivery::start(&mut spool, sink(), Observer::none()).unwrap();
    spool.close();
    assert!(!delivery.finish(Duration::ZERO).await);
    assert_eq!(spool_files(&directory).len(), 1);

    fs::remove_file(lake_directory.join("hits")).unwrap();
    let mut spool = start_when_free(&directory).await;
    let delivery = Delivery::start(&mut spool, sink(), Observer::none()).unwrap();
    spool.close();
    assert!(delivery.finish(Duration::from_secs(60)).await);
    assert!(spool_files(&directory).is_empty());
    assert_eq!(
        snapshot(&lake, Some(&directory), None)
            .await
            .unwrap()
            .data
            .len(),
        1
    );
}

/// The stopped delivery holds the lock until its task is gone.
async fn start_when_free(directory: &Path) -> Spool {
    loop {
        match start(directory) {
            Ok(spool) => return spool,
            Err(SpoolError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_lake_that_is_not_there_is_no_empty_lake() {
    let dir = TempDir::new().unwrap();
    let directory = dir.path().join("lake");
    let lake = Lake::open(directory.to_str().unwrap(), std::iter::empty()).unwrap();
    let error = snapshot(&lake, None, None).await.unwrap_err();
    assert!(matches!(error, LakeError::Missing { .. }), "{error}");
    lake.create().unwrap();
    assert!(snapshot(&lake, None, None).await.unwrap().data.is_empty());
}
