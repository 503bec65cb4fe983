//! Prints a header and a row whose page a visitor chose.

use std::io::{self, Write};

use beacon_csv::CsvText;

fn main() -> io::Result<()> {
    let mut csv = CsvText::default();
    csv.text("page");
    csv.text("views");
    csv.end_row();
    csv.text("=1+1");
    csv.plain(-2);
    csv.end_row();
    io::stdout().write_all(csv.take().as_bytes())
}
