//! Describes what a named query covers: a time, a site, a page, the value of a custom column, the classes of agents,
//! and what it lists the values of.

use beacon_core::schema::{CustomSource, Schema};

use crate::agent_classes::AgentClasses;
use crate::time_range::TimeRange;

/// The hits that a named query covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// When the hits were received.
    pub range: TimeRange,
    /// The site as a person writes it, or [`ALL`].
    pub site: String,
    /// The page as a person writes it, or [`ALL`].
    pub page: String,
    /// The value that a custom column must have, if any.
    pub column: Option<ColumnFilter>,
    /// The classes of agents whose hits count.
    pub agents: AgentClasses,
    /// The subject of a query about the values of something, if it takes one. [`crate::Question::subject`] reads it.
    pub subject: Option<Subject>,
}

/// The subject of a query about the values of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A tag of campaigns, such as `utm_term`.
    Tag(&'static str),
    /// The property of this name: a parameter of the hit.
    Property(String),
    /// A custom column, whose different values are counted.
    Column(ColumnSource),
}

/// The value of a filter that is off.
pub const ALL: &str = "*";

/// A filter on a custom column, which is a parameter or a header of the hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFilter {
    /// The source of the column.
    pub source: ColumnSource,
    /// The value that the column must have.
    pub value: String,
}

/// The source of a custom column. That of `userid=params.user` is the parameter `user`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// A parameter of the hit, by its name.
    Parameter(String),
    /// A header of the request, by its name in lower case.
    Header(String),
}

/// A custom column of `BEACON_COLUMNS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomColumn {
    /// Its name, by which it is filtered.
    pub name: String,
    /// The parameter or header that it is read from.
    pub source: ColumnSource,
}

impl CustomColumn {
    /// Returns all custom columns of a schema.
    pub fn all(schema: &Schema) -> Vec<CustomColumn> {
        let columns = schema.custom_columns().map(|(name, source)| CustomColumn {
            name: name.to_owned(),
            source: source.into(),
        });
        columns.collect()
    }
}

impl From<CustomSource<'_>> for ColumnSource {
    fn from(source: CustomSource<'_>) -> ColumnSource {
        match source {
            CustomSource::Parameter(name) => ColumnSource::Parameter(name.to_owned()),
            CustomSource::Header(name) => ColumnSource::Header(name.to_owned()),
        }
    }
}

impl ColumnSource {
    /// Returns the name of the parameter or the header.
    pub fn name(&self) -> &str {
        match self {
            ColumnSource::Parameter(name) | ColumnSource::Header(name) => name,
        }
    }

    pub(crate) fn parameter(&self) -> Option<&str> {
        match self {
            ColumnSource::Parameter(name) => Some(name),
            ColumnSource::Header(_) => None,
        }
    }

    pub(crate) fn header(&self) -> Option<&str> {
        match self {
            ColumnSource::Parameter(_) => None,
            ColumnSource::Header(name) => Some(name),
        }
    }
}

impl Scope {
    /// Returns the scope of all hits in a range by people, and by what can't be told from them.
    pub fn new(range: TimeRange) -> Scope {
        Scope {
            range,
            site: ALL.to_owned(),
            page: ALL.to_owned(),
            column: None,
            agents: AgentClasses::default(),
            subject: None,
        }
    }
}
