//! A backup that is taken while the server runs, as docs/operations.md describes it: the spool first, then the objects.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::program::{Beacon, files, query};

/// A hit that is delivered between the two copies is in both of them.
#[test]
fn restored_backup_counts_each_hit_once() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    for page in ["/a", "/b"] {
        let reply = beacon.get(&format!("/pixel.gif?page={page}"));
        assert_eq!(reply.header("x-beacon"), "recorded");
    }
    let lake = folder.path().join("lake");
    let restored = backup.path().join("lake");
    copy(&lake.join("spool"), &restored.join("spool"));
    beacon.stop();
    copy(&lake.join("hits"), &restored.join("hits"));
    let count_of = |ending: &str| {
        let names = files(&restored);
        names
            .iter()
            .filter(|path| path.to_str().unwrap().ends_with(ending))
            .count()
    };
    assert_eq!((count_of(".hits"), count_of(".parquet")), (1, 1));

    let each_once = [
        json!({"page": "/a", "hits": 1}),
        json!({"page": "/b", "hits": 1}),
    ];
    let sql = "SELECT page, count(*) AS hits FROM hits GROUP BY page ORDER BY page";
    assert_eq!(query(&restored, sql), each_once);
    let again = Beacon::start(backup.path());
    assert_eq!(again.query(sql), each_once);
    again.stop();
    assert_eq!((count_of(".hits"), count_of(".parquet")), (0, 1));
    assert_eq!(query(&restored, sql), each_once);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else if !matches!(path.file_name().unwrap().to_str(), Some("LOCK" | "RESERVE")) {
            fs::copy(&path, &copied).unwrap();
        }
    }
}
