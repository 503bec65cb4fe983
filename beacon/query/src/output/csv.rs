//! Rows as CSV.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use beacon_csv::CsvText;

use super::cell_text::{CellText, json_options};
use super::error::OutputError;

/// Writes the names of the columns.
pub(super) fn write_header(schema: &SchemaRef, out: &mut impl Write) -> Result<(), OutputError> {
    let mut csv = CsvText::default();
    for field in schema.fields() {
        csv.text(field.name());
    }
    csv.end_row();
    Ok(out.write_all(csv.take().as_bytes())?)
}

/// Writes the rows of a batch.
pub(super) fn write_rows(batch: &RecordBatch, out: &mut impl Write) -> Result<(), OutputError> {
    let options = json_options();
    let schema = batch.schema();
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, values) in schema.fields().iter().zip(batch.columns()) {
        let is_plain = is_plain(field.data_type());
        columns.push((CellText::new(field, values, &options)?, is_plain));
    }
    let mut csv = CsvText::default();
    for row in 0..batch.num_rows() {
        for (column, is_plain) in &mut columns {
            match column.text(row)? {
                None => csv.null(),
                Some(text) if *is_plain => csv.plain(text),
                Some(text) => csv.text(&text),
            }
        }
        csv.end_row();
    }
    Ok(out.write_all(csv.take().as_bytes())?)
}

/// Returns true for the types whose text is the engine's own, with neither commas nor quotes. All others may hold what a
/// visitor sent.
fn is_plain(data_type: &DataType) -> bool {
    data_type.is_numeric() || data_type.is_temporal() || *data_type == DataType::Boolean
}
