//! The clock: whether it can be right.

use std::time::Duration;

use beacon_core::time::{Hour, format_timestamp};

use super::finding::Findings;
use super::lake::NewestHit;
use crate::amount;

const SUBJECT: &str = "clock";

/// The year in which the first version was built. A machine without a battery for its clock starts in 1970.
const FIRST_YEAR: u16 = 2026;

/// Clocks of machines that write the same lake may differ by this.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Compares the clock with the first version's year and with the newest hit.
pub(super) fn check(now_ms: u64, newest: NewestHit, findings: &mut Findings) {
    let now = moment(now_ms);
    let first_ms = Hour::new(FIRST_YEAR, 1, 1, 0).map_or(0, Hour::start_ms);
    if now_ms < first_ms {
        return findings.problem(
            SUBJECT,
            format!("it is {now}, before the first version of beacon: set the clock, for example with NTP"),
        );
    }
    let Some(newest_ms) = newest.0 else {
        return findings.ok(SUBJECT, now);
    };
    let age = Duration::from_millis(now_ms.saturating_sub(newest_ms));
    let ahead = Duration::from_millis(newest_ms.saturating_sub(now_ms));
    if ahead > TOLERANCE {
        return findings.problem(
            SUBJECT,
            format!(
                "it is {now}, and the newest hit is from {}, {} later: one of the two clocks was wrong; set the clock, for \
                 example with NTP",
                moment(newest_ms),
                amount::duration(ahead)
            ),
        );
    }
    findings.ok(
        SUBJECT,
        format!(
            "{now}; the newest hit is at most {} old",
            amount::duration(age)
        ),
    );
}

/// `2026-11-21 05:34:56 UTC`.
fn moment(ms: u64) -> String {
    const SECONDS_END: usize = "yyyy-MM-dd HH:mm:ss".len();
    format!("{} UTC", &format_timestamp(ms)[..SECONDS_END])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(now_ms: u64, newest_ms: Option<u64>, expected: &str) {
        let mut findings = Findings::default();
        check(now_ms, NewestHit(newest_ms), &mut findings);
        let mut out = Vec::new();
        findings.write_text(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn a_clock_before_the_first_version_or_the_newest_hit_is_wrong() {
        let now_ms = 1_795_239_296_789;
        check_text(
            1_000,
            None,
            "problem  clock  it is 1970-01-01 00:00:01 UTC, before",
        );
        check_text(now_ms, None, "ok       clock  2026-11-21 05:34:56 UTC\n");
        check_text(
            now_ms,
            Some(now_ms - 600_000),
            "ok       clock  2026-11-21 05:34:56 UTC; the newest hit is at most 10 min old",
        );
        check_text(now_ms, Some(now_ms + 60_000), "ok       clock");
        check_text(
            now_ms,
            Some(now_ms + 3_600_000),
            "problem  clock  it is 2026-11-21 05:34:56 UTC, and the newest hit is from 2026-11-21 06:34:56 UTC, 60 min later",
        );
    }
}
