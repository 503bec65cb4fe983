//! A line for each value of a row: what a table would cut, or break at the edge of a terminal, is whole here.

use std::io::Write;

use arrow::array::RecordBatch;
use unicode_width::UnicodeWidthStr;

use super::cell_text::{CellText, json_options};
use super::error::OutputError;
use super::table::{NULL, one_line};

/// Writes the rows, which are numbered from `before` on, and gives the number of the last.
pub(super) fn write(
    batch: &RecordBatch,
    before: usize,
    out: &mut impl Write,
) -> Result<usize, OutputError> {
    let options = json_options();
    let schema = batch.schema();
    let names: Vec<String> = schema
        .fields()
        .iter()
        .map(|field| one_line(field.name()))
        .collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let columns = schema.fields().iter().zip(batch.columns());
    let mut columns = columns
        .map(|(field, column)| CellText::new(field, column, &options))
        .collect::<Result<Vec<_>, _>>()?;
    for row in 0..batch.num_rows() {
        let number = before + row + 1;
        if number > 1 {
            writeln!(out)?;
        }
        writeln!(out, "row {number}")?;
        for (name, column) in names.iter().zip(&mut columns) {
            let blank = " ".repeat(width - name.width());
            let value = match column.text(row)? {
                Some(text) => one_line(&text),
                None => NULL.to_owned(),
            };
            writeln!(out, "  {name}{blank}  {value}")?;
        }
    }
    Ok(before + batch.num_rows())
}
