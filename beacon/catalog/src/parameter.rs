//! Defines the parameters of the named queries, and calculates the values that they bind.

use beacon_core::time::{DAY_MS, HOUR_MS, Hour, format_timestamp};

use crate::agent_classes::AgentClasses;
use crate::scope::{ALL, ColumnFilter, ColumnSource, Scope, Subject};
use crate::spellings;
use crate::time_range::TimeRange;

/// 2147-12-31 23:00 UTC. A later hour, written as one number, exceeds SQL's `integer`.
const LAST_HOUR_MS: u64 = 5_617_119_600_000;

/// Firehose names the partition of a file after its oldest record, and buffers for less than an hour. A hit can lie in
/// the hour before its own.
const EARLY_MS: u64 = HOUR_MS;

/// Hits that were sent late lie in a partition after their own. Firehose itself retries for up to a day.
const LATE_MS: u64 = DAY_MS;

/// The event that counts, as records have it.
const VIEW: &str = "view";

/// The meaning of one `?` of a named query, and so of the value that is bound to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The year of the first partition to read. Athena leaves out the projected partitions of other years before it
    /// compares hours, which are an expression to it.
    YearFrom,
    /// The year of the last partition to read.
    YearTo,
    /// The hour of the first partition to read, as one number: 2026112105.
    HourFrom,
    /// The hour of the last partition to read, as one number.
    HourTo,
    /// The first moment of the UTC day in which the range begins. A visitor's first view of that day may be before the
    /// range, which then counts no visitor.
    DayFrom,
    /// The first moment after the UTC day in which the range ends.
    DayTo,
    /// The first moment of the range, UTC, as `received_at` has it: 2026-11-21 05:30:00.000.
    ReceivedFrom,
    /// The first moment after the range, likewise.
    ReceivedTo,
    /// The site as records have it, or `*` for all sites.
    Site,
    /// The site as given, or as records of version 0.1.0 have it.
    SiteAlso,
    /// The page as records have it, or `*` for all pages.
    Page,
    /// The page as given, or as records of version 0.1.0 have it.
    PageAlso,
    /// The name of the parameter or header that a custom column is made from, or `*` without a filter.
    ColumnKey,
    /// The name if it is a parameter, otherwise `*`.
    ColumnParameter,
    /// The name if it is a header, otherwise `*`.
    ColumnHeader,
    /// The value that the custom column must have, or `*` without a filter.
    ColumnValue,
    /// The classes of agents whose hits count: `human,unknown`.
    Agents,
    /// The classes of agents whose opens count at most: `human,unknown,mail_proxy,prefetch`.
    OpenAgents,
    /// All classes of agents, for the visits behind a query that counts every class.
    EveryAgent,
    /// The event that is counted as views are: `view`, or `*` for all events if a condition is on the event.
    CountedEvent,
    /// The tag whose values are listed: `utm_term`.
    Tag,
    /// The name of the property whose values are listed.
    Property,
    /// The name of the parameter whose different values are counted, or `*` for none.
    ReaderParameter,
    /// The name of the header whose different values are counted, or `*` for none.
    ReaderHeader,
}

impl Parameter {
    pub(crate) fn parse(word: &str) -> Option<Parameter> {
        Some(match word {
            "year_from" => Parameter::YearFrom,
            "year_to" => Parameter::YearTo,
            "hour_from" => Parameter::HourFrom,
            "hour_to" => Parameter::HourTo,
            "day_from" => Parameter::DayFrom,
            "day_to" => Parameter::DayTo,
            "received_from" => Parameter::ReceivedFrom,
            "received_to" => Parameter::ReceivedTo,
            "site" => Parameter::Site,
            "site_also" => Parameter::SiteAlso,
            "page" => Parameter::Page,
            "page_also" => Parameter::PageAlso,
            "column_key" => Parameter::ColumnKey,
            "column_parameter" => Parameter::ColumnParameter,
            "column_header" => Parameter::ColumnHeader,
            "column_value" => Parameter::ColumnValue,
            "agents" => Parameter::Agents,
            "open_agents" => Parameter::OpenAgents,
            "every_agent" => Parameter::EveryAgent,
            "counted_event" => Parameter::CountedEvent,
            "tag" => Parameter::Tag,
            "property" => Parameter::Property,
            "reader_parameter" => Parameter::ReaderParameter,
            "reader_header" => Parameter::ReaderHeader,
            _ => return None,
        })
    }

    /// Returns the option of `beacon query` that sets it. Partitions have none: they follow from the range, as
    /// days do; nor has what follows from a filter.
    pub(crate) fn option(self) -> Option<&'static str> {
        match self {
            Parameter::YearFrom
            | Parameter::YearTo
            | Parameter::HourFrom
            | Parameter::HourTo
            | Parameter::DayFrom
            | Parameter::DayTo
            | Parameter::EveryAgent
            | Parameter::CountedEvent => None,
            Parameter::Tag
            | Parameter::Property
            | Parameter::ReaderParameter
            | Parameter::ReaderHeader => Some("--by"),
            Parameter::ReceivedFrom => Some("--from"),
            Parameter::ReceivedTo => Some("--to"),
            Parameter::Site | Parameter::SiteAlso => Some("--site"),
            Parameter::Page | Parameter::PageAlso => Some("--page"),
            Parameter::ColumnKey
            | Parameter::ColumnParameter
            | Parameter::ColumnHeader
            | Parameter::ColumnValue => Some("--where"),
            Parameter::Agents | Parameter::OpenAgents => Some("--agent"),
        }
    }

    pub(crate) fn value(self, scope: &Scope, is_about_events: bool) -> String {
        let TimeRange { from_ms, to_ms } = scope.range;
        let day_from_ms = from_ms - from_ms % DAY_MS;
        let day_to_ms = to_ms.div_ceil(DAY_MS).saturating_mul(DAY_MS);
        let column = |part: fn(&ColumnFilter) -> Option<&str>| {
            let value = scope.column.as_ref().and_then(part);
            value.unwrap_or(ALL).to_owned()
        };
        let reader = |part: fn(&ColumnSource) -> Option<&str>| match &scope.subject {
            Some(Subject::Column(source)) => part(source).unwrap_or(ALL).to_owned(),
            _ => ALL.to_owned(),
        };
        match self {
            Parameter::YearFrom => first_hour(day_from_ms).year().to_string(),
            Parameter::YearTo => last_hour(day_to_ms).year().to_string(),
            Parameter::HourFrom => hour_number(first_hour(day_from_ms)),
            Parameter::HourTo => hour_number(last_hour(day_to_ms)),
            Parameter::DayFrom => format_timestamp(day_from_ms),
            Parameter::DayTo => format_timestamp(day_to_ms),
            Parameter::ReceivedFrom => format_timestamp(from_ms),
            Parameter::ReceivedTo => format_timestamp(to_ms),
            Parameter::Site => spellings::site(&scope.site).now,
            Parameter::SiteAlso => spellings::site(&scope.site).also,
            Parameter::Page => spellings::page(&scope.page).now,
            Parameter::PageAlso => spellings::page(&scope.page).also,
            Parameter::ColumnKey => column(|filter| Some(filter.source.name())),
            Parameter::ColumnParameter => column(|filter| filter.source.parameter()),
            Parameter::ColumnHeader => column(|filter| filter.source.header()),
            Parameter::ColumnValue => column(|filter| Some(&filter.value)),
            Parameter::Agents => scope.agents.counted(),
            Parameter::OpenAgents => scope.agents.opens(),
            Parameter::EveryAgent => AgentClasses::NAMES.join(","),
            Parameter::CountedEvent => match is_about_events {
                true => ALL.to_owned(),
                false => VIEW.to_owned(),
            },
            Parameter::Tag => match &scope.subject {
                Some(Subject::Tag(tag)) => (*tag).to_owned(),
                _ => ALL.to_owned(),
            },
            Parameter::Property => match &scope.subject {
                Some(Subject::Property(name)) => name.clone(),
                _ => ALL.to_owned(),
            },
            Parameter::ReaderParameter => reader(ColumnSource::parameter),
            Parameter::ReaderHeader => reader(ColumnSource::header),
        }
    }
}

/// Returns the first partition in which a hit from `from_ms` can lie.
fn first_hour(from_ms: u64) -> Hour {
    Hour::from_ms(from_ms.saturating_sub(EARLY_MS).min(LAST_HOUR_MS))
}

/// Returns the last partition in which a hit before `to_ms` can lie.
fn last_hour(to_ms: u64) -> Hour {
    Hour::from_ms(to_ms.saturating_add(LATE_MS).min(LAST_HOUR_MS))
}

/// Returns `year * 1000000 + month * 10000 + day * 100 + hour`, with which the SQL compares partitions.
fn hour_number(hour: Hour) -> String {
    format!(
        "{:04}{:02}{:02}{:02}",
        hour.year(),
        hour.month(),
        hour.day(),
        hour.hour()
    )
}

#[cfg(test)]
mod tests;
