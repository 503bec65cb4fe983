//! Serves `/count`: how often a site or a page was viewed, for a counter on the page itself. Everybody may ask, about the
//! sites of `BEACON_COUNTS` alone.
//!
//! Suggested reading order: this file → `sites` → `request` → `cache` → `page_counts` → `badge`.

mod badge;
mod cache;
mod page_counts;
mod request;
mod sites;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;

use self::cache::{Clock, CountCache, PATIENCE};
use self::request::{CountRequest, Format, Metric};
pub use self::sites::{CountedSites, CountedSitesError};
use crate::engine::Engine;
use crate::page::{etag, has};
use crate::problem::Problem;

/// The headers of every response: any page may read it and show the badge.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
];

/// Lets browsers and proxies keep a count for a minute.
const CACHE_CONTROL: &str = "public, max-age=60";

/// Builds the service that answers each GET with a count, whatever its path. `clock` returns Unix time in milliseconds.
pub fn count_app(sites: CountedSites, engine: Arc<dyn Engine>, clock: Clock) -> Router {
    router(Counts {
        sites,
        cache: Arc::new(CountCache::new(engine, clock, PATIENCE)),
    })
}

fn router(counts: Counts) -> Router {
    let mut app = Router::new().fallback_service(get(count).with_state(Arc::new(counts)));
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        app = app.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    app
}

struct Counts {
    sites: CountedSites,
    cache: Arc<CountCache>,
}

/// The body as JSON.
#[derive(Serialize)]
struct CountBody<'a> {
    site: &'a str,
    page: Option<&'a str>,
    period: &'a str,
    metric: Metric,
    count: u64,
}

async fn count(
    State(counts): State<Arc<Counts>>,
    request: Result<Query<CountRequest>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(request) = request?;
    if !counts.sites.contains(&request.site) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            format!("{} is not a site that BEACON_COUNTS names", request.site),
        ));
    }
    let of_site = counts.cache.get(&request.site, request.period).await?;
    let count = match &request.page {
        None => of_site.all,
        Some(page) => of_site.page(page),
    };
    Ok(response(&request, request.metric.of(count), &headers))
}

/// Returns the count in its format, or 304 if the client has it.
fn response(request: &CountRequest, count: u64, headers: &HeaderMap) -> Response {
    let (content_type, body) = match request.format {
        Format::Json => {
            let body = CountBody {
                site: &request.site,
                page: request.page.as_deref(),
                period: request.period.name,
                metric: request.metric,
                count,
            };
            let json = serde_json::to_string(&body).expect("five plain fields are always JSON");
            ("application/json", json)
        }
        Format::Svg => (
            "image/svg+xml",
            badge::svg(request.metric.label(count), count),
        ),
        Format::Text => ("text/plain; charset=utf-8", count.to_string()),
    };
    let tag = etag(&body);
    let is_known = has(headers, &tag);
    let cached = [
        (header::ETAG, tag),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static(CACHE_CONTROL),
        ),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    (cached, [(header::CONTENT_TYPE, content_type)], body).into_response()
}
