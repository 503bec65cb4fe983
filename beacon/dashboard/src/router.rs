//! The dashboard as a service, without a socket: its routes, and the headers of every response.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::access::{Permissions, check_origin};
use crate::body::json;
use crate::engine::Engine;
use crate::problem::Problem;
use crate::query_number::number;
use crate::state::{Config, Dashboard};
use crate::{about, page, queries, session, shares};

/// The longest that a client waits for a change.
const MAX_CHANGES_WAIT_MS: u64 = 25_000;

const OPENAPI: &str = include_str!("../openapi.json");

/// What a browser may do with the page: show it, with its own script and style, and talk to nobody else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The service over an engine. Where the other end of the connection is known, a `ConnectInfo<SocketAddr>` is in the
/// request's extensions: log-ins are counted by the client's address, which `BEACON_TRUST` finds from there.
pub fn app(config: Config, engine: Arc<dyn Engine>) -> Router {
    let dashboard = Arc::new(Dashboard::new(config, engine));
    Router::new()
        .route("/api/about", get(show_about))
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

async fn show_about(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let permit = dashboard.permit(&headers)?;
    let about = about::about(
        &dashboard.config,
        &*dashboard.engine,
        &dashboard.own_columns,
        &permit,
    );
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
            Permissions::All => dashboard.engine.undelivered_s(),
            Permissions::Share(_) => None,
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
