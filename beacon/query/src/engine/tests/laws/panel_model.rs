//! Counts the rows of panels in plain Rust: those of visits, events, properties and opens.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use beacon_catalog::{Filter, FilterColumn};
use beacon_core::time::DAY_MS;

use super::model::{Counts, Visited};

/// The value of a row.
pub(super) type Label = Option<String>;

/// Counts the visits with a hit that meets the filters, by a value that all hits of a visit have.
pub(super) fn visits_by(
    hits: &[Visited<'_>],
    range: &Range<u64>,
    filters: &[Filter],
    label: impl Fn(&Visited<'_>) -> Label,
) -> BTreeMap<Label, u64> {
    let mut visits: BTreeMap<usize, Label> = BTreeMap::new();
    for visited in hits {
        let Some((number, started_at_ms)) = visited.visit else {
            continue;
        };
        if range.contains(&started_at_ms) && visited.meets(filters) {
            visits.insert(number, label(visited));
        }
    }
    let mut counts = BTreeMap::new();
    for label in visits.into_values() {
        *counts.entry(label).or_default() += 1;
    }
    counts
}

/// Counts times and visitors by label, of the hits that meet the filters.
///
/// Those are custom events, or with a condition on the event all.
pub(super) fn events_by(
    hits: &[Visited<'_>],
    range: &Range<u64>,
    filters: &[Filter],
    labels: impl Fn(&Visited<'_>) -> Vec<Label>,
) -> BTreeMap<Label, Counts> {
    let is_about_events = filters
        .iter()
        .any(|filter| filter.column == FilterColumn::Event);
    let day_from = range.start - range.start % DAY_MS;
    let mut times: BTreeMap<Label, u64> = BTreeMap::new();
    let mut first_at: BTreeMap<(Label, &str, u64), u64> = BTreeMap::new();
    for visited in hits {
        let hit = visited.hit;
        let is_custom = !["view", "open", "click"].contains(&hit.event);
        let is_read = (day_from..range.end).contains(&hit.received_at_ms);
        if !is_read || !(is_custom || is_about_events) || !visited.meets(filters) {
            continue;
        }
        for label in labels(visited) {
            *times.entry(label.clone()).or_default() +=
                u64::from(hit.received_at_ms >= range.start);
            if let Some(visitor) = hit.visitor {
                let key = (label, visitor, hit.received_at_ms / DAY_MS);
                let first = first_at.entry(key).or_insert(hit.received_at_ms);
                *first = hit.received_at_ms.min(*first);
            }
        }
    }
    let mut rows = BTreeMap::new();
    for (label, times) in times.into_iter().filter(|(_, times)| *times > 0) {
        let visitors = first_at
            .iter()
            .filter(|((of, _, _), first)| *of == label && **first >= range.start)
            .count();
        rows.insert(label, (times, u64::try_from(visitors).unwrap()));
    }
    rows
}

/// Opens at least and at most, and the different values of a column among them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Opens {
    pub(super) opens: (u64, u64),
    pub(super) unique: (u64, u64),
}

/// Counts the opens of a range by label, of those that meet the filters.
pub(super) fn opens_by(
    opens: &[Visited<'_>],
    range: &Range<u64>,
    filters: &[Filter],
    unique: &FilterColumn,
    label: impl Fn(&Visited<'_>) -> Label,
) -> BTreeMap<Label, Opens> {
    let mut rows: BTreeMap<Label, Opens> = BTreeMap::new();
    let mut values: BTreeSet<(Label, String, bool)> = BTreeSet::new();
    for visited in opens {
        let is_in_range = range.contains(&visited.hit.received_at_ms);
        if !is_in_range || !visited.meets(filters) {
            continue;
        }
        let is_chosen = visited.hit.counts();
        let row = rows.entry(label(visited)).or_default();
        row.opens.0 += u64::from(is_chosen);
        row.opens.1 += 1;
        let Some(value) = visited.value(unique) else {
            continue;
        };
        let value = (label(visited), value);
        row.unique.1 += u64::from(values.insert((value.0.clone(), value.1.clone(), false)));
        row.unique.0 += u64::from(is_chosen && values.insert((value.0, value.1, true)));
    }
    rows
}
