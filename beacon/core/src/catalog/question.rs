//! The questions in Athena: a named query for the console's editor, and a prepared statement for programs.

use super::sql;
use super::template::{CatalogError, Names, SqlFile, block, logical_id, text};

/// The longest description that Athena takes, in characters.
const MAX_DESCRIPTION: usize = 1024;

/// The resources of one question.
pub(super) fn resources(file: &SqlFile<'_>, names: &Names<'_>) -> Result<String, CatalogError> {
    let description = description(file)?;
    // A prepared statement belongs to no database: whoever runs it may be in any.
    let statement = sql::with_tables(&sql::bare(file.sql), |word| {
        Some(format!("\"${{Database}}\".\"{}\"", names.of(word)?))
    });
    let query = sql::with_tables(file.sql.trim_end(), |word| {
        Some(format!("\"{}\"", names.of(word)?))
    });
    Ok(format!(
        "{id}Query:
  Type: AWS::Athena::NamedQuery
  Properties:
    Name: {name}
    Description: {description}
    Database: !Ref GlueDatabase
    WorkGroup: !Ref WorkGroup
    QueryString: !Sub |-
{query}

{id}Statement:
  Type: AWS::Athena::PreparedStatement
  Properties:
    StatementName: {name}
    Description: {description}
    WorkGroup: !Ref WorkGroup
    QueryStatement: !Sub |-
{statement}
",
        id = logical_id(file.name),
        name = file.name,
        description = text(&description),
        query = block(&query, 6),
        statement = block(&statement, 6),
    ))
}

/// `How many views did each day have? Parameters: hour_from, hour_to`.
fn description(file: &SqlFile<'_>) -> Result<String, CatalogError> {
    let header = |key| {
        sql::header(file.sql, key).ok_or_else(|| CatalogError::Header {
            name: file.name.to_owned(),
            key,
        })
    };
    let description = format!(
        "{} Parameters: {}",
        header("question")?,
        header("parameters")?
    );
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(CatalogError::Description {
            name: file.name.to_owned(),
            most: MAX_DESCRIPTION,
        });
    }
    Ok(description)
}
