//! Writes replayed records into the partitions of their original arrival hour.

use std::collections::HashMap;

use arrow::datatypes::SchemaRef;
use beacon_core::schema::Schema;
use beacon_core::time::Hour;
use uuid::Uuid;

use crate::delivery::object::ObjectBuilder;
use crate::delivery::publish::Publisher;
use crate::disk::Disk;
use crate::error::LakeError;
use crate::file_format::FileFormat;
use crate::lake::Lake;
use crate::record_conversion::ConvertedRecord;
use crate::schema::arrow_schema;

/// Lines of an hour that become one object at most.
const MAX_OBJECT_BYTES: usize = 64 << 20;
/// Lines held in memory at most; then the fullest hour is written.
const MAX_HELD_BYTES: usize = 256 << 20;

/// Begins the names of a replay's objects.
const STREAM: &str = "replay";
/// Names of objects derive from this and their lines.
const NAMESPACE: Uuid = Uuid::from_u128(0x6265_6163_6f6e_4c61_8b65_5265_706c_6179);

/// The counts of one replay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Hits that were written.
    pub hits: u64,
    /// Hits that an earlier replay of the same lines has written.
    pub known: u64,
    /// Lines that the input has more than once.
    pub repeated: u64,
    /// Objects that were written.
    pub objects: u64,
}

/// Writes converted records into a lake.
///
/// The name of an object derives from its lines, so a second run of the same input writes nothing. Where an input has
/// grown, a hit may be written twice; it counts once by its `hit_id`.
pub struct ReplayWriter {
    publisher: Publisher,
    format: FileFormat,
    schema: SchemaRef,
    hours: HashMap<Hour, Vec<u8>>,
    held_bytes: usize,
    done: Replayed,
}

impl ReplayWriter {
    /// Starts a replay. It holds up to 256 MiB of lines in memory before it writes.
    pub fn new(lake: Lake, format: FileFormat, schema: &Schema) -> ReplayWriter {
        let publisher = Publisher {
            lake,
            stream: STREAM.to_owned(),
            disk: Disk::default(),
        };
        let schema = arrow_schema(schema);
        let (hours, done) = (HashMap::new(), Replayed::default());
        ReplayWriter {
            publisher,
            format,
            schema,
            hours,
            held_bytes: 0,
            done,
        }
    }

    /// Takes one record, and writes the objects that are full.
    ///
    /// # Errors
    /// Returns the error of a lake that can't be read or written.
    pub async fn push(&mut self, line: &ConvertedRecord) -> Result<(), LakeError> {
        let hour = Hour::from_ms(line.received_at_ms);
        let lines = self.hours.entry(hour).or_default();
        lines.extend_from_slice(&line.line);
        self.held_bytes += line.line.len();
        if lines.len() >= MAX_OBJECT_BYTES {
            return self.write(hour).await;
        }
        if self.held_bytes >= MAX_HELD_BYTES {
            // By length, then by time, so that the same input is cut at the same places.
            let fullest = self
                .hours
                .iter()
                .max_by_key(|(hour, lines)| (lines.len(), **hour));
            if let Some((&hour, _)) = fullest {
                return self.write(hour).await;
            }
        }
        Ok(())
    }

    /// Writes the remaining records and returns the counts.
    ///
    /// # Errors
    /// Returns the error of a lake that can't be read or written. Objects that were written stay; a run of the same
    /// input completes them.
    pub async fn finish(mut self) -> Result<Replayed, LakeError> {
        let mut hours: Vec<Hour> = self.hours.keys().copied().collect();
        hours.sort();
        for hour in hours {
            self.write(hour).await?;
        }
        Ok(self.done)
    }

    async fn write(&mut self, hour: Hour) -> Result<(), LakeError> {
        let Some(lines) = self.hours.remove(&hour) else {
            return Ok(());
        };
        self.held_bytes -= lines.len();
        let (format, schema) = (self.format, self.schema.clone());
        let work = tokio::task::spawn_blocking(move || object(&lines, &schema, format));
        let Object {
            id,
            content,
            hits,
            repeated,
        } = work.await??;
        self.done.repeated += repeated;
        let start_ms = hour.start_ms();
        if self.publisher.has_hits(start_ms, id).await? {
            self.done.known += hits;
            return Ok(());
        }
        let Some(content) = content else {
            return Ok(());
        };
        self.publisher
            .put_hits(start_ms, id, format, content)
            .await?;
        self.done.hits += hits;
        self.done.objects += 1;
        Ok(())
    }
}

struct Object {
    id: Uuid,
    content: Option<Vec<u8>>,
    hits: u64,
    repeated: u64,
}

/// Sorts the lines, so that the same ones make the same object in any order.
fn object(lines: &[u8], schema: &SchemaRef, format: FileFormat) -> Result<Object, LakeError> {
    let mut sorted: Vec<&[u8]> = lines.split_inclusive(|&byte| byte == b'\n').collect();
    let before = sorted.len();
    sorted.sort_unstable();
    sorted.dedup();
    let repeated = (before - sorted.len()) as u64;
    let lines = sorted.concat();
    let mut builder = ObjectBuilder::new(schema, format)?;
    let mut failed = None;
    builder.push(&lines, &mut |_, error| failed = Some(error.to_string()))?;
    if let Some(message) = failed {
        // A checked line always converts; should one not, nothing is better than a part without a word.
        return Err(LakeError::Convert(arrow::error::ArrowError::JsonError(
            message,
        )));
    }
    let (content, hits) = builder.finish()?;
    Ok(Object {
        id: Uuid::new_v5(&NAMESPACE, &lines),
        content,
        hits,
        repeated,
    })
}
