//! Writes the resources of a named query: one for Athena's console, and a prepared statement for programs.

use crate::error::{CatalogError, required_header};
use crate::sql_file::SqlFile;
use crate::sql_text;
use crate::stack_names::{StackNames, logical_id};
use crate::visited_hits;
use crate::yaml::{literal, text};

/// The longest description that Athena takes, in characters.
/// <https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html>
const MAX_DESCRIPTION: usize = 1024;

/// Returns the resources of one named query, as YAML.
pub(crate) fn resources(
    file: &SqlFile<'_>,
    names: &StackNames<'_>,
) -> Result<String, CatalogError> {
    let sql = visited_hits::composed(file)?;
    let file = &SqlFile {
        name: file.name,
        sql: &sql,
    };
    let description = description(file)?;
    // A prepared statement belongs to no database, so it names its own: its caller may have selected any.
    let statement = sql_text::with_tables(&sql_text::bare(file.sql), |word| {
        Some(format!("\"${{Database}}\".\"{}\"", names.table(word)?))
    });
    let query = sql_text::with_tables(file.sql.trim_end(), |word| {
        Some(format!("\"{}\"", names.table(word)?))
    });
    Ok(format!(
        "{id}Query:
  Type: AWS::Athena::NamedQuery
  Properties:
    Name: {name}
    Description: {description}
    Database: !Ref GlueDatabase
    WorkGroup: !Ref WorkGroup
    QueryString: !Sub {query}

{id}Statement:
  Type: AWS::Athena::PreparedStatement
  Properties:
    StatementName: {name}
    Description: {description}
    WorkGroup: !Ref WorkGroup
    QueryStatement: !Sub {statement}
",
        id = logical_id(file.name),
        name = file.name,
        description = text(&description),
        query = literal(&query, 6),
        statement = literal(&statement, 6),
    ))
}

/// Returns the description, such as `How many views did each day have? Parameters: hour_from, hour_to`.
fn description(file: &SqlFile<'_>) -> Result<String, CatalogError> {
    let description = format!(
        "{} Parameters: {}",
        required_header(file, "question")?,
        required_header(file, "parameters")?
    );
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(CatalogError::Description {
            name: file.name.to_owned(),
            most: MAX_DESCRIPTION,
        });
    }
    Ok(description)
}
