//! A hit through the endpoint of a stack, and the query that finds it later.

use std::time::Duration;

use beacon_aws::service_call::ServiceCaller;
use beacon_core::headers::X_BEACON;
use beacon_core::schema::TABLE;
use beacon_core::time::Hour;
use url::Url;

use super::super::finding::Findings;
use super::description::Description;
use crate::amount;

const SUBJECT: &str = "test hit";

/// The site of the hit, unless the stack records named sites only. Nobody can own it.
const SITE: &str = "doctor.invalid";

/// The event of the hit, so that it doesn't count as a view.
const EVENT: &str = "doctor";

/// Conversion and writing take this much longer than the buffer's interval.
const CONVERSION: Duration = Duration::from_secs(60);

/// Sends a hit to the stack's pixel, or to the pixel at `url`.
pub(super) async fn send(
    caller: &ServiceCaller,
    stack: &Description,
    url: Option<&str>,
    now_ms: u64,
    interval: Duration,
    findings: &mut Findings,
) {
    let Some(pixel) = url.or(stack.output("PixelUrl")) else {
        return;
    };
    let mut target = match Url::parse(pixel) {
        Ok(target) => target,
        Err(error) => {
            return findings.problem(
                SUBJECT,
                format!(
                    "{pixel:?} is not a URL ({error}): give --send-hit=https://b.example/pixel.gif"
                ),
            );
        }
    };
    let page = format!("/doctor/{now_ms}");
    target
        .query_pairs_mut()
        .append_pair("site", &site(stack))
        .append_pair("page", &page)
        .append_pair("event", EVENT);
    let response = match caller.get(target.as_str(), X_BEACON.as_str()).await {
        Ok(response) => response,
        Err(error) => {
            return findings.problem(
                SUBJECT,
                format!("{pixel} can't be requested: {error}; check its domain and the function"),
            );
        }
    };
    let outcome = response.header.as_deref().unwrap_or_default();
    match (response.status, outcome) {
        (200, "recorded") => {
            let wait = amount::duration(interval + CONVERSION);
            let query = query(stack, &page, now_ms, interval);
            findings.ok(
                SUBJECT,
                format!("{pixel} answered recorded; in {wait} at the latest, Athena finds it: {query}"),
            );
        }
        (403, _) => findings.problem(
            SUBJECT,
            format!(
                "{pixel} answered 403: with an edge, the endpoint takes its requests only; give \
                 --send-hit=https://YOUR-DOMAIN/pixel.gif"
            ),
        ),
        (status, "") => findings.problem(
            SUBJECT,
            format!(
                "{pixel} answered {status} without X-Beacon, so it isn't the pixel, or the function fails: see \"The function \
                 fails\" in docs/runbook.md"
            ),
        ),
        (_, outcome) => findings.problem(
            SUBJECT,
            format!("{pixel} answered {outcome}: see \"Lost hits\" and \"No data yet\" in docs/runbook.md"),
        ),
    }
}

/// Returns a site whose hits the stack records.
fn site(stack: &Description) -> String {
    let sites = stack.parameter("Sites").unwrap_or_default().split(',');
    match sites.map(str::trim).find(|site| !site.is_empty()) {
        None => SITE.to_owned(),
        // `*.shop.example` allows the hosts below shop.example, but not shop.example itself.
        Some(site) => match site.strip_prefix("*.") {
            Some(domain) => format!("{EVENT}.{domain}"),
            None => site.to_owned(),
        },
    }
}

/// Returns the query that finds the hit. It reads the hours in which the hit's file can be, and no others.
fn query(stack: &Description, page: &str, now_ms: u64, interval: Duration) -> String {
    let database = stack.output("DatabaseName").unwrap_or_default();
    let table = stack.table_name(TABLE);
    let interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
    // A file is in the hour of its oldest record, which may have come before this hit.
    let first = number(now_ms.saturating_sub(interval_ms));
    let last = number(now_ms.saturating_add(interval_ms));
    format!(
        "SELECT received_at FROM \"{database}\".\"{table}\" WHERE year * 1000000 + month * 10000 + day * 100 + hour \
         BETWEEN {first} AND {last} AND event = '{EVENT}' AND page = '{page}'"
    )
}

/// Returns the hour of a time in milliseconds since 1970, as the query writes it: `2026112622`.
fn number(ms: u64) -> u64 {
    let hour = Hour::from_ms(ms);
    let date =
        (u64::from(hour.year()) * 100 + u64::from(hour.month())) * 100 + u64::from(hour.day());
    date * 100 + u64::from(hour.hour())
}
