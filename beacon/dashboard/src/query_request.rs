//! Turns the JSON of a request, or the id of a query, into a named query with its values.

use beacon_catalog::{
    ALL, AgentClasses, ColumnFilter, CustomColumn, Filter, MAX_VALUE_CHARACTERS, Question, Scope,
    TimeRange, check_filters,
};
use beacon_core::time::MAX_MS;
use serde::{Deserialize, Serialize};

use crate::engine::Statement;
use crate::extract::milliseconds;
use crate::filter_request::FilterRequest;
use crate::problem::Problem;
use crate::token::{Key, Purpose};

/// The body of `POST /api/queries`. It is also a part of a query's id, so that the id alone describes the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueryRequest {
    pub(crate) question: String,
    #[serde(deserialize_with = "milliseconds")]
    pub(crate) from_ms: u64,
    #[serde(deserialize_with = "milliseconds")]
    pub(crate) to_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<ColumnRequest>,
    /// The classes of agents whose hits count; `None` stands for the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agents: Option<Vec<String>>,
    /// The name of what the question lists the values of, if it takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) filters: Vec<FilterRequest>,
}

/// A filter on a custom column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnRequest {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl From<(String, String)> for ColumnRequest {
    fn from((name, value): (String, String)) -> ColumnRequest {
        ColumnRequest { name, value }
    }
}

/// The content of a query's id.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct QueryId {
    /// The id that the engine gave.
    pub(crate) engine: String,
    pub(crate) request: QueryRequest,
}

impl QueryId {
    /// Returns the signed id, for a URL.
    pub(crate) fn text(&self, key: &Key) -> String {
        key.sign(Purpose::Query, self)
    }

    /// Reads a signed id. Returns `None` if the text was not signed with this key.
    pub(crate) fn parse(key: &Key, text: &str) -> Option<QueryId> {
        key.open(Purpose::Query, text)
    }
}

impl QueryRequest {
    /// Returns the named query with its values, or a problem that says which of them is wrong.
    pub(crate) fn statement(&self, custom_columns: &[CustomColumn]) -> Result<Statement, Problem> {
        let question = self.question()?.limited_to(self.filters(custom_columns)?);
        let subject = question
            .subject(self.by.as_deref(), custom_columns)
            .map_err(|error| Problem::unprocessable(error.to_string()))?;
        let scope = Scope {
            subject,
            ..self.scope(custom_columns)?
        };
        Ok(Statement {
            parameters: question.bind(&scope),
            question,
        })
    }

    fn question(&self) -> Result<Question, Problem> {
        Question::find(&self.question).ok_or_else(|| {
            let names: Vec<&str> = Question::all().map(|question| question.name).collect();
            Problem::unprocessable(format!(
                "there is no question {:?}; there are {}",
                self.question,
                names.join(", ")
            ))
        })
    }

    fn scope(&self, custom_columns: &[CustomColumn]) -> Result<Scope, Problem> {
        if self.from_ms >= self.to_ms || self.to_ms > MAX_MS {
            return Err(Problem::unprocessable(format!(
                "the time from {} to {} can't be: from_ms must be the earlier, and to_ms at most {MAX_MS}",
                self.from_ms, self.to_ms
            )));
        }
        let site = filter("site", self.site.as_deref())?;
        let page = filter("page", self.page.as_deref())?;
        let column = match &self.column {
            None => None,
            Some(asked) => Some(asked.filter(custom_columns)?),
        };
        let agents = match &self.agents {
            None => AgentClasses::default(),
            Some(names) => AgentClasses::named(names)
                .map_err(|error| Problem::unprocessable(error.to_string()))?,
        };
        Ok(Scope {
            range: TimeRange {
                from_ms: self.from_ms,
                to_ms: self.to_ms,
            },
            site,
            page,
            column,
            agents,
            subject: None,
        })
    }

    fn filters(&self, custom_columns: &[CustomColumn]) -> Result<Vec<Filter>, Problem> {
        let mut filters = Vec::with_capacity(self.filters.len());
        for asked in &self.filters {
            filters.push(asked.filter(custom_columns)?);
        }
        check_filters(&filters)?;
        Ok(filters)
    }

    /// Returns true if the query tells hits apart by a custom column or a property, which guests may not.
    pub(crate) fn reads_private(&self) -> bool {
        let question = Question::find(&self.question);
        self.column.is_some()
            || self.filters.iter().any(FilterRequest::is_private)
            || question.is_some_and(|question| {
                question.is_about_properties() || (self.by.is_some() && question.counts_values())
            })
    }
}

impl ColumnRequest {
    fn filter(&self, custom_columns: &[CustomColumn]) -> Result<ColumnFilter, Problem> {
        let Some(column) = custom_columns
            .iter()
            .find(|column| column.name == self.name)
        else {
            let names: Vec<&str> = custom_columns
                .iter()
                .map(|column| column.name.as_str())
                .collect();
            let have = match names.as_slice() {
                [] => "BEACON_COLUMNS sets none".to_owned(),
                names => format!("there are {}", names.join(", ")),
            };
            return Err(Problem::unprocessable(format!(
                "there is no custom column {:?}; {have}",
                self.name
            )));
        };
        Ok(ColumnFilter {
            source: column.source.clone(),
            value: filter("column.value", Some(&self.value))?,
        })
    }
}

fn filter(name: &str, value: Option<&str>) -> Result<String, Problem> {
    let value = value.unwrap_or(ALL);
    if !(1..=MAX_VALUE_CHARACTERS).contains(&value.chars().count()) {
        return Err(Problem::unprocessable(format!(
            "{name} has 1 to {MAX_VALUE_CHARACTERS} characters, or is left out for all"
        )));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests;
