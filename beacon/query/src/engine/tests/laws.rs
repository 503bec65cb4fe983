//! The laws of the dashboard's numbers, over random lakes, ranges and filters: a tile is the sum of the chart's bars,
//! the number of a row is the tile after filtering by the row, and the views of a panel's rows add up to the tile.
//!
//! `model` counts the same in plain Rust, so that the numbers are not only consistent but right.

mod case;
mod conditions;
mod model;
mod panel_model;
mod panels;

use std::collections::BTreeMap;

use beacon_catalog::{Filter, FilterColumn};
use proptest::prelude::*;

use crate::engine::testing::{engine_over, on_a_large_stack};
use case::{Asked, Case, any_case, counts, lake_of, sum};
use conditions::{any_condition, columns};
use model::{Counts, visited};
use panels::{check_events, check_visits};

/// A case asks about thirty questions.
const CASES: u32 = 4;

/// The conditions, or pairs of them, that are tried over a lake.
const CONDITIONS: usize = 20;

/// The panels whose rows add up to the views of the tile, with the column of their rows.
const WHOLE_PANELS: [(&str, FilterColumn); 5] = [
    ("sources", FilterColumn::Source),
    ("channels", FilterColumn::Channel),
    ("top_pages", FilterColumn::Page),
    ("devices", FilterColumn::Device),
    ("sizes", FilterColumn::Size),
];

async fn check(case: Case) {
    let lake = lake_of(&case);
    let engine = engine_over(&lake).await;
    let asked = Asked {
        engine: &engine,
        case: &case,
        subject: None,
    };
    let hits = visited(&case.hits);

    let tile = asked.tile(vec![]).await;
    assert_eq!(
        tile,
        model::counts(&hits, &case.range, &case.filters, |_| true)
    );

    // 1. A tile equals the sum of the chart's bars. Days of any zone are sums of quarters.
    assert_eq!(sum(&asked.rows("views_per_quarter", vec![]).await), tile);

    for (question, column) in &WHOLE_PANELS {
        let rows = asked.rows(question, vec![]).await;
        // 3. The views of all rows add up.
        assert_eq!(sum(&rows).0, tile.0, "{question}");
        let expected = model::rows(&hits, &case.range, &case.filters, column);
        if *column == FilterColumn::Page {
            // A row for each site and page.
            assert!(rows.len() >= expected.len());
            continue;
        }
        // A row may have visits of custom events alone.
        let found: BTreeMap<Option<String>, Counts> = rows
            .iter()
            .filter(|row| counts(row).0 > 0)
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
        ("entry_pages", FilterColumn::EntryPage, "entry_page"),
        ("exit_pages", FilterColumn::ExitPage, "exit_page"),
    ] {
        let rows = asked.rows(question, vec![]).await;
        if rows.is_empty() {
            continue;
        }
        let row = case.row.get(&rows);
        let value = row[name].as_str().map(str::to_owned);
        let mut is_row = vec![match value {
            Some(value) => Filter::is(column, &value),
            None => Filter::is_empty(column),
        }];
        // Pages have a row for each site.
        if let Some(site) = row.get("site") {
            is_row.push(Filter::is(FilterColumn::Site, site.as_str().unwrap()));
        }
        assert_eq!(asked.tile(is_row).await, counts(row), "{question} {row:?}");
    }

    let visits = &asked.rows("visit_totals", vec![]).await[0];
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

/// Checks the counts of one or two conditions on any columns, over one lake.
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
            subject: None,
        };
        assert_eq!(
            asked.tile(vec![]).await,
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
    fn the_visits_of_panels_agree_with_the_tile_and_with_the_model(case in any_case()) {
        on_a_large_stack(|| check_visits(case));
    }

    #[test]
    fn events_and_opens_agree_with_the_model(case in any_case()) {
        on_a_large_stack(|| check_events(case));
    }

    #[test]
    fn numbers_agree_with_each_other_and_with_the_model(case in any_case()) {
        on_a_large_stack(|| check(case));
    }
}
