//! Reading one Parquet file, with what is wrong with it kept for the answer's warnings. A file whose footer can't be
//! read, or whose columns are not those of hits, is one without rows to the engine.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema, SchemaRef};
use bytes::Bytes;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion_datasource_parquet::{CachedParquetFileReaderFactory, ParquetFileReaderFactory};
use futures::FutureExt;
use futures::future::BoxFuture;
use object_store::{ObjectMeta, ObjectStore};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::arrow::{ArrowSchemaConverter, parquet_to_arrow_schema};
use parquet::errors::ParquetError;
use parquet::file::metadata::{FileMetaData, ParquetMetaData};

use super::faults::Fault;
use super::pinned::PinnedSnapshot;

/// The version of the format that an empty file says it has; nobody reads it.
const FORMAT_VERSION: i32 = 2;

/// The column without which a row is no hit.
const HIT_ID: &str = "hit_id";

/// Makes readers that put what they can't read into the statement's list.
pub(crate) struct ForgivingReaders {
    pub(crate) inner: CachedParquetFileReaderFactory,
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) columns: SchemaRef,
    pub(crate) pinned: Arc<PinnedSnapshot>,
}

impl fmt::Debug for ForgivingReaders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ForgivingReaders")
    }
}

impl ParquetFileReaderFactory for ForgivingReaders {
    fn create_reader(
        &self,
        partition_index: usize,
        file: PartitionedFile,
        metadata_size_hint: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let meta = file.object_meta.clone();
        self.pinned.opened(&meta);
        let inner = self
            .inner
            .create_reader(partition_index, file, metadata_size_hint, metrics)?;
        Ok(Box::new(ForgivingReader {
            inner,
            file: meta,
            store: Arc::clone(&self.store),
            columns: Arc::clone(&self.columns),
            pinned: Arc::clone(&self.pinned),
        }))
    }
}

struct ForgivingReader {
    inner: Box<dyn AsyncFileReader + Send>,
    file: ObjectMeta,
    store: Arc<dyn ObjectStore>,
    columns: SchemaRef,
    pinned: Arc<PinnedSnapshot>,
}

impl AsyncFileReader for ForgivingReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, parquet::errors::Result<Bytes>> {
        self.inner.get_bytes(range)
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, parquet::errors::Result<Vec<Bytes>>> {
        self.inner.get_byte_ranges(ranges)
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, parquet::errors::Result<Arc<ParquetMetaData>>> {
        async move {
            let fault = match self.inner.get_metadata(options).await {
                Ok(metadata) => match foreign(&metadata, &self.columns) {
                    None => return Ok(metadata),
                    Some(what) => Fault::foreign(what),
                },
                Err(error) => Fault::of_parquet(&*self.store, &self.file, error).await,
            };
            self.pinned.leave_out(&self.file, fault);
            without_rows(&self.columns)
        }
        .boxed()
    }
}

fn without_rows(columns: &Schema) -> parquet::errors::Result<Arc<ParquetMetaData>> {
    let schema = Arc::new(ArrowSchemaConverter::new().convert(columns)?);
    let file = FileMetaData::new(FORMAT_VERSION, 0, None, None, schema, None);
    Ok(Arc::new(ParquetMetaData::new(file, Vec::new())))
}

/// Why a file with this footer holds no rows of the table, if it does not.
fn foreign(metadata: &ParquetMetaData, columns: &Schema) -> Option<String> {
    let file = metadata.file_metadata();
    let schema = match parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata()) {
        Ok(schema) => schema,
        Err(error) => return Some(first_line(&error)),
    };
    if schema.column_with_name(HIT_ID).is_none() {
        return Some(format!("it has no column {HIT_ID}"));
    }
    for column in columns.fields() {
        let Ok(found) = schema.field_with_name(column.name()) else {
            continue;
        };
        if !is_readable_as(found.data_type(), column.data_type()) {
            return Some(format!("its column {} has another type", column.name()));
        }
    }
    None
}

fn first_line(error: &ParquetError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

/// Types of one kind are read as each other; a text is no timestamp, even if some texts could be.
fn is_readable_as(found: &DataType, wanted: &DataType) -> bool {
    let is_text = |data_type: &DataType| match data_type {
        DataType::Dictionary(_, value) => value.is_string(),
        other => other.is_string(),
    };
    match wanted {
        wanted if is_text(wanted) => is_text(found) || found == &DataType::Binary,
        DataType::Timestamp(_, _) => matches!(found, DataType::Timestamp(_, _)),
        DataType::Map(_, _) => matches!(found, DataType::Map(_, _)),
        wanted => found.is_null() || arrow::compute::can_cast_types(found, wanted),
    }
}
