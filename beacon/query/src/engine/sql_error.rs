//! What is wrong with a statement, and where: a message, the place with the line of the source under it, and
//! a suggestion.

use std::fmt;

use beacon_trino::Refusal;
use datafusion::common::utils::datafusion_strsim::levenshtein;
use datafusion::common::{DataFusionError, SchemaError};
use datafusion::sql::sqlparser::tokenizer::{Span, Token};

use super::names::{CATALOG, DATABASE};
use super::tokens::tokens;

/// An error in a statement, with its position and a hint.
///
/// Its `Display` has one to five lines, without a newline at the end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SqlError {
    message: String,
    place: Option<(Position, String)>,
    help: Option<String>,
    unknown_column: Option<String>,
}

/// A position in the text of a statement. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The column of the first character.
    pub column: u64,
    /// How many characters are meant.
    pub width: u64,
}

impl Position {
    pub(crate) fn at(line: u64, column: u64) -> Position {
        Position {
            line,
            column,
            width: 1,
        }
    }

    /// Behind the last character that is not blank.
    pub(crate) fn end_of(sql: &str) -> Position {
        let sql = sql.trim_end();
        let line = sql.lines().count().max(1);
        let column = sql.lines().last().map_or(0, |line| line.chars().count()) + 1;
        Position::at(line as u64, column as u64)
    }

    pub(crate) fn of(span: Span) -> Position {
        Position::between(
            (span.start.line, span.start.column),
            (span.end.line, span.end.column),
        )
    }

    /// Of what goes over several lines, the first character.
    fn between((line, column): (u64, u64), end: (u64, u64)) -> Position {
        let width = if end.0 == line {
            end.1.saturating_sub(column).max(1)
        } else {
            1
        };
        Position {
            line,
            column,
            width,
        }
    }
}

impl SqlError {
    pub(crate) fn new(message: impl Into<String>) -> SqlError {
        SqlError {
            message: message.into(),
            place: None,
            help: None,
            unknown_column: None,
        }
    }

    /// Returns the name of the column that does not exist, if that is the error.
    pub fn unknown_column(&self) -> Option<&str> {
        self.unknown_column.as_deref()
    }

    /// Says where in `sql` it is. A place that is not in it (a parser's "at the end") is left out.
    pub(crate) fn at(mut self, sql: &str, place: Position) -> SqlError {
        let line = place
            .line
            .checked_sub(1)
            .and_then(|index| sql.lines().nth(usize::try_from(index).ok()?));
        self.place = line
            .filter(|_| place.column > 0)
            .map(|line| (place, line.to_owned()));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> SqlError {
        self.help = Some(help.into());
        self
    }

    /// Says where in `sql` a part isn't answered as Athena answers it, why, and what works.
    pub(crate) fn from_refusal(sql: &str, refusal: Refusal) -> SqlError {
        let place = Position {
            line: refusal.line,
            column: refusal.column,
            width: refusal.width,
        };
        let error = SqlError {
            message: refusal.reason,
            place: None,
            help: refusal.instead,
            unknown_column: refusal.unknown_column,
        };
        error.at(sql, place)
    }

    /// Says in our words, and with a place, what the planner found wrong with `sql`.
    pub(crate) fn from_planner(sql: &str, error: &DataFusionError, tables: &[&str]) -> SqlError {
        let error_at_place = unknown_column(sql, error)
            .or_else(|| unknown_table(error, tables))
            .unwrap_or_else(|| SqlError::of_planner(error));
        match place_in(sql, error) {
            Some(place) => error_at_place.at(sql, place),
            None => error_at_place,
        }
    }

    /// What the planner says, without the engine's names for types and for itself.
    fn of_planner(error: &DataFusionError) -> SqlError {
        let root = error.find_root();
        let text = root.message();
        let mut lines = text.lines();
        let message = lines.next().unwrap_or_default();
        let diagnostic = error.diagnostic();
        let (message, help) = match diagnostic
            .and_then(|diagnostic| diagnostic.helps.first().map(|help| (diagnostic, help)))
        {
            Some((diagnostic, help)) => (diagnostic.message.as_str(), Some(help.message.as_str())),
            // The second line may also begin a list of all functions.
            None => (
                message,
                lines.next().filter(|line| line.starts_with("Did you mean")),
            ),
        };
        SqlError {
            message: plain(message),
            place: None,
            help: help.map(plain),
            unknown_column: None,
        }
    }
}

/// How the planner begins and ends what others said in it.
const PLANNER_PREFIX: &str = "Error during planning: ";
const PLANNER_REST: &str = ". No function matches";

/// The engine's types, and what SQL calls them.
const TYPE_NAMES: [(&str, &str); 9] = [
    ("Utf8View", "varchar"),
    ("LargeUtf8", "varchar"),
    ("Utf8", "varchar"),
    ("UInt64", "bigint"),
    ("Int64", "bigint"),
    ("Int32", "integer"),
    ("Float64", "double"),
    ("Timestamp(ms)", "timestamp(3)"),
    ("Timestamp(ns)", "timestamp(9)"),
];

fn plain(message: &str) -> String {
    let message = message
        .rsplit_once(PLANNER_PREFIX)
        .map_or(message, |(_, message)| message);
    let message = message
        .split_once(PLANNER_REST)
        .map_or(message, |(message, _)| message);
    let mut message = lower_first(message.trim_end_matches('.'));
    for (engine, sql) in TYPE_NAMES {
        message = message.replace(engine, sql);
    }
    message
}

impl fmt::Display for SqlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.message)?;
        if let Some((place, line)) = &self.place {
            write!(out, "\n  line {}, column {}:", place.line, place.column)?;
            // A tab keeps its width above the caret when the caret's line has it too.
            let column = usize::try_from(place.column).unwrap_or(usize::MAX);
            let before: String = line
                .chars()
                .chain(std::iter::repeat(' '))
                .take(column - 1)
                .map(|character| if character == '\t' { '\t' } else { ' ' })
                .collect();
            let carets = "^".repeat(
                usize::try_from(place.width)
                    .unwrap_or(1)
                    .min(line.chars().count().max(1)),
            );
            write!(out, "\n    {line}\n    {before}{carets}")?;
        }
        if let Some(help) = &self.help {
            write!(out, "\n  {help}")?;
        }
        Ok(())
    }
}

pub(crate) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn unknown_column(sql: &str, error: &DataFusionError) -> Option<SqlError> {
    let DataFusionError::SchemaError(schema_error, _) = error.find_root() else {
        return None;
    };
    let SchemaError::FieldNotFound {
        field,
        valid_fields,
    } = schema_error.as_ref()
    else {
        return None;
    };
    let names: Vec<&str> = valid_fields
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let mut found = SqlError::new(format!("there is no column {:?}", field.name));
    if is_in_double_quotes(sql, &field.name) && !names.contains(&field.name.to_lowercase().as_str())
    {
        let text = field.name.replace('\'', "''");
        let help = format!("strings take single quotes: '{text}'; double quotes are for names");
        return Some(found.help(help));
    }
    found.unknown_column = Some(field.name.clone());
    Some(match nearest(&field.name, &names) {
        Some(name) => found.help(format!("did you mean {name}?")),
        None => found.help(format!("there are: {}", names.join(", "))),
    })
}

fn unknown_table(error: &DataFusionError, tables: &[&str]) -> Option<SqlError> {
    let DataFusionError::Plan(message) = error.find_root() else {
        return None;
    };
    let name = message
        .strip_prefix("table '")?
        .split_once("' not found")?
        .0;
    // Catalog and database are there though nobody wrote them.
    let name = match name.strip_prefix(&format!("{CATALOG}.")) {
        Some(name) => name.strip_prefix(&format!("{DATABASE}.")).unwrap_or(name),
        None => name,
    };
    let found = SqlError::new(format!("there is no table {name:?}"));
    let table = name.rsplit('.').next().unwrap_or(name);
    Some(match nearest(table, tables) {
        Some(near) if near == name => found,
        Some(near) if table != name => found.help(format!("did you mean {DATABASE}.{near}?")),
        Some(near) => found.help(format!("did you mean {near}?")),
        None => found.help(format!("the tables are {}", listed(tables))),
    })
}

/// Returns `hits, unique_hits and visits`.
fn listed(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// What is meant as text and written as a name.
fn is_in_double_quotes(sql: &str, name: &str) -> bool {
    let tokens = tokens(sql).unwrap_or_default();
    tokens.iter().any(|token| {
        matches!(&token.token, Token::Word(word) if word.quote_style == Some('"') && word.value == name)
    })
}

/// Returns the one of `names` that `word` is probably a misspelling of: at most a third of its letters differ.
pub fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let (distance, name) = names
        .iter()
        .map(|name| (levenshtein(&word, name), *name))
        .min()?;
    (distance * 3 <= name.chars().count().max(3)).then_some(name)
}

/// Where the planner says it is; else where the word stands that the message has in quotes.
fn place_in(sql: &str, error: &DataFusionError) -> Option<Position> {
    if let Some(span) = error.diagnostic().and_then(|diagnostic| diagnostic.span) {
        return Some(Position::between(
            (span.start.line, span.start.column),
            (span.end.line, span.end.column),
        ));
    }
    let message = error.find_root().message();
    let quoted = message.split(['"', '\'', '`']).nth(1)?;
    let word = quoted.rsplit('.').next()?;
    tokens(sql)
        .ok()?
        .into_iter()
        .find_map(|token| match &token.token {
            Token::Word(found) if found.value.eq_ignore_ascii_case(word) => {
                Some(Position::of(token.span))
            }
            _ => None,
        })
}
