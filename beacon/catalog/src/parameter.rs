//! The parameters of the named queries, and the values that they bind.

use beacon_core::time::{DAY_MS, HOUR_MS, Hour, format_timestamp};

use crate::scope::{ALL, ColumnFilter, Scope};
use crate::spellings;
use crate::time_range::TimeRange;

/// 2147-12-31 23:00 UTC. Written as one number, a later hour is more than SQL's `integer` holds.
const LAST_HOUR_MS: u64 = 5_617_119_600_000;

/// Firehose names a file's partition after the oldest record in it, and buffers for less than an hour: a hit can
/// lie in the hour before its own.
const EARLY_MS: u64 = HOUR_MS;

/// What was sent late (Firehose itself retries for up to a day) lies in a partition after its hits' own.
const LATE_MS: u64 = DAY_MS;

/// What a `?` of a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The year of the first partition to be read: Athena leaves out the projected partitions of other years before
    /// it tests the hours, which are an expression to it.
    YearFrom,
    /// The year of the last one.
    YearTo,
    /// The first hour of the partitions to be read, as one number: 2026112105.
    HourFrom,
    /// The last one.
    HourTo,
    /// The first moment.
    ReceivedFrom,
    /// The first moment behind the range.
    ReceivedTo,
    /// The site as records spell it, or `*`.
    Site,
    /// The site as given, or as records of 0.1.0 spell it.
    SiteAlso,
    /// The page as records spell it, or `*`.
    Page,
    /// The page as given, or as records of 0.1.0 spell it.
    PageAlso,
    /// The parameter or header that a custom column is made from; `*` where there is no such filter.
    ColumnKey,
    /// The parameter, or `*` where it is a header.
    ColumnParameter,
    /// The header, or `*` where it is a parameter.
    ColumnHeader,
    /// What it must be; `*` where there is no such filter.
    ColumnValue,
}

impl Parameter {
    pub(crate) fn parse(word: &str) -> Option<Parameter> {
        Some(match word {
            "year_from" => Parameter::YearFrom,
            "year_to" => Parameter::YearTo,
            "hour_from" => Parameter::HourFrom,
            "hour_to" => Parameter::HourTo,
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
            _ => return None,
        })
    }

    /// The option that sets it; the hours of the partitions come with the range.
    pub(crate) fn option(self) -> Option<&'static str> {
        match self {
            Parameter::YearFrom | Parameter::YearTo | Parameter::HourFrom | Parameter::HourTo => {
                None
            }
            Parameter::ReceivedFrom => Some("--from"),
            Parameter::ReceivedTo => Some("--to"),
            Parameter::Site | Parameter::SiteAlso => Some("--site"),
            Parameter::Page | Parameter::PageAlso => Some("--page"),
            Parameter::ColumnKey
            | Parameter::ColumnParameter
            | Parameter::ColumnHeader
            | Parameter::ColumnValue => Some("--where"),
        }
    }

    pub(crate) fn value(self, scope: &Scope) -> String {
        let TimeRange { from_ms, to_ms } = scope.range;
        let column = |part: fn(&ColumnFilter) -> Option<&str>| {
            let value = scope.column.as_ref().and_then(part);
            value.unwrap_or(ALL).to_owned()
        };
        match self {
            Parameter::YearFrom => first_hour(from_ms).year().to_string(),
            Parameter::YearTo => last_hour(to_ms).year().to_string(),
            Parameter::HourFrom => hour_number(first_hour(from_ms)),
            Parameter::HourTo => hour_number(last_hour(to_ms)),
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
        }
    }
}

/// The partition in which the first hit of a range can lie.
fn first_hour(from_ms: u64) -> Hour {
    Hour::from_ms(from_ms.saturating_sub(EARLY_MS).min(LAST_HOUR_MS))
}

/// The partition in which the last one can lie.
fn last_hour(to_ms: u64) -> Hour {
    Hour::from_ms(to_ms.saturating_add(LATE_MS).min(LAST_HOUR_MS))
}

/// `year * 1000000 + month * 10000 + day * 100 + hour`: the one place that writes this side of the predicate.
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
