//! The dashboard as a service, without a socket: its routes, and the headers of every response.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::access::{Permissions, bearer_key, check_origin};
use crate::engine::Engine;
use crate::extract::{MAX_BODY_BYTES, WholeNumber};
use crate::live_document::LiveDocument;
use crate::problem::Problem;
use crate::state::{Config, Dashboard};
use crate::{about, data, goals, keys, page, queries, session, shares, sql};

/// The longest that a client waits for a change.
const MAX_CHANGES_WAIT_MS: u64 = 25_000;

/// Bodies that are larger than this are worth compressing.
const MIN_COMPRESSED_BYTES: u64 = 1024;

const OPENAPI: &str = include_str!("../openapi.json");

/// The headers of every response. A browser may show the page with its own script and style, and the page may talk to
/// nobody else.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Builds the dashboard's routes over an engine: the page at `/`, and the API below `/api`.
///
/// Where the other end of the connection is known, put a `ConnectInfo<SocketAddr>` into the request's extensions: logins
/// are counted by the client's address, which `BEACON_TRUST` finds from there. Without it, all clients count as one.
///
/// Request bodies of more than 64 KiB are refused. Responses are compressed where the client takes gzip.
pub fn app(config: Config, document: LiveDocument, engine: Arc<dyn Engine>) -> Router {
    let dashboard = Arc::new(Dashboard::new(config, document, engine));
    let mut app = Router::new()
        .route("/api/about", get(show_about))
        .route("/api/openapi.json", get(openapi))
        .route("/api/changes", get(changes))
        .route("/api/queries", post(queries::submit))
        .route(
            "/api/queries/{id}",
            get(queries::poll).delete(queries::cancel),
        )
        .route("/api/queries/{id}/csv", get(queries::download))
        .route("/api/sql", post(sql::submit))
        .route("/api/table", get(sql::table))
        .route("/api/data/{question}", get(data::answer))
        .route(
            "/api/session",
            post(session::log_in).delete(session::log_out),
        )
        .route("/api/shares", get(shares::list).post(shares::make))
        .route("/api/shares/{id}", delete(shares::end))
        .route("/api/share-login", post(shares::log_in))
        .route("/api/keys", get(keys::list).post(keys::make))
        .route("/api/keys/{id}", delete(keys::end))
        .route("/api/goals", put(goals::replace_goals))
        .route("/api/saved", put(goals::replace_saved))
        .route("/", get(asset))
        .route("/{file}", get(asset))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&dashboard),
            check,
        ))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(MIN_COMPRESSED_BYTES)))
        // The page's files say themselves how long they may be kept.
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        app = app.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    app.with_state(dashboard)
}

/// Refuses a request that may not come at all, before any route sees it.
async fn check(State(dashboard): State<Arc<Dashboard>>, request: Request, next: Next) -> Response {
    let checked = dashboard
        .config
        .access
        .check_host(request.headers())
        .and_then(|()| check_origin(request.method(), request.headers()));
    let has_key = bearer_key(request.headers()).is_some();
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(challenge) = challenge(response.status(), has_key) {
        let value = HeaderValue::from_static(challenge);
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

/// Returns the challenge of a refusal (RFC 6750, section 3), which names no error to a caller without a key.
fn challenge(status: StatusCode, has_key: bool) -> Option<&'static str> {
    match (status, has_key) {
        (StatusCode::UNAUTHORIZED, false) => Some(r#"Bearer realm="beacon""#),
        (StatusCode::UNAUTHORIZED, true) => Some(r#"Bearer realm="beacon", error="invalid_token""#),
        (StatusCode::FORBIDDEN, true) => {
            Some(r#"Bearer realm="beacon", error="insufficient_scope""#)
        }
        _ => None,
    }
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
    let permit = dashboard.permit(&headers).await?;
    let document = match permit {
        Permissions::All => dashboard.document_in_time().await,
        Permissions::ReadAll => Ok(dashboard.owners_document().await?),
        Permissions::Share(_) => Ok(dashboard.document.read(dashboard.config.now_ms()).await?),
    };
    let about = about::about(
        &dashboard.config,
        &*dashboard.engine,
        &dashboard.custom_columns,
        &permit,
        document.as_deref().ok(),
    );
    let about = about.with_document_problem(document.as_ref().err().map(String::as_str));
    Ok(Json(about).into_response())
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// The query string of `GET /api/changes`.
#[derive(Deserialize)]
struct Since {
    /// The revision that the page knows
    #[serde(default)]
    since: WholeNumber<{ u64::MAX }>,
    /// The longest wait for another one, in milliseconds
    #[serde(default)]
    wait_ms: WholeNumber<MAX_CHANGES_WAIT_MS>,
}

#[derive(Serialize)]
struct Changes {
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    undelivered_s: Option<u64>,
}

async fn changes(
    State(dashboard): State<Arc<Dashboard>>,
    since: Result<Query<Since>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Changes>, Problem> {
    let permit = dashboard.permit(&headers).await?;
    let Query(Since { since, wait_ms }) = since?;
    let changed = dashboard.engine.changed(since.0);
    // That nothing has changed in this time is an answer too.
    tokio::time::timeout(Duration::from_millis(wait_ms.0), changed)
        .await
        .ok();
    let revision = dashboard.engine.revision();
    let changes = Changes {
        revision,
        // How the server fares is no business of a guest.
        undelivered_s: match permit {
            Permissions::All | Permissions::ReadAll => dashboard.engine.undelivered_s(),
            Permissions::Share(_) => None,
        },
    };
    Ok(Json(changes))
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
