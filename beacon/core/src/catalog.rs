//! What other systems know of the table, written from the schema: Glue's table, Athena's DDL, the README's fields.

use serde_json::{Value, json};

use crate::schema::{ColumnRef, PARTITIONS, Schema, TABLE};

const INPUT_FORMAT: &str = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
const OUTPUT_FORMAT: &str = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
const SERDE: &str = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

/// Where a reader of the generated files puts the bucket.
const LOCATION_TO_FILL_IN: &str = "s3://BUCKET/hits/";

/// The longest comment of a column in Glue, in characters.
const MAX_COMMENT: usize = 255;

impl Schema {
    /// `CREATE EXTERNAL TABLE` for Athena; `location` ends with `/`.
    pub fn ddl(&self, location: &str) -> String {
        let mut ddl = format!("CREATE EXTERNAL TABLE IF NOT EXISTS {TABLE} (\n");
        let columns = self.columns().map(|column| {
            format!(
                "  {} {} COMMENT '{}'",
                column.name,
                column.ty.hive_name(),
                quoted(&comment(&column))
            )
        });
        ddl.push_str(&columns.collect::<Vec<_>>().join(",\n"));
        let partitions = PARTITIONS.map(|name| format!("{name} int")).join(", ");
        ddl.push_str(&format!(
            "\n)\nPARTITIONED BY ({partitions})\nSTORED AS PARQUET\nLOCATION '{}'\n\
             TBLPROPERTIES ('classification' = 'parquet')\n",
            quoted(location)
        ));
        ddl
    }

    /// Glue's `TableInput` as indented JSON, for Parquet, with a location to be filled in.
    pub fn glue(&self) -> String {
        let columns: Vec<Value> = self
            .columns()
            .map(|column| json!({ "Name": column.name, "Type": column.ty.hive_name(), "Comment": comment(&column) }))
            .collect();
        let partitions: Vec<Value> = PARTITIONS
            .iter()
            .map(|name| json!({ "Name": name, "Type": "int", "Comment": format!("UTC {name} of arrival") }))
            .collect();
        let table = json!({
            "Name": TABLE,
            "Description": "One row a hit; hit_id makes repeated deliveries count once",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": { "EXTERNAL": "TRUE", "classification": "parquet" },
            "PartitionKeys": partitions,
            "StorageDescriptor": {
                "Columns": columns,
                "Location": LOCATION_TO_FILL_IN,
                "InputFormat": INPUT_FORMAT,
                "OutputFormat": OUTPUT_FORMAT,
                "SerdeInfo": {
                    "SerializationLibrary": SERDE,
                    "Parameters": { "serialization.format": "1" },
                },
            },
        });
        format!("{table:#}\n")
    }

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

fn comment(column: &ColumnRef<'_>) -> String {
    column
        .meaning
        .chars()
        .filter(|letter| *letter != '`')
        .take(MAX_COMMENT)
        .collect()
}

fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}
