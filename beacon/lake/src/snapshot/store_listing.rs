//! The listings of an object store that cover a range of hours.

use std::ops::RangeInclusive;

use beacon_core::time::{DAY_MS, HOUR_MS, Hour};

/// Listings that a range may take. Beyond it one listing of the whole table is cheaper: a store lists a
/// thousand objects with one request.
const MAX_LISTINGS: usize = 64;

/// Returns the directories of a range: whole days inside it, and hours at its ends.
pub(crate) fn keys_to_list(table: &str, hours: Option<&RangeInclusive<Hour>>) -> Vec<String> {
    let whole = vec![table.to_owned()];
    let Some(hours) = hours else { return whole };
    let (mut at_ms, end_ms) = (hours.start().start_ms(), hours.end().start_ms());
    let mut keys = Vec::new();
    while at_ms <= end_ms {
        if keys.len() == MAX_LISTINGS {
            return whole;
        }
        let hour = Hour::from_ms(at_ms);
        let partition = hour.partition_path();
        let last_of_day_ms = at_ms + 23 * HOUR_MS;
        if hour.hour() == 0 && last_of_day_ms <= end_ms {
            let day = partition
                .rsplit_once('/')
                .map_or(partition.as_str(), |(day, _hour)| day);
            keys.push(format!("{table}/{day}"));
            at_ms += DAY_MS;
        } else {
            keys.push(format!("{table}/{partition}"));
            at_ms += HOUR_MS;
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(text: &str) -> Hour {
        let ms = beacon_core::time::parse_timestamp(&format!("{text}:00:00.000")).unwrap();
        Hour::from_ms(ms)
    }

    #[track_caller]
    fn check(from: &str, to: &str, expected: &[&str]) {
        assert_eq!(
            keys_to_list("hits", Some(&(hour(from)..=hour(to)))),
            expected,
            "{from} to {to}"
        );
    }

    #[test]
    fn a_range_is_listed_by_whole_days_and_single_hours() {
        check(
            "2026-11-21 05",
            "2026-11-21 05",
            &["hits/year=2026/month=11/day=21/hour=05"],
        );
        check(
            "2026-11-21 00",
            "2026-11-21 23",
            &["hits/year=2026/month=11/day=21"],
        );
        check(
            "2026-12-31 23",
            "2027-01-02 00",
            &[
                "hits/year=2026/month=12/day=31/hour=23",
                "hits/year=2027/month=01/day=01",
                "hits/year=2027/month=01/day=02/hour=00",
            ],
        );
        check("2026-11-21 05", "2026-11-21 04", &[]);
        check("2016-01-01 00", "2026-01-01 00", &["hits"]);
        assert_eq!(keys_to_list("hits", None), ["hits"]);
    }
}
