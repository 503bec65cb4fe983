//! An answer as its reader sees it: batches whose types are those that Athena would give for the same
//! statement, whatever this engine computes with.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::ExecutionPlan;
use futures::StreamExt;

use super::faults;
use super::pinned::PinnedSnapshot;
use super::trino_text::{has_trino_text, trino_text};

/// The rows of a statement, batch by batch as they are computed.
pub struct QueryResult {
    schema: SchemaRef,
    /// Read already, so that what is wrong with a file shows before anybody has a row.
    first: Option<RecordBatch>,
    batches: SendableRecordBatchStream,
    plan: Arc<dyn ExecutionPlan>,
    pinned: Arc<PinnedSnapshot>,
}

/// Reports the files that a result leaves out. Complete when the result has been read to its end.
#[derive(Debug, Clone)]
pub struct Warnings(Arc<PinnedSnapshot>);

impl Warnings {
    /// Returns a sentence for each cause, with the files that it concerns and what to do.
    pub fn list(&self) -> Vec<String> {
        self.0.warnings()
    }
}

impl QueryResult {
    /// The first rows are read.
    pub(crate) async fn begin(
        mut batches: SendableRecordBatchStream,
        plan: Arc<dyn ExecutionPlan>,
        pinned: Arc<PinnedSnapshot>,
    ) -> Result<QueryResult, DataFusionError> {
        let first = batches.next().await.transpose()?;
        Ok(QueryResult::new(first, batches, plan, pinned))
    }

    fn new(
        first: Option<RecordBatch>,
        batches: SendableRecordBatchStream,
        plan: Arc<dyn ExecutionPlan>,
        pinned: Arc<PinnedSnapshot>,
    ) -> QueryResult {
        let fields = batches
            .schema()
            .fields()
            .iter()
            .map(|field| {
                Field::new(
                    field.name(),
                    plain_type(field.data_type()),
                    field.is_nullable(),
                )
            })
            .collect::<Vec<_>>();
        QueryResult {
            schema: Arc::new(Schema::new(fields)),
            first,
            batches,
            plan,
            pinned,
        }
    }

    /// Returns the columns: integers are signed, timestamps are UTC milliseconds without a zone, strings are `Utf8`, and
    /// so are moments in another zone and intervals, as Athena shows them.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns the bytes read until now: of Parquet the columns and pages that were needed, of other files all.
    pub fn bytes_scanned(&self) -> u64 {
        self.pinned.row_bytes() + bytes_of(&*self.plan)
    }

    /// Returns the next rows, or `None` after the last.
    ///
    /// # Errors
    /// Returns an error if a file turns out damaged or the statement fails; nothing follows it.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, ExecutionError>> {
        let batch = match self.first.take() {
            Some(first) => Ok(first),
            None => self.batches.next().await?,
        };
        Some(
            batch
                .map_err(|error| ExecutionError::of_reading(error, &self.pinned))
                .and_then(|batch| self.plain(&batch)),
        )
    }

    /// Returns the warnings, which are complete when all rows have been read.
    pub fn warnings(&self) -> Warnings {
        Warnings(Arc::clone(&self.pinned))
    }

    /// Reads all rows into memory.
    ///
    /// # Errors
    /// Returns the first error of [`QueryResult::next`].
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>, ExecutionError> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }

    fn plain(&self, batch: &RecordBatch) -> Result<RecordBatch, ExecutionError> {
        let columns = batch
            .columns()
            .iter()
            .zip(self.schema.fields())
            .map(|(column, field)| match has_trino_text(column.data_type()) {
                true => trino_text(column),
                false => cast(column, field.data_type()),
            });
        let options =
            arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let columns = columns
            .collect::<Result<Vec<_>, _>>()
            .map_err(ExecutionError::from)?;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(ExecutionError::from)
    }
}

fn bytes_of(plan: &dyn ExecutionPlan) -> u64 {
    let own = plan
        .metrics()
        .and_then(|metrics| metrics.sum_by_name("bytes_scanned"))
        .map_or(0, |bytes| bytes.as_usize() as u64);
    own + plan
        .children()
        .into_iter()
        .map(|child| bytes_of(&**child))
        .sum::<u64>()
}

/// A valid statement that failed while it ran.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct ExecutionError {
    /// The message has its text, so it isn't the source of the error too: both would be printed.
    cause: DataFusionError,
    /// Files of which one is the cause.
    files: Vec<String>,
}

impl ExecutionError {
    /// Rows are with the reader already, so that the file can't be left out any more.
    fn of_reading(source: DataFusionError, pinned: &PinnedSnapshot) -> ExecutionError {
        let files = match faults::is_of_a_file(&source) {
            true => pinned.all_opened(),
            false => Vec::new(),
        };
        ExecutionError {
            cause: source,
            files: files.iter().map(|file| file.path.to_string()).collect(),
        }
    }

    /// Returns true if the statement needs more memory than the engine gives it.
    pub fn is_out_of_memory(&self) -> bool {
        matches!(
            self.cause.find_root(),
            DataFusionError::ResourcesExhausted(_)
        )
    }

    fn message(&self) -> String {
        let root = self.cause.find_root();
        let message = root.message();
        let message = message.lines().next().unwrap_or_default();
        match self.files.as_slice() {
            [] => message.to_owned(),
            [file] => format!("{file} can't be read ({message}): move it out of the lake"),
            files => format!(
                "one of {} files can't be read ({message}): count(*) over the same hits names it",
                files.len()
            ),
        }
    }
}

impl From<arrow::error::ArrowError> for ExecutionError {
    fn from(error: arrow::error::ArrowError) -> ExecutionError {
        ExecutionError::from(DataFusionError::from(error))
    }
}

impl From<DataFusionError> for ExecutionError {
    fn from(error: DataFusionError) -> ExecutionError {
        ExecutionError {
            cause: error,
            files: Vec::new(),
        }
    }
}

fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        shown if has_trino_text(shown) => DataType::Utf8,
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Timestamp(_, _) => DataType::Timestamp(TimeUnit::Millisecond, None),
        DataType::Dictionary(_, value) => plain_type(value),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
