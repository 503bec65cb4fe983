//! Deliveries that fail and are tried again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{closed_file, worker};
use crate::delivery::worker::Backoff;
use crate::events::{Event, Observer};
use crate::file_format::Format;
use crate::testing::{lake_in, line, seen};

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
