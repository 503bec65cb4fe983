//! Writes the table as Glue's `TableInput` in JSON.

use std::collections::BTreeMap;

use beacon_core::schema::{PARTITIONS, Schema, TABLE};
use serde::Serialize;

use crate::hive::{comment, hive_type};
use crate::table_format::TableFormat;

/// The location in the generated file, in which users replace BUCKET.
const LOCATION_TO_FILL_IN: &str = "s3://BUCKET/hits/";

/// Returns Glue's [`TableInput`] as indented JSON, for Parquet.
///
/// Its location is `s3://BUCKET/hits/`, in which users replace BUCKET.
///
/// [`TableInput`]: https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
pub fn glue_table_input(schema: &Schema) -> String {
    let columns = schema.columns().map(|column| GlueColumn {
        name: column.name,
        ty: hive_type(column.ty),
        comment: comment(&column),
    });
    let partition_keys = PARTITIONS.map(|name| GlueColumn {
        name,
        ty: "int",
        comment: format!("UTC {name} of arrival"),
    });
    let format = TableFormat::Parquet;
    let table = GlueTable {
        name: TABLE,
        description: "One row per hit; hit_id makes repeated deliveries count once",
        table_type: "EXTERNAL_TABLE",
        parameters: BTreeMap::from([("EXTERNAL", "TRUE"), ("classification", format.name())]),
        partition_keys: partition_keys.into(),
        storage_descriptor: GlueStorage {
            columns: columns.collect(),
            location: LOCATION_TO_FILL_IN,
            input_format: format.input_format(),
            output_format: format.output_format(),
            serde_info: GlueSerde {
                serialization_library: format.serde(),
                parameters: format.serde_parameters().iter().copied().collect(),
            },
        },
    };
    let json = serde_json::to_string_pretty(&table)
        .expect("a struct of strings has no key or value that JSON refuses");
    json + "\n"
}

/// A struct rather than a map, so that the order of its names is fixed: `serde_json`'s `preserve_order`, which another
/// crate may turn on, changes that of maps.
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
