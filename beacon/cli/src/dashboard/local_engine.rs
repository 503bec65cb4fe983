//! DataFusion behind the dashboard: questions on threads of their own, so that counting never keeps the pixel
//! waiting; few at once; and not again what nothing has changed for.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use beacon_dashboard::engine::{
    Engine as DashboardEngine, EngineError, Freshness, Progress, Rows, State, Statement, Statistics,
};
use beacon_lake::{Event, Observer};
use beacon_query::engine::{Engine, STACK_BYTES};
use beacon_server::health::Undelivered;
use futures::future::BoxFuture;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};

use super::executor::{Executor, lock};
use super::query_registry::{CompletionGuard, QueryRegistry, RegisteredQuery, milliseconds};

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
    /// The system gives no threads.
    pub(crate) fn start(engine: Engine, now_ms: u64) -> anyhow::Result<LocalEngine> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("dashboard")
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .context("cannot start the threads of the dashboard")?;
        Ok(LocalEngine {
            executor: Arc::new(Executor::new(engine)),
            runtime: Some(runtime),
            queries: Mutex::default(),
            waiting: None,
            revision: Arc::new(watch::Sender::new(now_ms)),
            run: now_ms,
        })
    }

    /// Also tells when hits wait too long for their delivery.
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

    fn begin(&self, statement: Statement) -> Result<String, EngineError> {
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
        let task = runtime.spawn(Arc::clone(&self.executor).run(statement, guard));
        let query = RegisteredQuery {
            progress,
            task: task.abort_handle(),
            begun,
            polled: begun,
        };
        queries.queries.insert(id.clone(), query);
        Ok(id)
    }

    /// How far a query is, as it changes.
    fn watch(&self, id: &str) -> Option<(watch::Receiver<Progress>, Instant)> {
        let mut queries = lock(&self.queries);
        let query = queries.queries.get_mut(id)?;
        query.polled = Instant::now();
        Some((query.progress.subscribe(), query.begun))
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

    fn undelivered_s(&self) -> Option<u64> {
        Some(self.waiting.as_ref()?.overdue_age()?.as_secs())
    }

    fn freshness(&self) -> Freshness {
        Freshness::Live
    }

    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(std::future::ready(self.begin(statement)))
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
    fn all_rows<'a>(
        &'a self,
        _: &'a str,
        statement: Statement,
    ) -> BoxFuture<'a, Result<Rows, EngineError>> {
        let (sender, receiver) = mpsc::channel(DOWNLOADED_AHEAD);
        let executor = Arc::clone(&self.executor);
        let runtime = self
            .runtime
            .as_ref()
            .expect("the runtime ends with the engine");
        runtime.spawn(async move {
            let _turn = executor.turns.acquire().await;
            if let Err(error) = executor.stream(&statement, &sender).await {
                let question = statement.question.name;
                tracing::error!(%error, question, "a download broke off");
                // A reader that has gone needs no error.
                let error = EngineError::Unavailable(error.into());
                sender.send(Err(error)).await.ok();
            }
        });
        let rows = futures::stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|rows| (rows, receiver))
        });
        Box::pin(std::future::ready(Ok(Box::pin(rows) as Rows)))
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
mod tests {
    use beacon_catalog::{Question, Scope, TimeRange};
    use beacon_lake_fixture::{LakeFixture, three_sources};

    use super::super::executor::FAILED;
    use super::super::query_registry::{EXPIRES_AFTER, MAX_QUERIES};
    use super::*;
    use crate::engine_fixture::engine_over;

    const PATIENCE: Duration = Duration::from_secs(60);

    async fn over(lake: &LakeFixture) -> LocalEngine {
        LocalEngine::start(engine_over(lake).await, 1).unwrap()
    }

    fn statement(name: &str) -> Statement {
        let question = Question::find(name).unwrap();
        let range = TimeRange {
            from_ms: 1_700_000_000_000,
            to_ms: 4_000_000_000_000,
        };
        Statement {
            parameters: question.bind(&Scope::new(range)),
            question,
        }
    }

    async fn done(engine: &LocalEngine, id: &str) -> Progress {
        engine.poll(id, PATIENCE).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_cancelled_query_never_runs_and_stays_cancelled() {
        let lake = three_sources();
        let engine = over(&lake).await;
        // All turns are taken, so it waits.
        let turns = engine.executor.turns.acquire_many(2).await.unwrap();
        let id = engine.submit(statement("totals")).await.unwrap();
        let waiting = engine.poll(&id, Duration::ZERO).await.unwrap().unwrap();
        assert_eq!(waiting.state.name(), "queued");
        assert!(engine.cancel(&id).await.unwrap());
        drop(turns);
        assert_eq!(done(&engine, &id).await.state.name(), "cancelled");
        // Its turn went to the next one.
        let next = engine.submit(statement("totals")).await.unwrap();
        assert_eq!(done(&engine, &next).await.state.name(), "succeeded");
        assert!(engine.cancel(&next).await.unwrap());
        assert_eq!(done(&engine, &next).await.state.name(), "succeeded");
        assert!(!engine.cancel("another").await.unwrap());
        assert!(engine.poll("another", PATIENCE).await.unwrap().is_none());
        // Whatever became of them, all turns come back.
        let all = engine.executor.turns.acquire_many(2);
        drop(tokio::time::timeout(PATIENCE, all).await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn what_nothing_has_changed_for_is_not_read_again() {
        let mut lake = three_sources();
        let engine = over(&lake).await;
        let ask = async |name: &str| {
            let id = engine.submit(statement(name)).await.unwrap();
            done(&engine, &id).await.statistics
        };
        let first = ask("sites").await;
        assert!(!first.reused && first.bytes_scanned > Some(0), "{first:?}");
        let again = ask("sites").await;
        assert!(again.reused && again.bytes_scanned == Some(0), "{again:?}");
        assert!(!ask("totals").await.reused);
        lake.parquet(
            "2026-11-21-05",
            r#"{"hit_id":"d","received_at":"2026-11-21 05:00:00.000","site":"c","event":"view"}"#,
        );
        assert!(!ask("sites").await.reused);
    }

    #[tokio::test]
    async fn who_no_longer_asks_is_forgotten() {
        let engine = over(&three_sources()).await;
        let id = engine.submit(statement("totals")).await.unwrap();
        let (progress, _) = engine.watch(&id).unwrap();
        lock(&engine.queries).expire(Instant::now() + EXPIRES_AFTER);
        assert!(engine.poll(&id, PATIENCE).await.unwrap().is_none());
        let state = progress.borrow().state.clone();
        assert!(state.is_final(), "{state:?}");
    }

    #[tokio::test]
    async fn an_answer_that_leaves_files_out_says_so_and_is_not_kept() {
        let mut lake = three_sources();
        lake.garbage("2026-11-21-05");
        let engine = over(&lake).await;
        // The file can be mended without a trace in the list, so that the second is read anew.
        for _ in 0..2 {
            let id = engine.submit(statement("totals")).await.unwrap();
            let progress = done(&engine, &id).await;
            let State::Succeeded(answer) = progress.state else {
                panic!("{:?}", progress.state);
            };
            assert!(!progress.statistics.reused);
            assert_eq!((answer.rows.len(), answer.row_count), (1, Some(1)));
            let [warning] = answer.warnings.as_slice() else {
                panic!("{:?}", answer.warnings);
            };
            assert!(
                warning.ends_with("is left out: it is no Parquet file: move it out of the lake"),
                "{warning}"
            );
        }
        assert_eq!(lock(&engine.executor.logged).len(), 1);
    }

    #[tokio::test]
    async fn a_lake_that_is_gone_fails_the_question_alone() {
        let lake = three_sources();
        let engine = over(&lake).await;
        drop(lake);
        // A failure is no answer to be given again: the second try fails by itself.
        for _ in 0..2 {
            let id = engine.submit(statement("totals")).await.unwrap();
            let progress = done(&engine, &id).await;
            let State::Failed(error) = progress.state else {
                panic!("it read what is not there");
            };
            assert_eq!(error, FAILED);
            assert!(!progress.statistics.reused);
        }
    }

    #[tokio::test]
    async fn answers_give_way_to_new_questions() {
        let engine = over(&three_sources()).await;
        let first = engine.submit(statement("totals")).await.unwrap();
        done(&engine, &first).await;
        for _ in 0..MAX_QUERIES {
            let id = engine.submit(statement("totals")).await.unwrap();
            done(&engine, &id).await;
        }
        assert!(engine.poll(&first, PATIENCE).await.unwrap().is_none());
        // Those that wait don't.
        let turns = engine.executor.turns.acquire_many(2).await.unwrap();
        for _ in 0..MAX_QUERIES {
            engine.submit(statement("totals")).await.unwrap();
        }
        let busy = engine.submit(statement("totals")).await;
        assert!(matches!(busy, Err(EngineError::Busy { .. })), "{busy:?}");
        drop(turns);
    }
}
