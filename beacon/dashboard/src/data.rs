//! Answers a question about what an address of the dashboard shows, in one request.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use beacon_catalog::Question;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use tokio::time::Instant;

use crate::access::{Permissions, check_asker};
use crate::address::{read, unknown};
use crate::engine::State as QueryState;
use crate::problem::Problem;
use crate::queries::{QueryBody, Reader, csv_response, submitted};
use crate::query_request::QueryId;
use crate::state::Dashboard;

/// The longest wait for an answer. A Lambda and what is in front of it wait little longer.
const MAX_WAIT: Duration = Duration::from_secs(25);

/// The parameter of the format, which wins over `Accept`.
const FORMAT: &str = "format";

const CSV: &str = "csv";
const JSON: &str = "json";

/// The body of an answer.
#[derive(Serialize)]
struct DataBody<'a> {
    from_ms: u64,
    to_ms: u64,
    #[serde(flatten)]
    query: QueryBody<'a>,
}

/// `GET /api/data/{question}`
pub(crate) async fn answer(
    State(dashboard): State<Arc<Dashboard>>,
    question: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let deadline = Instant::now() + MAX_WAIT;
    check_asker(&headers)?;
    let permit = dashboard.permit(&headers).await?;
    let Path(question) = question?;
    let Query(mut parameters) = parameters?;
    if Question::find(&question).is_none() {
        return Err(unknown_question(&question));
    }
    let is_csv = takes_csv(&mut parameters, &headers)?;
    let now_ms = dashboard.config.now_ms();
    let address = read(&parameters, &dashboard.custom_columns, now_ms)?;
    let mut request = address.request(&question);
    permit.check_question(request.site.as_deref(), request.reads_private())?;
    let reader = match permit {
        Permissions::Share(share) => {
            request.site = Some(share.site);
            Reader::Guest
        }
        _ => Reader::Owner,
    };
    let statement = request.statement(&dashboard.custom_columns)?;
    let engine = dashboard.engine.submit(statement.clone()).await?;
    let wait = deadline.saturating_duration_since(Instant::now());
    let progress = dashboard.engine.poll(&engine, wait).await?;
    let progress = progress.ok_or_else(Problem::unknown_query)?;
    let id = QueryId {
        engine: engine.clone(),
        request: request.clone(),
    }
    .text(&dashboard.config.key);
    match &progress.state {
        QueryState::Queued | QueryState::Running => Ok(submitted(id)),
        QueryState::Failed(message) => Err(Problem::new(StatusCode::BAD_GATEWAY, message.as_str())),
        QueryState::Cancelled => Err(Problem::new(
            StatusCode::CONFLICT,
            "the query was cancelled: ask again",
        )),
        QueryState::Succeeded(answer) if is_csv => {
            csv_response(&dashboard, &engine, answer, &request.file_name()).await
        }
        QueryState::Succeeded(_) => {
            let asked = dashboard.asked_body(&request, &statement, reader);
            let query = QueryBody::new(&id, Some(asked), &progress, reader);
            let body = DataBody {
                from_ms: request.from_ms,
                to_ms: request.to_ms,
                query,
            };
            Ok(Json(body).into_response())
        }
    }
}

/// Takes the format out of the parameters. Returns true for CSV.
fn takes_csv(parameters: &mut Vec<(String, String)>, headers: &HeaderMap) -> Result<bool, Problem> {
    let formats: Vec<_> = parameters
        .extract_if(.., |(name, _)| name == FORMAT)
        .collect();
    match formats.as_slice() {
        [] => Ok(accepts_csv(headers)),
        [(_, format)] if format == CSV => Ok(true),
        [(_, format)] if format == JSON => Ok(false),
        [(_, format), ..] => Err(unknown(&[format!("{FORMAT}={format}")])),
    }
}

/// Returns true if the first of the two types in `Accept` is that of CSV.
fn accepts_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut types = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim());
    types.find(|range| matches!(*range, "text/csv" | "application/json" | "*/*"))
        == Some("text/csv")
}

fn unknown_question(name: &str) -> Problem {
    let names: Vec<&str> = Question::all().map(|question| question.name).collect();
    Problem::new(
        StatusCode::NOT_FOUND,
        format!(
            "there is no question {name:?}; there are {}",
            names.join(", ")
        ),
    )
}
