//! An answer as its reader sees it: batches whose types are those that Athena would give for the same
//! statement, whatever this engine computes with.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

/// The rows of an answer, batch by batch as they are computed.
pub struct Answer {
    schema: SchemaRef,
    batches: SendableRecordBatchStream,
}

impl Answer {
    pub(crate) fn new(batches: SendableRecordBatchStream) -> Answer {
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
        Answer {
            schema: Arc::new(Schema::new(fields)),
            batches,
        }
    }

    /// The columns: integers as they are but never unsigned, timestamps in milliseconds of UTC without a zone,
    /// text as `Utf8`.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next rows, or `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, AnswerError>> {
        let batch = self.batches.next().await?;
        Some(
            batch
                .map_err(AnswerError)
                .and_then(|batch| self.plain(&batch)),
        )
    }

    /// All rows at once.
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>, AnswerError> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }

    fn plain(&self, batch: &RecordBatch) -> Result<RecordBatch, AnswerError> {
        let columns = batch
            .columns()
            .iter()
            .zip(self.schema.fields())
            .map(|(column, field)| cast(column, field.data_type()));
        let options =
            arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let columns = columns
            .collect::<Result<Vec<_>, _>>()
            .map_err(AnswerError::from)?;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(AnswerError::from)
    }
}

/// The statement was in order, and failed on its way through the rows.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct AnswerError(#[source] DataFusionError);

impl AnswerError {
    fn message(&self) -> String {
        let root = self.0.find_root();
        root.message()
            .split('\n')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

impl From<arrow::error::ArrowError> for AnswerError {
    fn from(error: arrow::error::ArrowError) -> AnswerError {
        AnswerError(error.into())
    }
}

impl From<DataFusionError> for AnswerError {
    fn from(error: DataFusionError) -> AnswerError {
        AnswerError(error)
    }
}

fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Timestamp(_, _) => DataType::Timestamp(TimeUnit::Millisecond, None),
        DataType::Dictionary(_, value) => plain_type(value),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(data_type: DataType, expected: DataType) {
        assert_eq!(plain_type(&data_type), expected);
    }

    #[test]
    fn types_are_those_of_athena() {
        check(DataType::UInt64, DataType::Int64);
        check(DataType::Int32, DataType::Int32);
        check(DataType::Utf8View, DataType::Utf8);
        check(
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8View)),
            DataType::Utf8,
        );
        let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
        check(
            DataType::Timestamp(TimeUnit::Nanosecond, None),
            milliseconds.clone(),
        );
        check(
            DataType::Timestamp(TimeUnit::Second, Some("+00:00".into())),
            milliseconds,
        );
    }
}
