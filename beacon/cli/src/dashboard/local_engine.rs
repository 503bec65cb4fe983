//! DataFusion behind the dashboard: questions on threads of their own, so that counting never keeps the pixel
//! waiting; few at once; and not again what nothing has changed for.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use beacon_core::schema::TABLE;
use beacon_dashboard::engine::{
    Engine as DashboardEngine, EngineError, Freshness, Progress, Rows, State, Statement,
    Statistics, TableName,
};
use beacon_lake::{Event, Observer};
use beacon_query::engine::{DATABASE, STACK_BYTES};
use beacon_server::health::Undelivered;
use futures::future::BoxFuture;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};

use super::executor::{Executor, lock};
use super::query_registry::{Asked, CompletionGuard, QueryRegistry, RegisteredQuery, milliseconds};
use crate::lake_source::LakeSource;

const BUSY_RETRY_S: u64 = 5;

/// Batches of a download that are read before its reader takes them.
const DOWNLOADED_AHEAD: usize = 2;

/// DataFusion over a lake, as the dashboard wants it.
pub(crate) struct LocalEngine {
    executor: Arc<Executor>,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    queries: Mutex<QueryRegistry>,
    waiting: Option<Undelivered>,
    revision: Arc<watch::Sender<u64>>,
    /// Begins the ids, so that those of an earlier run are not mistaken for ours.
    run: u64,
}

impl LocalEngine {
    /// Starts the threads. `now_ms` must be another one at each start.
    ///
    /// # Errors
    /// The system gives no threads, or the lake's URL can't be registered.
    pub(crate) async fn start(source: LakeSource, now_ms: u64) -> anyhow::Result<LocalEngine> {
        let executor = Executor::new(source).await?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("dashboard")
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .context("cannot start the threads of the dashboard")?;
        Ok(LocalEngine {
            executor: Arc::new(executor),
            runtime: Some(runtime),
            queries: Mutex::default(),
            waiting: None,
            revision: Arc::new(watch::Sender::new(now_ms)),
            run: now_ms,
        })
    }

    /// Also reports hits that wait too long for their delivery.
    pub(crate) fn with_waiting(mut self, waiting: Option<Undelivered>) -> LocalEngine {
        self.waiting = waiting;
        self
    }

    /// Makes a new revision of each group of hits that is on disk.
    pub(crate) fn observer(&self) -> Observer {
        let revision = Arc::clone(&self.revision);
        Observer::new(move |event| {
            if let Event::Synced { .. } = event {
                revision.send_modify(|revision| *revision += 1);
            }
        })
    }

    fn begin(&self, asked: Asked) -> Result<String, EngineError> {
        let mut queries = lock(&self.queries);
        queries.expire(Instant::now());
        if !queries.make_room() {
            return Err(EngineError::Busy {
                retry_after_s: BUSY_RETRY_S,
            });
        }
        queries.count += 1;
        let id = format!("{:x}-{:x}", self.run, queries.count);
        let begun = Instant::now();
        let progress = Arc::new(watch::Sender::new(Progress {
            state: State::Queued,
            statistics: Statistics::default(),
        }));
        let runtime = self
            .runtime
            .as_ref()
            .expect("the runtime ends with the engine");
        let guard = CompletionGuard {
            progress: Arc::clone(&progress),
            begun,
        };
        let task = runtime.spawn(Arc::clone(&self.executor).run(asked.clone(), guard));
        let query = RegisteredQuery {
            asked,
            progress,
            task: task.abort_handle(),
            begun,
            polled: begun,
        };
        queries.queries.insert(id.clone(), query);
        Ok(id)
    }

    /// Returns the progress of a query, as it changes.
    fn watch(&self, id: &str) -> Option<(watch::Receiver<Progress>, Instant)> {
        let mut queries = lock(&self.queries);
        let query = queries.queries.get_mut(id)?;
        query.polled = Instant::now();
        Some((query.progress.subscribe(), query.begun))
    }

    /// Returns what was asked by a query's id.
    fn asked(&self, id: &str) -> Option<Asked> {
        let queries = lock(&self.queries);
        Some(queries.queries.get(id)?.asked.clone())
    }

    fn stop(&self, id: &str) -> bool {
        let queries = lock(&self.queries);
        let Some(query) = queries.queries.get(id) else {
            return false;
        };
        query.cancel();
        true
    }
}

/// Threads of a runtime can't be waited for by a thread of another one.
impl Drop for LocalEngine {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl DashboardEngine for LocalEngine {
    fn name(&self) -> &'static str {
        "datafusion"
    }

    fn table(&self) -> TableName {
        TableName {
            database: DATABASE.to_owned(),
            table: TABLE.to_owned(),
            has_views: true,
        }
    }

    fn undelivered_s(&self) -> Option<u64> {
        Some(self.waiting.as_ref()?.overdue_age()?.as_secs())
    }

    fn freshness(&self) -> Freshness {
        Freshness::Live
    }

    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(std::future::ready(self.begin(Asked::Question(statement))))
    }

    fn submit_count(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(std::future::ready(self.begin(Asked::Count(statement))))
    }

    fn submit_sql(&self, sql: String) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(std::future::ready(self.begin(Asked::Sql(sql.into()))))
    }

    fn poll<'a>(
        &'a self,
        id: &'a str,
        wait: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>> {
        Box::pin(async move {
            let Some((mut progress, begun)) = self.watch(id) else {
                return Ok(None);
            };
            let done = progress.wait_for(|progress| progress.state.is_final());
            // Not done in this time is an answer too.
            tokio::time::timeout(wait, done).await.ok();
            let mut progress = progress.borrow().clone();
            if !progress.state.is_final() {
                progress.statistics.took_ms = milliseconds(begun.elapsed());
            }
            Ok(Some(progress))
        })
    }

    /// Asks anew, and keeps nothing: a download may be larger than what should stay in memory.
    fn all_rows<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Rows>, EngineError>> {
        let Some(asked) = self.asked(id) else {
            return Box::pin(std::future::ready(Ok(None)));
        };
        let (sender, receiver) = mpsc::channel(DOWNLOADED_AHEAD);
        let executor = Arc::clone(&self.executor);
        let runtime = self
            .runtime
            .as_ref()
            .expect("the runtime ends with the engine");
        runtime.spawn(async move {
            let streamed = tokio::select! {
                // A reader that has gone leaves the turn to others.
                () = sender.closed() => return,
                streamed = executor.stream(&asked, &sender) => streamed,
            };
            if let Err(error) = streamed {
                tracing::error!(%error, question = asked.name(), "a download broke off");
                // A reader that has gone needs no error.
                let error = EngineError::Unavailable(error.into());
                sender.send(Err(error)).await.ok();
            }
        });
        let rows = futures::stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|rows| (rows, receiver))
        });
        Box::pin(std::future::ready(Ok(Some(Box::pin(rows) as Rows))))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, EngineError>> {
        Box::pin(std::future::ready(Ok(self.stop(id))))
    }

    fn revision(&self) -> u64 {
        *self.revision.borrow()
    }

    fn changed(&self, since: u64) -> BoxFuture<'_, ()> {
        let mut revision = self.revision.subscribe();
        Box::pin(async move {
            // The sender lives as long as the engine.
            revision.wait_for(|revision| *revision != since).await.ok();
        })
    }
}

#[cfg(test)]
mod tests;
