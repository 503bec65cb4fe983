//! The dashboard as a service, without a socket: its settings, its routes, and what every answer has.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use beacon_catalog::Question;
use beacon_core::settings::Settings;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::access::{Access, Permit, check_origin};
use crate::ask::OwnColumn;
use crate::attempts::Attempts;
use crate::body::json;
use crate::engine::{Engine, Freshness};
use crate::page::{self, Assets};
use crate::problem::Problem;
use crate::token::Key;
use crate::{queries, session, shares};

/// The longest that a client waits for a change.
const MAX_CHANGES_WAIT_MS: u64 = 25_000;

/// Passwords that are checked at once.
const MAX_HASHING: usize = 2;

const OPENAPI: &str = include_str!("../openapi.json");

/// What a browser may do with the page: show it, with its own script and style, and talk to nobody else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the dashboard must know.
pub struct Config {
    /// The pixel's own: privacy, own columns, and whose word counts for a client's address.
    pub settings: Settings,
    /// The pixel's public address, for the line to paste; without a slash at its end.
    pub endpoint: Option<String>,
    /// Who is let in.
    pub access: Access,
    /// Signs sessions, share links and the ids of queries.
    pub key: Key,
    /// Unix time in milliseconds.
    pub clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("settings", &self.settings)
            .field("access", &self.access.name())
            .finish_non_exhaustive()
    }
}

impl Config {
    pub(crate) fn now_ms(&self) -> u64 {
        (self.clock)()
    }

    /// What `/api/about` says to who is permitted.
    pub(crate) fn about<'a>(
        &'a self,
        engine: &dyn Engine,
        own_columns: &'a [OwnColumn],
        permit: &Permit,
    ) -> About<'a> {
        let (kind, site, until_ms, own_columns) = match permit {
            Permit::All => {
                let names = own_columns.iter().map(|column| column.name.as_str());
                (self.access.name(), None, None, names.collect())
            }
            Permit::Share(share) => (
                "share",
                Some(share.site.clone()),
                Some(share.until_ms),
                Vec::new(),
            ),
        };
        About {
            version: env!("CARGO_PKG_VERSION"),
            privacy: self.settings.privacy(),
            engine: engine.name(),
            endpoint: self.endpoint.as_deref(),
            freshness: match engine.freshness() {
                Freshness::Live => AboutFreshness {
                    live: true,
                    delay_s: None,
                },
                Freshness::Delayed { delay_s } => AboutFreshness {
                    live: false,
                    delay_s: Some(delay_s),
                },
            },
            questions: Question::all()
                .map(|question| AboutQuestion {
                    name: question.name,
                    question: question.question,
                    parameters: question.filters(),
                })
                .collect(),
            own_columns,
            access: AboutAccess {
                kind,
                site,
                until_ms,
            },
        }
    }
}

/// The state of the service.
pub(crate) struct Dashboard {
    pub(crate) config: Config,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) attempts: Mutex<Attempts>,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) own_columns: Vec<OwnColumn>,
    assets: Assets,
}

impl Dashboard {
    pub(crate) fn permit(&self, headers: &HeaderMap) -> Result<Permit, Problem> {
        self.config
            .access
            .permit(headers, &self.config.key, self.config.now_ms())
    }
}

/// The service over an engine. Where the other end of the connection is known, a `ConnectInfo<SocketAddr>` is in the
/// request's extensions: log-ins are counted by the client's address, which `BEACON_TRUST` finds from there.
pub fn app(config: Config, engine: Arc<dyn Engine>) -> Router {
    let dashboard = Arc::new(Dashboard {
        own_columns: OwnColumn::all(&config.settings),
        config,
        engine,
        attempts: Mutex::default(),
        hashing: Arc::new(Semaphore::new(MAX_HASHING)),
        assets: Assets::new(),
    });
    Router::new()
        .route("/api/about", get(about))
        .route("/api/openapi.json", get(openapi))
        .route("/api/changes", get(changes))
        .route("/api/queries", post(queries::submit))
        .route(
            "/api/queries/{id}",
            get(queries::poll).delete(queries::cancel),
        )
        .route("/api/queries/{id}/csv", get(queries::download))
        .route(
            "/api/session",
            post(session::log_in).delete(session::log_out),
        )
        .route("/api/shares", post(shares::make))
        .route("/", get(asset))
        .route("/{file}", get(asset))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&dashboard),
            around,
        ))
        .with_state(dashboard)
}

/// Before a request whether it may come at all, and behind it what every answer says to a browser.
async fn around(State(dashboard): State<Arc<Dashboard>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let checked = dashboard
        .config
        .access
        .check_host(request.headers())
        .and_then(|()| check_origin(request.method(), request.headers()));
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if is_api {
        set(header::CACHE_CONTROL, "no-store");
    }
    response
}

async fn asset(State(dashboard): State<Arc<Dashboard>>, request: Request) -> Response {
    match dashboard.assets.find(request.uri().path()) {
        Some(asset) => page::answer(asset, request.headers()),
        None => not_found().await.into_response(),
    }
}

async fn about(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let permit = dashboard.permit(&headers)?;
    let about = dashboard
        .config
        .about(&*dashboard.engine, &dashboard.own_columns, &permit);
    Ok(json(&headers, StatusCode::OK, &about))
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

async fn changes(
    State(dashboard): State<Arc<Dashboard>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    #[derive(Serialize)]
    struct Changes {
        revision: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        undelivered_s: Option<u64>,
    }

    let permit = dashboard.permit(&headers)?;
    let since = number(query.as_deref(), "since", 0, u64::MAX)?;
    let wait_ms = number(query.as_deref(), "wait_ms", 0, MAX_CHANGES_WAIT_MS)?;
    let changed = dashboard.engine.changed(since);
    // That nothing has changed in this time is an answer too.
    tokio::time::timeout(Duration::from_millis(wait_ms), changed)
        .await
        .ok();
    let revision = dashboard.engine.revision();
    let changes = Changes {
        revision,
        // How the server fares is no business of a guest.
        undelivered_s: match permit {
            Permit::All => dashboard.engine.undelivered_s(),
            Permit::Share(_) => None,
        },
    };
    Ok(json(&headers, StatusCode::OK, &changes))
}

async fn not_found() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "there is nothing here; /api/openapi.json says what there is",
    )
}

async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this can't be done here; /api/openapi.json says what can",
    )
}

/// A whole number of the query string, 0 where it is not given.
pub(crate) fn number(
    query: Option<&str>,
    name: &str,
    least: u64,
    most: u64,
) -> Result<u64, Problem> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut value = 0;
    for (key, text) in pairs {
        if key != name {
            continue;
        }
        value = match text.parse() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                return Err(Problem::bad_request(format!(
                    "{name} is {text:?}: it must be a whole number from {least} to {most}"
                )));
            }
        };
    }
    Ok(value)
}

#[derive(Serialize)]
pub(crate) struct About<'a> {
    version: &'static str,
    privacy: &'static str,
    engine: &'static str,
    endpoint: Option<&'a str>,
    freshness: AboutFreshness,
    questions: Vec<AboutQuestion>,
    own_columns: Vec<&'a str>,
    access: AboutAccess,
}

#[derive(Serialize)]
struct AboutFreshness {
    live: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_s: Option<u64>,
}

#[derive(Serialize)]
struct AboutQuestion {
    name: &'static str,
    question: &'static str,
    parameters: Vec<&'static str>,
}

#[derive(Serialize)]
struct AboutAccess {
    kind: &'static str,
    site: Option<String>,
    until_ms: Option<u64>,
}
