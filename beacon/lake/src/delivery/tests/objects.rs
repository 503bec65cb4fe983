//! The objects that a delivery makes.

use std::sync::mpsc;
use std::time::Duration;

use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use beacon_core::schema::Schema;
use object_store::ObjectStoreExt;
use object_store::path::Path as StorePath;
use tempfile::TempDir;

use super::{closed_file, keys, memory_lake, options, sink, worker};
use crate::delivery::Delivery;
use crate::delivery::object::ObjectBuilder;
use crate::delivery::publish::Publisher;
use crate::disk::Disk;
use crate::events::Observer;
use crate::file_format::FileFormat;
use crate::rows::convert;
use crate::schema::arrow_schema;
use crate::spool::Spool;
use crate::testing::{AT_MS, line, rows_of, seen, unzipped};

#[tokio::test]
async fn a_store_gets_one_object_however_often_it_is_tried() {
    let dir = TempDir::new().unwrap();
    let (lake, store) = memory_lake();
    let name = closed_file(dir.path(), line(1) + &line(2));
    let path = dir.path().join(name.to_string());
    let content = std::fs::read(&path).unwrap();
    let worker = worker(dir.path(), &lake, FileFormat::Parquet, Observer::none());

    assert_eq!(worker.deliver(name).await.unwrap().unwrap().hits, 2);
    assert!(!path.exists());
    let expected = format!(
        "base/hits/year=2026/month=11/day=21/hour=05/hits-1-2026-11-21-05-34-56-{}.parquet",
        name.id()
    );
    assert_eq!(keys(&*store).await, std::slice::from_ref(&expected));

    // A crash before the removal leaves both; the object is found under another format's name too.
    for format in [FileFormat::Parquet, FileFormat::Json] {
        std::fs::write(&path, &content).unwrap();
        assert_eq!(
            seen(&lake, dir.path())
                .await
                .into_values()
                .collect::<Vec<_>>(),
            [1, 1]
        );
        let worker = super::worker(dir.path(), &lake, format, Observer::none());
        worker.deliver(name).await.unwrap();
        assert!(!path.exists());
        assert_eq!(keys(&*store).await, std::slice::from_ref(&expected));
    }

    // When the answer to a put is lost, the second put says that the object exists.
    let publisher = Publisher {
        lake: lake.clone(),
        stream: "hits".to_owned(),
        disk: Disk::default(),
    };
    publisher
        .put_hits(AT_MS, name.id(), FileFormat::Parquet, b"another".to_vec())
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
    let delivered = worker(dir.path(), &lake, FileFormat::Json, Observer::none())
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
    let mut spool = Spool::start(&options(dir.path(), 1 << 20), Observer::none()).unwrap();
    let (sender, receiver) = mpsc::channel();
    spool
        .writer()
        .append_errors(b"{\"rawData\":\"\"}\n".to_vec(), move |result| {
            sender.send(result).unwrap();
        });
    assert_eq!(receiver.recv().unwrap(), Ok(()));
    assert_eq!(seen(&lake, dir.path()).await.len(), 0);
    let delivery = Delivery::start(
        &mut spool,
        sink(&lake, FileFormat::Parquet),
        Observer::none(),
    )
    .unwrap();
    spool.close();
    assert!(delivery.finish(Duration::from_secs(60)).await);
    let keys = keys(&*store).await;
    assert!(
        keys[0].starts_with("base/errors/format-conversion-failed/year="),
        "{keys:?}"
    );
    assert_eq!(keys.len(), 1);
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
    for format in [FileFormat::Parquet, FileFormat::Json] {
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
