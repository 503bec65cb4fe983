//! Reads the query string of the dashboard's address, so that the address of a view is also the address of its data.
//!
//! What isn't known is refused: the numbers of another period or site would be taken for the right ones.

use std::collections::BTreeSet;

use beacon_catalog::{ALL, AgentClasses, CustomColumn, Filter, Operator, TimeRange, check_filters};

use crate::filter_request::FilterRequest;
use crate::period::Period;
use crate::problem::Problem;
use crate::query_request::QueryRequest;
use crate::zone::Tz;

/// The parameters that say how the page draws its numbers, and the values that each has.
const DRAWING: [(&str, &[&str]); 3] = [
    ("compare", &["before", "year", "none"]),
    ("bars", &["hour", "day", "week", "month"]),
    (
        "metric",
        &["visitors", "visits", "views", "opens", "conversions"],
    ),
];

/// The parameter of the classes of agents that count, and that of those that don't.
const AGENT: &str = "agent";
const AGENT_NOT: &str = "agent.not";

/// The parameters of an address, by name.
const SITE: &str = "site";
const PERIOD: &str = "period";
const FROM: &str = "from";
const TO: &str = "to";
const ZONE: &str = "zone";

/// The subject of a question of values, which the page chooses beside its table.
const BY: &str = "by";

/// A custom column and its value, in addresses of earlier versions.
const COLUMN: &str = "column";
const VALUE: &str = "value";

/// The view that an address of the dashboard shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) range: TimeRange,
    pub(crate) site: Option<String>,
    pub(crate) filters: Vec<FilterRequest>,
    /// The classes of agents whose hits count; `None` stands for the default.
    pub(crate) agents: Option<Vec<String>>,
    pub(crate) by: Option<String>,
}

/// Reads the parameters of a query string, in their order. `now_ms` says which day is today.
///
/// # Errors
/// Returns a problem that quotes every parameter that isn't known.
pub(crate) fn read(
    parameters: &[(String, String)],
    custom_columns: &[CustomColumn],
    now_ms: u64,
) -> Result<Address, Problem> {
    let mut reader = Reader {
        parameters,
        unknown: Vec::new(),
    };
    let zone = reader.zone();
    let range = reader.range(zone, now_ms);
    for (name, values) in DRAWING {
        if let Some(value) = reader.single(name)
            && !values.contains(&value)
        {
            reader.refuse(name, value);
        }
    }
    let by = reader.single(BY).map(str::to_owned);
    let agents = reader.agents();
    let (site, filters) = reader.filters(custom_columns);
    if !reader.unknown.is_empty() {
        return Err(unknown(&reader.unknown));
    }
    let (filters, requests): (Vec<Filter>, Vec<FilterRequest>) = filters.into_iter().unzip();
    check_filters(&filters)?;
    Ok(Address {
        range,
        site,
        filters: requests,
        agents,
        by,
    })
}

/// Returns the problem of an address with parameters that aren't known.
pub(crate) fn unknown(parameters: &[String]) -> Problem {
    Problem::unprocessable(format!(
        "This address has a filter that isn't known: {}",
        parameters.join(", ")
    ))
}

struct Reader<'a> {
    parameters: &'a [(String, String)],
    unknown: Vec<String>,
}

impl<'a> Reader<'a> {
    fn all(&self, name: &str) -> Vec<&'a str> {
        let values = self.parameters.iter().filter(|(key, _)| key == name);
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// Returns the value of a parameter that has one at most.
    fn single(&mut self, name: &str) -> Option<&'a str> {
        let values = self.all(name);
        if values.len() > 1 {
            self.unknown.push(format!("{name} more than once"));
        }
        values.first().copied()
    }

    fn refuse(&mut self, name: &str, value: &str) {
        self.unknown.push(format!("{name}={value}"));
    }

    fn zone(&mut self) -> Tz {
        let Some(name) = self.single(ZONE) else {
            return Tz::UTC;
        };
        name.parse().unwrap_or_else(|_| {
            self.refuse(ZONE, name);
            Tz::UTC
        })
    }

    fn range(&mut self, zone: Tz, now_ms: u64) -> TimeRange {
        let (name, from, to) = (self.single(PERIOD), self.single(FROM), self.single(TO));
        let period = match (name, from, to) {
            (None, None, None) => Some(Period::DEFAULT),
            (Some(name), None, None) => Period::named(name),
            (None, Some(from), Some(to)) => Period::between(from, to),
            _ => None,
        };
        let range = period.and_then(|period| period.range(zone, now_ms));
        range.unwrap_or_else(|| {
            for (name, value) in [(PERIOD, name), (FROM, from), (TO, to)] {
                if let Some(value) = value {
                    self.refuse(name, value);
                }
            }
            TimeRange {
                from_ms: 0,
                to_ms: now_ms,
            }
        })
    }

    /// Returns the classes that are named, without those that are excluded; with exclusions alone, those that count by
    /// default without the excluded ones, or if none is left, all others.
    fn agents(&mut self) -> Option<Vec<String>> {
        let (named, excluded) = (self.all(AGENT), self.all(AGENT_NOT));
        for (name, values) in [(AGENT, &named), (AGENT_NOT, &excluded)] {
            for value in values {
                if !AgentClasses::NAMES.contains(value) {
                    self.refuse(name, value);
                }
            }
        }
        if named.is_empty() && excluded.is_empty() {
            return None;
        }
        let without = |classes: &[&str]| -> Vec<String> {
            let others = classes.iter().filter(|class| !excluded.contains(class));
            others.map(|class| (*class).to_owned()).collect()
        };
        let default: Vec<&str> = AgentClasses::default().names().collect();
        let chosen = match named.is_empty() {
            false => without(&named),
            true => without(&default),
        };
        if chosen.is_empty() && named.is_empty() {
            return Some(without(&AgentClasses::NAMES));
        }
        if chosen.is_empty() {
            for class in excluded {
                self.refuse(AGENT_NOT, class);
            }
        }
        Some(chosen)
    }

    /// Returns the site, if it is one, and all other filters, each as a request has it too.
    fn filters(
        &mut self,
        custom_columns: &[CustomColumn],
    ) -> (Option<String>, Vec<(Filter, FilterRequest)>) {
        let others = [AGENT, AGENT_NOT, PERIOD, FROM, TO, ZONE, BY, COLUMN, VALUE];
        let drawing = DRAWING.map(|(name, _)| name);
        let site = match self.all(SITE)[..] {
            [site] if !chooses_all(site) => Some(site.to_owned()),
            _ => None,
        };
        let mut filters = Vec::new();
        match (self.single(COLUMN), self.single(VALUE)) {
            (Some(column), Some(value)) => {
                let is_custom = custom_columns.iter().any(|custom| custom.name == column);
                match Filter::from_parameter(column, value, custom_columns) {
                    Ok(filter) if is_custom => {
                        let request = filter_request(column, &filter);
                        filters.push((filter, request));
                    }
                    _ => self.refuse(COLUMN, column),
                }
            }
            (Some(column), None) => self.refuse(COLUMN, column),
            (None, Some(value)) => self.refuse(VALUE, value),
            (None, None) => {}
        }
        let mut refused = BTreeSet::new();
        for (name, value) in self.parameters {
            let is_read = others.contains(&name.as_str()) || drawing.contains(&name.as_str());
            if is_read || (name == SITE && site.is_some()) {
                continue;
            }
            match Filter::from_parameter(name, value, custom_columns) {
                // The name is known, and the value chooses everything.
                _ if chooses_all(value)
                    && Filter::from_parameter(name, "x", custom_columns).is_ok() => {}
                Ok(filter) => {
                    let request = filter_request(name, &filter);
                    filters.push((filter, request));
                }
                Err(_) if refused.insert((name, value)) => self.refuse(name, value),
                Err(_) => {}
            }
        }
        (site, filters)
    }
}

/// Returns true for a value that filters nothing, as a form sends it that was left as it is.
fn chooses_all(value: &str) -> bool {
    value.is_empty() || value == ALL
}

impl Address {
    /// Returns the request of a named query about what the address shows.
    pub(crate) fn request(&self, question: &str) -> QueryRequest {
        QueryRequest {
            question: question.to_owned(),
            from_ms: self.range.from_ms,
            to_ms: self.range.to_ms,
            site: self.site.clone(),
            page: None,
            column: None,
            agents: self.agents.clone(),
            filters: self.filters.clone(),
            by: self.by.clone(),
        }
    }
}

/// Returns the filter of a parameter as a request has it. A custom column keeps its own name, which the condition doesn't
/// have.
fn filter_request(parameter: &str, filter: &Filter) -> FilterRequest {
    let ending = match filter.operator {
        Operator::Is => "",
        Operator::IsNot => ".not",
        Operator::Contains => ".contains",
        Operator::StartsWith => ".starts",
        Operator::IsEmpty | Operator::IsNotEmpty => ".empty",
    };
    FilterRequest {
        column: parameter
            .strip_suffix(ending)
            .unwrap_or(parameter)
            .to_owned(),
        op: Some(filter.operator.name().to_owned()),
        values: filter.values.clone(),
        value: None,
    }
}

#[cfg(test)]
mod tests;
