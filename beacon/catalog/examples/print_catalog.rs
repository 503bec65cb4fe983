//! Prints the DDL of the table `hits`, then the options and values of each named query.
//!
//! `cargo run -p beacon-catalog --example print_catalog`

#![expect(clippy::print_stdout, reason = "an example shows its results")]

use beacon_catalog::{
    Ddl, Partitions, Question, RangeError, Scope, TableFormat, TimeRange, create_table,
};
use beacon_core::Schema;

/// 2026-11-21 05:30 UTC.
const NOW_MS: u64 = 1_795_239_000_000;

fn main() -> Result<(), RangeError> {
    let ddl = create_table(
        &Schema::builtin(),
        &Ddl {
            location: "s3://my-bucket/hits/",
            format: TableFormat::Parquet,
            partitions: Partitions::Projection {
                first_year: 2026,
                last_year: 2035,
            },
        },
    );
    println!("{ddl}");

    let november = TimeRange::parse(Some("2026-11-01"), Some("2026-11-30"), NOW_MS)?;
    let scope = Scope {
        site: "blog.example".to_owned(),
        ..Scope::new(november)
    };
    for question in Question::all() {
        println!("{}: {}", question.name, question.question);
        println!("  takes {}", question.options().join(", "));
        println!("  binds {}", question.bind(&scope).join(", "));
    }
    Ok(())
}
