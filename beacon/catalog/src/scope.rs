//! The hits that a named query is about: a time, a site, a page, the value of a custom column.

use beacon_core::schema::CustomSource;

use crate::time_range::TimeRange;

/// What a person gives to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Which hits, by the time they were received.
    pub range: TimeRange,
    /// The site, or [`ALL`].
    pub site: String,
    /// The page, or [`ALL`].
    pub page: String,
    /// The value that a custom column must have, if any.
    pub column: Option<ColumnFilter>,
}

/// What a filter that is off binds.
pub const ALL: &str = "*";

/// A filter on a custom column, which is a parameter or a header of the hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFilter {
    /// What the column is made from.
    pub source: ColumnSource,
    /// What it must be.
    pub value: String,
}

/// What a custom column is made from: for `userid=params.user`, it is the parameter `user`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// A parameter, by its name.
    Parameter(String),
    /// A header, by its name in lower case.
    Header(String),
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
    /// All hits of a range.
    pub fn new(range: TimeRange) -> Scope {
        Scope {
            range,
            site: ALL.to_owned(),
            page: ALL.to_owned(),
            column: None,
        }
    }
}
