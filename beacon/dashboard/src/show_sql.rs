//! Says how to run a named query elsewhere: as a text for Athena's editor, and as a command for a shell.

use beacon_catalog::{ALL, Operator, with_literals};
use beacon_core::time::{DAY_MS, format_timestamp};

use crate::engine::{Statement, TableName};
use crate::filter_request::FilterRequest;
use crate::query_request::QueryRequest;

const MINUTE_MS: u64 = 60_000;

/// The characters beside letters and digits that mean themselves to every shell.
const PLAIN: &str = "-_./:=@%+,";

/// Returns the query as it runs in Athena's editor, with its values as literals.
pub(crate) fn athena_sql(statement: &Statement, name: &TableName) -> String {
    let sql = statement.question.text();
    with_literals(&sql, &name.database, &name.table, &statement.parameters)
}

/// Returns the `beacon query` line that asks the same.
pub(crate) fn command(request: &QueryRequest) -> String {
    let mut line = format!("beacon query {}", shell_quoted(&request.question));
    let mut push = |option: &str, value: &str| {
        // An argument that begins with `-` would be taken for an option.
        let separator = if value.starts_with('-') { "=" } else { " " };
        line.push_str(&format!(" {option}{separator}{}", shell_quoted(value)));
    };
    let [from, to] = span(request.from_ms, request.to_ms);
    push("--from", &from);
    push("--to", &to);
    for (option, value) in [("--site", &request.site), ("--page", &request.page)] {
        if let Some(value) = value.as_deref().filter(|value| *value != ALL) {
            push(option, value);
        }
    }
    if let Some(column) = &request.column {
        push("--where", &format!("{}={}", column.name, column.value));
    }
    for class in request.agents.iter().flatten() {
        push("--agent", class);
    }
    for filter in &request.filters {
        for condition in conditions(filter) {
            push("--filter", &condition);
        }
    }
    if let Some(by) = &request.by {
        push("--by", by);
    }
    line
}

/// Returns the first and the last day of days of UTC; of another time its two ends.
fn span(from_ms: u64, to_ms: u64) -> [String; 2] {
    let is_days = from_ms.is_multiple_of(DAY_MS) && to_ms.is_multiple_of(DAY_MS);
    if is_days {
        return [from_ms, to_ms - 1].map(|ms| format_timestamp(ms)[..10].to_owned());
    }
    [from_ms, to_ms].map(|ms| {
        let moment = format_timestamp(ms);
        match ms.is_multiple_of(MINUTE_MS) {
            true => moment[..16].to_owned(),
            false => moment,
        }
    })
}

/// Returns a condition as the values of `--filter`, which are those of the dashboard's address.
fn conditions(filter: &FilterRequest) -> Vec<String> {
    let column = &filter.column;
    match &filter.value {
        Some(Some(value)) => return vec![format!("{column}={value}")],
        Some(None) => return vec![format!("{column}.empty=yes")],
        None => {}
    }
    let operator = match filter.op.as_deref() {
        None => Some(Operator::Is),
        Some(name) => Operator::parse(name),
    };
    let with = |ending: &str| {
        let values = filter.values.iter();
        values
            .map(|value| format!("{column}{ending}={value}"))
            .collect()
    };
    match operator {
        Some(Operator::Is) => with(""),
        Some(Operator::IsNot) => with(".not"),
        Some(Operator::Contains) => with(".contains"),
        Some(Operator::StartsWith) => with(".starts"),
        Some(Operator::IsEmpty) => vec![format!("{column}.empty=yes")],
        Some(Operator::IsNotEmpty) => vec![format!("{column}.empty=no")],
        // A query with another one was refused before.
        None => Vec::new(),
    }
}

/// Returns a text as one word of a POSIX shell.
fn shell_quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || PLAIN.contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
