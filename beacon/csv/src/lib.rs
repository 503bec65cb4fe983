//! Writes query results as CSV (RFC 4180), safe to open in a spreadsheet.
//!
//! The `csv` crate chooses a style of quotes for a whole file, so it can't write NULL as nothing beside an empty string
//! as `""`. The few lines that write fields are therefore ours; the tests read them with that crate.
//!
//! **Invariant:** a cell that a visitor can choose never begins like a formula. A caller can only say that a cell is
//! [plain](CsvText::plain), which is for values that the engine formats.

use std::borrow::Cow;
use std::fmt::{Display, Write};

/// The characters that begin a formula in a spreadsheet.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The characters that make quotes necessary.
const QUOTED: [char; 4] = [',', '"', '\r', '\n'];

/// Collects rows as CSV, cell by cell, until the text is taken.
///
/// # Examples
/// ```
/// let mut csv = beacon_csv::CsvText::default();
/// csv.text("=HYPERLINK(A1)");
/// csv.text("");
/// csv.null();
/// csv.plain(-2);
/// csv.end_row();
/// assert_eq!(csv.take(), "'=HYPERLINK(A1),\"\",,-2\r\n");
/// ```
#[derive(Debug, Default)]
pub struct CsvText {
    text: String,
    is_in_row: bool,
}

impl CsvText {
    /// Appends NULL, which is an empty field.
    pub fn null(&mut self) {
        self.separate();
    }

    /// Appends a string: with a `'` before it if it begins like a formula, and in quotes if it needs them.
    ///
    /// Quotes also go around an empty string, which would be NULL, and around spaces at its ends, which some readers
    /// drop.
    pub fn text(&mut self, value: &str) {
        self.separate();
        let safe = match value.starts_with(FORMULA) {
            true => Cow::Owned(format!("'{value}")),
            false => Cow::Borrowed(value),
        };
        let is_plain = !safe.is_empty() && !safe.contains(QUOTED) && safe.trim() == safe;
        if is_plain {
            self.text.push_str(&safe);
            return;
        }
        self.text.push('"');
        self.text.push_str(&safe.replace('"', "\"\""));
        self.text.push('"');
    }

    /// Appends a number, boolean, date or timestamp as it is.
    ///
    /// Never pass a string that somebody else chose: it is neither quoted nor made safe.
    pub fn plain(&mut self, value: impl Display) {
        self.separate();
        write!(self.text, "{value}").expect("a String takes what is written to it");
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.text.push_str("\r\n");
        self.is_in_row = false;
    }

    /// Returns the text so far, and begins anew.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    fn separate(&mut self) {
        if self.is_in_row {
            self.text.push(',');
        }
        self.is_in_row = true;
    }
}

#[cfg(test)]
mod tests;
