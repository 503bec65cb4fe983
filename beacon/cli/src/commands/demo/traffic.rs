//! Thirty days of made-up traffic, the same on every run: people who read two sites and a newsletter, and the machines that
//! ask beside them.
//!
//! Suggested reading order: this file → `people` → `visit`, which `source` brought → `newsletter` → `machines` → `request`, `pick`.

mod machines;
mod newsletter;
mod people;
mod pick;
mod request;
mod source;
mod visit;

use beacon_core::time::{DAY_MS, HOUR_MS};
use http::Method;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use self::people::anybody;
pub(super) use self::request::Request;
use self::source::Source;
use self::visit::MINUTE_MS;

/// Requests in each hour of the last day, from midnight: quiet nights, a morning and a long evening.
const REQUESTS_BY_HOUR: [u32; 24] = [
    6, 4, 3, 2, 2, 4, 9, 18, 30, 34, 31, 28, 30, 27, 26, 28, 30, 33, 38, 44, 47, 40, 26, 14,
];

/// Days before the last one, and how much of its traffic each has, in percent.
const EARLIER_DAYS: u64 = 29;
const WEEKDAY_PERCENT: u64 = 18;
const WEEKEND_PERCENT: u64 = 10;

/// The day, counted from the first, on which a news site links to a post, and the day after.
const PEAK_DAY: u64 = 19;
const PEAK_PERCENT: u64 = 60;
/// Arrivals of that day that come from there.
const PEAK_ARRIVALS_PERCENT: u64 = 80;
const AFTER_PEAK_PERCENT: u64 = 30;

/// Earlier hours have their requests in the first of several, so that the lake has a file for each of these and the demo
/// starts in seconds; the last of the earlier days are finer.
const COARSE_HOURS: u64 = 12;
const FINE_HOURS: u64 = 6;
const FINE_DAYS: u64 = 6;

const DAY_HOURS: u64 = 24;
/// Visits of so many minutes begin together, so that their requests are sent together.
const TOGETHER_MINUTES: u64 = 10;
const EARLIER_TOGETHER_MINUTES: u64 = 30;

/// The requests of thirty days from `first_ms` on (Unix milliseconds), in the order of their time: fewer at weekends, more
/// on the day of a peak, most on the last day.
pub(super) fn days(first_ms: u64) -> Vec<Request> {
    let mut random = StdRng::seed_from_u64(20_261_121);
    let mut requests = Vec::new();
    for day in 0..=EARLIER_DAYS {
        let (hours_together, minutes_together) = match day {
            EARLIER_DAYS => (1, TOGETHER_MINUTES),
            _ if day + FINE_DAYS >= EARLIER_DAYS => (FINE_HOURS, EARLIER_TOGETHER_MINUTES),
            _ => (COARSE_HOURS, EARLIER_TOGETHER_MINUTES),
        };
        for hour in (0..DAY_HOURS).step_by(hours_together as usize) {
            let mut begun_ms = first_ms + (day * DAY_HOURS + hour) * HOUR_MS;
            if day < EARLIER_DAYS {
                // One file each, not two.
                begun_ms -= begun_ms % HOUR_MS;
            }
            let count = count(begun_ms, hours_together) * percent(day, begun_ms) / 100;
            let mut number = 0;
            while number < count {
                let minute = number * 60 / count / minutes_together * minutes_together;
                let at_ms = begun_ms + minute * MINUTE_MS;
                let arrived = arrival(&mut random, at_ms, day == PEAK_DAY);
                number += arrived.len() as u64;
                requests.extend(arrived);
            }
        }
    }
    requests.sort_by_key(|request| request.at_ms);
    // A page that was closed while its hit was under way sends it again: the same `id`, so it counts once.
    if let Some(posted) = requests
        .iter()
        .rposition(|request| request.method == Method::POST)
    {
        let repeat = requests[posted].clone();
        requests.insert(posted + 1, repeat);
    }
    requests
}

/// Returns the requests of the last day in some hours from this time on.
fn count(begun_ms: u64, hours: u64) -> u64 {
    let hour_of_day = |hour: u64| ((begun_ms / HOUR_MS + hour) % DAY_HOURS) as usize;
    (0..hours)
        .map(|hour| u64::from(REQUESTS_BY_HOUR[hour_of_day(hour)]))
        .sum()
}

fn percent(day: u64, begun_ms: u64) -> u64 {
    const THURSDAY: u64 = 4;
    // The first of January 1970.
    let day_of_week = (begun_ms / DAY_MS + THURSDAY) % 7;
    match (day, day_of_week) {
        (EARLIER_DAYS, _) => 100,
        (PEAK_DAY, _) => PEAK_PERCENT,
        (_, _) if day == PEAK_DAY + 1 => AFTER_PEAK_PERCENT,
        (_, 0 | 6) => WEEKEND_PERCENT,
        _ => WEEKDAY_PERCENT,
    }
}

/// Returns the requests of somebody or something that comes at a time.
fn arrival(random: &mut StdRng, at_ms: u64, is_peak: bool) -> Vec<Request> {
    let person = anybody(random);
    if is_peak && random.random_range(0..100) < PEAK_ARRIVALS_PERCENT {
        return visit::to_blog(random, at_ms, &person, source::NEWS);
    }
    match random.random_range(0..100) {
        0..32 => {
            let source = Source::of_blog(random);
            visit::to_blog(random, at_ms, &person, source)
        }
        32..48 => {
            let source = Source::of_shop(random);
            visit::to_shop(random, at_ms, &person, source)
        }
        48..58 => newsletter::opening(random, at_ms),
        58..70 => newsletter::fetched_by_proxy(random, at_ms),
        70..74 => newsletter::click(random, at_ms),
        74..92 => machines::bot(random, at_ms),
        92..96 => machines::prefetch(random, at_ms),
        96..98 => machines::server_event(random, at_ms),
        _ => machines::scanner(random, at_ms),
    }
}

#[cfg(test)]
mod tests;
