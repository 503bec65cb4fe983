//! The table, the views and the prepared statements of a stack, against those of this version.

use std::collections::BTreeMap;

use beacon_aws::service_call::{CallError, ServiceCaller};
use beacon_catalog::{QUERIES, SqlFile, VIEWS, hive_type, view_columns};
use beacon_core::schema::{PARTITIONS, Schema};
use beacon_core::time::Hour;
use serde::Deserialize;
use serde_json::json;

use super::super::finding::Findings;
use super::description::Description;

const TABLE: &str = "table";
const STATEMENTS: &str = "named queries";

/// The number of statements that one call lists: the most that Athena allows.
const MAX_STATEMENTS: usize = 50;

/// The table's parameter with the years that Athena looks for, as `2026,2035`.
const YEARS: &str = "projection.year.range";

#[derive(Deserialize)]
struct GetTableOutput {
    #[serde(rename = "Table")]
    table: GlueTable,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GlueTable {
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    storage_descriptor: Storage,
}

#[derive(Deserialize)]
struct Storage {
    #[serde(rename = "Columns", default)]
    columns: Vec<GlueColumn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GlueColumn {
    name: String,
    #[serde(default)]
    r#type: String,
}

#[derive(Deserialize)]
struct ListPreparedStatementsOutput {
    #[serde(rename = "PreparedStatements", default)]
    statements: Vec<Statement>,
    #[serde(rename = "NextToken")]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    statement_name: String,
}

/// Looks at what the stack has in the Glue Data Catalog and in Athena.
pub(super) async fn check(
    caller: &ServiceCaller,
    stack: &Description,
    now_ms: u64,
    findings: &mut Findings,
) {
    let schema = match stack.schema() {
        Ok(schema) => schema,
        Err(error) => {
            findings.problem(
                "parameters",
                format!("this version refuses the stack's parameters: {error}"),
            );
            Schema::builtin()
        }
    };
    if let (Some(database), Some(table)) = (stack.output("DatabaseName"), stack.output("TableName"))
    {
        check_table(caller, (database, table), &schema, now_ms, findings).await;
        for view in &VIEWS {
            check_view(caller, (database, view), (stack, &schema), now_ms, findings).await;
        }
    }
    if let Some(work_group) = stack.output("WorkGroupName") {
        check_statements(caller, work_group, now_ms, findings).await;
    }
}

async fn check_view(
    caller: &ServiceCaller,
    (database, file): (&str, &SqlFile<'_>),
    (stack, schema): (&Description, &Schema),
    now_ms: u64,
    findings: &mut Findings,
) {
    let name = stack.table_name(file.name);
    let view = match get_table(caller, database, &name, now_ms).await {
        Ok(view) => view,
        Err(error) => {
            return findings.problem(
                "view",
                format!("{database}.{name}: {error}; deploy the stack again"),
            );
        }
    };
    let columns = view_columns(schema, file)
        .expect("VIEWS is constant, and a test of the catalog reads the header of each");
    let expected: Vec<(&str, &str)> = columns
        .iter()
        .map(|column| (column.name.as_str(), column.hive))
        .collect();
    let found = differences(&view.storage_descriptor.columns, &expected);
    if !found.missing.is_empty() {
        return findings.problem(
            "view",
            format!(
                "{database}.{name} has no column {}: deploy this version",
                found.missing.join(", ")
            ),
        );
    }
    report("view", &format!("{database}.{name}"), found, findings);
}

async fn check_table(
    caller: &ServiceCaller,
    (database, name): (&str, &str),
    schema: &Schema,
    now_ms: u64,
    findings: &mut Findings,
) {
    let table = match get_table(caller, database, name, now_ms).await {
        Ok(table) => table,
        Err(error) => {
            return findings.problem(
                TABLE,
                format!(
                    "{database}.{name}: {error}; without it the stream can't write: deploy the stack again"
                ),
            );
        }
    };
    let columns = &table.storage_descriptor.columns;
    report(
        TABLE,
        &format!("{database}.{name}"),
        differences(columns, &table_columns(schema)),
        findings,
    );
    if let Some(years) = table.parameters.get(YEARS) {
        let year = Hour::from_ms(now_ms).year();
        let range = years
            .split_once(',')
            .and_then(|(first, last)| Some(first.trim().parse().ok()?..=last.trim().parse().ok()?));
        match range {
            Some(range) if range.contains(&year) => {
                findings.ok("years", format!("Athena looks for hits of {years}"));
            }
            _ => findings.problem(
                "years",
                format!(
                    "Athena looks for hits of the years {years}, and not of {year}: deploy with other FirstYear and LastYear"
                ),
            ),
        }
    }
}

async fn get_table(
    caller: &ServiceCaller,
    database: &str,
    name: &str,
    now_ms: u64,
) -> Result<GlueTable, CallError> {
    let input = json!({ "DatabaseName": database, "Name": name }).to_string();
    let output: GetTableOutput = caller
        .json("glue", "AWSGlue.GetTable", input, now_ms)
        .await?;
    Ok(output.table)
}

/// The differences between the columns of a table and those that the function writes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Differences {
    missing: Vec<String>,
    other_type: Vec<String>,
    further: Vec<String>,
}

/// Returns the names and types of the table's columns.
fn table_columns(schema: &Schema) -> Vec<(&str, &'static str)> {
    let columns = schema.columns();
    columns
        .map(|column| (column.name, hive_type(column.ty)))
        .collect()
}

/// Compares columns with the names and types that are expected. Columns of the partition don't count.
fn differences(columns: &[GlueColumn], expected: &[(&str, &str)]) -> Differences {
    let is_partition = |name: &str| PARTITIONS.contains(&name);
    let mut found = Differences::default();
    for &(name, expected) in expected {
        if is_partition(name) {
            continue;
        }
        let Some(glue) = columns.iter().find(|glue| glue.name == name) else {
            found.missing.push(name.to_owned());
            continue;
        };
        // A view has Athena's names of types in a text of its own, and Hive's here.
        if glue.r#type.replace(' ', "").to_lowercase() != expected.replace(' ', "") {
            found
                .other_type
                .push(format!("{name} is {} instead of {expected}", glue.r#type));
        }
    }
    for glue in columns {
        let is_known = expected.iter().any(|(name, _)| *name == glue.name);
        if !is_known && !is_partition(&glue.name) {
            found.further.push(glue.name.clone());
        }
    }
    found
}

fn report(subject: &str, name: &str, found: Differences, findings: &mut Findings) {
    if !found.missing.is_empty() {
        findings.problem(
            subject,
            format!(
                "{name} has no column {}, whose values are dropped without an error: see \"A new column\" in \
                 docs/runbook.md, or deploy this version",
                found.missing.join(", ")
            ),
        );
    } else if !found.other_type.is_empty() {
        findings.problem(
            subject,
            format!(
                "{name}: {}; files and queries no longer match: deploy this version",
                found.other_type.join(", ")
            ),
        );
    } else if !found.further.is_empty() {
        findings.warning(
            subject,
            format!(
                "{name} has a column {} that nothing fills: a newer version deployed it (upgrade this program), or \
                 Columns had it before",
                found.further.join(", ")
            ),
        );
    } else {
        findings.ok(subject, format!("{name} has the columns of this version"));
    }
}

/// Returns the prepared statements of a workgroup, page after page: users may have added theirs.
async fn list_statements(
    caller: &ServiceCaller,
    work_group: &str,
    now_ms: u64,
) -> Result<Vec<Statement>, CallError> {
    let mut statements = Vec::new();
    let mut input = json!({ "WorkGroup": work_group, "MaxResults": MAX_STATEMENTS });
    loop {
        let target = "AmazonAthena.ListPreparedStatements";
        let page: ListPreparedStatementsOutput = caller
            .json("athena", target, input.to_string(), now_ms)
            .await?;
        statements.extend(page.statements);
        match page.next_token {
            Some(token) => input["NextToken"] = json!(token),
            None => return Ok(statements),
        }
    }
}

async fn check_statements(
    caller: &ServiceCaller,
    work_group: &str,
    now_ms: u64,
    findings: &mut Findings,
) {
    let statements = match list_statements(caller, work_group, now_ms).await {
        Ok(statements) => statements,
        Err(error) => {
            return findings.problem(
                STATEMENTS,
                format!("the named queries of the workgroup {work_group} can't be listed: {error}"),
            );
        }
    };
    let missing: Vec<&str> = QUERIES
        .iter()
        .map(|query| query.name)
        .filter(|name| {
            !statements
                .iter()
                .any(|statement| statement.statement_name == *name)
        })
        .collect();
    match missing.is_empty() {
        true => findings.ok(
            STATEMENTS,
            format!("all {} are in the workgroup {work_group}", QUERIES.len()),
        ),
        false => findings.problem(
            STATEMENTS,
            format!(
                "the workgroup {work_group} has no {}: deploy this version",
                missing.join(", ")
            ),
        ),
    }
}
