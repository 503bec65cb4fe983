//! Writes `CREATE EXTERNAL TABLE` in Athena's DDL, for installations without the template.

use beacon_core::schema::{PARTITIONS, Schema, TABLE};

use crate::hive::{comment, hive_type};
use crate::projection;
use crate::table_format::TableFormat;

/// The properties of a table besides its columns.
#[derive(Clone, Copy, Debug)]
pub struct Ddl<'a> {
    /// The URL of the directory with the files, such as `s3://bucket/hits/`; it ends with `/`.
    pub location: &'a str,
    /// The format of the files.
    pub format: TableFormat,
    /// The way in which Athena finds the partitions.
    pub partitions: Partitions,
}

/// The way in which Athena finds the partitions of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitions {
    /// Athena computes them: every hour of these years is a partition, with or without files.
    ///
    /// See [partition projection](https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html).
    Projection {
        /// The first year. Athena finds no earlier hits, and reports no error.
        first_year: u16,
        /// The last year. Athena finds no later hits, and reports no error.
        last_year: u16,
    },
    /// Athena looks them up. A crawler or `ALTER TABLE … ADD PARTITION` registers them in the catalog.
    Registered,
}

/// Returns one `CREATE EXTERNAL TABLE` statement for Athena, with a line break but no `;` at its end.
pub fn create_table(schema: &Schema, ddl: &Ddl<'_>) -> String {
    let columns = schema.columns().map(|column| {
        format!(
            // Hive reserves more words than Trino does, and takes a name that begins with _ only in quotes.
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

/// Quotes a Hive string. Hive escapes as C does, and would read a doubled quote as two strings side by side.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
