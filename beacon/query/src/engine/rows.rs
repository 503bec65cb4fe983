//! Rows that are not in Parquet: the spool's, and those of a lake of gzip JSON lines. Each source is read when
//! its turn comes, and only the columns that the statement needs are decoded.

use std::io::BufReader;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{Schema, SchemaRef};
use beacon_core::time::Hour;
use beacon_lake::{SpoolFile, read_spool};
use bytes::Bytes;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::PartitionStream;
use flate2::read::MultiGzDecoder;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use tokio::sync::mpsc::Sender;

use super::faults::Fault;
use super::partitions::partition_values;
use super::pinned::PinnedSnapshot;

/// Where rows come from.
#[derive(Debug, Clone)]
pub(crate) enum RowSource {
    /// What the pinned length of a spool file holds.
    Spool(SpoolFile),
    /// An object of gzip JSON lines.
    JsonLines(Arc<dyn ObjectStore>, ObjectMeta),
}

/// Some sources, read one after another.
#[derive(Debug)]
pub(crate) struct RowPartition {
    pub(crate) sources: Vec<(RowSource, Hour)>,
    pub(crate) columns: Columns,
    pub(crate) pinned: Arc<PinnedSnapshot>,
}

impl PartitionStream for RowPartition {
    fn schema(&self) -> &SchemaRef {
        &self.columns.projected
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut stream =
            RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.columns.projected), 2);
        let rows = stream.tx();
        let columns = self.columns.clone();
        let sources = self.sources.clone();
        let pinned = Arc::clone(&self.pinned);
        stream.spawn(async move {
            for (source, hour) in sources {
                let read = Reading {
                    columns: columns.clone(),
                    hour,
                    rows: rows.clone(),
                    pinned: Arc::clone(&pinned),
                };
                match source {
                    RowSource::Spool(file) => on_blocking_thread(move || read.spool(&file)).await?,
                    RowSource::JsonLines(store, file) => match whole(&*store, &file).await {
                        Ok(object) => {
                            on_blocking_thread(move || read.json_lines(&file, object)).await?;
                        }
                        Err(error) => pinned.leave_out(&file, Fault::of_store(&error)),
                    },
                }
            }
            Ok(())
        });
        stream.build()
    }
}

async fn whole(store: &dyn ObjectStore, file: &ObjectMeta) -> object_store::Result<Bytes> {
    store.get(&file.location).await?.bytes().await
}

async fn on_blocking_thread(read: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    match tokio::task::spawn_blocking(read).await {
        Ok(result) => result,
        Err(error) => Err(DataFusionError::External(error.into())),
    }
}

/// The columns of a scan: which are decoded, and how a row of the table is made from them.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// What is decoded; never without a column, since it counts the rows.
    decoded: SchemaRef,
    /// What comes out.
    projected: SchemaRef,
    /// Of each column that comes out, where it is from.
    origins: Vec<Origin>,
}

#[derive(Debug, Clone, Copy)]
enum Origin {
    Decoded,
    Partition(usize),
}

impl Columns {
    /// `table` has the columns of the files, then the partition columns.
    pub(crate) fn new(
        table: &SchemaRef,
        file_columns: usize,
        projection: Option<&Vec<usize>>,
    ) -> Result<Columns> {
        let all: Vec<usize> = (0..table.fields().len()).collect();
        let projection = projection.unwrap_or(&all);
        let mut decoded = Vec::new();
        let mut origins = Vec::with_capacity(projection.len());
        for &column in projection {
            if column < file_columns {
                origins.push(Origin::Decoded);
                decoded.push(Arc::clone(&table.fields()[column]));
            } else {
                origins.push(Origin::Partition(column - file_columns));
            }
        }
        if decoded.is_empty() {
            decoded.push(Arc::clone(&table.fields()[0]));
        }
        Ok(Columns {
            decoded: Arc::new(Schema::new(decoded)),
            projected: Arc::new(table.project(projection)?),
            origins,
        })
    }

    /// A batch of the table from one that was decoded. Decoded columns are found by name, so that a batch may
    /// have more of them, and one that it lacks is NULL.
    fn finish(&self, decoded: &RecordBatch, hour: Hour) -> Result<RecordBatch> {
        let rows = decoded.num_rows();
        let columns = self.origins.iter().zip(self.projected.fields()).map(
            |(origin, field)| -> Result<ArrayRef> {
                Ok(match origin {
                    Origin::Decoded => match decoded.column_by_name(field.name()) {
                        Some(column) => cast(column, field.data_type())?,
                        None => arrow::array::new_null_array(field.data_type(), rows),
                    },
                    Origin::Partition(partition) => Arc::new(Int32Array::from_value(
                        partition_values(hour)[*partition],
                        rows,
                    )),
                })
            },
        );
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(RecordBatch::try_new_with_options(
            Arc::clone(&self.projected),
            columns,
            &options,
        )?)
    }
}

/// One source being read on a thread that may block.
struct Reading {
    columns: Columns,
    hour: Hour,
    rows: Sender<Result<RecordBatch>>,
    pinned: Arc<PinnedSnapshot>,
}

impl Reading {
    fn spool(self, file: &SpoolFile) -> Result<()> {
        let mut batches = read_spool(file, Arc::clone(&self.columns.decoded));
        for batch in batches.by_ref() {
            let batch = batch.map_err(|error| DataFusionError::External(error.into()))?;
            if !self.send(&batch)? {
                break;
            }
        }
        let lines = batches.left_out();
        if lines > 0 {
            tracing::warn!(
                file = %file.name(), lines,
                "lines of a spool file are no rows of the table and are left out of the answer"
            );
            self.pinned
                .leave_out_of_spool(file.name().to_string(), Fault::Lines(lines));
        }
        Ok(())
    }

    /// Sends the rows of a file when all of it has been read: of one that breaks off, none.
    fn json_lines(self, file: &ObjectMeta, object: Bytes) -> Result<()> {
        let lines = BufReader::new(MultiGzDecoder::new(object.as_ref()));
        let batches = arrow::json::ReaderBuilder::new(Arc::clone(&self.columns.decoded))
            .with_coerce_primitive(true)
            .build(lines)?;
        let batches = match batches.collect::<Result<Vec<_>, _>>() {
            Ok(batches) => batches,
            Err(error) => {
                self.pinned.leave_out(file, Fault::damaged(error));
                return Ok(());
            }
        };
        for batch in batches {
            if !self.send(&batch)? {
                break;
            }
        }
        Ok(())
    }

    /// False when nobody reads on: a LIMIT is reached, or the statement has failed elsewhere.
    fn send(&self, decoded: &RecordBatch) -> Result<bool> {
        let batch = self.columns.finish(decoded, self.hour)?;
        Ok(self.rows.blocking_send(Ok(batch)).is_ok())
    }
}
