//! Encodes lines as an object of the lake: Parquet, or gzip NDJSON.

use std::io::{self, Write};

use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use flate2::Compression as GzipLevel;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::error::LakeError;
use crate::error_records::write_error_record;
use crate::file_format::FileFormat;
use crate::record_conversion::ConversionError;
use crate::rows::{convert, next_lines};
use crate::spool::reader::SpoolFile;

/// Rows of a row group at most: enough for dictionaries to pay, few enough that two cores share a file.
const ROW_GROUP_ROWS: usize = 128 << 10;
/// Bytes of values in a page, before compression. Fewer, larger pages than the default of 1 MiB would
/// compress no better, and are read as a whole.
const PAGE_BYTES: usize = 1 << 20;
/// Between 3 and 9 the files of our records shrink by a few percent and take twice the time.
const ZSTD_LEVEL: i32 = 3;

/// An object in the making, in memory: it is a fraction of the spool file, which is limited.
pub(crate) struct ObjectBuilder {
    encoder: Encoder,
    schema: SchemaRef,
    rows: u64,
    failed: Option<LakeError>,
}

enum Encoder {
    Parquet(Box<ArrowWriter<Vec<u8>>>),
    Json(Box<GzEncoder<Vec<u8>>>),
}

impl ObjectBuilder {
    pub(crate) fn new(schema: &SchemaRef, format: FileFormat) -> Result<ObjectBuilder, LakeError> {
        let encoder = match format {
            FileFormat::Parquet => {
                let properties = parquet_properties()?;
                let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties))?;
                Encoder::Parquet(Box::new(writer))
            }
            FileFormat::Json => {
                let gzip = GzEncoder::new(Vec::new(), GzipLevel::default());
                Encoder::Json(Box::new(gzip))
            }
        };
        Ok(ObjectBuilder {
            encoder,
            schema: schema.clone(),
            rows: 0,
            failed: None,
        })
    }

    /// Adds the lines that fit the table, and gives the others to `refused`.
    pub(crate) fn push(
        &mut self,
        lines: &[u8],
        refused: &mut impl FnMut(&[u8], &ArrowError),
    ) -> Result<(), LakeError> {
        let ObjectBuilder {
            encoder,
            schema,
            rows,
            failed,
        } = self;
        convert(
            lines,
            schema,
            &mut |batch, lines| {
                *rows += batch.num_rows() as u64;
                if failed.is_none() {
                    *failed = encoder.write(&batch, lines).err();
                }
            },
            refused,
        );
        match failed.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Returns the object and the number of its rows; `None` without rows.
    pub(crate) fn finish(self) -> Result<(Option<Vec<u8>>, u64), LakeError> {
        let content = match self.encoder {
            Encoder::Parquet(writer) => writer.into_inner()?,
            Encoder::Json(writer) => writer.finish().map_err(ArrowError::from)?,
        };
        Ok(((self.rows > 0).then_some(content), self.rows))
    }
}

impl Encoder {
    fn write(&mut self, batch: &RecordBatch, lines: &[&[u8]]) -> Result<(), LakeError> {
        match self {
            Encoder::Parquet(writer) => writer.write(batch)?,
            Encoder::Json(writer) => write_lines(writer, lines).map_err(ArrowError::from)?,
        }
        Ok(())
    }
}

fn write_lines(writer: &mut impl Write, lines: &[&[u8]]) -> io::Result<()> {
    for line in lines {
        writer.write_all(line)?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}

/// Returns properties with only the encodings of Parquet's first version, which every engine reads.
fn parquet_properties() -> Result<WriterProperties, LakeError> {
    let hit_id = ColumnPath::from("hit_id");
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_size_limit(PAGE_BYTES)
        // Every id is another one: a dictionary would be built and thrown away.
        .set_column_dictionary_enabled(hit_id, false)
        // Questions filter by partition, time and equality of short texts. Of these a row group's smallest
        // and largest value are enough; an index of pages would be a tenth of a small file.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    Ok(properties.build())
}

/// Returns error lines as an object; `None` without lines.
fn gzip(lines: &[u8]) -> Result<Option<Vec<u8>>, LakeError> {
    if lines.is_empty() {
        return Ok(None);
    }
    let mut encoder = GzEncoder::new(Vec::new(), GzipLevel::default());
    encoder.write_all(lines).map_err(ArrowError::from)?;
    Ok(Some(encoder.finish().map_err(ArrowError::from)?))
}

/// The objects that a spool file becomes, in memory.
pub(crate) struct Converted {
    /// The object of hits, if there are any.
    pub(crate) object: Option<Vec<u8>>,
    pub(crate) hits: u64,
    /// The object of what did not convert, if there is any.
    pub(crate) errors: Option<Vec<u8>>,
    pub(crate) refused: u64,
    /// Bytes behind the last good frame.
    pub(crate) torn_bytes: u64,
}

/// Reads a file of hits and converts it.
pub(crate) fn convert_hits(
    file: &SpoolFile,
    schema: &SchemaRef,
    format: FileFormat,
) -> Result<Converted, LakeError> {
    let mut builder = ObjectBuilder::new(schema, format)?;
    let mut errors = Vec::new();
    let mut refused = 0;
    let mut frames = file.frames();
    let mut lines = Vec::new();
    while next_lines(&mut frames, &mut lines).map_err(|source| unreadable(file, source))? {
        builder.push(&lines, &mut |line, error| {
            refused += 1;
            let reason = ConversionError {
                code: ConversionError::MALFORMED_DATA,
                message: error.to_string(),
            };
            write_error_record(line, &reason, file.name().start_ms(), &mut errors);
        })?;
    }
    let torn_bytes = file.len().saturating_sub(frames.offset());
    let (object, hits) = builder.finish()?;
    let errors = gzip(&errors)?;
    Ok(Converted {
        object,
        hits,
        errors,
        refused,
        torn_bytes,
    })
}

/// Reads a file of error lines; they are stored as they are.
pub(crate) fn convert_errors(file: &SpoolFile) -> Result<Converted, LakeError> {
    let mut frames = file.frames();
    let mut errors = Vec::new();
    while let Some(lines) = frames.next().map_err(|source| unreadable(file, source))? {
        errors.extend_from_slice(lines);
    }
    let refused = errors.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let torn_bytes = file.len().saturating_sub(frames.offset());
    let errors = gzip(&errors)?;
    Ok(Converted {
        object: None,
        hits: 0,
        errors,
        refused,
        torn_bytes,
    })
}

fn unreadable(file: &SpoolFile, source: io::Error) -> LakeError {
    LakeError::Io {
        path: file.path().to_path_buf(),
        source,
    }
}
