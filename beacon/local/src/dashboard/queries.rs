//! DataFusion behind the dashboard: questions on threads of their own, so that counting never keeps the pixel
//! waiting; few at once; and not again what nothing has changed for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use beacon_dashboard::engine::{
    Answer, Doing, Engine as DashboardEngine, EngineError, Freshness, MAX_ROWS, Progress, State,
    Statement, Statistics,
};
use beacon_lake::{Event, Observer};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

use super::cells;
use crate::engine::{Engine, QueryError};

/// Questions that are answered at once. Each uses all cores by itself.
const MAX_RUNNING: usize = 2;

/// Questions that are waited for or whose answers are kept. A page asks about a dozen, after each change anew: answers
/// give way to new questions, the oldest first.
const MAX_KEPT: usize = 500;

/// A query that nobody has asked after for so long is forgotten when the next one comes, and stopped if it runs: its
/// reader is gone.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(120);

/// Answers that are kept to be given again.
const MAX_REUSED: usize = 200;

const BUSY_RETRY_S: u64 = 5;

/// What a reader is told of a failure. Its own words name folders of this machine and files of other sites, which is
/// no business of who holds a share link.
const FAILED: &str = "the lake could not be read: this beacon's log says why";

/// The same where the engine itself gave up.
const BROKE_OFF: &str = "the question broke off: this beacon's log says why";

/// DataFusion over a lake, as the dashboard wants it.
pub(crate) struct LocalEngine {
    work: Arc<Work>,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    queries: Mutex<Queries>,
    revision: Arc<watch::Sender<u64>>,
    /// Begins the ids, so that those of an earlier run are not mistaken for ours.
    run: u64,
}

/// What the tasks share.
struct Work {
    engine: Engine,
    turns: Semaphore,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Queries {
    count: u64,
    kept: HashMap<String, Query>,
}

struct Query {
    progress: Arc<watch::Sender<Progress>>,
    task: AbortHandle,
    begun: Instant,
    asked: Instant,
}

impl LocalEngine {
    /// Starts the threads. `now_ms` must be another one at each start.
    ///
    /// # Errors
    /// The system gives no threads.
    pub(crate) fn start(engine: Engine, now_ms: u64) -> anyhow::Result<LocalEngine> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("dashboard")
            .enable_all()
            .build()
            .context("cannot start the threads of the dashboard")?;
        let work = Work {
            engine,
            turns: Semaphore::new(MAX_RUNNING),
            answers: Mutex::default(),
        };
        Ok(LocalEngine {
            work: Arc::new(work),
            runtime: Some(runtime),
            queries: Mutex::default(),
            revision: Arc::new(watch::Sender::new(now_ms)),
            run: now_ms,
        })
    }

    /// Makes a new revision of each group of hits that is on disk.
    pub(crate) fn observer(&self) -> Observer {
        let revision = Arc::clone(&self.revision);
        Arc::new(move |event| {
            if let Event::Synced { .. } = event {
                revision.send_modify(|revision| *revision += 1);
            }
        })
    }

    fn begin(&self, statement: Statement) -> Result<String, EngineError> {
        let mut queries = lock(&self.queries);
        queries.forget(Instant::now());
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
        let ending = Ending {
            progress: Arc::clone(&progress),
            begun,
        };
        let task = runtime.spawn(answer(Arc::clone(&self.work), statement, ending));
        let query = Query {
            progress,
            task: task.abort_handle(),
            begun,
            asked: begun,
        };
        queries.kept.insert(id.clone(), query);
        Ok(id)
    }

    /// How far a query is, as it changes.
    fn watch(&self, id: &str) -> Option<(watch::Receiver<Progress>, Instant)> {
        let mut queries = lock(&self.queries);
        let query = queries.kept.get_mut(id)?;
        query.asked = Instant::now();
        Some((query.progress.subscribe(), query.begun))
    }

    fn stop(&self, id: &str) -> bool {
        let queries = lock(&self.queries);
        let Some(query) = queries.kept.get(id) else {
            return false;
        };
        query.stop();
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

    fn freshness(&self) -> Freshness {
        Freshness::Live
    }

    fn submit(&self, statement: Statement) -> Doing<'_, Result<String, EngineError>> {
        Box::pin(std::future::ready(self.begin(statement)))
    }

    fn poll<'a>(
        &'a self,
        id: &'a str,
        wait: Duration,
    ) -> Doing<'a, Result<Option<Progress>, EngineError>> {
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

    fn cancel<'a>(&'a self, id: &'a str) -> Doing<'a, Result<bool, EngineError>> {
        Box::pin(std::future::ready(Ok(self.stop(id))))
    }

    fn revision(&self) -> u64 {
        *self.revision.borrow()
    }

    fn changed(&self, since: u64) -> Doing<'_, ()> {
        let mut revision = self.revision.subscribe();
        Box::pin(async move {
            // The sender lives as long as the engine.
            revision.wait_for(|revision| *revision != since).await.ok();
        })
    }
}

impl Queries {
    /// Whether there is room for one more; the answer that was asked after the longest ago goes for it.
    fn make_room(&mut self) -> bool {
        if self.kept.len() < MAX_KEPT {
            return true;
        }
        let done = self.kept.iter().filter(|(_, query)| query.is_done());
        let oldest = done.min_by_key(|(_, query)| query.asked);
        match oldest.map(|(id, _)| id.clone()) {
            Some(id) => self.kept.remove(&id).is_some(),
            None => false,
        }
    }

    fn forget(&mut self, now: Instant) {
        self.kept.retain(|_, query| {
            let is_wanted = now.duration_since(query.asked) < FORGOTTEN_AFTER;
            if !is_wanted {
                query.stop();
            }
            is_wanted
        });
    }
}

impl Query {
    fn is_done(&self) -> bool {
        self.progress.borrow().state.is_final()
    }

    /// Drops the plan with all that it has under way. One that is done stays as it is.
    fn stop(&self) {
        end(
            &self.progress,
            State::Cancelled,
            Statistics::default(),
            self.begun,
        );
        self.task.abort();
    }
}

/// Says what became of a query, unless that is said already: a cancelled one stays so.
fn end(progress: &watch::Sender<Progress>, state: State, statistics: Statistics, begun: Instant) {
    let statistics = Statistics {
        took_ms: milliseconds(begun.elapsed()),
        ..statistics
    };
    progress.send_if_modified(|progress| {
        let goes_on = !progress.state.is_final();
        if goes_on {
            *progress = Progress { state, statistics };
        }
        goes_on
    });
}

/// Whatever becomes of its task, a panic too, a query that was taken comes to an end: its readers wait for one.
struct Ending {
    progress: Arc<watch::Sender<Progress>>,
    begun: Instant,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let state = State::Failed(BROKE_OFF.to_owned());
        end(&self.progress, state, Statistics::default(), self.begun);
    }
}

/// Answers one question and says so; whether it is still wanted is its caller's business.
async fn answer(work: Arc<Work>, statement: Statement, ending: Ending) {
    let _turn = work.turns.acquire().await;
    ending.progress.send_if_modified(|progress| {
        let is_wanted = !progress.state.is_final();
        if is_wanted {
            progress.state = State::Running;
        }
        is_wanted
    });
    let (state, statistics) = match work.answer(&statement).await {
        Ok((answer, statistics)) => (State::Succeeded(answer), statistics),
        Err(error) => {
            let question = statement.question.name;
            tracing::error!(%error, question, "the dashboard's question failed");
            (State::Failed(FAILED.to_owned()), Statistics::default())
        }
    };
    end(&ending.progress, state, statistics, ending.begun);
}

impl Work {
    async fn answer(&self, statement: &Statement) -> Result<(Arc<Answer>, Statistics), QueryError> {
        let sql = statement.question.sql;
        let prepared = self.engine.prepare(sql, &statement.parameters).await?;
        let key = Key {
            sql,
            parameters: statement.parameters.clone(),
            files: prepared.fingerprint(),
        };
        if let Some(answer) = lock(&self.answers).find(&key) {
            let statistics = Statistics {
                bytes_scanned: Some(0),
                reused: true,
                ..Statistics::default()
            };
            return Ok((answer, statistics));
        }
        let mut batches = prepared.run().await?;
        let mut answer = Answer {
            columns: cells::columns(batches.schema()),
            ..Answer::default()
        };
        while let Some(batch) = batches.next().await {
            cells::push(&batch?, &mut answer.rows).map_err(crate::engine::AnswerError::from)?;
            if answer.rows.len() > MAX_ROWS {
                answer.rows.truncate(MAX_ROWS);
                answer.truncated = true;
                break;
            }
        }
        let statistics = Statistics {
            bytes_scanned: Some(batches.bytes_scanned()),
            ..Statistics::default()
        };
        let answer = Arc::new(answer);
        lock(&self.answers).keep(key, Arc::clone(&answer));
        Ok((answer, statistics))
    }
}

/// What an answer depends on: the statement, and the files that it reads.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    sql: &'static str,
    parameters: Vec<String>,
    files: u64,
}

/// Answers to be given again, each until newer ones are too many.
#[derive(Default)]
struct Answers {
    count: u64,
    kept: HashMap<Key, (u64, Arc<Answer>)>,
}

impl Answers {
    fn find(&mut self, key: &Key) -> Option<Arc<Answer>> {
        self.count += 1;
        let (used, answer) = self.kept.get_mut(key)?;
        *used = self.count;
        Some(Arc::clone(answer))
    }

    fn keep(&mut self, key: Key, answer: Arc<Answer>) {
        if self.kept.len() >= MAX_REUSED {
            let oldest = self.kept.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.kept.remove(&oldest);
            }
        }
        self.count += 1;
        self.kept.insert(key, (self.count, answer));
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A panic elsewhere leaves nothing half done in these.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use beacon_dashboard::questions::{Scope, TimeRange, find};

    use super::*;
    use crate::engine::fixture::{LakeFixture, three_sources};

    const PATIENCE: Duration = Duration::from_secs(60);

    async fn over(lake: &LakeFixture) -> LocalEngine {
        LocalEngine::start(lake.engine().await, 1).unwrap()
    }

    fn statement(name: &str) -> Statement {
        let question = find(name).unwrap();
        let range = TimeRange {
            from_ms: 1_700_000_000_000,
            to_ms: 4_000_000_000_000,
        };
        Statement {
            parameters: question.bind(&Scope::of(range)),
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
        let turns = engine.work.turns.acquire_many(2).await.unwrap();
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
        let all = engine.work.turns.acquire_many(2);
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
        lock(&engine.queries).forget(Instant::now() + FORGOTTEN_AFTER);
        assert!(engine.poll(&id, PATIENCE).await.unwrap().is_none());
        let state = progress.borrow().state.clone();
        assert!(state.is_final(), "{state:?}");
    }

    #[tokio::test]
    async fn a_damaged_file_fails_the_question_alone() {
        let mut lake = three_sources();
        lake.garbage("2026-11-21-05");
        let engine = over(&lake).await;
        let id = engine.submit(statement("totals")).await.unwrap();
        let State::Failed(error) = done(&engine, &id).await.state else {
            panic!("it read what is no Parquet");
        };
        assert_eq!(error, FAILED);
        assert!(lock(&engine.work.answers).kept.is_empty());
    }

    #[tokio::test]
    async fn answers_give_way_to_new_questions() {
        let engine = over(&three_sources()).await;
        let first = engine.submit(statement("totals")).await.unwrap();
        done(&engine, &first).await;
        for _ in 0..MAX_KEPT {
            let id = engine.submit(statement("totals")).await.unwrap();
            done(&engine, &id).await;
        }
        assert!(engine.poll(&first, PATIENCE).await.unwrap().is_none());
        // Those that wait don't.
        let turns = engine.work.turns.acquire_many(2).await.unwrap();
        for _ in 0..MAX_KEPT {
            engine.submit(statement("totals")).await.unwrap();
        }
        let busy = engine.submit(statement("totals")).await;
        assert!(matches!(busy, Err(EngineError::Busy { .. })), "{busy:?}");
        drop(turns);
    }

    #[tokio::test]
    async fn a_query_whose_task_dies_has_failed() {
        let (progress, begun) = (
            Arc::new(watch::Sender::new(Progress {
                state: State::Running,
                statistics: Statistics::default(),
            })),
            Instant::now(),
        );
        let ending = Ending {
            progress: Arc::clone(&progress),
            begun,
        };
        let task = tokio::spawn(async move {
            let _ending = ending;
            panic!("as an engine may");
        });
        task.await.unwrap_err();
        let state = progress.borrow().state.clone();
        assert!(
            matches!(&state, State::Failed(why) if why == BROKE_OFF),
            "{state:?}"
        );
    }

    #[test]
    fn answers_that_are_not_asked_for_give_way() {
        let key = |files| Key {
            sql: "",
            parameters: Vec::new(),
            files,
        };
        let mut answers = Answers::default();
        for files in 0..MAX_REUSED as u64 {
            answers.keep(key(files), Arc::default());
        }
        assert!(answers.find(&key(0)).is_some());
        answers.keep(key(1_000), Arc::default());
        assert_eq!(answers.kept.len(), MAX_REUSED);
        assert!(answers.find(&key(0)).is_some() && answers.find(&key(1)).is_none());
    }
}
