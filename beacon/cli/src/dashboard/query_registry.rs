//! QueryRegistry whose readers wait, or whose results are kept, and how each of them ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use beacon_dashboard::engine::{Progress, State, Statement, Statistics};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// Limits the queries that run or whose results are kept. A page submits about a dozen after each change: finished
/// queries give way to new ones, the least recently polled first.
pub(super) const MAX_QUERIES: usize = 500;

/// Queries not polled for this long are cancelled and dropped. Checked on each submit.
pub(super) const EXPIRES_AFTER: Duration = Duration::from_secs(120);

/// The message to readers if the engine itself gave up.
const BROKE_OFF: &str = "the question broke off: this beacon's log says why";

/// A query as it was asked.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Question(Statement),
    /// A question of `/count`.
    Count(Statement),
    /// The owner's own.
    Sql(Arc<str>),
}

impl Asked {
    /// Returns a name for the log, which never has SQL.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Asked::Question(statement) | Asked::Count(statement) => statement.question.name,
            Asked::Sql(_) => "SQL",
        }
    }
}

/// The queries of all readers, by their ids.
#[derive(Default)]
pub(super) struct QueryRegistry {
    pub(super) count: u64,
    pub(super) queries: HashMap<String, RegisteredQuery>,
}

/// One query, from when it was taken until it is forgotten.
pub(super) struct RegisteredQuery {
    /// For a download, which runs it again.
    pub(super) asked: Asked,
    pub(super) progress: Arc<watch::Sender<Progress>>,
    pub(super) task: AbortHandle,
    pub(super) begun: Instant,
    pub(super) polled: Instant,
}

impl QueryRegistry {
    /// Makes room for one more, by dropping the finished query that was polled the longest ago. Returns false if none is
    /// finished.
    pub(super) fn make_room(&mut self) -> bool {
        if self.queries.len() < MAX_QUERIES {
            return true;
        }
        let done = self.queries.iter().filter(|(_, query)| query.is_done());
        let oldest = done.min_by_key(|(_, query)| query.polled);
        match oldest.map(|(id, _)| id.clone()) {
            Some(id) => self.queries.remove(&id).is_some(),
            None => false,
        }
    }

    /// Cancels and drops the queries that nobody polls any more.
    pub(super) fn expire(&mut self, now: Instant) {
        self.queries.retain(|_, query| {
            let is_wanted = now.duration_since(query.polled) < EXPIRES_AFTER;
            if !is_wanted {
                query.cancel();
            }
            is_wanted
        });
    }
}

impl RegisteredQuery {
    fn is_done(&self) -> bool {
        self.progress.borrow().state.is_final()
    }

    /// Cancels the query and drops its plan. A finished query stays as it is.
    pub(super) fn cancel(&self) {
        end(
            &self.progress,
            State::Cancelled,
            Statistics::default(),
            self.begun,
        );
        self.task.abort();
    }
}

/// Sets the final state of a query, unless it has one: a cancelled query stays cancelled.
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

/// Ends its query when dropped, also by a panic, because readers wait for an end.
pub(super) struct CompletionGuard {
    pub(super) progress: Arc<watch::Sender<Progress>>,
    pub(super) begun: Instant,
}

impl Drop for CompletionGuard {
    fn drop(&mut self) {
        let state = State::Failed(BROKE_OFF.to_owned());
        end(&self.progress, state, Statistics::default(), self.begun);
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
