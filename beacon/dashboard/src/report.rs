//! Renders a report: the same page as one file with its results in it. It requests nothing, and can be sent by email.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beacon_catalog::{ALL, CustomColumn, Question, TimeRange};
use ring::digest;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::about::{About, about};
use crate::access::Permissions;
use crate::engine::{Answer, Engine, EngineError, State, Statement};
use crate::page::{ICON, INDEX, SCRIPT, STYLE};
use crate::queries::{AskedBody, QueryBody, Reader};
use crate::query_request::QueryRequest;
use crate::state::Config;

mod plain;
mod scope;

use scope::Answered;
pub use scope::{ReportBar, ReportScope};

/// The lines of `index.html` that a report replaces.
const STYLE_LINE: &str = r#"<link rel="stylesheet" href="dashboard.css">"#;
const SCRIPT_LINE: &str = r#"<script type="module" src="dashboard.js"></script>"#;
const BODY_LINE: &str = "<noscript>The dashboard draws itself with JavaScript, from this address only. Without it: <code>beacon query top_pages</code>.</noscript>";
const ICON_LINE: &str = r#"<link rel="icon" href="favicon.svg" type="image/svg+xml">"#;

/// A result has at most 10,000 rows, which are quarters of an hour for 104 days.
const SLICE_MS: u64 = 100 * 24 * 60 * 60 * 1000;

/// The queries whose results are compared with the period before.
const COMPARED: [&str; 3] = ["totals", "visit_totals", "sources"];

/// The wait of one poll. Polls are repeated until the query is done.
const POLL: Duration = Duration::from_secs(5);

/// Errors of [`make`].
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The scope can't be queried.
    #[error("{0}")]
    QueryRequest(String),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine lost a query that it had accepted.
    #[error("the engine forgot the question {question}")]
    Forgotten {
        /// The query's name.
        question: &'static str,
    },
}

#[derive(Serialize)]
struct Report<'a> {
    about: About<'a>,
    made_at_ms: u64,
    request: Request<'a>,
    answers: Vec<Box<RawValue>>,
}

#[derive(Serialize)]
struct Request<'a> {
    from_ms: u64,
    to_ms: u64,
    site: &'a str,
    page: &'a str,
    column: Option<Column<'a>>,
    /// Empty for the default.
    agents: Vec<&'static str>,
    zone: &'a str,
    before: Option<Span>,
}

#[derive(Serialize)]
struct Span {
    from_ms: u64,
    to_ms: u64,
}

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    value: &'a str,
}

/// A finished report.
#[derive(Debug)]
pub struct RenderedReport {
    /// The page, with script, style and data.
    pub html: String,
    /// The names of the queries that failed, each once.
    pub failed: Vec<&'static str>,
}

/// Runs every named query for `scope`, and returns the page with the results. A query that fails is shown as failed.
///
/// # Errors
/// Returns an error if the scope has an invalid period or filter, or if the engine is unavailable.
pub async fn make(
    config: &Config,
    engine: &dyn Engine,
    scope: &ReportScope,
) -> Result<RenderedReport, ReportError> {
    let custom_columns = CustomColumn::all(&config.settings.schema());
    let mut answers = Vec::new();
    let mut results = Vec::new();
    let mut failed = Vec::new();
    for (question, range) in asked(scope.range, scope.before) {
        let statement = statement(question, range, scope, &custom_columns)?;
        let (body, answer) = answer(engine, &statement).await?;
        answers.push(body);
        if answer.is_none() && !failed.contains(&question) {
            failed.push(question);
        }
        results.push(Answered {
            question,
            range,
            answer,
        });
    }
    let report = Report {
        about: about(config, engine, &custom_columns, &Permissions::All, None).for_report(),
        made_at_ms: config.now_ms(),
        request: Request {
            from_ms: scope.range.from_ms,
            to_ms: scope.range.to_ms,
            site: scope.site.as_deref().unwrap_or(ALL),
            page: scope.page.as_deref().unwrap_or(ALL),
            column: scope
                .column
                .as_ref()
                .map(|(name, value)| Column { name, value }),
            agents: scope.named_agents().unwrap_or_default(),
            zone: &scope.zone,
            before: scope.before.map(|before| Span {
                from_ms: before.from_ms,
                to_ms: before.to_ms,
            }),
        },
        answers,
    };
    let json = serde_json::to_string(&report).expect("a report holds plain fields and texts");
    Ok(RenderedReport {
        html: html(&json, &plain::plain(scope, &results)),
        failed,
    })
}

/// Returns the queries with their periods: compared ones also for the period before, quarters of an hour in slices.
fn asked(range: TimeRange, before: Option<TimeRange>) -> Vec<(&'static str, TimeRange)> {
    let TimeRange { from_ms, to_ms } = range;
    let mut asked = Vec::new();
    for question in Question::all() {
        // Whoever gets the report sees no property.
        if question.is_about_properties() {
            continue;
        }
        if question.name.ends_with("_per_quarter") {
            let mut slice_ms = from_ms;
            while slice_ms < to_ms {
                let end_ms = to_ms.min(slice_ms + SLICE_MS);
                let slice = TimeRange {
                    from_ms: slice_ms,
                    to_ms: end_ms,
                };
                asked.push((question.name, slice));
                slice_ms = end_ms;
            }
            continue;
        }
        asked.push((question.name, range));
        if COMPARED.contains(&question.name) {
            asked.extend(before.map(|before| (question.name, before)));
        }
    }
    asked
}

fn statement(
    question: &str,
    range: TimeRange,
    scope: &ReportScope,
    custom_columns: &[CustomColumn],
) -> Result<Statement, ReportError> {
    let request = QueryRequest {
        question: question.to_owned(),
        from_ms: range.from_ms,
        to_ms: range.to_ms,
        site: scope.site.clone(),
        page: scope.page.clone(),
        column: scope.column.clone().map(Into::into),
        agents: scope
            .named_agents()
            .map(|names| names.into_iter().map(str::to_owned).collect()),
        by: None,
        filters: Vec::new(),
    };
    request
        .statement(custom_columns)
        .map_err(|problem| ReportError::QueryRequest(problem.detail))
}

/// Runs a query. Returns the body that the API would send, and the result if the query succeeded.
async fn answer(
    engine: &dyn Engine,
    statement: &Statement,
) -> Result<(Box<RawValue>, Option<Arc<Answer>>), ReportError> {
    let id = engine.submit(statement.clone()).await?;
    loop {
        let Some(progress) = engine.poll(&id, POLL).await? else {
            return Err(ReportError::Forgotten {
                question: statement.question.name,
            });
        };
        if progress.state.is_final() {
            let asked = AskedBody::new(engine, statement);
            let body = QueryBody::new(&id, Some(asked), &progress, Reader::Guest);
            let json = serde_json::value::to_raw_value(&body)
                .expect("answers hold plain fields and texts");
            let answer = match progress.state {
                State::Succeeded(answer) => Some(answer),
                _ => None,
            };
            return Ok((json, answer));
        }
    }
}

/// Returns the page with script, style and data, and a policy that allows these two and no request. `plain` stands there
/// until the script replaces it.
fn html(json: &str, plain: &str) -> String {
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        sha256(SCRIPT),
        sha256(STYLE)
    );
    let style = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<style>{STYLE}</style>"
    );
    // A `<` in a page's name must not end the element.
    let data = json.replace('<', "\\u003c");
    let script = format!(
        "<script id=\"beacon-report\" type=\"application/json\">{data}</script>\n<script type=\"module\">{SCRIPT}</script>"
    );
    let icon = format!(
        "<link rel=\"icon\" href=\"data:image/svg+xml;base64,{}\" type=\"image/svg+xml\">",
        STANDARD.encode(ICON)
    );
    // The script last: neither the data nor the style is to be searched for the lines.
    let (before_icon, after_icon) = split(INDEX, ICON_LINE);
    let head = format!("{before_icon}{icon}{after_icon}");
    let (before_script, after_script) = split(&head, SCRIPT_LINE);
    let (before_style, after_style) = split(before_script, STYLE_LINE);
    let (before_plain, after_plain) = split(after_script, BODY_LINE);
    format!("{before_style}{style}{after_style}{script}{before_plain}{plain}{after_plain}")
}

fn split<'a>(text: &'a str, line: &str) -> (&'a str, &'a str) {
    text.split_once(line)
        .expect("a test finds the lines in the page")
}

fn sha256(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    format!("sha256-{}", STANDARD.encode(digest))
}

#[cfg(test)]
mod tests;
