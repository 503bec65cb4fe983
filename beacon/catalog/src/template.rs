//! Writes `infra/catalog.yaml`. The fixed part is `template.yaml` beside this file, with a line `@name` for each block
//! that the schema or the SQL files fill in.

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
# Generated from the schema and the SQL in athena/. Don't edit; generate it, with custom columns, by
#   BEACON_COLUMNS=userid=params.userid beacon schema catalog > infra/catalog.yaml
# Deploy this stack before the function gets the same columns: the stream drops fields that the table has no column for.
";

/// Returns the CloudFormation template of the catalog as YAML.
///
/// Queries and views are in the order of their names. The stack has the Glue database, table, views and crawler, and
/// the Athena workgroup with the named queries. A nested template may have at most 1 MB; this one has about 760 KB.
///
/// ```
/// use beacon_catalog::{QUERIES, VIEWS, cloudformation_template};
/// use beacon_core::Schema;
///
/// let template = cloudformation_template(&Schema::builtin(), &QUERIES, &VIEWS)?;
/// assert!(template.contains("  TotalsQuery:\n    Type: AWS::Athena::NamedQuery\n"));
/// # Ok::<(), beacon_catalog::CatalogError>(())
/// ```
///
/// # Errors
/// Returns a [`CatalogError`] if Athena doesn't take the name of a file, or if a header lacks a line or has an invalid
/// one.
pub fn cloudformation_template(
    schema: &Schema,
    queries: &[SqlFile<'_>],
    views: &[SqlFile<'_>],
) -> Result<String, CatalogError> {
    let names = StackNames { views };
    let views = resources(views, |file| view::resource(schema, file, &names))?;
    let queries = resources(queries, |file| athena_query::resources(file, &names))?;
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
            "queries" => queries.clone(),
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

/// Returns the SerDe's parameters by condition: a mapping can't hold the keys of each format.
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
