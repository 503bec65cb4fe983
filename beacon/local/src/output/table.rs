//! A table for people: columns under their names, numbers on the right, long texts cut.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::display::array_value_to_string;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::OutputError;
use super::cells::{Cells, json_options};

/// The widest a cell gets, in columns of a terminal.
const MAX_WIDTH: usize = 60;

/// Between two columns.
const GAP: &str = "  ";

pub(super) fn write(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    out: &mut impl Write,
) -> Result<(), OutputError> {
    if is_plan(schema) {
        return write_plan(batches, out);
    }
    let mut columns: Vec<Column> = schema
        .fields()
        .iter()
        .map(|field| Column {
            numeric: field.data_type().is_numeric(),
            cells: vec![clean(field.name())],
        })
        .collect();
    let options = json_options();
    for batch in batches {
        for ((column, field), values) in
            columns.iter_mut().zip(schema.fields()).zip(batch.columns())
        {
            let mut values = Cells::new(field, values, &options)?;
            for row in 0..batch.num_rows() {
                column.cells.push(
                    values
                        .text(row)?
                        .map_or_else(String::new, |text| clean(&text)),
                );
            }
        }
    }
    Ok(write_columns(&columns, out)?)
}

/// What EXPLAIN answers with.
fn is_plan(schema: &SchemaRef) -> bool {
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    names == ["plan_type", "plan"]
}

/// A plan is a tree of lines, which a cell can't show.
fn write_plan(batches: &[RecordBatch], out: &mut impl Write) -> Result<(), OutputError> {
    for batch in batches {
        for row in 0..batch.num_rows() {
            let kind = array_value_to_string(batch.column(0), row)?;
            let plan = array_value_to_string(batch.column(1), row)?;
            writeln!(out, "{kind}\n{plan}")?;
        }
    }
    Ok(())
}

/// A column: its name, then its cells.
pub(crate) struct Column {
    pub(crate) numeric: bool,
    pub(crate) cells: Vec<String>,
}

/// Writes columns of one length, with a rule below the names.
pub(crate) fn write_columns(columns: &[Column], out: &mut impl Write) -> io::Result<()> {
    let widths: Vec<usize> = columns
        .iter()
        .map(|column| {
            column
                .cells
                .iter()
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let lines = columns.first().map_or(0, |column| column.cells.len());
    for line in 0..lines {
        let cells = columns.iter().zip(&widths).map(|(column, width)| {
            let cell = &column.cells[line];
            let blank = " ".repeat(width - cell.width());
            if column.numeric {
                format!("{blank}{cell}")
            } else {
                format!("{cell}{blank}")
            }
        });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join(GAP).trim_end())?;
        if line == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            writeln!(out, "{}", rules.join(GAP))?;
        }
    }
    match lines {
        0 | 1 => writeln!(out, "no rows: nothing in the lake matches"),
        _ => Ok(()),
    }
}

/// The text on one line and within [`MAX_WIDTH`]. What a visitor sent can hold anything, so that nothing in it
/// moves the terminal's cursor or colours it.
fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    let mut width = 0;
    for character in text.chars() {
        let shown = match character {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            character if character.width().unwrap_or(0) == 0 && !is_joined(character) => {
                format!("\\u{{{:x}}}", u32::from(character))
            }
            character => character.to_string(),
        };
        width += shown.width();
        if width > MAX_WIDTH {
            while cleaned.width() >= MAX_WIDTH {
                cleaned.pop();
            }
            cleaned.push('…');
            break;
        }
        cleaned.push_str(&shown);
    }
    cleaned
}

/// Marks without a width of their own that belong to the letter or the emoji before them.
fn is_joined(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}'
    )
}
