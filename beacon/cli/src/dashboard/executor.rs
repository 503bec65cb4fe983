//! Runs the dashboard's queries: few at once, and not again while nothing has changed for them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beacon_dashboard::engine::{
    Answer, EngineError, MAX_ROWS, State, Statement, Statistics, Value,
};
use beacon_query::engine::{Engine, ExecutionError, QueryError};
use tokio::sync::{Semaphore, mpsc};

use super::json_rows;
use super::query_registry::{CompletionGuard, end};
use super::result_cache::{CacheKey, ResultCache};

/// Questions that are answered at once. Each uses all cores by itself.
const MAX_RUNNING: usize = 2;

/// The message of a failure to readers of the dashboard. The error itself names directories of this machine and files of
/// other sites, which guests must not see.
pub(super) const FAILED: &str = "the lake could not be read: this beacon's log says why";

/// Runs queries one by one, a few at the same time. All tasks share it.
pub(super) struct Executor {
    engine: Engine,
    pub(super) turns: Semaphore,
    results: Mutex<ResultCache>,
    /// Warnings that stand in the log.
    pub(super) logged: Mutex<HashSet<String>>,
}

/// Warnings that are remembered as logged, so that memory has a bound.
const MAX_LOGGED: usize = 1000;

impl Executor {
    pub(super) fn new(engine: Engine) -> Executor {
        Executor {
            engine,
            turns: Semaphore::new(MAX_RUNNING),
            results: Mutex::default(),
            logged: Mutex::default(),
        }
    }

    /// Runs one query to its end and sets its state, when it is its turn.
    pub(super) async fn run(self: Arc<Executor>, statement: Statement, guard: CompletionGuard) {
        let _turn = self.turns.acquire().await;
        guard.progress.send_if_modified(|progress| {
            let is_wanted = !progress.state.is_final();
            if is_wanted {
                progress.state = State::Running;
            }
            is_wanted
        });
        let (state, statistics) = match self.answer(&statement).await {
            Ok((answer, statistics)) => (State::Succeeded(answer), statistics),
            Err(error) => {
                let question = statement.question.name;
                tracing::error!(%error, question, "the dashboard's question failed");
                (State::Failed(FAILED.to_owned()), Statistics::default())
            }
        };
        end(&guard.progress, state, statistics, guard.begun);
    }

    async fn answer(&self, statement: &Statement) -> Result<(Arc<Answer>, Statistics), QueryError> {
        let sql = statement.question.text();
        let planned = self.engine.plan(&sql, &statement.parameters).await?;
        let key = CacheKey {
            sql,
            parameters: statement.parameters.clone(),
            files: planned.fingerprint(),
        };
        if let Some(answer) = lock(&self.results).get(&key) {
            let statistics = Statistics {
                bytes_scanned: Some(0),
                reused: true,
                ..Statistics::default()
            };
            return Ok((answer, statistics));
        }
        let mut batches = planned.run().await?;
        let mut answer = Answer {
            columns: json_rows::columns(batches.schema()),
            ..Answer::default()
        };
        let mut row_count = 0;
        while let Some(batch) = batches.next().await {
            let batch = batch?;
            row_count += batch.num_rows() as u64;
            // Rows beyond the limit are counted and not kept.
            if !answer.truncated {
                json_rows::push(&batch, &mut answer.rows).map_err(ExecutionError::from)?;
                answer.truncated = answer.rows.len() > MAX_ROWS;
                answer.rows.truncate(MAX_ROWS);
            }
        }
        answer.row_count = Some(row_count);
        answer.warnings = batches.warnings().list();
        self.log_once(&answer.warnings);
        let statistics = Statistics {
            bytes_scanned: Some(batches.bytes_scanned()),
            ..Statistics::default()
        };
        let answer = Arc::new(answer);
        // A file can be repaired without a trace in the list of files.
        if answer.warnings.is_empty() {
            lock(&self.results).insert(key, Arc::clone(&answer));
        }
        Ok((answer, statistics))
    }

    /// Logs each cause once, because a page runs a dozen queries again and again.
    fn log_once(&self, warnings: &[String]) {
        let mut logged = lock(&self.logged);
        for warning in warnings {
            if logged.len() < MAX_LOGGED && logged.insert(warning.clone()) {
                tracing::warn!("{warning}");
            }
        }
    }

    /// Sends every row, and ends early where nobody takes them.
    pub(super) async fn stream(
        &self,
        statement: &Statement,
        rows: &mpsc::Sender<Result<Vec<Vec<Value>>, EngineError>>,
    ) -> Result<(), QueryError> {
        let sql = statement.question.text();
        let planned = self.engine.plan(&sql, &statement.parameters).await?;
        let mut batches = planned.run().await?;
        while let Some(batch) = batches.next().await {
            let mut some = Vec::new();
            json_rows::push(&batch?, &mut some).map_err(ExecutionError::from)?;
            if rows.send(Ok(some)).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// A panic elsewhere leaves nothing half done in these.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
