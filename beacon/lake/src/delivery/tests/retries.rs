//! Deliveries that fail and are tried again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use super::{closed_file, worker};
use crate::delivery::worker::Backoff;
use crate::events::{Event, Observer};
use crate::file_format::FileFormat;
use crate::testing::{lake_in, line, seen};

#[tokio::test]
async fn a_lake_that_is_down_is_tried_until_it_is_back() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir.path().join("lake"));
    let directory = dir.path().join("spool");
    // A file where a directory must be: every put fails.
    let obstacle = dir.path().join("lake/hits");
    std::fs::write(&obstacle, "").unwrap();
    let name = closed_file(&directory, line(1));
    let (failed, mut failures) = tokio::sync::mpsc::unbounded_channel();
    let delivered = Arc::new(AtomicUsize::new(0));
    let observer: Observer = {
        let delivered = delivered.clone();
        Observer::new(move |event| match event {
            // The test stops listening after the third.
            Event::DeliveryFailed => _ = failed.send(()),
            Event::Delivered { hits, .. } => {
                _ = delivered.fetch_add(hits as usize, Ordering::SeqCst);
            }
            _ => {}
        })
    };
    let (sender, closed) = tokio::sync::mpsc::unbounded_channel();
    sender.send(name).unwrap();
    let worker = worker(&directory, &lake, FileFormat::Parquet, observer);
    let backoff = Backoff {
        first: Duration::from_millis(2),
        longest: Duration::from_millis(4),
    };
    let running = tokio::spawn(async move { worker.run(closed, backoff).await });
    for _ in 0..3 {
        failures.recv().await.unwrap();
    }
    assert_eq!(delivered.load(Ordering::SeqCst), 0);
    std::fs::remove_file(&obstacle).unwrap();
    drop(sender);
    running.await.unwrap();
    assert_eq!(delivered.load(Ordering::SeqCst), 1);
    assert_eq!(
        seen(&lake, &directory)
            .await
            .into_values()
            .collect::<Vec<_>>(),
        [1]
    );
}
