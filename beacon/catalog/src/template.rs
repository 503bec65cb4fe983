//! `infra/catalog.yaml`: the fixed part lies beside this file as YAML, with a line `@name` for each block that the
//! schema or the SQL files fill in.

use beacon_core::schema::{PARTITIONS, Schema};

use crate::error::CatalogError;
use crate::hive::{comment, hive_type};
use crate::sql_file::SqlFile;
use crate::stack_names::{StackNames, check_name};
use crate::table_format::TableFormat;
use crate::yaml::{block, text};
use crate::{athena_query, projection, view};

const TEMPLATE: &str = include_str!("template.yaml");

const HEAD: &str = "\
# Generated from the schema and the SQL in athena/. Not to be edited; made again, with columns of one's own, by
#   BEACON_COLUMNS=userid=params.userid beacon schema catalog > infra/catalog.yaml
# The function needs the same columns, and this stack first: the stream drops what the table has no column for.
";

/// Returns the CloudFormation template of the catalogue, with the questions and views in the order of their names.
///
/// # Errors
/// Returns a [`CatalogError`] if a file has a name that Athena does not take, or a header that says too little.
pub fn cloudformation_template(
    schema: &Schema,
    questions: &[SqlFile<'_>],
    views: &[SqlFile<'_>],
) -> Result<String, CatalogError> {
    let names = StackNames { views };
    let views = resources(views, |file| view::resource(schema, file, &names))?;
    let questions = resources(questions, |file| athena_query::resources(file, &names))?;
    let mut template = HEAD.to_owned();
    for line in TEMPLATE.lines() {
        let Some(name) = line.trim_start().strip_prefix('@') else {
            template.push_str(line);
            template.push('\n');
            continue;
        };
        let filled = match name {
            "formats" => formats(),
            "projection" => projection_properties(),
            "partition_keys" => partition_keys(),
            "serde_parameters" => serde_parameters(),
            "columns" => glue_columns(schema),
            "views" => views.clone(),
            "questions" => questions.clone(),
            _ => unreachable!("the template beside this file names no block {name}"),
        };
        template.push_str(&block(&filled, line.len() - name.len() - 1));
        template.push('\n');
    }
    Ok(template)
}

fn glue_columns(schema: &Schema) -> String {
    let columns = schema
        .columns()
        .map(|column| glue_column(column.name, hive_type(column.ty), &comment(&column)));
    columns.collect::<Vec<_>>().join("\n")
}

fn resources(
    files: &[SqlFile<'_>],
    resource: impl Fn(&SqlFile<'_>) -> Result<String, CatalogError>,
) -> Result<String, CatalogError> {
    let mut files: Vec<&SqlFile<'_>> = files.iter().collect();
    files.sort_by_key(|file| file.name);
    let mut resources = Vec::new();
    for file in files {
        check_name(file.name)?;
        resources.push(resource(file)?.trim_end().to_owned());
    }
    Ok(resources.join("\n\n"))
}

fn formats() -> String {
    let formats = TableFormat::ALL.map(|format| {
        format!(
            "{}:\n  InputFormat: {}\n  OutputFormat: {}\n  SerializationLibrary: {}",
            format.name(),
            format.input_format(),
            format.output_format(),
            format.serde()
        )
    });
    formats.join("\n")
}

/// Each format has keys of its own, which a mapping can't hold: they are chosen by condition.
fn serde_parameters() -> String {
    let choice = |format: TableFormat| {
        let parameters = format.serde_parameters().iter();
        let parameters = parameters.map(|(name, value)| format!("{name}: {}", text(value)));
        parameters.collect::<Vec<_>>().join("\n")
    };
    format!(
        "Parameters: !If\n  - Json\n  - {}\n  - !If\n    - Orc\n    - {}\n    - {}",
        block(&choice(TableFormat::Json), 4).trim_start(),
        block(&choice(TableFormat::Orc), 6).trim_start(),
        block(&choice(TableFormat::Parquet), 6).trim_start()
    )
}

fn projection_properties() -> String {
    let properties = projection::properties(
        "${FirstYear},${LastYear}",
        "s3://${Bucket}/${Prefix}",
        |name| format!("${{!{name}}}"),
    );
    let lines = properties.iter().map(|(name, value)| {
        let sub = if value.contains("${") { "!Sub " } else { "" };
        format!("{name}: {sub}{}", text(value))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn partition_keys() -> String {
    PARTITIONS
        .map(|name| glue_column(name, "int", &format!("UTC {name} of arrival")))
        .join("\n")
}

fn glue_column(name: &str, ty: &str, comment: &str) -> String {
    format!(
        "- {{ Name: {}, Type: {}, Comment: {} }}",
        text(name),
        text(ty),
        text(comment)
    )
}
