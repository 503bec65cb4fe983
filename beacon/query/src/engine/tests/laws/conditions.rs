//! Conditions on values in memory, as docs/queries.md defines them, and random ones.

use beacon_catalog::{ColumnSource, Filter, FilterColumn, Operator};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Texts that are values of some column, or parts of them, or neither.
const TEXTS: [&str; 24] = [
    "/",
    "/talks",
    "talk",
    "Google",
    "hacker",
    "HN",
    "email",
    "Email",
    "12",
    "Top",
    "pixel",
    "Fire",
    "Firefox",
    "DE",
    "de",
    "s",
    "m",
    "pro",
    "Pro",
    "phone",
    "a.example",
    ".example",
    "signup",
    "view",
];

/// Returns true if a hit with these values meets the conditions: one of those that name values of each column, and all that
/// exclude values.
pub(super) fn are_met(filters: &[Filter], value: impl Fn(&FilterColumn) -> Option<String>) -> bool {
    filters.iter().all(|filter| {
        if is_excluding(filter.operator) {
            return is_met(filter, value(&filter.column));
        }
        let mut alternatives = filters
            .iter()
            .filter(|other| other.column == filter.column && !is_excluding(other.operator));
        alternatives.any(|other| is_met(other, value(&other.column)))
    })
}

pub(super) fn is_excluding(operator: Operator) -> bool {
    matches!(operator, Operator::IsNot | Operator::IsNotEmpty)
}

fn is_met(filter: &Filter, value: Option<String>) -> bool {
    let folds = matches!(
        filter.column,
        FilterColumn::Referrer
            | FilterColumn::UtmSource
            | FilterColumn::UtmMedium
            | FilterColumn::UtmCampaign
            | FilterColumn::UtmTerm
            | FilterColumn::UtmContent
            | FilterColumn::Language
    );
    let fold = |text: &str| match folds {
        true => text.to_lowercase(),
        false => text.to_owned(),
    };
    let value = value.as_deref().map(fold);
    let mut values = filter.values.iter().map(|text| fold(text));
    let Some(value) = value else {
        return matches!(filter.operator, Operator::IsEmpty | Operator::IsNot);
    };
    match filter.operator {
        Operator::Is => values.any(|text| text == value),
        Operator::IsNot => !values.any(|text| text == value),
        Operator::Contains => values.any(|text| value.contains(&text)),
        Operator::StartsWith => values.any(|text| value.starts_with(&text)),
        Operator::IsEmpty => false,
        Operator::IsNotEmpty => true,
    }
}

/// Returns every column, a property and a custom column.
pub(super) fn columns() -> Vec<FilterColumn> {
    let mut columns = FilterColumn::ALL.to_vec();
    columns.push(FilterColumn::Property("plan".to_owned()));
    let user = ColumnSource::Parameter("uid".to_owned());
    columns.push(FilterColumn::Custom(user));
    columns
}

/// Makes a condition on one of these columns.
pub(super) fn any_condition(columns: Vec<FilterColumn>) -> impl Strategy<Value = Filter> {
    let values = vec(select(&TEXTS[..]), 1..4);
    (select(columns), select(&Operator::ALL[..]), values).prop_map(|(column, operator, values)| {
        let values = values.into_iter().map(str::to_owned);
        Filter {
            column,
            operator,
            values: match operator.takes_values() {
                true => values.collect(),
                false => vec![],
            },
        }
    })
}
