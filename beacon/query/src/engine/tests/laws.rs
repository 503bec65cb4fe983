//! The laws of the dashboard's numbers, over random lakes, ranges and filters: a tile is the sum of the chart's bars,
//! the number of a row is the tile after filtering by the row, and the views of a panel's rows add up to the tile.
//!
//! `model` counts the same in plain Rust, so that the numbers are not only consistent but right.

mod conditions;
mod model;

use std::collections::BTreeMap;
use std::ops::Range;

use beacon_catalog::{Filter, FilterColumn, Question, Scope, TimeRange};
use beacon_core::time::{HOUR_MS, Hour};
use beacon_lake_fixture::LakeFixture;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

use crate::engine::Engine;
use crate::engine::testing::{ask_as, engine_over, on_a_large_stack};
use crate::output::OutputFormat;
use conditions::{any_condition, columns, is_excluding};
use model::{Counts, Hit, ORIGINS, READERS, visited};

/// 2026-11-20 00:00 UTC.
const FIRST_MS: u64 = 1_795_132_800_000;

/// The lake's length.
const HOURS: u64 = 60;

const QUARTER_MS: u64 = HOUR_MS / 4;

/// A case asks about thirty questions.
const CASES: u32 = 4;

/// The conditions, or pairs of them, that are tried over a lake.
const CONDITIONS: usize = 20;

/// The panels whose rows add up to the views of the tile, with the column of their rows.
const WHOLE_PANELS: [(&str, FilterColumn); 4] = [
    ("sources", FilterColumn::Source),
    ("channels", FilterColumn::Channel),
    ("top_pages", FilterColumn::Page),
    ("devices", FilterColumn::Device),
];

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
struct Case {
    hits: Vec<Hit>,
    /// The hits that were delivered twice.
    again: Vec<Index>,
    range: Range<u64>,
    filters: Vec<Filter>,
    row: Index,
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

/// A condition that many hits meet: those of [`any_condition`] often leave none.
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

fn any_case() -> impl Strategy<Value = Case> {
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

fn lake_of(case: &Case) -> LakeFixture {
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
struct Asked<'a> {
    engine: &'a Engine,
    case: &'a Case,
}

impl Asked<'_> {
    /// The rows of a question, limited by the filters of the case and by `row`.
    async fn rows(&self, question: &str, row: Option<Filter>) -> Vec<Map<String, Value>> {
        let mut filters = self.case.filters.clone();
        if let Some(row) = row {
            // The value of a row is one of those that the filters leave: it takes their place.
            filters.retain(|filter| filter.column != row.column || is_excluding(filter.operator));
            filters.push(row);
        }
        let question = Question::find(question).unwrap().limited_to(filters);
        let Range { start, end } = self.case.range;
        let parameters = question.bind(&Scope::new(TimeRange {
            from_ms: start,
            to_ms: end,
        }));
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

    async fn tile(&self, row: Option<Filter>) -> Counts {
        let rows = self.rows("totals", row).await;
        counts(&rows[0])
    }
}

fn counts(row: &Map<String, Value>) -> Counts {
    let count = |name: &str| row[name].as_u64().unwrap();
    (count("views"), count("visitors"))
}

fn sum(rows: &[Map<String, Value>]) -> Counts {
    let counts = rows.iter().map(counts);
    counts.fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1))
}

async fn check(case: Case) {
    let lake = lake_of(&case);
    let engine = engine_over(&lake).await;
    let asked = Asked {
        engine: &engine,
        case: &case,
    };
    let hits = visited(&case.hits);

    let tile = asked.tile(None).await;
    assert_eq!(
        tile,
        model::counts(&hits, &case.range, &case.filters, |_| true)
    );

    // 1. A tile equals the sum of the chart's bars. Days of any zone are sums of quarters.
    assert_eq!(sum(&asked.rows("views_per_quarter", None).await), tile);

    for (question, column) in &WHOLE_PANELS {
        let rows = asked.rows(question, None).await;
        // 3. The views of all rows add up.
        assert_eq!(sum(&rows).0, tile.0, "{question}");
        let expected = model::rows(&hits, &case.range, &case.filters, column);
        if *column == FilterColumn::Page {
            // A row for each site and page.
            assert!(rows.len() >= expected.len());
            continue;
        }
        let found: BTreeMap<Option<String>, Counts> = rows
            .iter()
            .map(|row| {
                (
                    row[&*column.name()].as_str().map(str::to_owned),
                    counts(row),
                )
            })
            .collect();
        assert_eq!(found, expected, "{question}");
    }

    // 2. A row's number equals the tile after filtering by that row.
    for (question, column, name) in [
        ("sources", FilterColumn::Source, "source"),
        ("channels", FilterColumn::Channel, "channel"),
        ("referrers", FilterColumn::Referrer, "referrer_host"),
        ("devices", FilterColumn::Device, "device"),
    ] {
        let rows = asked.rows(question, None).await;
        if rows.is_empty() {
            continue;
        }
        let row = case.row.get(&rows);
        let value = row[name].as_str().map(str::to_owned);
        let is_row = match value {
            Some(value) => Filter::is(column, &value),
            None => Filter::is_empty(column),
        };
        assert_eq!(
            asked.tile(Some(is_row)).await,
            counts(row),
            "{question} {row:?}"
        );
    }

    let visits = &asked.rows("visit_totals", None).await[0];
    let found = (
        visits["visits"].as_u64().unwrap(),
        visits["single_page_visits"].as_u64().unwrap(),
        visits["median_seconds"].as_f64(),
    );
    assert_eq!(
        found,
        model::visit_totals(&hits, &case.range, &case.filters)
    );
}

/// One or two conditions on any columns, over one lake.
async fn check_conditions(case: Case, conditions: Vec<Vec<Filter>>) {
    let lake = lake_of(&case);
    let engine = engine_over(&lake).await;
    let hits = visited(&case.hits);
    for filters in conditions {
        let case = Case {
            hits: Vec::new(),
            again: Vec::new(),
            range: case.range.clone(),
            filters,
            row: case.row,
        };
        let asked = Asked {
            engine: &engine,
            case: &case,
        };
        assert_eq!(
            asked.tile(None).await,
            model::counts(&hits, &case.range, &case.filters, |_| true),
            "{:?}",
            case.filters
        );
    }
}

fn any_conditions() -> impl Strategy<Value = Vec<Vec<Filter>>> {
    let one = any_condition(columns());
    prop::collection::vec(prop::collection::vec(one, 1..3), CONDITIONS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn conditions_find_the_hits_of_the_model(case in any_case(), conditions in any_conditions()) {
        on_a_large_stack(|| check_conditions(case, conditions));
    }

    #[test]
    fn numbers_agree_with_each_other_and_with_the_model(case in any_case()) {
        on_a_large_stack(|| check(case));
    }
}
