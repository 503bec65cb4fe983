//! Runs named queries as query executions of Athena: starts them, polls until they are done, reads their pages.

mod client;
mod download;
mod statement;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_athena::types::{QueryExecution, QueryExecutionState};
use beacon_aws::Connection;
use beacon_catalog::{reading_statement, with_table};
use beacon_dashboard::engine::{
    Engine, EngineError, Freshness, Progress, Rows, State, Statement, Statistics, TableName,
};
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};

use crate::athena::client::AthenaClient;
use crate::athena::statement::{literals, with_parameters_hash};
use crate::failure::{self, Unreadable};

pub(crate) use crate::athena::client::ATTEMPT_TIMEOUT;

/// The pause after the first poll of a query, doubled after each further one. Reused results are there at once, others
/// take a second or more, and polls are limited for the whole account.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause between two polls.
const LONGEST_PAUSE: Duration = Duration::from_millis(800);

/// Begins the ids of the owner's SQL, who may see why it failed: Athena doesn't say whose a query is.
const SQL_PREFIX: &str = "sql:";

/// Where the hits are, and how to reach Athena.
#[derive(Debug)]
pub struct AthenaSettings {
    /// The way to Athena.
    pub connection: Connection,
    /// The work group, which limits how much one query reads and says where results are stored.
    pub work_group: String,
    /// The database in Glue.
    pub database: String,
    /// The table of hits, with its prefix.
    pub table: String,
    /// Seconds that the stream holds hits back. Results may be as old again before they are queried anew.
    pub buffer_interval_s: u64,
}

/// The dashboard's engine over Athena.
pub struct Athena {
    client: AthenaClient,
    table: String,
    buffer_interval_s: u64,
    now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl fmt::Debug for Athena {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Athena")
            .field("work_group", &self.client.work_group())
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl Athena {
    /// Builds the engine and its client; nothing is called yet. `now_ms` returns Unix time in milliseconds.
    pub fn new(settings: AthenaSettings, now_ms: Box<dyn Fn() -> u64 + Send + Sync>) -> Athena {
        Athena {
            client: AthenaClient::new(settings.connection, settings.work_group, settings.database),
            table: settings.table,
            buffer_interval_s: settings.buffer_interval_s,
            now_ms,
        }
    }

    /// Returns the minutes that a result may be old and still be returned. Until the stream's next file it is as good as
    /// new.
    fn reuse_minutes(&self) -> i32 {
        i32::try_from(self.buffer_interval_s.div_ceil(60)).unwrap_or(i32::MAX)
    }

    async fn start(&self, statement: Statement) -> Result<String, EngineError> {
        let parameters = literals(&statement.parameters)?;
        let sql = self.sql(&statement);
        let reuse_minutes = self.reuse_minutes();
        self.client
            .start(sql, Some(parameters), reuse_minutes)
            .await
    }

    /// Sends SQL as it was written. The work group limits what it reads, and the function's role lets it read the table
    /// and write results, nothing else.
    async fn start_sql(&self, sql: &str) -> Result<String, EngineError> {
        let statement = reading_statement(sql).map_err(|error| EngineError::Refused {
            reason: error.to_string(),
        })?;
        let reuse_minutes = self.reuse_minutes();
        let started = self.client.start(statement.to_owned(), None, reuse_minutes);
        Ok(format!("{SQL_PREFIX}{}", started.await?))
    }

    async fn progress(&self, id: &str, wait: Duration) -> Result<Option<Progress>, EngineError> {
        let deadline = Instant::now() + wait;
        let mut pause = FIRST_PAUSE;
        loop {
            let Some(execution) = self.client.execution(of_athena(id)).await? else {
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

    /// Returns the state with its answer, or `None` if the rows are gone.
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
                let answer = download::answer(&self.client, of_athena(id)).await?;
                return Ok(answer.map(|answer| State::Succeeded(Arc::new(answer))));
            }
            // Athena also cancels a query that reads too much, which nobody asked it to.
            QueryExecutionState::Cancelled if !failure::is_scan_limit(status) => State::Cancelled,
            QueryExecutionState::Cancelled | QueryExecutionState::Failed => {
                if id.starts_with(SQL_PREFIX) {
                    return Ok(Some(State::Failed(failure::for_owner(
                        status,
                        (self.now_ms)(),
                    ))));
                }
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

    fn interval_ms(&self) -> u64 {
        self.buffer_interval_s.max(1) * 1000
    }
}

impl Engine for Athena {
    fn name(&self) -> &'static str {
        "athena"
    }

    fn table(&self) -> TableName {
        TableName {
            database: self.client.database().to_owned(),
            table: self.table.clone(),
            // The function's role reads the table alone.
            has_views: false,
        }
    }

    fn freshness(&self) -> Freshness {
        let reuse_s = u64::from(self.reuse_minutes().unsigned_abs()) * 60;
        Freshness::Delayed {
            delay_s: self.buffer_interval_s + reuse_s,
        }
    }

    fn sql(&self, statement: &Statement) -> String {
        let sql = with_table(&statement.question.text(), &self.table);
        with_parameters_hash(&sql, &statement.parameters)
    }

    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(self.start(statement))
    }

    fn submit_sql(&self, sql: String) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(async move { self.start_sql(&sql).await })
    }

    fn poll<'a>(
        &'a self,
        id: &'a str,
        wait: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>> {
        Box::pin(self.progress(id, wait))
    }

    fn all_rows<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Rows>, EngineError>> {
        let rows = download::rows(self.client.clone(), of_athena(id).to_owned());
        Box::pin(std::future::ready(Ok(Some(rows))))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, EngineError>> {
        Box::pin(self.client.stop(of_athena(id)))
    }

    /// Returns the number of the stream's intervals since 1970: in each there may be a new file.
    fn revision(&self) -> u64 {
        (self.now_ms)() / self.interval_ms()
    }

    fn changed(&self, since: u64) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while self.revision() == since {
                let left_ms = self.interval_ms() - (self.now_ms)() % self.interval_ms();
                sleep(Duration::from_millis(left_ms)).await;
            }
        })
    }
}

/// Returns the id that Athena gave.
fn of_athena(id: &str) -> &str {
    id.strip_prefix(SQL_PREFIX).unwrap_or(id)
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

#[cfg(test)]
mod tests {
    use beacon_catalog::Question;

    use super::*;

    #[test]
    fn every_question_asks_the_stacks_own_table() {
        for question in Question::all() {
            let sql = with_table(&question.sql, "tp_hits");
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
