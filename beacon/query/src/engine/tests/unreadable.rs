//! Files that can't be read: left out whole, and named with what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema as ArrowSchema};

use crate::engine::Engine;
use crate::engine::testing::engine_over;
use beacon_lake_fixture::LakeFixture;

const HOUR: &str = "2026-11-21-05";
const FOLDER: &str = "hits/year=2026/month=11/day=21/hour=05";

/// A lake with one good hit, `good`.
fn lake() -> LakeFixture {
    let mut lake = LakeFixture::new();
    lake.parquet(
        "2026-11-21-04",
        r#"{"hit_id":"good","site":"a","page":"/"}"#,
    );
    lake
}

fn folder(lake: &LakeFixture) -> PathBuf {
    lake.lake().local_path().unwrap().to_owned()
}

/// The rows of the first column, and the warnings, with the lake's folder as `LAKE`.
async fn read(engine: &Engine, sql: &str, folder: &Path) -> (Vec<String>, Vec<String>) {
    let answer = engine.query(sql, &[]).await.unwrap();
    let warnings = answer.warnings();
    let mut rows = Vec::new();
    for batch in answer.collect().await.unwrap() {
        for row in 0..batch.num_rows() {
            rows.push(arrow::util::display::array_value_to_string(batch.column(0), row).unwrap());
        }
    }
    let folder = folder.to_str().unwrap();
    let warnings = warnings.list().into_iter().map(|warning| {
        warning
            .replace(folder, "LAKE")
            .replace(folder.trim_start_matches('/'), "LAKE")
    });
    (rows, warnings.collect())
}

#[track_caller]
fn assert_read(found: &(Vec<String>, Vec<String>), rows: &[&str], warnings: &[&str]) {
    assert_eq!(found.0, rows);
    assert_eq!(found.1, warnings);
}

const IDS: &str = "SELECT hit_id FROM hits ORDER BY hit_id";

/// What is wrong with the file that `write` puts into the hour beside the good hit.
async fn check(write: impl FnOnce(&mut LakeFixture), reason: &str) {
    let mut lake = lake();
    write(&mut lake);
    let warning = format!("LAKE/{FOLDER}/file-2.{reason}");
    let found = read(&engine_over(&lake).await, IDS, &folder(&lake)).await;
    assert_read(&found, &["good"], &[&warning]);
}

fn change(lake: &LakeFixture, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path = folder(lake).join(FOLDER).join(name);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn rows() -> String {
    let rows = (0..2_000).map(|number| format!(r#"{{"hit_id":"{number}","site":"s{number}"}}"#));
    rows.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn files_without_a_byte_are_skipped() {
    let lake = lake();
    let hour = folder(&lake).join(FOLDER);
    fs::create_dir_all(hour.join("folder.parquet")).unwrap();
    for name in ["a.parquet", "b.json.gz"] {
        fs::write(hour.join(name), "").unwrap();
    }
    for hidden in [".c.parquet", "_d.parquet", "e.parquet.tmp"] {
        fs::write(hour.join(hidden), "hidden").unwrap();
    }
    let found = read(&engine_over(&lake).await, IDS, &folder(&lake)).await;
    assert_read(&found, &["good"], &[]);
}

#[tokio::test]
async fn an_unreadable_file_is_left_out_and_named() {
    check(
        |lake| lake.garbage(HOUR),
        "parquet is left out: it is no Parquet file: move it out of the lake",
    )
    .await;
    check(
        |lake| {
            lake.parquet(HOUR, &rows());
            change(lake, "file-2.parquet", |bytes| bytes.truncate(bytes.len() / 2));
        },
        "parquet is left out: it is cut off: move it out of the lake, or put a whole copy in its place",
    )
    .await;
    check(
        |lake| {
            let other = ArrowSchema::new(vec![Field::new("name", DataType::Utf8, true)]);
            lake.parquet_with(HOUR, r#"{"name":"x"}"#, Arc::new(other));
        },
        "parquet is left out: it holds no hits (it has no column hit_id): move it out of the lake",
    )
    .await;
    check(
        |lake| {
            let other = ArrowSchema::new(vec![
                Field::new("hit_id", DataType::Utf8, true),
                Field::new("received_at", DataType::Utf8, true),
            ]);
            lake.parquet_with(HOUR, r#"{"hit_id":"x","received_at":"y"}"#, Arc::new(other));
        },
        "parquet is left out: it holds no hits (its column received_at has another type): move it out of the lake",
    )
    .await;
}

#[tokio::test]
async fn a_json_file_is_left_out_whole() {
    for damage in [
        |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2),
        |bytes: &mut Vec<u8>| *bytes = b"no gzip at all".to_vec(),
    ] {
        let mut lake = lake();
        lake.json(HOUR, &rows());
        change(&lake, "file-2.json.gz", damage);
        let (rows, warnings) = read(&engine_over(&lake).await, IDS, &folder(&lake)).await;
        assert_eq!(rows, ["good"]);
        let [warning] = warnings.as_slice() else {
            panic!("{warnings:?}");
        };
        let begin = format!("LAKE/{FOLDER}/file-2.json.gz is left out: it is damaged (");
        assert!(warning.starts_with(&begin), "{warning}");
    }
}

/// The footer is whole, so that nothing shows before the rows are read.
#[tokio::test]
async fn a_file_that_is_damaged_in_the_middle_is_left_out_whole() {
    let mut lake = lake();
    lake.parquet(HOUR, &rows());
    change(&lake, "file-2.parquet", |bytes| {
        let end = bytes.len() / 3;
        bytes[4..end].fill(0xff);
    });
    let engine = engine_over(&lake).await;
    // The second reads nothing that is damaged; the file is out all the same, so that both have the same hits.
    for sql in [
        "SELECT count(DISTINCT hit_id) AS hits FROM hits",
        "SELECT count(*) AS hits FROM hits WHERE hour > 0",
    ] {
        let (rows, warnings) = read(&engine, sql, &folder(&lake)).await;
        assert_eq!(rows, ["1"], "{sql}");
        let [warning] = warnings.as_slice() else {
            panic!("{warnings:?}");
        };
        let begin = format!("LAKE/{FOLDER}/file-2.parquet is left out: it is damaged (");
        assert!(warning.starts_with(&begin), "{warning}");
    }
}

#[tokio::test]
async fn one_cause_is_said_once() {
    let mut lake = lake();
    for _ in 0..5 {
        lake.garbage(HOUR);
    }
    let found = read(&engine_over(&lake).await, IDS, &folder(&lake)).await;
    let warning = format!(
        "LAKE/{FOLDER}/file-2.parquet, LAKE/{FOLDER}/file-3.parquet, LAKE/{FOLDER}/file-4.parquet and 2 more are left \
         out, for the same reason each: it is no Parquet file: move it out of the lake"
    );
    assert_read(&found, &["good"], &[&warning]);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_and_are_named() {
    let lake = lake();
    let hour = folder(&lake).join(FOLDER);
    fs::create_dir_all(&hour).unwrap();
    std::os::unix::fs::symlink("/", hour.join("root")).unwrap();
    let found = read(&engine_over(&lake).await, IDS, &folder(&lake)).await;
    let warning = format!(
        "LAKE/{FOLDER}/root is left out: it is a link, and links are not followed: move what it leads to into its place, \
         or mount it there"
    );
    assert_read(&found, &["good"], &[&warning]);
    // Other hours have nothing to do with it.
    let sql = "SELECT hit_id FROM hits WHERE hour = 4";
    let found = read(
        &engine_over(&lake).await,
        &format!("{sql} AND year = 2026 AND month = 11 AND day = 21"),
        &folder(&lake),
    )
    .await;
    assert_read(&found, &["good"], &[]);
}

/// Erasure and delivery put other files in the place of those that were listed.
#[tokio::test]
async fn a_file_that_goes_away_is_looked_for_anew() {
    let mut lake = lake();
    lake.parquet(HOUR, r#"{"hit_id":"moved"}"#);
    let engine = engine_over(&lake).await;
    let prepared = engine.plan(IDS, &[]).await.unwrap();
    let hour = folder(&lake).join(FOLDER);
    fs::rename(hour.join("file-2.parquet"), hour.join("other.parquet")).unwrap();
    let answer = prepared.run().await.unwrap();
    let warnings = answer.warnings();
    let rows: usize = answer
        .collect()
        .await
        .unwrap()
        .iter()
        .map(|batch| batch.num_rows())
        .sum();
    assert_eq!((rows, warnings.list()), (2, Vec::new()));
}
