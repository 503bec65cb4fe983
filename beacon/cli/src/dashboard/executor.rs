//! Runs the dashboard's queries: few at once, and not again while nothing has changed for them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::bail;
use arrow::array::RecordBatch;
use beacon_dashboard::engine::{
    Answer, EngineError, MAX_ROWS, State, Statement, Statistics, Value,
};
use beacon_query::engine::{Engine, ExecutionError, QueryError, QueryResult};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::json_rows;
use super::query_registry::{Asked, CompletionGuard, end};
use super::result_cache::{CacheKey, ResultCache};
use crate::lake_source::{LakeSource, column_hint};

/// Questions that are answered at once. Each uses all cores by itself.
const MAX_RUNNING: usize = 2;

/// The message of a failure to readers of the dashboard. The error itself names directories of this machine and files of
/// other sites, which guests must not see.
pub(super) const FAILED: &str = "the lake could not be read: this beacon's log says why";

/// Memory for the rows of SQL. It shares the machine with the server, which must go on recording.
const SQL_MEMORY_BYTES: usize = 1 << 30;

/// The limits of SQL and of its downloads, which hold its turn while their reader takes the rows.
const SQL_LIMITS: SqlLimits = SqlLimits {
    time: Duration::from_secs(5 * 60),
    download_bytes: 1 << 30,
};

/// The limits of one statement of the owner's.
pub(super) struct SqlLimits {
    pub(super) time: Duration,
    /// The most bytes of values that a download has.
    pub(super) download_bytes: usize,
}

/// SQL that runs at once. The page's own questions have turns of their own, so that they never wait for it.
const MAX_SQL: usize = 1;

/// Questions of `/count` that are answered at once. Strangers cause them, so the page's own never wait for them.
const MAX_COUNTS: usize = 1;

/// Runs queries one by one, a few at the same time. All tasks share it.
pub(super) struct Executor {
    engine: Engine,
    source: LakeSource,
    pub(super) turns: Semaphore,
    pub(super) sql_turns: Semaphore,
    pub(super) count_turns: Semaphore,
    pub(super) limits: SqlLimits,
    results: Mutex<ResultCache>,
    /// Warnings that stand in the log.
    pub(super) logged: Mutex<HashSet<String>>,
}

/// Warnings that are remembered as logged, so that memory has a bound.
const MAX_LOGGED: usize = 1000;

impl Executor {
    pub(super) async fn new(source: LakeSource) -> Result<Executor, QueryError> {
        Ok(Executor {
            engine: source.engine().await?,
            source,
            turns: Semaphore::new(MAX_RUNNING),
            sql_turns: Semaphore::new(MAX_SQL),
            count_turns: Semaphore::new(MAX_COUNTS),
            limits: SQL_LIMITS,
            results: Mutex::default(),
            logged: Mutex::default(),
        })
    }

    fn turns(&self, asked: &Asked) -> &Semaphore {
        match asked {
            Asked::Question(_) => &self.turns,
            Asked::Count(_) => &self.count_turns,
            Asked::Sql(_) => &self.sql_turns,
        }
    }

    /// Runs one query to its end and sets its state, when it is its turn.
    pub(super) async fn run(self: Arc<Executor>, asked: Asked, guard: CompletionGuard) {
        let _turn = self.turns(&asked).acquire().await;
        guard.progress.send_if_modified(|progress| {
            let is_wanted = !progress.state.is_final();
            if is_wanted {
                progress.state = State::Running;
            }
            is_wanted
        });
        let answer = match &asked {
            Asked::Question(statement) | Asked::Count(statement) => {
                self.answer(statement).await.map_err(|error| {
                    let question = statement.question.name;
                    tracing::error!(%error, question, "the dashboard's question failed");
                    FAILED.to_owned()
                })
            }
            Asked::Sql(sql) => match timeout(self.limits.time, self.answer_sql(sql)).await {
                Ok(answer) => answer.map_err(|error| for_owner(&error)),
                Err(_) => Err(too_slow(self.limits.time)),
            },
        };
        let (state, statistics) = match answer {
            Ok((answer, statistics)) => (State::Succeeded(answer), statistics),
            Err(message) => (State::Failed(message), Statistics::default()),
        };
        end(&guard.progress, state, statistics, guard.begun);
    }

    async fn answer(&self, statement: &Statement) -> Result<(Arc<Answer>, Statistics), QueryError> {
        let sql = statement.question.text();
        let planned = self.engine.plan(&sql, &statement.parameters).await?;
        let key = CacheKey {
            sql: sql.into_owned(),
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
                push(&batch, &mut answer)?;
            }
        }
        answer.row_count = Some(row_count);
        let (answer, statistics) = self.read(answer, &batches);
        // A file can be repaired without a trace in the list of files.
        if answer.warnings.is_empty() {
            lock(&self.results).insert(key, Arc::clone(&answer));
        }
        Ok((answer, statistics))
    }

    /// Reads no more rows than are shown: who looks at a million of them would else wait for their count.
    async fn answer_sql(&self, sql: &str) -> Result<(Arc<Answer>, Statistics), QueryError> {
        let run = self.source.run_sql(sql, &[], Some(SQL_MEMORY_BYTES));
        let (_engine, mut batches) = run.await?;
        let mut answer = Answer {
            columns: json_rows::columns(batches.schema()),
            ..Answer::default()
        };
        while !answer.truncated {
            let Some(batch) = batches.next().await else {
                answer.row_count = Some(answer.rows.len() as u64);
                break;
            };
            push(&batch?, &mut answer)?;
        }
        Ok(self.read(answer, &batches))
    }

    /// Returns an answer with its warnings, and what it took.
    fn read(&self, mut answer: Answer, batches: &QueryResult) -> (Arc<Answer>, Statistics) {
        answer.warnings = batches.warnings().list();
        self.log_once(&answer.warnings);
        let statistics = Statistics {
            bytes_scanned: Some(batches.bytes_scanned()),
            ..Statistics::default()
        };
        (Arc::new(answer), statistics)
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

    /// Sends every row, when it is its turn.
    pub(super) async fn stream(&self, asked: &Asked, rows: &RowSender) -> anyhow::Result<()> {
        let _turn = self.turns(asked).acquire().await;
        match asked {
            Asked::Question(statement) | Asked::Count(statement) => {
                let sql = statement.question.text();
                let planned = self.engine.plan(&sql, &statement.parameters).await?;
                send(planned.run().await?, rows, usize::MAX).await
            }
            Asked::Sql(sql) => {
                let SqlLimits {
                    time: limit,
                    download_bytes,
                } = self.limits;
                let sent = async {
                    let run = self.source.run_sql(sql, &[], Some(SQL_MEMORY_BYTES));
                    let (_engine, batches) = run.await?;
                    send(batches, rows, download_bytes).await
                };
                let sent = timeout(limit, sent).await;
                sent.unwrap_or_else(|_| {
                    let seconds = limit.as_secs();
                    bail!("it has run for {seconds} s, which is the longest time for SQL")
                })
            }
        }
    }
}

/// Takes the rows of a download, or the reason why there are no more.
pub(super) type RowSender = mpsc::Sender<Result<Vec<Vec<Value>>, EngineError>>;

async fn send(mut batches: QueryResult, rows: &RowSender, max_bytes: usize) -> anyhow::Result<()> {
    let mut bytes = 0_usize;
    while let Some(batch) = batches.next().await {
        let mut some = Vec::new();
        json_rows::push(&batch?, &mut some)?;
        bytes = bytes.saturating_add(some.iter().flatten().map(bytes_of).sum());
        if bytes > max_bytes {
            bail!("it has more than {max_bytes} bytes, which is the most for a download of SQL");
        }
        if rows.send(Ok(some)).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Returns about how many bytes a value has as text.
fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        _ => size_of::<u64>(),
    }
}

/// Keeps the rows of a batch, up to the most that an answer has.
fn push(batch: &RecordBatch, answer: &mut Answer) -> Result<(), ExecutionError> {
    json_rows::push(batch, &mut answer.rows)?;
    answer.truncated = answer.rows.len() > MAX_ROWS;
    answer.rows.truncate(MAX_ROWS);
    Ok(())
}

/// Returns what is wrong with the owner's SQL, with the place in it, or why it failed.
fn for_owner(error: &QueryError) -> String {
    match error {
        QueryError::Sql(error) => match column_hint(error) {
            Some(hint) => format!("{error}\n  {hint}"),
            None => error.to_string(),
        },
        QueryError::Engine(error) if error.is_out_of_memory() => format!(
            "the query needs more than {} MiB of memory: ask for a shorter time or fewer groups, or run it with \
             `beacon query`, which has no limit",
            SQL_MEMORY_BYTES >> 20
        ),
        error => error.to_string(),
    }
}

fn too_slow(limit: Duration) -> String {
    format!(
        "the query has run for {} minutes: ask for a shorter time, for example with year = and month = in its WHERE, or \
         run it with `beacon query`, which has no limit",
        limit.as_secs() / 60
    )
}

/// A panic elsewhere leaves nothing half done in these.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
