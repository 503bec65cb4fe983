//! What a report is about, and the results that it shows.

use std::sync::Arc;

use beacon_catalog::{AgentClasses, TimeRange};

use crate::engine::{Answer, Value};

/// The period, filters and time zone of a report.
#[derive(Debug, Clone)]
pub struct ReportScope {
    /// The period.
    pub range: TimeRange,
    /// The period to compare with, if any.
    pub before: Option<TimeRange>,
    /// The site; `None` stands for all.
    pub site: Option<String>,
    /// The page; `None` stands for all.
    pub page: Option<String>,
    /// The name of a custom column and the value that it must have.
    pub column: Option<(String, String)>,
    /// The classes of agents whose hits count.
    pub agents: AgentClasses,
    /// The IANA name of the time zone in which the report shows days and hours.
    pub zone: String,
    /// The period in words.
    pub title: String,
    /// The bars of the chart that is shown without JavaScript, without gaps.
    pub bars: Vec<ReportBar>,
}

/// A bar of a chart: its name, such as `20 Nov`, and its part of the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportBar {
    /// The name.
    pub name: String,
    /// The part of the period.
    pub range: TimeRange,
}

impl ReportScope {
    /// Returns the names of the classes, or `None` for the default: `opens_at_most` then counts more of them.
    pub(super) fn named_agents(&self) -> Option<Vec<&'static str>> {
        (self.agents != AgentClasses::default()).then(|| self.agents.names().collect())
    }
}

/// A question with its result; `None` if it failed.
pub(super) struct Answered {
    pub(super) question: &'static str,
    pub(super) range: TimeRange,
    pub(super) answer: Option<Arc<Answer>>,
}

/// Returns the value of a column in a row, or `None` if the answer has no such column.
pub(super) fn cell<'a>(answer: &Answer, row: &'a [Value], column: &str) -> Option<&'a Value> {
    let place = answer
        .columns
        .iter()
        .position(|known| known.name == column)?;
    row.get(place)
}
