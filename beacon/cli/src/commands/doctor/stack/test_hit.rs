//! A hit through the endpoint of a stack, and the query that finds it later.

use std::time::Duration;

use beacon_aws::service_call::ServiceCaller;
use beacon_catalog::VIEWS;
use beacon_core::headers::X_BEACON;
use url::Url;

use super::super::amount;
use super::super::finding::Findings;
use super::description::Description;

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
        .append_pair("site", site(stack))
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
            let query = query(stack, &page);
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
                "{pixel} answered {status} without X-Beacon, so it is no pixel or the function fails: see \"The function \
                 fails\" in docs/runbook.md"
            ),
        ),
        (_, outcome) => findings.problem(
            SUBJECT,
            format!("{pixel} answered {outcome}: see \"Lost hits\" and \"No data yet\" in docs/runbook.md"),
        ),
    }
}

/// A site whose hits the stack records.
fn site(stack: &Description) -> &str {
    let mut sites = stack.parameter("Sites").unwrap_or_default().split(',');
    let site = sites.find(|site| !site.trim().is_empty()).map(str::trim);
    // A pattern is one of hosts below it.
    site.map_or(SITE, |site| site.strip_prefix("*.").unwrap_or(site))
}

fn query(stack: &Description, page: &str) -> String {
    let database = stack.output("DatabaseName").unwrap_or_default();
    let view = stack.table_name(VIEWS[0].name);
    format!(
        "SELECT received_at FROM \"{database}\".\"{view}\" WHERE event = '{EVENT}' AND page = '{page}'"
    )
}
