//! Counts the hits that a reader of the lake sees, for the tests of this crate.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::SchemaRef;
use beacon_core::schema::Schema;
use beacon_core::time::{Hour, format_timestamp};
use bytes::Bytes;
use flate2::read::GzDecoder;
use object_store::ObjectStoreExt;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::file_format::FileFormat;
use crate::lake::Lake;
use crate::rows::{convert, read_spool};
use crate::schema::arrow_schema;
use crate::snapshot::{Snapshot, snapshot};

/// 2026-11-21 05:34:56.789.
pub(crate) const AT_MS: u64 = 1_795_239_296_789;

pub(crate) fn line(id: usize) -> String {
    let received_at = format_timestamp(AT_MS);
    format!(
        "{{\"hit_id\":\"{id}\",\"received_at\":\"{received_at}\",\"params\":{{\"page\":\"/a\"}}}}\n"
    )
}

/// The number of times that each hit is seen.
pub(crate) type Seen = BTreeMap<String, usize>;

pub(crate) async fn seen(lake: &Lake, spool: &Path) -> Seen {
    seen_in(lake, spool, None).await
}

pub(crate) async fn seen_in(
    lake: &Lake,
    spool: &Path,
    hours: Option<RangeInclusive<Hour>>,
) -> Seen {
    let snapshot = snapshot(lake, Some(spool), hours).await.unwrap();
    read(lake, &snapshot).await
}

pub(crate) async fn read(lake: &Lake, snapshot: &Snapshot) -> Seen {
    let schema = arrow_schema(&Schema::builtin());
    let mut seen = Seen::new();
    for file in &snapshot.spool {
        for batch in read_spool(file, schema.clone()) {
            count(&batch.unwrap(), &mut seen);
        }
    }
    for file in &snapshot.data {
        let content = lake
            .store()
            .get(&file.path)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        for batch in rows_of(content, file.format, &schema) {
            count(&batch, &mut seen);
        }
    }
    seen
}

pub(crate) fn rows_of(content: Bytes, format: FileFormat, schema: &SchemaRef) -> Vec<RecordBatch> {
    match format {
        FileFormat::Parquet => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(content)
                .unwrap()
                .build()
                .unwrap();
            reader.map(Result::unwrap).collect()
        }
        FileFormat::Json => {
            let mut batches = vec![];
            convert(
                &unzipped(&content),
                schema,
                &mut |batch, _| batches.push(batch),
                &mut |line, error| {
                    panic!("{error}: {}", String::from_utf8_lossy(line));
                },
            );
            batches
        }
    }
}

pub(crate) fn unzipped(content: &[u8]) -> Vec<u8> {
    let mut lines = vec![];
    GzDecoder::new(content).read_to_end(&mut lines).unwrap();
    lines
}

fn count(batch: &RecordBatch, seen: &mut Seen) {
    for id in batch.column_by_name("hit_id").unwrap().as_string::<i32>() {
        *seen.entry(id.unwrap().to_owned()).or_default() += 1;
    }
}

pub(crate) fn lake_in(directory: &Path) -> Lake {
    let lake = Lake::open(directory.to_str().unwrap(), std::iter::empty()).unwrap();
    lake.create().unwrap();
    lake
}
