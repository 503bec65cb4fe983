//! What other systems know of the table, written from the schema: the template of the catalogue, Glue's table,
//! Athena's DDL, the README's fields.
//!
//! Suggested reading order: `format`, `projection` → `glue`, `ddl` → `sql` → `view`, `question` → `template`.

mod ddl;
mod format;
mod glue;
mod projection;
mod question;
mod sql;
mod template;
mod view;

pub use ddl::{Ddl, Partitions};
pub use format::Format;
pub use template::{CatalogError, SqlFile};

use crate::schema::{ColumnRef, PARTITIONS, Schema, TABLE};

/// The longest comment of a column in Glue, in characters.
const MAX_COMMENT: usize = 255;

impl Schema {
    /// The table of fields for the README.
    pub fn markdown(&self) -> String {
        let mut table = String::from("| field | type | meaning |\n|---|---|---|\n");
        for column in self.columns() {
            let null = if column.nullable { ", null" } else { "" };
            table.push_str(&format!(
                "| `{}` | {}{null} | {} |\n",
                column.name,
                column.ty.hive_name(),
                column.meaning
            ));
        }
        table.push_str(&format!(
            "| {} | int | The UTC hour of arrival: in the path of a file, not in the file |\n",
            PARTITIONS.map(|name| format!("`{name}`")).join(", ")
        ));
        table
    }
}

/// A question for a stack whose table has another name, as that stack's own named query has it.
///
/// ```
/// # use beacon_core::catalog::with_table;
/// let sql = "SELECT count(*) AS hits FROM hits";
/// assert_eq!(with_table(sql, "tp_hits"), "SELECT count(*) AS hits FROM \"tp_hits\"");
/// ```
pub fn with_table(sql: &str, table: &str) -> String {
    let sql = sql.trim_end();
    sql::renamed(sql, |word| (word == TABLE).then(|| format!("\"{table}\"")))
}

fn comment(column: &ColumnRef<'_>) -> String {
    column
        .meaning
        .chars()
        .filter(|letter| *letter != '`')
        .take(MAX_COMMENT)
        .collect()
}
