//! Random lakes, ranges and filters, and the answers of the engine to questions about them.

use std::collections::BTreeMap;
use std::ops::Range;

use beacon_catalog::{Filter, FilterColumn, Question, Scope, Subject, TimeRange};
use beacon_core::time::{HOUR_MS, Hour};
use beacon_lake_fixture::LakeFixture;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

use super::conditions::{any_condition, columns, is_excluding};
use super::model::{Counts, Hit, ORIGINS, READERS};
use crate::engine::Engine;
use crate::engine::testing::ask_as;
use crate::output::OutputFormat;

/// 2026-11-20 00:00 UTC.
const FIRST_MS: u64 = 1_795_132_800_000;

/// The lake's length.
const HOURS: u64 = 60;

pub(super) const QUARTER_MS: u64 = HOUR_MS / 4;

/// The classes of agents, most of them people.
const AGENTS: [Option<&str>; 7] = [
    None,
    Some("human"),
    Some("human"),
    Some("human"),
    Some("unknown"),
    Some("bot"),
    Some("mail_proxy"),
];

/// A lake, a range of quarters of an hour, as any zone has its days, and filters.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) hits: Vec<Hit>,
    /// The hits that were delivered twice.
    pub(super) again: Vec<Index>,
    pub(super) range: Range<u64>,
    pub(super) filters: Vec<Filter>,
    pub(super) row: Index,
}

fn any_hit() -> impl Strategy<Value = Hit> {
    let at = (
        0..HOURS / 6,
        prop_oneof![Just(0), Just(30 * 60), 0..4 * 3600_u64],
        select(&[0_u64, 1, 999][..]),
    );
    (
        at,
        select(&["a.example", "b.example"][..]),
        select(&[None, Some("ann"), Some("bob"), Some("bob")][..]),
        select(&["view", "view", "view", "signup", "open", "click"][..]),
        select(&[Some("/"), Some("/talks"), None][..]),
        select(&ORIGINS[..]),
        select(&AGENTS[..]),
        select(&[None, Some("phone"), Some("desktop")][..]),
        select(&READERS[..]),
    )
        .prop_map(
            |((block, second, ms), site, visitor, event, page, origin, agent, device, reader)| {
                Hit {
                    id: String::new(),
                    received_at_ms: FIRST_MS + block * 6 * HOUR_MS + second * 1000 + ms,
                    site,
                    visitor,
                    event,
                    page,
                    origin,
                    agent,
                    device,
                    reader,
                }
            },
        )
}

/// Makes a condition that many hits meet: those of [`any_condition`] often leave none.
fn any_filter() -> impl Strategy<Value = Filter> {
    let value = |column: FilterColumn, values: &'static [Option<&'static str>]| {
        select(values).prop_map(move |value| match value {
            Some(value) => Filter::is(column.clone(), value),
            None => Filter::is_empty(column.clone()),
        })
    };
    prop_oneof![
        value(
            FilterColumn::Source,
            &[None, Some("Google"), Some("Hacker News"), Some("letter")]
        ),
        value(
            FilterColumn::Channel,
            &[Some("Search"), Some("Social"), Some("Direct / unknown")]
        ),
        value(FilterColumn::UtmSource, &[None, Some("hn")]),
        value(FilterColumn::Referrer, &[None, Some("www.google.co.uk")]),
        value(FilterColumn::Page, &[None, Some("/talks")]),
        value(FilterColumn::Device, &[None, Some("phone")]),
        value(
            FilterColumn::Event,
            &[Some("view"), Some("signup"), Some("open")]
        ),
        any_condition(columns()),
    ]
}

pub(super) fn any_case() -> impl Strategy<Value = Case> {
    let quarters = HOURS * HOUR_MS / QUARTER_MS;
    (
        prop::collection::vec(any_hit(), 0..50),
        prop::collection::vec(any::<Index>(), 0..4),
        (0..quarters, 1..=quarters),
        prop::collection::vec(any_filter(), 0..3),
        any::<Index>(),
    )
        .prop_map(|(mut hits, again, (first, length), filters, row)| {
            for (index, hit) in hits.iter_mut().enumerate() {
                hit.id = format!("{index:03}");
            }
            let start = FIRST_MS + first * QUARTER_MS;
            Case {
                hits,
                again,
                range: start..start + length * QUARTER_MS,
                filters,
                row,
            }
        })
}

pub(super) fn lake_of(case: &Case) -> LakeFixture {
    let mut hours: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let again = case.again.iter().filter(|_| !case.hits.is_empty());
    let again = again.map(|index| index.get(&case.hits));
    for hit in case.hits.iter().chain(again) {
        let hour = Hour::from_ms(hit.received_at_ms);
        let hour = format!(
            "{:04}-{:02}-{:02}-{:02}",
            hour.year(),
            hour.month(),
            hour.day(),
            hour.hour()
        );
        hours.entry(hour).or_default().push(hit.line());
    }
    let mut lake = LakeFixture::new();
    for (hour, lines) in hours {
        lake.parquet(&hour, &lines.join("\n"));
    }
    lake
}

/// Asks the engine the questions of one case.
pub(super) struct Asked<'a> {
    pub(super) engine: &'a Engine,
    pub(super) case: &'a Case,
    pub(super) subject: Option<Subject>,
}

impl Asked<'_> {
    /// Returns the rows of a question, limited by the filters of the case and by those of a `row`.
    pub(super) async fn rows(&self, question: &str, row: Vec<Filter>) -> Vec<Map<String, Value>> {
        let mut filters = self.case.filters.clone();
        for row in row {
            // The value of a row is one of those that the filters leave: it takes their place.
            filters.retain(|filter| filter.column != row.column || is_excluding(filter.operator));
            filters.push(row);
        }
        let question = Question::find(question).unwrap().limited_to(filters);
        let Range { start, end } = self.case.range;
        let range = TimeRange {
            from_ms: start,
            to_ms: end,
        };
        let parameters = question.bind(&Scope {
            subject: self.subject.clone(),
            ..Scope::new(range)
        });
        let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
        let json = ask_as(
            self.engine,
            &question.text(),
            &parameters,
            OutputFormat::Json,
        )
        .await;
        serde_json::from_str(&json)
            .unwrap_or_else(|error| panic!("{}: {error}: {json}", question.name))
    }

    pub(super) async fn tile(&self, row: Vec<Filter>) -> Counts {
        let rows = self.rows("totals", row).await;
        counts(&rows[0])
    }
}

pub(super) fn counts(row: &Map<String, Value>) -> Counts {
    let count = |name: &str| row[name].as_u64().unwrap();
    (count("views"), count("visitors"))
}

pub(super) fn sum(rows: &[Map<String, Value>]) -> Counts {
    let counts = rows.iter().map(counts);
    counts.fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1))
}
