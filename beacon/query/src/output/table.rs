//! A table for people: columns under their names, numbers on the right, long strings cut.
//!
//! It is ours although comfy-table is in the tree through arrow. Tried with 7.2, that one passes control characters on
//! to the terminal, breaks a cell with a newline into two lines, draws one rule below all columns rather than one below
//! each, ends lines with blanks, and doesn't say its width before it is printed, on which the choice of lines depends.
//! The escaping, the cutting and the widths would stay here.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::display::array_value_to_string;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::cell_text::{CellText, json_options};
use super::error::OutputError;

/// The widest a cell gets, in columns of a terminal.
const MAX_WIDTH: usize = 60;

/// How the absence of a value is shown: a blank looked like a mistake of the table.
pub(super) const NULL: &str = "NULL";

/// What stands in the place of rows.
pub(super) const NO_ROWS: &str = "no rows: nothing in the lake matches";

/// Between two columns.
const GAP: &str = "  ";

/// False where there are rows and the table is wider than `width`: then nothing is written.
pub(super) fn write(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    width: usize,
    out: &mut impl Write,
) -> Result<bool, OutputError> {
    if is_plan(schema) {
        write_plan(batches, out)?;
        return Ok(true);
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
            let mut values = CellText::new(field, values, &options)?;
            for row in 0..batch.num_rows() {
                column.cells.push(
                    values
                        .text(row)?
                        .map_or_else(|| NULL.to_owned(), |text| clean(&text)),
                );
            }
        }
    }
    let has_rows = batches.iter().any(|batch| batch.num_rows() > 0);
    if has_rows && full_width(&columns) > width {
        return Ok(false);
    }
    write_columns(&columns, out)?;
    Ok(true)
}

fn full_width(columns: &[Column]) -> usize {
    let gaps = GAP.width() * columns.len().saturating_sub(1);
    columns.iter().map(Column::width).sum::<usize>() + gaps
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
pub struct Column {
    /// Whether its cells stand on the right.
    pub numeric: bool,
    /// Its name, then a text for each row.
    pub cells: Vec<String>,
}

impl Column {
    fn width(&self) -> usize {
        let widths = self.cells.iter().map(|cell| cell.width());
        widths.max().unwrap_or(0)
    }
}

/// Writes columns of one length, with a rule below the names.
///
/// # Errors
/// Returns an error if `out` can't be written.
pub fn write_columns(columns: &[Column], out: &mut impl Write) -> io::Result<()> {
    let widths: Vec<usize> = columns.iter().map(Column::width).collect();
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
        0 | 1 => writeln!(out, "{NO_ROWS}"),
        _ => Ok(()),
    }
}

/// The text on one line. What a visitor sent can hold anything, so that nothing in it moves the terminal's cursor or
/// colours it.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn shown(character: char) -> String {
    match character {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        character if character.width().unwrap_or(0) == 0 && !is_joined(character) => {
            format!("\\u{{{:x}}}", u32::from(character))
        }
        character => character.to_string(),
    }
}

/// The same within [`MAX_WIDTH`].
fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    let mut width = 0;
    for character in text.chars() {
        let shown = shown(character);
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
