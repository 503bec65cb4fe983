//! What other systems know of the table, written from the schema: Glue's table, Athena's DDL, the README's fields.

use std::collections::BTreeMap;

use serde::Serialize;

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
        let columns = self.columns().map(|column| GlueColumn {
            name: column.name,
            ty: column.ty.hive_name(),
            comment: comment(&column),
        });
        let partition_keys = PARTITIONS.map(|name| GlueColumn {
            name,
            ty: "int",
            comment: format!("UTC {name} of arrival"),
        });
        let table = GlueTable {
            name: TABLE,
            description: "One row a hit; hit_id makes repeated deliveries count once",
            table_type: "EXTERNAL_TABLE",
            parameters: BTreeMap::from([("EXTERNAL", "TRUE"), ("classification", "parquet")]),
            partition_keys: partition_keys.into(),
            storage_descriptor: GlueStorage {
                columns: columns.collect(),
                location: LOCATION_TO_FILL_IN,
                input_format: INPUT_FORMAT,
                output_format: OUTPUT_FORMAT,
                serde_info: GlueSerde {
                    serialization_library: SERDE,
                    parameters: BTreeMap::from([("serialization.format", "1")]),
                },
            },
        };
        let json = serde_json::to_string_pretty(&table).expect("texts and maps of texts are JSON");
        json + "\n"
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

/// Glue's own names and their order, rather than a map's: a feature of another crate can change the order of maps.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GlueTable<'a> {
    name: &'a str,
    description: &'a str,
    table_type: &'a str,
    parameters: BTreeMap<&'a str, &'a str>,
    partition_keys: Vec<GlueColumn<'a>>,
    storage_descriptor: GlueStorage<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GlueColumn<'a> {
    name: &'a str,
    #[serde(rename = "Type")]
    ty: &'a str,
    comment: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GlueStorage<'a> {
    columns: Vec<GlueColumn<'a>>,
    location: &'a str,
    input_format: &'a str,
    output_format: &'a str,
    serde_info: GlueSerde<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GlueSerde<'a> {
    serialization_library: &'a str,
    parameters: BTreeMap<&'a str, &'a str>,
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
