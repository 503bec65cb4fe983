//! The queries that are waited for or whose answers are kept, and how each of them ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use beacon_dashboard::engine::{Progress, State, Statistics};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// Questions that are waited for or whose answers are kept. A page asks about a dozen, after each change anew: answers
/// give way to new questions, the oldest first.
pub(super) const MAX_KEPT: usize = 500;

/// A query that nobody has asked after for so long is forgotten when the next one comes, and stopped if it runs: its
/// reader is gone.
pub(super) const FORGOTTEN_AFTER: Duration = Duration::from_secs(120);

/// What a reader is told where the engine itself gave up.
const BROKE_OFF: &str = "the question broke off: this beacon's log says why";

/// The queries of all readers, by their ids.
#[derive(Default)]
pub(super) struct Queries {
    pub(super) count: u64,
    pub(super) kept: HashMap<String, Query>,
}

/// One query, from when it was taken until it is forgotten.
pub(super) struct Query {
    pub(super) progress: Arc<watch::Sender<Progress>>,
    pub(super) task: AbortHandle,
    pub(super) begun: Instant,
    pub(super) asked: Instant,
}

impl Queries {
    /// Whether there is room for one more; the answer that was asked after the longest ago goes for it.
    pub(super) fn make_room(&mut self) -> bool {
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

    pub(super) fn forget(&mut self, now: Instant) {
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
    pub(super) fn stop(&self) {
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
pub(super) fn end(
    progress: &watch::Sender<Progress>,
    state: State,
    statistics: Statistics,
    begun: Instant,
) {
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
pub(super) struct Ending {
    pub(super) progress: Arc<watch::Sender<Progress>>,
    pub(super) begun: Instant,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let state = State::Failed(BROKE_OFF.to_owned());
        end(&self.progress, state, Statistics::default(), self.begun);
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
