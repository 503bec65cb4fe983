//! Writes the fields of a record as a table for the documentation.

use beacon_core::schema::{PARTITIONS, Schema};

use crate::hive::hive_type;

/// Returns a Markdown table of a record's fields, with their types and meanings, and of the partitions.
pub fn fields_markdown(schema: &Schema) -> String {
    let mut table = String::from("| field | type | meaning |\n|---|---|---|\n");
    for column in schema.columns() {
        let null = if column.nullable { ", null" } else { "" };
        table.push_str(&format!(
            "| `{}` | {}{null} | {} |\n",
            column.name,
            hive_type(column.ty),
            column.meaning
        ));
    }
    table.push_str(&format!(
        "| {} | int | The UTC hour of arrival: in the path of a file, not in the file |\n",
        PARTITIONS.map(|name| format!("`{name}`")).join(", ")
    ));
    table
}
