//! A list for people: columns that are as wide as their longest value.

use std::fmt;

use beacon_core::time::format_timestamp;
use console::measure_text_width;

/// Rows below the names of their columns.
pub(crate) struct TextTable {
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Returns a table without rows.
    pub(crate) fn new<const COLUMNS: usize>(names: [&str; COLUMNS]) -> TextTable {
        TextTable {
            rows: vec![names.map(str::to_owned).to_vec()],
        }
    }

    /// Appends a row with a value for each column.
    pub(crate) fn push<const COLUMNS: usize>(&mut self, row: [String; COLUMNS]) {
        self.rows.push(row.to_vec());
    }
}

impl fmt::Display for TextTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width_of = |column: usize| {
            let widths = self.rows.iter().map(|row| measure_text_width(&row[column]));
            widths.max().unwrap_or_default()
        };
        for row in &self.rows {
            let mut line = String::new();
            for (column, value) in row.iter().enumerate() {
                let padding = width_of(column) - measure_text_width(value);
                line.push_str(value);
                line.extend(std::iter::repeat_n(' ', padding + 2));
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Returns the day of a moment, in UTC.
pub(crate) fn day(ms: u64) -> String {
    format_timestamp(ms)[..10].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_longest_value() {
        let mut table = TextTable::new(["id", "name", "made"]);
        table.push(["1", "Für Ada", "2026-11-21"].map(str::to_owned));
        table.push(["234", "B", "2026-11-22"].map(str::to_owned));
        assert_eq!(
            table.to_string(),
            "id   name     made\n1    Für Ada  2026-11-21\n234  B        2026-11-22\n"
        );
    }
}
