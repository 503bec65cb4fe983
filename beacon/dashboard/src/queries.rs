//! Submits, polls, cancels and downloads queries.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use beacon_core::time::{DAY_MS, format_timestamp};
use futures::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use crate::access::Permissions;
use crate::csv;
use crate::engine::{
    Answer, Column, Engine, Progress, State as QueryState, Statement, Statistics, Value,
};
use crate::extract::WholeNumber;
use crate::problem::Problem;
use crate::query_request::{QueryId, QueryRequest};
use crate::show_sql::{athena_sql, command};
use crate::sql_id::{SqlId, check_owner};
use crate::state::Dashboard;

/// The warning for guests, who may not see the names of files.
const LEFT_OUT: &str = "files that can't be read are left out: the beacon's owner sees which";

/// The maximum wait of a poll, in milliseconds.
const MAX_WAIT_MS: u64 = 5_000;

#[derive(Serialize)]
struct Submitted {
    id: String,
    state: &'static str,
}

/// The query string of a poll.
#[derive(Deserialize)]
pub(crate) struct Wait {
    /// The longest wait for the result, in milliseconds
    #[serde(default)]
    wait_ms: WholeNumber<MAX_WAIT_MS>,
}

/// `POST /api/queries`
pub(crate) async fn submit(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<QueryRequest>, JsonRejection>,
) -> Result<Response, Problem> {
    let permit = dashboard.permit(&headers).await?;
    let Json(mut request) = request?;
    permit.check_question(request.site.as_deref(), request.reads_private())?;
    if let Permissions::Share(share) = permit {
        request.site = Some(share.site);
    }
    let statement = request.statement(&dashboard.custom_columns)?;
    let engine = dashboard.engine.submit(statement).await?;
    Ok(submitted(
        QueryId { engine, request }.text(&dashboard.config.key),
    ))
}

/// Returns the response to a query that was taken.
pub(crate) fn submitted(id: String) -> Response {
    let location = HeaderValue::try_from(format!("/api/queries/{id}"))
        .expect("ids are letters of Base64 and dots");
    let submitted = Submitted {
        id,
        state: QueryState::Queued.name(),
    };
    let headers = [(header::LOCATION, location)];
    (StatusCode::ACCEPTED, headers, Json(submitted)).into_response()
}

/// `GET /api/queries/{id}`
pub(crate) async fn poll(
    State(dashboard): State<Arc<Dashboard>>,
    id: Result<Path<String>, PathRejection>,
    wait: Result<Query<Wait>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (Path(id), Query(wait)) = (id?, wait?);
    let known = dashboard.query_ref(&id, &headers).await?;
    let wait = Duration::from_millis(wait.wait_ms.0);
    let progress = dashboard
        .engine
        .poll(&known.engine, wait)
        .await?
        .ok_or_else(Problem::unknown_query)?;
    let asked = match &known.asked {
        Asked::Question(asked) => {
            let is_final = progress.state.is_final();
            let reader = match is_final {
                true => known.reader,
                // Until there is something to show, what a guest sees is enough.
                false => Reader::Guest,
            };
            Some(dashboard.asked_body(&asked.request, &asked.statement, reader))
        }
        Asked::Sql => None,
    };
    let body = QueryBody::new(&id, asked, &progress, known.reader);
    Ok(Json(body).into_response())
}

/// `GET /api/queries/{id}/csv`
pub(crate) async fn download(
    State(dashboard): State<Arc<Dashboard>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let known = dashboard.query_ref(&id, &headers).await?;
    let wait = Duration::from_millis(MAX_WAIT_MS);
    let progress = dashboard
        .engine
        .poll(&known.engine, wait)
        .await?
        .ok_or_else(Problem::unknown_query)?;
    let QueryState::Succeeded(answer) = progress.state else {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            format!("the query has no answer: it is {}", progress.state.name()),
        ));
    };
    let name = match &known.asked {
        Asked::Question(asked) => asked.request.file_name(),
        Asked::Sql => format!("sql-{}", day(dashboard.config.now_ms())),
    };
    csv_response(&dashboard, &known.engine, &answer, &name).await
}

/// Returns all rows of a query as a file of this name, to which `.csv` is added.
pub(crate) async fn csv_response(
    dashboard: &Dashboard,
    id: &str,
    answer: &Answer,
    name: &str,
) -> Result<Response, Problem> {
    let mut response = if answer.truncated {
        let head = csv::head(&answer.columns);
        let rows = dashboard.engine.all_rows(id).await?;
        let rows = rows.ok_or_else(Problem::unknown_query)?;
        let rows = rows.map(|rows| rows.map(|rows| csv::lines(&rows)));
        Response::new(Body::from_stream(
            stream::once(std::future::ready(Ok(head))).chain(rows),
        ))
    } else {
        Response::new(Body::from(csv::write(answer)))
    };
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::try_from(disposition).expect("questions have plain names"),
    );
    Ok(response)
}

impl QueryRequest {
    /// Returns a name for a file of the answer, without its ending.
    pub(crate) fn file_name(&self) -> String {
        let span = span_name(self.from_ms, self.to_ms);
        format!("{}-{span}", self.question)
    }
}

/// Returns the day of a moment, UTC.
fn day(ms: u64) -> String {
    format_timestamp(ms)[..10].to_owned()
}

/// Returns the first and the last day of a range that is made of days of UTC, else its ends: days of another zone would
/// have one too many.
fn span_name(from_ms: u64, to_ms: u64) -> String {
    if from_ms.is_multiple_of(DAY_MS) && to_ms.is_multiple_of(DAY_MS) {
        return format!("{}-{}", day(from_ms), day(to_ms - 1));
    }
    let moment = |ms| {
        let text = format_timestamp(ms);
        format!("{}T{}{}Z", &text[..10], &text[11..13], &text[14..16])
    };
    format!("{}-{}", moment(from_ms), moment(to_ms))
}

/// `DELETE /api/queries/{id}`
pub(crate) async fn cancel(
    State(dashboard): State<Arc<Dashboard>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let known = dashboard.query_ref(&id, &headers).await?;
    match dashboard.engine.cancel(&known.engine).await? {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(Problem::unknown_query()),
    }
}

struct AskedQuestion {
    request: QueryRequest,
    statement: Statement,
}

/// A query, as its id describes it.
struct QueryRef {
    engine: String,
    asked: Asked,
    reader: Reader,
}

enum Asked {
    Question(Box<AskedQuestion>),
    /// SQL of the owner's, whose text only the engine has.
    Sql,
}

/// The reader of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Someone who may see the whole lake.
    Owner,
    /// Someone with a share link or a report.
    Guest,
}

impl Dashboard {
    /// Reads an id, and refuses queries that the caller may not see.
    async fn query_ref(&self, id: &str, headers: &HeaderMap) -> Result<QueryRef, Problem> {
        let permit = self.permit(headers).await?;
        if let Some(SqlId { engine }) = SqlId::parse(&self.config.key, id) {
            check_owner(&permit)?;
            return Ok(QueryRef {
                engine,
                asked: Asked::Sql,
                reader: Reader::Owner,
            });
        }
        let QueryId { engine, request } =
            QueryId::parse(&self.config.key, id).ok_or_else(Problem::unknown_query)?;
        permit.check_answer(request.site.as_deref(), request.reads_private())?;
        // The settings may be others than when it was asked.
        let statement = request
            .statement(&self.custom_columns)
            .map_err(|_| Problem::unknown_query())?;
        let reader = match permit {
            Permissions::All | Permissions::ReadAll => Reader::Owner,
            Permissions::Share(_) => Reader::Guest,
        };
        Ok(QueryRef {
            engine,
            asked: Asked::Question(Box::new(AskedQuestion { request, statement })),
            reader,
        })
    }
}

/// The body of `GET /api/queries/{id}`, which a report holds too.
#[derive(Serialize)]
pub(crate) struct QueryBody<'a> {
    id: &'a str,
    #[serde(flatten)]
    asked: Option<AskedBody<'a>>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<&'a [Column]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<&'a [Vec<Value>]>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    row_count: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<&'a str>,
    /// Absent for guests.
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Statistics>,
    error: Option<&'a str>,
}

/// The request of a named query; `None` for SQL.
#[derive(Serialize)]
pub(crate) struct AskedBody<'a> {
    question: &'static str,
    sql: String,
    parameters: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    athena_sql: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
}

impl<'a> AskedBody<'a> {
    /// Returns what guests see.
    pub(crate) fn new(engine: &dyn Engine, statement: &'a Statement) -> AskedBody<'a> {
        AskedBody {
            question: statement.question.name,
            sql: engine.sql(statement),
            parameters: &statement.parameters,
            athena_sql: None,
            command: None,
        }
    }
}

impl Dashboard {
    /// Returns what was asked, for owners also as text to run elsewhere.
    pub(crate) fn asked_body<'a>(
        &self,
        request: &QueryRequest,
        statement: &'a Statement,
        reader: Reader,
    ) -> AskedBody<'a> {
        let asked = AskedBody::new(&*self.engine, statement);
        match reader {
            Reader::Guest => asked,
            Reader::Owner => AskedBody {
                athena_sql: Some(athena_sql(statement, &self.engine.table())),
                command: Some(command(request)),
                ..asked
            },
        }
    }
}

impl<'a> QueryBody<'a> {
    pub(crate) fn new(
        id: &'a str,
        asked: Option<AskedBody<'a>>,
        progress: &'a Progress,
        reader: Reader,
    ) -> QueryBody<'a> {
        let answer = match &progress.state {
            QueryState::Succeeded(answer) => Some(answer),
            _ => None,
        };
        QueryBody {
            id,
            asked,
            state: progress.state.name(),
            columns: answer.map(|answer| answer.columns.as_slice()),
            rows: answer.map(|answer| answer.rows.as_slice()),
            truncated: answer.is_some_and(|answer| answer.truncated),
            row_count: answer.and_then(|answer| answer.row_count),
            warnings: answer.map_or_else(Vec::new, |answer| warnings(&answer.warnings, reader)),
            statistics: (reader == Reader::Owner).then_some(progress.statistics),
            error: match &progress.state {
                QueryState::Failed(error) => Some(error),
                _ => None,
            },
        }
    }
}

/// Tells guests that something is missing, but not the names of files.
fn warnings(warnings: &[String], reader: Reader) -> Vec<&str> {
    match reader {
        Reader::Owner => warnings.iter().map(String::as_str).collect(),
        Reader::Guest if warnings.is_empty() => Vec::new(),
        Reader::Guest => vec![LEFT_OUT],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_days_of_utc_or_by_its_ends() {
        #[track_caller]
        fn check(from_ms: u64, to_ms: u64, expected: &str) {
            assert_eq!(span_name(from_ms, to_ms), expected);
        }
        // 2026-11-15 and 2026-11-22
        let (from_ms, to_ms) = (1_794_700_800_000, 1_795_305_600_000);
        check(from_ms, to_ms, "2026-11-15-2026-11-21");
        check(from_ms, from_ms + DAY_MS, "2026-11-15-2026-11-15");
        // Seven days of Berlin are no eight of UTC.
        let hour_ms = 60 * 60 * 1000;
        check(
            from_ms - hour_ms,
            to_ms - hour_ms,
            "2026-11-14T2300Z-2026-11-21T2300Z",
        );
    }
}
