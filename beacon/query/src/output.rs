//! Prints a result: as a table or line by line for people, as CSV, or as JSON.

mod cell_text;
mod csv;
mod error;
mod lines;
pub mod table;

use std::io::Write;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::FieldRef;
use arrow::error::ArrowError;
use arrow::json::WriterBuilder;
use arrow::json::writer::JsonFormat;

pub use error::OutputError;

use crate::engine::QueryResult;
use cell_text::{CellText, TIMESTAMP, json_options};

/// A format of printed results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Aligned columns; numbers on the right, NULL as NULL
    Table,
    /// A line for each value, for rows that are wider than the screen
    Line,
    /// RFC 4180, with a header line; NULL is empty, an empty text is "", and a text that begins like a formula has a '
    /// before it
    Csv,
    /// One array of objects; NULL is null, a map is an object
    Json,
}

/// Prints a whole result, and returns the number of its rows.
///
/// CSV and JSON are written as the rows come; a table waits for the last, because its widths depend on all.
///
/// # Errors
/// Returns an error if the statement fails on the way, or if `out` can't be written.
pub async fn print(
    mut answer: QueryResult,
    format: OutputFormat,
    out: &mut impl Write,
) -> Result<usize, OutputError> {
    let mut count = 0;
    match format {
        OutputFormat::Table => return print_within(answer, usize::MAX, out).await,
        OutputFormat::Line => {
            while let Some(batch) = answer.next().await {
                count = lines::write(&batch?, count, out)?;
            }
            if count == 0 {
                writeln!(out, "{}", table::NO_ROWS)?;
            }
        }
        OutputFormat::Csv => {
            csv::write_header(answer.schema(), out)?;
            while let Some(batch) = answer.next().await {
                let batch = batch?;
                count += batch.num_rows();
                csv::write_rows(&batch, out)?;
            }
        }
        OutputFormat::Json => {
            let mut json = WriterBuilder::new()
                .with_explicit_nulls(true)
                .with_timestamp_format(TIMESTAMP.to_owned())
                .build::<_, RowPerLine>(&mut *out);
            while let Some(batch) = answer.next().await {
                let batch = batch?;
                count += batch.num_rows();
                json.write(&batch)?;
            }
            json.finish()?;
        }
    }
    out.flush()?;
    Ok(count)
}

/// Prints a table, or a line for each value if the table is wider than `width` characters.
///
/// # Errors
/// Returns the errors of [`print()`].
pub async fn print_within(
    answer: QueryResult,
    width: usize,
    out: &mut impl Write,
) -> Result<usize, OutputError> {
    let schema = answer.schema().clone();
    let rows = answer.collect().await?;
    let count = rows.iter().map(RecordBatch::num_rows).sum();
    if !table::write(&schema, &rows, width, out)? {
        let mut before = 0;
        for batch in &rows {
            before = lines::write(batch, before, out)?;
        }
    }
    out.flush()?;
    Ok(count)
}

/// Returns a column's values as the text that a table shows; NULL is `None`.
///
/// # Errors
/// Returns an error if a value has no text, such as a day after the calendar's last.
pub fn texts(field: &FieldRef, column: &ArrayRef) -> Result<Vec<Option<String>>, ArrowError> {
    let options = json_options();
    let mut cells = CellText::new(field, column, &options)?;
    (0..column.len()).map(|row| cells.text(row)).collect()
}

/// One array, with a line for each row.
#[derive(Debug, Default)]
struct RowPerLine;

impl JsonFormat for RowPerLine {
    fn start_stream<W: Write>(&self, out: &mut W) -> Result<(), arrow::error::ArrowError> {
        Ok(out.write_all(b"[")?)
    }

    fn start_row<W: Write>(
        &self,
        out: &mut W,
        is_first: bool,
    ) -> Result<(), arrow::error::ArrowError> {
        Ok(out.write_all(if is_first { b"\n" } else { b",\n" })?)
    }

    fn end_stream<W: Write>(&self, out: &mut W) -> Result<(), arrow::error::ArrowError> {
        Ok(out.write_all(b"\n]\n")?)
    }
}
