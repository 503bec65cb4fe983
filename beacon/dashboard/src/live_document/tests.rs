use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::BoxFuture;
use proptest::prelude::*;

use super::*;
use crate::api_keys::{self, NewKey};
use crate::document_file::DocumentFile;
use crate::document_store::Stored;
use crate::share_links::{self, NewShare};

mod model;

const NOW_MS: u64 = 1_795_239_000_000;

fn of_file(path: &Path) -> LiveDocument {
    LiveDocument::new(Box::new(DocumentFile::new(path.to_path_buf())))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(future)
}

fn key(name: &str) -> NewKey {
    NewKey {
        name: name.to_owned(),
        site: None,
    }
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    const WRITERS: usize = 4;
    const KEYS: usize = 12;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("dashboard.json");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let path = &path;
            scope.spawn(move || {
                // Each has a document of its own, as another process has.
                let document = of_file(path);
                for number in 0..KEYS {
                    let wanted = key(&format!("{writer} {number}"));
                    block_on(api_keys::create(&document, wanted, NOW_MS)).unwrap();
                }
            });
        }
    });
    let document = block_on(of_file(&path).read(NOW_MS)).unwrap();
    let mut names: Vec<&str> = document.keys.iter().map(|key| key.name.as_str()).collect();
    names.sort_unstable();
    let mut expected: Vec<String> = (0..WRITERS)
        .flat_map(|writer| (0..KEYS).map(move |number| format!("{writer} {number}")))
        .collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn a_damaged_or_newer_document_is_named_and_left_alone() {
    for text in ["{\"version\": 1, \"keys\": [", "{\"version\": 2}", "\0"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dashboard.json");
        std::fs::write(&path, text).unwrap();
        let document = of_file(&path);
        let read = block_on(document.read(NOW_MS)).unwrap_err();
        let expected = format!(
            "the dashboard's document {} can't be used: it",
            path.display()
        );
        assert!(read.to_string().starts_with(&expected), "{read}");
        let changed = block_on(api_keys::create(&document, key("a"), NOW_MS)).unwrap_err();
        assert!(changed.to_string().starts_with(&expected), "{changed}");
        let removed = block_on(api_keys::revoke(&document, "a", NOW_MS)).unwrap_err();
        assert!(removed.to_string().starts_with(&expected), "{removed}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

/// A place whose answers a test chooses.
#[derive(Default)]
struct Place {
    reads: Arc<AtomicU32>,
    writes: AtomicU32,
    text: std::sync::Mutex<Option<Vec<u8>>>,
    /// The writes that arrive and whose responses don't
    lost: u32,
    /// The writes before which somebody else writes
    overtaken: u32,
    is_down: Arc<std::sync::atomic::AtomicBool>,
}

impl Place {
    fn stored(&self) -> Stored {
        let text = self.text.lock().unwrap().clone();
        Stored {
            version: match &text {
                None => Version::Absent,
                Some(text) => Version::Tag(String::from_utf8(text.clone()).unwrap()),
            },
            text,
        }
    }
}

impl DocumentStore for Place {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn read(&self) -> BoxFuture<'_, Result<Stored, StoreFailure>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let read = match self.is_down.load(Ordering::SeqCst) {
            true => Err("the disk is gone".into()),
            false => Ok(self.stored()),
        };
        Box::pin(std::future::ready(read))
    }

    fn replace<'a>(
        &'a self,
        text: Vec<u8>,
        version: &'a Version,
    ) -> BoxFuture<'a, Result<bool, StoreFailure>> {
        let write = self.writes.fetch_add(1, Ordering::SeqCst);
        let is_current = self.stored().version == *version && write >= self.overtaken;
        if is_current {
            *self.text.lock().unwrap() = Some(text);
        }
        let is_known = is_current && write >= self.overtaken + self.lost;
        Box::pin(std::future::ready(Ok(is_known)))
    }
}

#[test]
fn a_change_whose_response_is_lost_is_made_once() {
    let document = LiveDocument::new(Box::new(Place {
        lost: 1,
        ..Place::default()
    }));
    let made = block_on(api_keys::create(&document, key("a"), NOW_MS)).unwrap();
    let read = block_on(document.read(NOW_MS)).unwrap();
    assert_eq!(read.keys.len(), 1);
    assert_eq!(read.keys[0].id, made.id);

    let document = LiveDocument::new(Box::new(Place {
        text: std::sync::Mutex::new(Some(read.text())),
        lost: 1,
        ..Place::default()
    }));
    block_on(api_keys::revoke(&document, &made.id, NOW_MS)).unwrap();
    assert_eq!(block_on(document.read(NOW_MS)).unwrap().keys, []);
    assert_eq!(
        block_on(api_keys::revoke(&document, &made.id, NOW_MS))
            .unwrap_err()
            .to_string(),
        format!("there is no key {:?}", made.id)
    );
}

#[test]
fn a_change_that_is_overtaken_each_time_says_so() {
    let overtaken = |overtaken| {
        LiveDocument::new(Box::new(Place {
            overtaken,
            ..Place::default()
        }))
    };
    let document = overtaken(ATTEMPTS - 1);
    block_on(api_keys::create(&document, key("a"), NOW_MS)).unwrap();
    let document = overtaken(ATTEMPTS);
    assert_eq!(
        block_on(api_keys::create(&document, key("a"), NOW_MS))
            .unwrap_err()
            .to_string(),
        "others are changing the dashboard's document memory: try again"
    );
}

#[test]
fn a_place_is_read_once_a_minute_and_after_a_failure_sooner() {
    let place = Place::default();
    let (reads, is_down) = (Arc::clone(&place.reads), Arc::clone(&place.is_down));
    let document = LiveDocument::new(Box::new(place));
    let check = |at_ms: u64, expected_reads: u32, is_ok: bool| {
        let read = block_on(document.read(NOW_MS + at_ms));
        assert_eq!(read.is_ok(), is_ok, "{at_ms}");
        assert_eq!(reads.load(Ordering::SeqCst), expected_reads, "{at_ms}");
    };
    check(0, 1, true);
    check(59_999, 1, true);
    check(60_000, 2, true);
    is_down.store(true, Ordering::SeqCst);
    check(119_999, 2, true);
    check(120_000, 3, false);
    is_down.store(false, Ordering::SeqCst);
    check(124_999, 3, false);
    check(125_000, 4, true);
    // A clock that is set back.
    check(0, 5, true);
}

#[test]
fn too_many_keys_or_links_are_refused() {
    let share = |until_ms| NewShare {
        name: None,
        site: "a.example".to_owned(),
        until_ms,
        password: None,
    };
    let document = LiveDocument::new(Box::new(Place::default()));
    block_on(api_keys::create(&document, key("a"), NOW_MS)).unwrap();
    block_on(share_links::create(&document, share(NOW_MS + 1), NOW_MS)).unwrap();
    let mut full = Document::clone(&block_on(document.read(NOW_MS)).unwrap());
    full.keys = vec![full.keys[0].clone(); crate::document::MAX_KEYS];
    full.shares = vec![full.shares[0].clone(); crate::document::MAX_SHARES];
    let document = LiveDocument::new(Box::new(Place {
        text: std::sync::Mutex::new(Some(full.text())),
        ..Place::default()
    }));
    let refused = block_on(api_keys::create(&document, key("a"), NOW_MS)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "there are 1000 keys already: revoke those that nobody uses"
    );
    let refused = block_on(share_links::create(&document, share(NOW_MS + 1), NOW_MS));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "there are 1000 share links already: revoke those that nobody uses"
    );
    // Those that have ended make room.
    let later_ms = NOW_MS + 1;
    block_on(share_links::create(&document, share(NOW_MS + 2), later_ms)).unwrap();
    assert_eq!(block_on(document.read(later_ms)).unwrap().shares.len(), 1);
}
