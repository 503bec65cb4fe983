//! Keeps the counts of a site and a period, and the failure to get them, so that strangers can't have the lake read at
//! will: one site and period at a time, once in a minute at most, and long periods once in ten.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beacon_catalog::Scope;
use futures::FutureExt;
use http::StatusCode;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use super::page_counts::SiteCounts;
use super::request::NamedPeriod;
use crate::engine::Engine;
use crate::period::Period;
use crate::problem::Problem;
use crate::zone::Tz;

/// Returns Unix time in milliseconds.
pub(super) type Clock = Box<dyn Fn() -> u64 + Send + Sync>;

/// The greatest age of a count.
const MAX_AGE_MS: u64 = 60_000;

/// The greatest age of a count over months or years, which read much of the lake and hardly change.
const MAX_LONG_AGE_MS: u64 = 600_000;

/// The greatest age of a count that is served because there is no newer one. Older ones leave memory.
const MAX_OLD_AGE_MS: u64 = 3_600_000;

/// The time for which a failure is remembered, and after which a client tries again.
const MAX_FAILURE_AGE_MS: u64 = 10_000;

/// The requests that wait for a count at once, because each of them has a connection of the pixel's listener.
const MAX_WAITING: usize = 8;

/// The longest time that a request waits. The count itself goes on and is there for the next one.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The counts that were asked for. There are no more than periods times the sites of `BEACON_COUNTS`.
pub(super) struct CountCache {
    engine: Arc<dyn Engine>,
    clock: Clock,
    patience: Duration,
    waiting: Semaphore,
    /// Counts one site and period after the other, so that the time of a query is its own.
    turn: Semaphore,
    entries: Mutex<HashMap<Key, Entry>>,
}

/// A site, and the name of a period.
type Key = (String, &'static str);

/// The counts of a key, or the reason why there are none.
type Outcome = Result<Arc<SiteCounts>, Problem>;

#[derive(Default)]
struct Entry {
    counted: Option<(u64, Arc<SiteCounts>)>,
    failed_ms: Option<u64>,
    /// Has the outcome when it is there.
    running: Option<watch::Receiver<Option<Outcome>>>,
}

impl Entry {
    /// Returns the counts, if they are not older than this.
    fn counts(&self, now_ms: u64, max_age_ms: u64) -> Option<Outcome> {
        let (at_ms, counts) = self.counted.as_ref()?;
        is_within(*at_ms, max_age_ms, now_ms).then(|| Ok(Arc::clone(counts)))
    }

    fn has_failed(&self, now_ms: u64) -> bool {
        self.failed_ms
            .is_some_and(|at_ms| is_within(at_ms, MAX_FAILURE_AGE_MS, now_ms))
    }

    /// Returns older counts, or a 503.
    fn older(&self, now_ms: u64) -> Outcome {
        let older = self.counts(now_ms, MAX_OLD_AGE_MS);
        older.unwrap_or_else(|| Err(not_now()))
    }

    fn is_of_use(&self, now_ms: u64) -> bool {
        self.running.is_some()
            || self.has_failed(now_ms)
            || self.counts(now_ms, MAX_OLD_AGE_MS).is_some()
    }
}

/// A clock that was set back makes nothing last longer.
fn is_within(at_ms: u64, age_ms: u64, now_ms: u64) -> bool {
    (at_ms..at_ms.saturating_add(age_ms)).contains(&now_ms)
}

impl CountCache {
    /// Creates an empty cache, whose requests wait for `patience` at most.
    pub(super) fn new(engine: Arc<dyn Engine>, clock: Clock, patience: Duration) -> CountCache {
        CountCache {
            engine,
            clock,
            patience,
            waiting: Semaphore::new(MAX_WAITING),
            turn: Semaphore::new(1),
            entries: Mutex::default(),
        }
    }

    /// Returns the counts of a site that `BEACON_COUNTS` names.
    ///
    /// # Errors
    /// Returns a 503 if the counts failed some seconds ago, take too long, or too many requests wait for some, and
    /// there are no older ones.
    pub(super) async fn get(self: &Arc<Self>, site: &str, period: NamedPeriod) -> Outcome {
        let key = (site.to_owned(), period.name);
        let now_ms = (self.clock)();
        let (_place, mut running) = {
            let mut entries = self.entries();
            let known = entries.get(&key);
            let fresh = known.and_then(|entry| entry.counts(now_ms, max_age_ms(period.period)));
            if let Some(fresh) = fresh {
                return fresh;
            }
            let place = self.waiting.try_acquire();
            let (Ok(place), false) = (place, known.is_some_and(|entry| entry.has_failed(now_ms)))
            else {
                return known.map_or_else(|| Err(not_now()), |entry| entry.older(now_ms));
            };
            entries.retain(|_, entry| entry.is_of_use(now_ms));
            let entry = entries.entry(key.clone()).or_default();
            let running = entry
                .running
                .get_or_insert_with(|| self.start(&key, period.period));
            (place, running.clone())
        };
        let outcome = timeout(self.patience, running.wait_for(Option::is_some)).await;
        if let Ok(Ok(outcome)) = outcome
            && let Some(outcome) = &*outcome
        {
            return outcome.clone();
        }
        let entries = self.entries();
        let known = entries.get(&key);
        known.map_or_else(|| Err(not_now()), |entry| entry.older(now_ms))
    }

    /// Counts in a task of its own: whoever hangs up leaves the count to those who come next.
    fn start(self: &Arc<Self>, key: &Key, period: Period) -> watch::Receiver<Option<Outcome>> {
        let (sender, running) = watch::channel(None);
        let (cache, key) = (Arc::clone(self), key.clone());
        tokio::spawn(async move {
            // A panic is a failure like others, and must not have each request try again.
            let counted = AssertUnwindSafe(cache.count(&key.0, period)).catch_unwind();
            let counted = counted.await.unwrap_or_default();
            // The requests that wait may have gone.
            sender.send(Some(cache.keep(&key, counted))).ok();
        });
        running
    }

    /// Returns the counts and the time at which they were asked for, or `None` if that failed.
    async fn count(&self, site: &str, period: Period) -> Option<(u64, Arc<SiteCounts>)> {
        let _turn = self.turn.acquire().await.ok()?;
        let at_ms = (self.clock)();
        let scope = Scope {
            site: site.to_owned(),
            ..Scope::new(period.range(Tz::UTC, at_ms)?)
        };
        match SiteCounts::ask(&*self.engine, &scope).await {
            Ok(counts) => Some((at_ms, Arc::new(counts))),
            Err(error) => {
                tracing::error!(%error, site, "the hits of a site can't be counted");
                None
            }
        }
    }

    fn keep(&self, key: &Key, counted: Option<(u64, Arc<SiteCounts>)>) -> Outcome {
        let now_ms = (self.clock)();
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_default();
        entry.running = None;
        entry.failed_ms = counted.is_none().then_some(now_ms);
        match counted {
            Some((at_ms, counts)) => {
                entry.counted = Some((at_ms, Arc::clone(&counts)));
                Ok(counts)
            }
            None => entry.older(now_ms),
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn max_age_ms(period: Period) -> u64 {
    match period {
        Period::All | Period::Year | Period::TwelveMonths => MAX_LONG_AGE_MS,
        _ => MAX_AGE_MS,
    }
}

fn not_now() -> Problem {
    Problem {
        retry_after_s: Some(MAX_FAILURE_AGE_MS / 1_000),
        ..Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the hits can't be counted now: try again",
        )
    }
}
