//! `beacon schema`: the table's columns in the forms that other programs read.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use beacon_core::schema::Schema;
use beacon_lake::arrow_schema;
use clap::ValueEnum;

use crate::config;

/// Print the table's columns, with those of BEACON_COLUMNS, as SQL, for Glue, Arrow or a page
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  beacon schema ddl --location s3://my-bucket/hits/    CREATE TABLE for Athena
  BEACON_COLUMNS=userid=params.userid beacon schema glue > table.json
  beacon schema markdown                               the fields and what they mean")]
pub struct SchemaArgs {
    /// What to print
    form: Form,

    /// Where the files of the table are, for ddl
    #[arg(long, value_name = "URL", default_value = "s3://BUCKET/hits/")]
    location: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// CREATE TABLE in the dialect of Athena and Hive
    Ddl,
    /// TableInput of AWS Glue, JSON
    Glue,
    /// Columns of the lake's files, one a line
    Arrow,
    /// Table of the fields with their meanings
    Markdown,
}

impl SchemaArgs {
    /// Prints the schema.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let schema = config::settings()?.columns();
        let text = match self.form {
            Form::Ddl => schema.ddl(&self.location),
            Form::Glue => schema.glue(),
            Form::Arrow => arrow_text(&schema)?,
            Form::Markdown => schema.markdown(),
        };
        writeln!(std::io::stdout(), "{}", text.trim_end()).context("cannot write the schema")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn arrow_text(schema: &Schema) -> anyhow::Result<String> {
    let mut text = String::new();
    // Every column may be missing from a file, so none says "not null".
    for field in arrow_schema(schema).fields() {
        writeln!(text, "{}: {}", field.name(), field.data_type())?;
    }
    Ok(text)
}
