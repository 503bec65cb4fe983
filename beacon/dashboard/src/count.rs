//! Serves `/count`: how often a site or a page was viewed, for a counter on the page itself. Everybody may ask, about the
//! sites of `BEACON_COUNTS` alone.

mod badge;
mod cache;
mod sites;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use beacon_core::normalize;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;

use self::cache::{Count, CountCache};
pub use self::sites::{CountedSites, CountedSitesError};
use crate::engine::Engine;
use crate::page::{etag, has};
use crate::period::Period;
use crate::problem::Problem;

/// The path behind the pixel's base path.
pub const COUNT_PATH: &str = "/count";

/// The headers of every response: any page may read it and show the badge.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
];

/// As long as a count is kept, browsers and proxies may keep it too.
const CACHE_CONTROL: &str = "public, max-age=60";

/// Methods, for preflights.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Builds the service that counts, for whichever path its caller gives it. `clock` returns Unix time in milliseconds.
pub fn count_app(
    sites: CountedSites,
    engine: Arc<dyn Engine>,
    clock: Box<dyn Fn() -> u64 + Send + Sync>,
) -> Router {
    let counts = Arc::new(Counts {
        sites,
        cache: CountCache::new(engine),
        clock,
    });
    let mut app = Router::new().fallback_service(
        get(count)
            .options(preflight)
            .fallback(method_not_allowed)
            .with_state(counts),
    );
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        app = app.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    app
}

struct Counts {
    sites: CountedSites,
    cache: CountCache,
    clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

/// The parameters of a request, each known.
#[derive(Debug, PartialEq, Eq)]
struct CountRequest {
    site: String,
    page: Option<String>,
    period: &'static str,
    metric: Metric,
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Metric {
    Views,
    Visitors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Svg,
    Text,
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
    parameters: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(parameters) = parameters?;
    let request = CountRequest::read(&parameters)?;
    if !counts.sites.contains(&request.site) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            format!("{} is not a site that BEACON_COUNTS names", request.site),
        ));
    }
    let now_ms = (counts.clock)();
    let of_site = counts
        .cache
        .get(&request.site, request.period, now_ms)
        .await?;
    let count = match &request.page {
        None => of_site.all,
        Some(page) => of_site.page(page),
    };
    Ok(response(&request, request.metric.of(count), &headers))
}

async fn preflight() -> Response {
    let allowed = HeaderValue::from_static(METHODS);
    let headers = [
        (header::ALLOW, allowed.clone()),
        (header::ACCESS_CONTROL_ALLOW_METHODS, allowed),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

async fn method_not_allowed() -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "a count can be read, and nothing else",
    );
    let mut response = problem.into_response();
    let allowed = HeaderValue::from_static(METHODS);
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

impl CountRequest {
    fn read(parameters: &[(String, String)]) -> Result<CountRequest, Problem> {
        let mut request = CountRequest {
            site: String::new(),
            page: None,
            period: "all",
            metric: Metric::Views,
            format: Format::Json,
        };
        for (index, (name, value)) in parameters.iter().enumerate() {
            if parameters[..index].iter().any(|(known, _)| known == name) {
                return Err(Problem::unprocessable(format!("{name} is there twice")));
            }
            match name.as_str() {
                "site" => request.site = normalize::site(value).into_owned(),
                "page" => request.page = Some(value.clone()),
                "period" => request.period = period(value)?,
                "metric" => request.metric = metric(value)?,
                "format" => request.format = format(value)?,
                _ => {
                    return Err(Problem::unprocessable(format!(
                        "there is no parameter {name:?}; there are site, page, period, metric, format"
                    )));
                }
            }
        }
        if request.site.is_empty() {
            return Err(Problem::unprocessable(
                "a count is that of a site: add site=blog.example",
            ));
        }
        Ok(request)
    }
}

fn period(value: &str) -> Result<&'static str, Problem> {
    let mut names = Period::NAMED.iter().map(|(name, _)| *name);
    names
        .find(|name| *name == value)
        .ok_or_else(|| unknown("period", value, &Period::NAMED.map(|(name, _)| name)))
}

fn metric(value: &str) -> Result<Metric, Problem> {
    match value {
        "views" => Ok(Metric::Views),
        "visitors" => Ok(Metric::Visitors),
        _ => Err(unknown("metric", value, &["views", "visitors"])),
    }
}

fn format(value: &str) -> Result<Format, Problem> {
    match value {
        "json" => Ok(Format::Json),
        "svg" => Ok(Format::Svg),
        "text" => Ok(Format::Text),
        _ => Err(unknown("format", value, &["json", "svg", "text"])),
    }
}

fn unknown(name: &str, value: &str, known: &[&str]) -> Problem {
    Problem::unprocessable(format!(
        "there is no {name} {value:?}; there are {}",
        known.join(", ")
    ))
}

impl Metric {
    fn of(self, count: Count) -> u64 {
        match self {
            Metric::Views => count.views,
            Metric::Visitors => count.visitors,
        }
    }
}

/// Returns the count in its format, or 304 if the client has it.
fn response(request: &CountRequest, count: u64, headers: &HeaderMap) -> Response {
    let (content_type, body) = match request.format {
        Format::Json => {
            let body = CountBody {
                site: &request.site,
                page: request.page.as_deref(),
                period: request.period,
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

impl Metric {
    fn label(self, count: u64) -> &'static str {
        match (self, count) {
            (Metric::Views, 1) => "view",
            (Metric::Views, _) => "views",
            (Metric::Visitors, 1) => "visitor",
            (Metric::Visitors, _) => "visitors",
        }
    }
}
