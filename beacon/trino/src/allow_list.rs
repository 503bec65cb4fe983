//! The allow-list of functions: what stands here is answered, with Trino's meaning, and nothing else.

mod collections;
mod values;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::function::{Function, Kind};
use crate::signature::Signature;

/// Returns all functions of the list.
pub(crate) fn functions() -> impl Iterator<Item = &'static Function> {
    values::FUNCTIONS.iter().chain(collections::FUNCTIONS)
}

/// Functions of other engines, with what does the same in Trino.
const ELSEWHERE: &[(&str, &str)] = &[
    ("array_length", "cardinality(array)"),
    ("charindex", "strpos(text, part)"),
    ("char_length", "length(text)"),
    ("date_part", "extract(HOUR FROM time), or hour(time)"),
    ("datediff", "date_diff('day', from, to)"),
    ("dateadd", "date_add('day', 1, time)"),
    ("get_json_object", "json_extract_scalar(json, '$.name')"),
    (
        "group_concat",
        "listagg(text, ',') WITHIN GROUP (ORDER BY text)",
    ),
    ("ifnull", "coalesce(value, other)"),
    ("instr", "strpos(text, part)"),
    ("isnull", "value IS NULL"),
    ("len", "length(text)"),
    ("median", "approx_percentile(value, 0.5)"),
    ("nvl", "coalesce(value, other)"),
    ("regexp_match", "regexp_extract(text, pattern)"),
    ("regexp_substr", "regexp_extract(text, pattern)"),
    (
        "string_agg",
        "listagg(text, ',') WITHIN GROUP (ORDER BY text)",
    ),
    ("to_char", "date_format(time, '%Y-%m-%d')"),
    (
        "to_date",
        "CAST(text AS date), or date_parse(text, '%Y-%m-%d')",
    ),
    (
        "to_timestamp",
        "from_unixtime(seconds), or date_parse(text, '%Y-%m-%d %H:%i:%s')",
    ),
    ("ucase", "upper(text)"),
    ("unix_timestamp", "to_unixtime(time)"),
];

static BY_NAME: LazyLock<HashMap<&str, &Function>> = LazyLock::new(|| {
    functions()
        .map(|function| (function.name, function))
        .collect()
});

static SIGNATURES: LazyLock<HashMap<&str, Vec<Signature>>> = LazyLock::new(|| {
    let scalars = functions().filter(|function| function.kind == Kind::Scalar);
    scalars
        .map(|function| {
            let forms = function.forms.iter();
            (
                function.name,
                forms.filter_map(|form| Signature::read(form)).collect(),
            )
        })
        .collect()
});

pub(crate) fn kind(name: &str) -> Option<Kind> {
    BY_NAME.get(name).map(|function| function.kind)
}

pub(crate) fn signatures(name: &str) -> Vec<Signature> {
    SIGNATURES.get(name).cloned().unwrap_or_default()
}

/// Each form with the name in front, for a message.
pub(crate) fn forms(name: &str) -> impl Iterator<Item = String> {
    let forms = BY_NAME.get(name).map_or(&[][..], |function| function.forms);
    let name = name.to_owned();
    forms.iter().map(move |form| format!("{name}{form}"))
}

pub(crate) fn in_place_of(name: &str) -> Option<&'static str> {
    ELSEWHERE
        .iter()
        .find(|(foreign, _)| *foreign == name)
        .map(|(_, instead)| *instead)
}

/// This crate's function for a name; some of Trino's are two names for one.
pub(crate) fn kernel_name(name: &str) -> &str {
    match name {
        "ceiling" => "ceil",
        "day_of_month" => "day",
        "dow" => "day_of_week",
        "doy" => "day_of_year",
        "pow" => "power",
        "substring" => "substr",
        "week_of_year" => "week",
        "yow" => "year_of_week",
        name => name,
    }
}

#[cfg(test)]
mod tests;
