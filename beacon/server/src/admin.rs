//! Serves `/metrics` for Prometheus and `/health` for load balancers and alarms.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};

use crate::health::Health;
use crate::metrics::Metrics;

/// The content type that Prometheus requests.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The sources of both endpoints.
#[derive(Clone)]
struct AdminState {
    metrics: Arc<Metrics>,
    health: Arc<Health>,
}

/// Returns the endpoints as a service without a socket.
pub fn router(metrics: Arc<Metrics>, health: Arc<Health>) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .route("/health", get(check))
        .with_state(AdminState { metrics, health })
}

/// Responds 503 with the reasons if hits are lost or not delivered.
async fn check(State(state): State<AdminState>) -> (StatusCode, String) {
    let report = state.health.report().await;
    let status = match report.problems.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, report.text())
}

async fn show(State(state): State<AdminState>) -> Response {
    state.metrics.set_undelivered(&state.health.undelivered);
    match state.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
