//! The questions of panels that aren't about views alone: visits, events, properties, tags and opens.

use std::collections::BTreeMap;

use beacon_catalog::{ColumnSource, FilterColumn, Subject};
use beacon_core::time::format_timestamp;
use serde_json::{Map, Value};

use super::case::{Asked, Case, QUARTER_MS, counts, lake_of};
use super::model::{self, Counts, Visited, opens, visited};
use super::panel_model::{Label, Opens, events_by, opens_by, visits_by};
use crate::engine::testing::engine_over;

/// Checks the questions about visits: of every panel the visits add up to those of the tile.
pub(super) async fn check_visits(case: Case) {
    let lake = lake_of(&case);
    let engine = engine_over(&lake).await;
    let asked = Asked {
        engine: &engine,
        case: &case,
        subject: None,
    };
    let hits = visited(&case.hits);
    let by =
        |value: &dyn Fn(&Visited<'_>) -> Label| visits_by(&hits, &case.range, &case.filters, value);
    let totals = asked.rows("visit_totals", vec![]).await;
    let visits = number(&totals[0], "visits");
    for column in [
        FilterColumn::Source,
        FilterColumn::Channel,
        FilterColumn::EntryPage,
        FilterColumn::ExitPage,
    ] {
        let name = column.name().into_owned();
        let rows = asked.rows(&format!("{name}s"), vec![]).await;
        let found = sums_by(&rows, &name, "visits");
        assert_eq!(found.values().sum::<u64>(), visits, "{name}");
        assert_eq!(found, by(&|visited| visited.value(&column)), "{name}");
        if matches!(column, FilterColumn::EntryPage | FilterColumn::ExitPage) {
            let views = model::rows(&hits, &case.range, &case.filters, &column);
            let views = views.into_iter().map(|(value, (views, _))| (value, views));
            assert_eq!(sums_by(&rows, &name, "views"), views.collect(), "{name}");
        }
    }
    let quarters = asked.rows("visits_per_quarter", vec![]).await;
    let begun = by(&|visited| {
        let (_, started_at_ms) = visited.visit.unwrap();
        Some(format_timestamp(started_at_ms - started_at_ms % QUARTER_MS))
    });
    assert_eq!(sums_by(&quarters, "quarter", "visits"), begun);
}

/// Checks the questions about events, their properties, and opens.
pub(super) async fn check_events(case: Case) {
    let lake = lake_of(&case);
    let engine = engine_over(&lake).await;
    let user = ColumnSource::Parameter("uid".to_owned());
    let ask = async |question: &str, subject: Option<Subject>| {
        let asked = Asked {
            engine: &engine,
            case: &case,
            subject,
        };
        asked.rows(question, vec![]).await
    };
    let hits = visited(&case.hits);
    let events = |labels: &dyn Fn(&Visited<'_>) -> Vec<Label>| {
        events_by(&hits, &case.range, &case.filters, labels)
    };
    let found = |rows: Vec<Map<String, Value>>, by: &str| -> BTreeMap<Label, Counts> {
        let counts = |row: &Map<String, Value>| (number(row, "times"), number(row, "visitors"));
        rows.iter()
            .map(|row| (label(row, by), counts(row)))
            .collect()
    };
    let plan = FilterColumn::Property("plan".to_owned());
    let plans = ask("properties", Some(Subject::Property("plan".to_owned()))).await;
    assert_eq!(
        found(plans, "value"),
        events(&|visited| vec![visited.value(&plan)])
    );
    let names = ask("property_names", None).await;
    let sent = events(&|visited| {
        let parameters = visited.hit.reader.parameters.iter();
        let sent = parameters
            .filter(|(name, value)| !["vw", "UTM_Id", ""].contains(name) && !value.is_empty());
        sent.map(|(name, _)| Some((*name).to_owned())).collect()
    });
    assert_eq!(found(names, "property"), sent);
    let names = found(ask("event_names", None).await, "event");
    let mut named = events(&|visited| vec![Some(visited.hit.event.to_owned())]);
    named.retain(|event, _| {
        let event = event.as_deref().unwrap_or_default();
        !["view", "open", "click"].contains(&event)
    });
    assert_eq!(names, named);

    let tags = ask("campaign_tags", Some(Subject::Tag("utm_content"))).await;
    let tags = tags
        .iter()
        .map(|row| (label(row, "value"), counts(row)))
        .collect();
    let mut tagged: BTreeMap<Label, Counts> = BTreeMap::new();
    let content = model::rows(&hits, &case.range, &case.filters, &FilterColumn::UtmContent);
    for (value, counts) in content {
        if let Some(value) = value {
            tagged.insert(Some(value.to_lowercase()), counts);
        }
    }
    assert_eq!(tagged, tags);

    let unique = FilterColumn::Custom(user.clone());
    let opened = opens(&case.hits);
    let opens = |label: &dyn Fn(&Visited<'_>) -> Label| {
        opens_by(&opened, &case.range, &case.filters, &unique, label)
    };
    let quarters = ask("opens_per_quarter", None).await;
    let quarters: BTreeMap<Label, (u64, u64)> = quarters
        .iter()
        .map(|row| {
            let range = (number(row, "opens"), number(row, "opens_at_most"));
            (label(row, "quarter"), range)
        })
        .collect();
    // A tile equals the sum of its chart's bars.
    let tile = &ask("totals", None).await[0];
    let drawn = quarters
        .values()
        .fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    assert_eq!(
        (number(tile, "opens"), number(tile, "opens_at_most")),
        drawn
    );
    let received = opens(&|visited| {
        let at_ms = visited.hit.received_at_ms;
        Some(format_timestamp(at_ms - at_ms % QUARTER_MS))
    });
    let received = received.into_iter().map(|(label, row)| (label, row.opens));
    assert_eq!(quarters, received.collect());
    let messages = ask("messages", Some(Subject::Column(user))).await;
    let messages: BTreeMap<Label, Opens> = messages
        .iter()
        .filter(|row| number(row, "opens_at_most") > 0)
        .map(|row| {
            let range = |name: &str| (number(row, name), number(row, &format!("{name}_at_most")));
            let opens = Opens {
                opens: range("opens"),
                unique: range("unique_opens"),
            };
            (label(row, "utm_content"), opens)
        })
        .collect();
    let content = opens(&|visited| {
        let content = visited.value(&FilterColumn::UtmContent);
        content.map(|text| text.to_lowercase())
    });
    assert_eq!(messages, content);
    let programs = ask("read_with", None).await;
    let at_most: u64 = programs
        .iter()
        .map(|row| number(row, "opens_at_most"))
        .sum();
    assert_eq!(
        at_most,
        content.values().map(|row| row.opens.1).sum::<u64>()
    );
}

fn label(row: &Map<String, Value>, column: &str) -> Label {
    row[column].as_str().map(str::to_owned)
}

fn number(row: &Map<String, Value>, column: &str) -> u64 {
    row[column].as_u64().unwrap()
}

/// Sums a column by another, without rows of zero.
fn sums_by(rows: &[Map<String, Value>], by: &str, column: &str) -> BTreeMap<Label, u64> {
    let mut sums = BTreeMap::new();
    for row in rows.iter().filter(|row| number(row, column) > 0) {
        *sums.entry(label(row, by)).or_default() += number(row, column);
    }
    sums
}
