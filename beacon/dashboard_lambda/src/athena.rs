//! Questions as query executions of Athena's: submitted, looked at until they are done, read page by page.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_athena::Client;
use aws_sdk_athena::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_athena::types::{
    QueryExecution, QueryExecutionContext, QueryExecutionState, ResultReuseByAgeConfiguration,
    ResultReuseConfiguration, ResultSet,
};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use beacon_aws::Connection;
use beacon_core::catalog::with_table;
use beacon_dashboard::engine::{
    Answer, Doing, Engine, EngineError, Freshness, Progress, Rows, State, Statement, Statistics,
    Value,
};
use futures::stream;
use ring::digest;
use tokio::time::{Instant, sleep};

use crate::failure::{self, Unreadable};
use crate::results::{PAGE_ROWS, Pages};

/// What one parameter may have, its quotes counted.
/// <https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html>
const MAX_PARAMETER_CHARACTERS: usize = 1024;

/// How long one attempt of a call may take. Athena answers each within a second; a page of results is 1,000 rows.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a call may take with all its attempts.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);

/// Attempts at a call that was throttled or got no answer.
const ATTEMPTS: u32 = 3;

/// The catalogue that Glue is to Athena.
const CATALOG: &str = "AwsDataCatalog";

/// The pause after the first look at a query, which each further one doubles. Reused answers are there at once, the
/// others take a second or more, and looks are limited for the whole account.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(800);

/// What the engine must know.
#[derive(Debug)]
pub struct Settings {
    /// The way to Athena.
    pub connection: Connection,
    /// The work group, which limits what one query reads and says where results lie.
    pub work_group: String,
    /// Glue's database.
    pub database: String,
    /// The table of hits, with its prefix.
    pub table: String,
    /// Seconds that the stream holds hits back. Answers may be as old again before they are asked anew.
    pub buffer_interval_s: u64,
}

/// Answers questions by Athena.
pub struct Athena {
    client: Client,
    work_group: String,
    context: QueryExecutionContext,
    table: String,
    buffer_interval_s: u64,
    now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl fmt::Debug for Athena {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Athena")
            .field("work_group", &self.work_group)
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl Athena {
    /// Builds the client; nothing is called yet. `now_ms` is Unix time in milliseconds.
    pub fn new(settings: Settings, now_ms: Box<dyn Fn() -> u64 + Send + Sync>) -> Athena {
        Athena {
            client: client(settings.connection),
            work_group: settings.work_group,
            context: QueryExecutionContext::builder()
                .catalog(CATALOG)
                .database(settings.database)
                .build(),
            table: settings.table,
            buffer_interval_s: settings.buffer_interval_s,
            now_ms,
        }
    }

    /// Minutes that an answer may be old and still be given again. Until the stream's next file it is as good as new.
    fn reuse_minutes(&self) -> i32 {
        i32::try_from(self.buffer_interval_s.div_ceil(60)).unwrap_or(i32::MAX)
    }

    async fn start(&self, statement: Statement) -> Result<String, EngineError> {
        let by_age = ResultReuseByAgeConfiguration::builder()
            .enabled(true)
            .max_age_in_minutes(self.reuse_minutes())
            .build();
        let reuse = ResultReuseConfiguration::builder()
            .result_reuse_by_age_configuration(by_age)
            .build();
        let parameters = literals(&statement.parameters)?;
        // The SDK makes a token for the request and keeps it for all attempts: what was sent twice runs once.
        let started = self
            .client
            .start_query_execution()
            .query_string(self.sql(&statement))
            .set_execution_parameters(Some(parameters))
            .query_execution_context(self.context.clone())
            .work_group(&self.work_group)
            .result_reuse_configuration(reuse)
            .send()
            .await
            .map_err(|error| failure::of_call("StartQueryExecution", error))?;
        started.query_execution_id.ok_or_else(|| {
            let error = Unreadable::Missing {
                operation: "StartQueryExecution",
                part: "QueryExecutionId",
            };
            error.into()
        })
    }

    /// `None` where Athena does not know the query.
    async fn look(&self, id: &str) -> Result<Option<QueryExecution>, EngineError> {
        let looked = self
            .client
            .get_query_execution()
            .query_execution_id(id)
            .send()
            .await;
        match looked {
            Ok(output) => Ok(output.query_execution),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_invalid_request_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(failure::of_call("GetQueryExecution", error)),
        }
    }

    async fn progress(&self, id: &str, wait: Duration) -> Result<Option<Progress>, EngineError> {
        let deadline = Instant::now() + wait;
        let mut pause = FIRST_PAUSE;
        loop {
            let Some(execution) = self.look(id).await? else {
                return Ok(None);
            };
            let Some(state) = self.state(id, &execution).await? else {
                return Ok(None);
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if state.is_final() || left.is_zero() {
                let statistics = statistics(&execution);
                return Ok(Some(Progress { state, statistics }));
            }
            sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// `None` where the rows are no longer there.
    async fn state(
        &self,
        id: &str,
        execution: &QueryExecution,
    ) -> Result<Option<State>, EngineError> {
        let missing = |part| Unreadable::Missing {
            operation: "GetQueryExecution",
            part,
        };
        let status = execution.status().ok_or(missing("Status"))?;
        let state = status.state().ok_or(missing("Status.State"))?;
        Ok(Some(match state {
            QueryExecutionState::Queued => State::Queued,
            QueryExecutionState::Running => State::Running,
            QueryExecutionState::Succeeded => {
                let answer = self.answer(id).await?;
                return Ok(answer.map(|answer| State::Succeeded(Arc::new(answer))));
            }
            // Athena cancels what reads too much, which the reader did not.
            QueryExecutionState::Cancelled if !failure::is_scan_limit(status) => State::Cancelled,
            QueryExecutionState::Cancelled | QueryExecutionState::Failed => {
                tracing::warn!(id, reason = failure::reason(status), "a query failed");
                State::Failed(failure::for_reader(id, status))
            }
            other => {
                let state = other.as_str().to_owned();
                let id = id.to_owned();
                return Err(Unreadable::State { id, state }.into());
            }
        }))
    }

    async fn answer(&self, id: &str) -> Result<Option<Answer>, EngineError> {
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let Some(page) = page(&self.client, id, token).await? else {
                return Ok(None);
            };
            pages.push(rows_of(&page)?)?;
            token = page.next_token().map(str::to_owned);
            if token.is_none() || pages.is_full() {
                return Ok(Some(pages.into_answer()));
            }
        }
    }

    async fn stop(&self, id: &str) -> Result<bool, EngineError> {
        let stopped = self
            .client
            .stop_query_execution()
            .query_execution_id(id)
            .send()
            .await;
        match stopped {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_invalid_request_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(failure::of_call("StopQueryExecution", error)),
        }
    }

    fn interval_ms(&self) -> u64 {
        self.buffer_interval_s.max(1) * 1000
    }
}

impl Engine for Athena {
    fn name(&self) -> &'static str {
        "athena"
    }

    fn freshness(&self) -> Freshness {
        let reuse_s = u64::from(self.reuse_minutes().unsigned_abs()) * 60;
        Freshness::Delayed {
            delay_s: self.buffer_interval_s + reuse_s,
        }
    }

    fn sql(&self, statement: &Statement) -> String {
        let sql = with_table(&statement.question.text(), &self.table);
        of_its_own(&sql, &statement.parameters)
    }

    fn submit(&self, statement: Statement) -> Doing<'_, Result<String, EngineError>> {
        Box::pin(self.start(statement))
    }

    fn poll<'a>(
        &'a self,
        id: &'a str,
        wait: Duration,
    ) -> Doing<'a, Result<Option<Progress>, EngineError>> {
        Box::pin(self.progress(id, wait))
    }

    fn all_rows<'a>(&'a self, id: &'a str, _: Statement) -> Doing<'a, Result<Rows, EngineError>> {
        let download = Download {
            client: self.client.clone(),
            id: id.to_owned(),
            pages: Pages::default(),
            token: None,
            is_done: false,
        };
        let rows = stream::try_unfold(download, Download::next);
        Box::pin(std::future::ready(Ok(Box::pin(rows) as Rows)))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> Doing<'a, Result<bool, EngineError>> {
        Box::pin(self.stop(id))
    }

    /// The stream's intervals since 1970: in each there may be a new file.
    fn revision(&self) -> u64 {
        (self.now_ms)() / self.interval_ms()
    }

    fn changed(&self, since: u64) -> Doing<'_, ()> {
        Box::pin(async move {
            while self.revision() == since {
                let left_ms = self.interval_ms() - (self.now_ms)() % self.interval_ms();
                sleep(Duration::from_millis(left_ms)).await;
            }
        })
    }
}

/// The text with a hash of its parameters behind it. Athena's conditions for giving an earlier result again name the
/// text and no parameters: were those not looked at, one site's numbers would be given for another's.
fn of_its_own(sql: &str, parameters: &[String]) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    for parameter in parameters {
        // With its length, so that no two lists are one text.
        hash.update(&(parameter.len() as u64).to_be_bytes());
        hash.update(parameter.as_bytes());
    }
    let mut text = format!("{sql}\n-- parameters: ");
    for byte in hash.finish().as_ref() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// Results that are read page by page, none of which is kept.
struct Download {
    client: Client,
    id: String,
    pages: Pages,
    token: Option<String>,
    is_done: bool,
}

impl Download {
    async fn next(mut self) -> Result<Option<(Vec<Vec<Value>>, Download)>, EngineError> {
        if self.is_done {
            return Ok(None);
        }
        let Some(page) = page(&self.client, &self.id, self.token.take()).await? else {
            return Err(Unreadable::Missing {
                operation: "GetQueryResults",
                part: "ResultSet",
            }
            .into());
        };
        self.pages.push(rows_of(&page)?)?;
        self.token = page.next_token().map(str::to_owned);
        self.is_done = self.token.is_none();
        Ok(Some((self.pages.take_rows(), self)))
    }
}

/// One page of results; `None` where they are gone: the bucket forgets them after some days, and Athena does not.
async fn page(
    client: &Client,
    id: &str,
    token: Option<String>,
) -> Result<Option<GetQueryResultsOutput>, EngineError> {
    let page = client
        .get_query_results()
        .query_execution_id(id)
        .max_results(PAGE_ROWS)
        .set_next_token(token)
        .send()
        .await;
    match page {
        Ok(page) => Ok(Some(page)),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|error| error.is_invalid_request_exception()) =>
        {
            Ok(None)
        }
        Err(error) => Err(failure::of_call("GetQueryResults", error)),
    }
}

fn rows_of(page: &GetQueryResultsOutput) -> Result<&ResultSet, Unreadable> {
    page.result_set().ok_or(Unreadable::Missing {
        operation: "GetQueryResults",
        part: "ResultSet",
    })
}

/// Parameters as Athena takes them: each as SQL's literal of a text, quotes and all. A question casts where it needs
/// another type.
fn literals(values: &[String]) -> Result<Vec<String>, EngineError> {
    let mut literals = Vec::with_capacity(values.len());
    for value in values {
        let literal = format!("'{}'", value.replace('\'', "''"));
        let characters = literal.chars().count();
        if characters > MAX_PARAMETER_CHARACTERS {
            return Err(EngineError::Refused {
                reason: format!(
                    "a filter has {characters} characters with its quotes, and Athena takes {MAX_PARAMETER_CHARACTERS}: \
                     filter by something shorter"
                ),
            });
        }
        literals.push(literal);
    }
    Ok(literals)
}

fn statistics(execution: &QueryExecution) -> Statistics {
    let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    let Some(statistics) = execution.statistics() else {
        return Statistics::default();
    };
    Statistics {
        bytes_scanned: number(statistics.data_scanned_in_bytes()),
        took_ms: number(statistics.total_execution_time_in_millis()).unwrap_or_default(),
        reused: statistics
            .result_reuse_information()
            .is_some_and(|information| information.reused_previous_result()),
    }
}

fn client(connection: Connection) -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_timeout(CALL_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    let config = aws_sdk_athena::config::Builder::from(&connection.sdk_config())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts);
    Client::from_conf(config.build())
}

#[cfg(test)]
mod tests {
    use beacon_dashboard::questions;

    use super::*;

    #[test]
    fn parameters_are_literals_of_sql() {
        #[track_caller]
        fn check(value: &str, expected: &str) {
            assert_eq!(literals(&[value.to_owned()]).unwrap(), [expected]);
        }
        check("2026112100", "'2026112100'");
        check("o'brien.example", "'o''brien.example'");
        check("' OR 1=1 --", "''' OR 1=1 --'");
        check("\\'", "'\\'''");
        check(&"é".repeat(1022), &format!("'{}'", "é".repeat(1022)));
    }

    #[test]
    fn other_parameters_are_another_text() {
        let text = |parameters: &[&str]| {
            let parameters: Vec<String> = parameters.iter().map(|text| (*text).into()).collect();
            of_its_own("SELECT 1 WHERE 'a' = ? OR 'b' = ?", &parameters)
        };
        let one = text(&["'a'", "'b'"]);
        assert_eq!(one, text(&["'a'", "'b'"]));
        for other in [["'b'", "'a'"], ["'a''b", "'"], ["'a'", "'c'"]] {
            assert_ne!(one, text(&other), "{other:?}");
        }
        let (sql, comment) = one.rsplit_once('\n').unwrap();
        assert_eq!(sql, "SELECT 1 WHERE 'a' = ? OR 'b' = ?");
        let hash = comment.strip_prefix("-- parameters: ").unwrap();
        assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn what_athena_would_refuse_is_not_sent() {
        #[track_caller]
        fn check(value: &str, expected: &str) {
            let error = literals(&[value.to_owned()]).unwrap_err();
            assert!(matches!(error, EngineError::Refused { .. }), "{error:?}");
            assert!(error.to_string().starts_with(expected), "{error}");
        }
        check(&"a".repeat(1023), "a filter has 1025 characters");
        check(&"'".repeat(512), "a filter has 1026 characters");
    }

    #[test]
    fn every_question_asks_the_stacks_own_table() {
        for question in questions::all() {
            let sql = with_table(question.sql, "tp_hits");
            let code: Vec<&str> = sql.lines().filter(|line| !line.starts_with("--")).collect();
            let code = code.join("\n");
            assert!(
                code.contains("FROM \"tp_hits\""),
                "{}: {code}",
                question.name
            );
            assert!(!code.contains("FROM hits"), "{}: {code}", question.name);
            assert!(
                !code.ends_with(';'),
                "Athena takes no `;`: {}",
                question.name
            );
        }
    }
}
