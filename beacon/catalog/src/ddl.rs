//! `CREATE EXTERNAL TABLE`, for those who use no template: Athena's DDL, which is Hive's.

use beacon_core::schema::{PARTITIONS, Schema, TABLE};

use crate::hive::{comment, hive_type};
use crate::projection;
use crate::table_format::TableFormat;

/// What a table is made of beside its columns.
#[derive(Clone, Copy, Debug)]
pub struct Ddl<'a> {
    /// Where the files are; ends with `/`.
    pub location: &'a str,
    /// Their format.
    pub format: TableFormat,
    /// How their partitions are found.
    pub partitions: Partitions,
}

/// The way in which Athena finds the partitions of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitions {
    /// It works them out: those of these years exist, whether they hold files or not.
    Projection {
        /// The first year.
        first_year: u16,
        /// The last year.
        last_year: u16,
    },
    /// It looks them up: a crawler or `ALTER TABLE … ADD PARTITION` registers them.
    Registered,
}

/// `CREATE EXTERNAL TABLE` for Athena.
pub fn create_table(schema: &Schema, ddl: &Ddl<'_>) -> String {
    let columns = schema.columns().map(|column| {
        format!(
            // Hive has reserved words that Trino has not, and takes no plain name that begins with _.
            "  `{}` {} COMMENT {}",
            column.name,
            hive_type(column.ty),
            quoted(&comment(&column))
        )
    });
    let partition_keys = PARTITIONS.map(|name| format!("`{name}` int")).join(", ");
    format!(
        "CREATE EXTERNAL TABLE IF NOT EXISTS {TABLE} (\n{}\n)\nPARTITIONED BY ({partition_keys})\n{}\n\
         LOCATION {}\nTBLPROPERTIES {}\n",
        columns.collect::<Vec<_>>().join(",\n"),
        stored_as(ddl.format),
        quoted(ddl.location),
        properties(&table_properties(ddl)),
    )
}

fn stored_as(format: TableFormat) -> String {
    let mut serde = Vec::new();
    for (name, value) in format.serde_parameters() {
        serde.push(((*name).to_owned(), (*value).to_owned()));
    }
    format!(
        "ROW FORMAT SERDE {}\nWITH SERDEPROPERTIES {}\nSTORED AS INPUTFORMAT {}\nOUTPUTFORMAT {}",
        quoted(format.serde()),
        properties(&serde),
        quoted(format.input_format()),
        quoted(format.output_format()),
    )
}

fn table_properties(ddl: &Ddl<'_>) -> Vec<(String, String)> {
    let mut properties = vec![("classification".to_owned(), ddl.format.name().to_owned())];
    if let Partitions::Projection {
        first_year,
        last_year,
    } = ddl.partitions
    {
        properties.extend(projection::properties(
            &format!("{first_year},{last_year}"),
            ddl.location,
            |name| format!("${{{name}}}"),
        ));
    }
    properties
}

fn properties(properties: &[(String, String)]) -> String {
    let lines: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("  {} = {}", quoted(name), quoted(value)))
        .collect();
    format!("(\n{}\n)", lines.join(",\n"))
}

/// A text of Hive, which escapes as C does: it would read a doubled quote as two texts beside each other.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
