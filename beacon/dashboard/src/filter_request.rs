//! Turns a condition of a request's JSON into one of a named query.

use beacon_catalog::{CustomColumn, Filter, FilterColumn, FilterError, Operator};
use serde::{Deserialize, Deserializer, Serialize};

use crate::problem::Problem;

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilterRequest {
    pub(crate) column: String,
    /// The name of an operator; `None` stands for `is`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) op: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<String>,
    /// The older form of one value, in which null finds hits without one.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) value: Option<Option<String>>,
}

impl FilterRequest {
    /// Returns the condition, or a problem that says what it can't be.
    pub(crate) fn filter(&self, custom_columns: &[CustomColumn]) -> Result<Filter, Problem> {
        let operator = match &self.op {
            None => Operator::Is,
            Some(name) => Operator::parse(name)
                .ok_or_else(|| Problem::from(FilterError::Operator(name.clone())))?,
        };
        let (operator, values) = match &self.value {
            None => (operator, self.values.clone()),
            Some(_) if self.op.is_some() || !self.values.is_empty() => {
                return Err(Problem::unprocessable(format!(
                    "the filter on {:?} has value beside op or values: write a list of values, and leave value out",
                    self.column
                )));
            }
            Some(Some(value)) => (Operator::Is, vec![value.clone()]),
            Some(None) => (Operator::IsEmpty, Vec::new()),
        };
        Ok(Filter::named(
            &self.column,
            operator,
            values,
            custom_columns,
        )?)
    }

    /// Returns true if guests may not filter by the column: only the fixed ones are for everybody.
    pub(crate) fn is_private(&self) -> bool {
        match FilterColumn::parse(&self.column) {
            Some(column) => column.is_private(),
            None => true,
        }
    }
}

impl From<FilterError> for Problem {
    fn from(error: FilterError) -> Problem {
        Problem::unprocessable(error.to_string())
    }
}

/// Tells a field that is null from one that is missing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
