//! `beacon schema`: the table, and what is made around it on AWS, in the forms that other programs read.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use beacon_catalog::{
    Ddl, Partitions, QUERIES, TableFormat, VIEWS, cloudformation_template, create_table,
    fields_markdown, glue_table_input,
};
use beacon_core::schema::Schema;
use beacon_lake::arrow_schema;
use clap::ValueEnum;

use crate::environment;

/// Print the table's schema for CloudFormation, Athena, Glue or Arrow, with the columns of BEACON_COLUMNS
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  BEACON_COLUMNS=userid=params.userid beacon schema catalog > infra/catalog.yaml
                                     the catalog template with a custom column, to deploy
  beacon schema ddl --location s3://my-bucket/hits/
                                     CREATE TABLE for Athena
  beacon schema ddl --format json --partitions registered
                                     the same for JSON files and a crawler's partitions
  beacon schema markdown             the fields and their meaning")]
pub struct SchemaArgs {
    /// Output form
    form: Form,

    /// Location of the table's files, for ddl
    #[arg(long, value_name = "URL", default_value = "s3://BUCKET/hits/", value_parser = location)]
    location: String,

    /// Format of the files, for ddl
    #[arg(long, value_enum, default_value_t = FormatArg::Parquet)]
    format: FormatArg,

    /// Way in which Athena finds the partitions, for ddl
    #[arg(long, value_enum, default_value_t = PartitionsArg::Projection)]
    partitions: PartitionsArg,

    /// First year of the partition projection, for ddl
    #[arg(long, value_name = "YEAR", default_value_t = 2026, value_parser = year())]
    first_year: u16,

    /// Last year of the partition projection, for ddl
    #[arg(long, value_name = "YEAR", default_value_t = 2035, value_parser = year())]
    last_year: u16,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// CloudFormation template: Glue database, table, views, crawler, Athena workgroup, questions
    Catalog,
    /// CREATE TABLE in the dialect of Athena and Hive
    Ddl,
    /// TableInput of AWS Glue, JSON
    Glue,
    /// Columns of the lake's files, one per line
    Arrow,
    /// Table of the fields with their meanings
    Markdown,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    /// The stream's default format
    Parquet,
    /// ORC, whose columns are read by name
    Orc,
    /// One JSON object per line, with or without gzip
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PartitionsArg {
    /// Athena computes them, from --first-year to --last-year
    Projection,
    /// A crawler or ALTER TABLE registers them
    Registered,
}

impl SchemaArgs {
    /// Prints the schema.
    ///
    /// # Errors
    /// Returns an error if a setting or an argument is invalid, or if the output can't be written.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let schema = environment::settings()?.schema();
        let text = match self.form {
            Form::Catalog => cloudformation_template(&schema, &QUERIES, &VIEWS)?,
            Form::Ddl => create_table(&schema, &self.ddl()?),
            Form::Glue => glue_table_input(&schema),
            Form::Arrow => arrow_text(&schema)?,
            Form::Markdown => fields_markdown(&schema),
        };
        writeln!(std::io::stdout(), "{}", text.trim_end()).context("cannot write the schema")?;
        Ok(ExitCode::SUCCESS)
    }

    fn ddl(&self) -> anyhow::Result<Ddl<'_>> {
        let (first_year, last_year) = (self.first_year, self.last_year);
        anyhow::ensure!(
            first_year <= last_year,
            "--first-year {first_year} is after --last-year {last_year}"
        );
        Ok(Ddl {
            location: &self.location,
            format: match self.format {
                FormatArg::Parquet => TableFormat::Parquet,
                FormatArg::Orc => TableFormat::Orc,
                FormatArg::Json => TableFormat::Json,
            },
            partitions: match self.partitions {
                PartitionsArg::Projection => Partitions::Projection {
                    first_year,
                    last_year,
                },
                PartitionsArg::Registered => Partitions::Registered,
            },
        })
    }
}

/// Checks for the `/` at the end: Athena puts the partition's directory right after this, and would find no file.
fn location(url: &str) -> Result<String, String> {
    if url.ends_with('/') {
        return Ok(url.to_owned());
    }
    Err(format!("a location ends with /: write {url}/"))
}

/// Reads a year of projection, with four digits as in the directories.
fn year() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1000..=9999)
}

fn arrow_text(schema: &Schema) -> anyhow::Result<String> {
    let mut text = String::new();
    // Every column may be missing from a file, so none says "not null".
    for field in arrow_schema(schema).fields() {
        writeln!(text, "{}: {}", field.name(), field.data_type())?;
    }
    Ok(text)
}
