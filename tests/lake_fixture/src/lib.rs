//! A lake of few rows for the tests, written by hand hour by hour.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that can't be made ends its test"
)]

use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc;

use arrow::datatypes::SchemaRef;
use beacon_core::schema::Schema;
use beacon_core::time::Hour;
use beacon_lake::{Clock, Lake, Observer, Spool, SpoolOptions, arrow_schema};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

/// When statements start: 2026-11-21 05:30 UTC.
pub const NOW_MS: u64 = 1_795_239_000_000;

/// A lake in a folder that goes away with it.
pub struct LakeFixture {
    folder: TempDir,
    schema: Schema,
    files: usize,
}

impl Default for LakeFixture {
    fn default() -> LakeFixture {
        LakeFixture::new()
    }
}

impl LakeFixture {
    /// An empty lake with the columns that every lake has.
    pub fn new() -> LakeFixture {
        LakeFixture::with_schema(Schema::builtin())
    }

    /// The same with other columns.
    pub fn with_schema(schema: Schema) -> LakeFixture {
        LakeFixture {
            folder: TempDir::new().unwrap(),
            schema,
            files: 0,
        }
    }

    /// Adds a Parquet file to `hour` (`2026-11-21-05`) with these rows: one JSON object a line.
    pub fn parquet(&mut self, hour: &str, rows: &str) {
        let schema = arrow_schema(&self.schema);
        self.parquet_with(hour, rows, schema);
    }

    /// The same with other columns than the table has now.
    pub fn parquet_with(&mut self, hour: &str, rows: &str, schema: SchemaRef) {
        let path = self.next_path(hour, "parquet");
        let mut writer =
            ArrowWriter::try_new(fs::File::create(path).unwrap(), Arc::clone(&schema), None)
                .unwrap();
        for batch in arrow::json::ReaderBuilder::new(schema)
            .build(rows.as_bytes())
            .unwrap()
        {
            writer.write(&batch.unwrap()).unwrap();
        }
        writer.close().unwrap();
    }

    /// Adds a file of gzip JSON lines.
    pub fn json(&mut self, hour: &str, rows: &str) {
        let path = self.next_path(hour, "json.gz");
        let mut file = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
        file.write_all(rows.as_bytes()).unwrap();
        file.finish().unwrap();
    }

    /// Adds a file that is none of the formats.
    pub fn garbage(&mut self, hour: &str) {
        fs::write(self.next_path(hour, "parquet"), "not Parquet").unwrap();
    }

    /// Leaves the rows in the spool, received in `hour` (`2026-11-21-05`).
    pub fn spool(&self, hour: &str, rows: &str) {
        let received_at_ms = parse_hour(hour).start_ms();
        let options = SpoolOptions {
            directory: self.folder.path().join("spool"),
            stream: "hits".to_owned(),
            buffer_interval: beacon_lake::DEFAULT_BUFFER_INTERVAL,
            buffer_size_bytes: beacon_lake::DEFAULT_BUFFER_SIZE_BYTES,
            clock: Clock::from_fn(move || received_at_ms),
        };
        let spool = Spool::start(&options, Observer::none()).unwrap();
        let (done, is_done) = mpsc::channel();
        spool
            .writer()
            .append(rows.as_bytes().to_vec(), move |result| {
                done.send(result).unwrap();
            });
        is_done.recv().unwrap().unwrap();
        spool.close();
    }

    fn next_path(&mut self, hour: &str, extension: &str) -> std::path::PathBuf {
        let partition = parse_hour(hour).partition_path();
        let folder = self.folder.path().join("hits").join(partition);
        fs::create_dir_all(&folder).unwrap();
        self.files += 1;
        folder.join(format!("file-{}.{extension}", self.files))
    }

    /// The columns of the table.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The lake as its readers open it.
    pub fn lake(&self) -> Lake {
        Lake::open(self.folder.path().to_str().unwrap(), std::iter::empty()).unwrap()
    }
}

/// Reads `2026-11-21-05`.
#[track_caller]
fn parse_hour(text: &str) -> Hour {
    let parts: Vec<u16> = text
        .split('-')
        .filter_map(|part| part.parse().ok())
        .collect();
    let [year, month, day, hour] = parts[..] else {
        panic!("an hour is 2026-11-21-05, not {text}");
    };
    let two_digits = |number: u16| u8::try_from(number).ok();
    two_digits(month)
        .zip(two_digits(day))
        .zip(two_digits(hour))
        .and_then(|((month, day), hour)| Hour::new(year, month, day, hour))
        .unwrap_or_else(|| panic!("there is no hour {text}"))
}

/// One hit in each kind of file, and a spool with one.
pub fn three_sources() -> LakeFixture {
    let mut lake = LakeFixture::new();
    lake.parquet(
        "2026-11-20-23",
        r#"{"hit_id":"a","received_at":"2026-11-20 23:59:59.999","site":"a.example","event":"view","page":"/","params":{"page":"/","userid":"7"}}"#,
    );
    lake.json(
        "2026-11-21-00",
        r#"{"hit_id":"b","received_at":"2026-11-21 00:00:00.001","site":"a.example","event":"view","page":null,"params":{"k":1.5},"unknown":[1]}"#,
    );
    lake.spool("2026-11-21-05", "{\"hit_id\":\"c\",\"received_at\":\"2026-11-21 05:00:00.000\",\"site\":\"b.example\",\"event\":\"open\",\"page\":\"/mail\",\"params\":{}}\n");
    lake
}
