//! Writes a view as Athena stores it in Glue: a table without files, with its statement and columns as JSON in base64.

use beacon_core::schema::{PARTITIONS, Schema};

use crate::error::{CatalogError, required_header};
use crate::hive::{hive_type, trino_type};
use crate::sql_file::SqlFile;
use crate::sql_text::{self, Kind};
use crate::stack_names::{StackNames, logical_id};
use crate::yaml::{block, comment_text, text};

/// The types that the header of a view may name, in Trino and in Hive, whose names Glue has.
const TYPES: [(&str, &str); 7] = [
    ("bigint", "bigint"),
    ("boolean", "boolean"),
    ("date", "date"),
    ("double", "double"),
    ("integer", "int"),
    ("timestamp(3)", "timestamp"),
    ("varchar", "string"),
];

/// The width of the column list, in characters.
const LIST_WIDTH: usize = 100;

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewColumn {
    /// The name, which needs no quotes in SQL.
    pub name: String,
    /// The type in Glue.
    pub hive: &'static str,
    /// The type in SQL.
    pub trino: &'static str,
}

/// Returns the resource of one view, as YAML.
///
/// The statement lists its columns. With `*`, a new column of the table would make the view stale, and Athena fails on a
/// stale view until somebody creates it again.
pub(crate) fn resource(
    schema: &Schema,
    file: &SqlFile<'_>,
    names: &StackNames<'_>,
) -> Result<String, CatalogError> {
    let description = required_header(file, "view")?;
    let columns = view_columns(schema, file)?;
    let list: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let statement = with_columns(&sql_text::bare(file.sql), &list);
    let statement = sql_text::with_tables(&statement, |word| {
        Some(format!("\"${{Database}}\".\"{}\"", names.table(word)?))
    });
    let glue_columns: Vec<String> = columns
        .iter()
        .map(|column| {
            format!(
                "- {{ Name: {}, Type: {} }}",
                text(&column.name),
                text(column.hive)
            )
        })
        .collect();
    Ok(format!(
        "{id}View:
  # {description}
  Type: AWS::Glue::Table
  # On an update of the stack, the table has a new column before the view reads it.
  DependsOn: HitsTable
  Properties:
    CatalogId: !Ref AWS::AccountId
    DatabaseName: !Ref GlueDatabase
    TableInput:
      Name: !Sub {name}
      # No Description: Trino reads it as the comment below, without which it finds no view.
      # Trino runs the view as its Owner, and needs one; Athena runs it as its reader.
      Owner: beacon
      TableType: VIRTUAL_VIEW
      # By these two the engine recognizes the text below as its own.
      Parameters:
        presto_view: \"true\"
        comment: Presto View
      PartitionKeys: []
      # YAML folds each line break of the text into a space.
      ViewOriginalText: !Join
        - \"\"
        - - \"/* Presto View: \"
          - Fn::Base64: !Sub >-
{json}
          - \" */\"
      ViewExpandedText: /* Presto View */
      StorageDescriptor:
        # Without a SerDe Athena fails on the view.
        SerdeInfo:
          Name: \"-\"
          SerializationLibrary: \"-\"
        Columns:
{glue_columns}
",
        id = logical_id(file.name),
        description = comment_text(description),
        name = names
            .table(file.name)
            .expect("StackNames has the names of all views, this one too"),
        json = block(&json(&statement, &columns), 14),
        glue_columns = block(&glue_columns.join("\n"), 10),
    ))
}

/// Returns the columns of a view, from the line of its header: in `*, occurrence bigint` the `*` stands for the columns
/// and partitions of the table.
///
/// # Errors
/// Returns a [`CatalogError`] if the header lacks the line, or if it has an invalid column or one twice.
pub fn view_columns(schema: &Schema, file: &SqlFile<'_>) -> Result<Vec<ViewColumn>, CatalogError> {
    let view = file.name;
    let mut columns: Vec<ViewColumn> = Vec::new();
    for entry in required_header(file, "columns")?.split(',').map(str::trim) {
        if entry == "*" {
            columns.extend(schema.columns().map(|column| ViewColumn {
                name: column.name.to_owned(),
                trino: trino_type(column.ty),
                hive: hive_type(column.ty),
            }));
            columns.extend(PARTITIONS.map(|name| ViewColumn {
                name: name.to_owned(),
                trino: "integer",
                hive: "int",
            }));
            continue;
        }
        let column = entry.split_once(' ').and_then(|(name, ty)| {
            let (trino, hive) = TYPES.iter().find(|(trino, _)| *trino == ty.trim())?;
            is_column_name(name).then_some(())?;
            Some(ViewColumn {
                name: name.to_owned(),
                trino,
                hive,
            })
        });
        let Some(column) = column else {
            return Err(CatalogError::ViewColumn {
                name: view.to_owned(),
                entry: entry.to_owned(),
            });
        };
        columns.push(column);
    }
    for (index, column) in columns.iter().enumerate() {
        if columns[..index]
            .iter()
            .any(|other| other.name == column.name)
        {
            return Err(CatalogError::ViewColumnTwice {
                name: view.to_owned(),
                column: column.name.clone(),
            });
        }
    }
    Ok(columns)
}

/// Returns true for a name that needs no quotes in SQL and in JSON.
fn is_column_name(name: &str) -> bool {
    !name.starts_with(|letter: char| letter.is_ascii_digit())
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Returns the statement with `list` in place of the `*`, if its last SELECT outside parentheses begins with
/// `SELECT * FROM`.
fn with_columns(statement: &str, list: &[&str]) -> String {
    let tokens = sql_text::tokens(statement);
    let words: Vec<usize> = (0..tokens.len())
        .filter(|&index| tokens[index].kind != Kind::Space)
        .collect();
    let mut depth = 0;
    let mut star = None;
    for (place, &index) in words.iter().enumerate() {
        match tokens[index].text {
            "(" => depth += 1,
            ")" => depth -= 1,
            word if depth == 0 && sql_text::is(word, &["SELECT"]) => {
                star = match words[place + 1..] {
                    [next, from, ..]
                        if tokens[next].text == "*"
                            && sql_text::is(tokens[from].text, &["FROM"]) =>
                    {
                        Some(next)
                    }
                    _ => None,
                };
            }
            _ => {}
        }
    }
    let Some(star) = star else {
        return statement.to_owned();
    };
    let texts = |tokens: &[sql_text::Token<'_>]| tokens.iter().map(|token| token.text).collect();
    let before: String = texts(&tokens[..star]);
    let behind: String = texts(&tokens[star + 1..]);
    before + &wrapped(list) + &behind
}

fn wrapped(list: &[&str]) -> String {
    let mut lines = vec![String::new()];
    for (index, name) in list.iter().enumerate() {
        let comma = if index + 1 < list.len() { "," } else { "" };
        let last = lines
            .last_mut()
            .expect("the list begins with one line and none is removed");
        if !last.is_empty() && last.len() + name.len() > LIST_WIDTH {
            lines.push(format!("{name}{comma}"));
        } else {
            let space = if last.is_empty() { "" } else { " " };
            last.push_str(&format!("{space}{name}{comma}"));
        }
    }
    lines.join("\n")
}

/// Returns the JSON that Athena reads, in lines for people. YAML folds the line breaks into spaces.
fn json(statement: &str, columns: &[ViewColumn]) -> String {
    let lines: Vec<String> = statement
        .lines()
        .map(|line| {
            let text = text(line.trim());
            text[1..text.len() - 1].to_owned()
        })
        .collect();
    let columns: Vec<String> = columns
        .iter()
        .map(|column| {
            format!(
                "{{\"name\":\"{}\",\"type\":\"{}\"}}",
                column.name, column.trino
            )
        })
        .collect();
    format!(
        "{{\"originalSql\":\"{}\",\n\"catalog\":\"awsdatacatalog\",\n\"schema\":\"${{Database}}\",\n\"columns\":[\n{}\n]}}",
        lines.join("\n"),
        columns.join(",\n")
    )
}
