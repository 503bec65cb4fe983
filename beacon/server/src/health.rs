//! Reports on `/health` whether hits are recorded and delivered.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use beacon_lake::{AppendError, Clock, Event, Lake, SpoolOptions, oldest_undelivered_ms};

/// A delivery that takes longer than this, beyond the interval after which it is due, is overdue.
pub const DELIVERY_SLACK: Duration = Duration::from_secs(300);

/// A lake that answered is not asked again before. A request to list S3 costs money: one a minute, 0.22 USD a month.
const REACHED_INTERVAL: Duration = Duration::from_secs(60);
/// A lake that did not answer is asked again after this.
const UNREACHED_INTERVAL: Duration = Duration::from_secs(5);
/// `/health` waits this long for a lake; what it says later counts for the next time.
const REACH_TIMEOUT: Duration = Duration::from_secs(2);

/// The hits of a spool that wait for delivery.
#[derive(Debug, Clone)]
pub struct Undelivered {
    spool: PathBuf,
    age_limit: Duration,
    clock: Clock,
}

impl Undelivered {
    /// Watches the spool of these options. Its hits are overdue [`DELIVERY_SLACK`] after its buffer interval.
    pub fn new(spool: &SpoolOptions) -> Undelivered {
        Undelivered {
            spool: spool.directory.clone(),
            age_limit: spool.buffer_interval + DELIVERY_SLACK,
            clock: spool.clock.clone(),
        }
    }

    /// Returns the age of the oldest hit, or `None` if none waits or the spool can't be read.
    pub fn oldest_age(&self) -> Option<Duration> {
        let start_ms = oldest_undelivered_ms(&self.spool).ok()??;
        Some(Duration::from_millis(
            self.clock.now_ms().saturating_sub(start_ms),
        ))
    }

    /// Returns the age of the oldest hit if it is over the limit.
    pub fn overdue_age(&self) -> Option<Duration> {
        self.oldest_age().filter(|age| *age > self.age_limit)
    }

    /// Returns the age at which an undelivered hit becomes a problem.
    pub fn age_limit(&self) -> Duration {
        self.age_limit
    }
}

/// The state of spool and destination, known from events and from checks.
#[derive(Debug)]
pub struct Health {
    /// The hits that wait for delivery.
    pub undelivered: Undelivered,
    destination: String,
    lake: Option<Lake>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    write_failed: Option<AppendError>,
    delivery_failed: bool,
    unreachable: Option<String>,
    asked: Option<Instant>,
    is_asking: bool,
}

/// The problems that `/health` reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One sentence for each problem; empty if all is well.
    pub problems: Vec<String>,
    /// The age of the oldest undelivered hit, if there is one.
    pub oldest: Option<Duration>,
}

impl Health {
    /// Creates the health of a server that delivers to `destination`. `lake` is checked on reports, if given.
    pub fn new(undelivered: Undelivered, destination: String, lake: Option<Lake>) -> Health {
        Health {
            undelivered,
            destination,
            lake,
            state: Arc::default(),
        }
    }

    /// Updates the state from an event of the lake.
    pub fn observe(&self, event: Event) {
        match event {
            Event::Synced { .. } | Event::SpoolWritable => lock(&self.state).write_failed = None,
            Event::SpoolFailed { reason } => lock(&self.state).write_failed = Some(reason),
            Event::Delivered { .. } => lock(&self.state).delivery_failed = false,
            Event::DeliveryFailed => lock(&self.state).delivery_failed = true,
            Event::SpoolFileGone => {}
        }
    }

    /// Checks spool and destination, and returns what is wrong. Takes 2 s at most.
    pub async fn report(&self) -> Report {
        self.ask_lake().await;
        let oldest = self.undelivered.oldest_age();
        let mut problems = Vec::new();
        let state = lock(&self.state);
        if let Some(reason) = state.write_failed {
            problems.push(format!(
                "the last write to the spool {} failed: {reason}",
                self.undelivered.spool.display()
            ));
        }
        if let Some(error) = &state.unreachable {
            problems.push(format!("the lake is unreachable: {error}"));
        } else if state.delivery_failed {
            problems.push(format!(
                "the last delivery to {} failed; the log says why",
                self.destination
            ));
        }
        if let Some(age) = oldest
            && age > self.undelivered.age_limit
        {
            problems.push(format!(
                "the oldest undelivered hit is {} s old, more than {} s",
                age.as_secs(),
                self.undelivered.age_limit.as_secs()
            ));
        }
        Report { problems, oldest }
    }

    /// Checks that the lake can be reached, unless that was done lately.
    async fn ask_lake(&self) {
        let Some(lake) = &self.lake else { return };
        {
            let mut state = lock(&self.state);
            let interval = match state.unreachable {
                // A directory costs nothing to look at.
                _ if lake.local_path().is_some() => Duration::ZERO,
                None => REACHED_INTERVAL,
                Some(_) => UNREACHED_INTERVAL,
            };
            if state.is_asking || state.asked.is_some_and(|asked| asked.elapsed() < interval) {
                return;
            }
            state.is_asking = true;
        }
        let (lake, state) = (lake.clone(), Arc::clone(&self.state));
        let asking = tokio::spawn(async move {
            let reached = lake.check_reachable().await;
            let mut state = lock(&state);
            state.unreachable = reached.err().map(|error| error.to_string());
            state.asked = Some(Instant::now());
            state.is_asking = false;
        });
        // A lake that takes longer is asked all the same, for the next time.
        if let Ok(Err(error)) = tokio::time::timeout(REACH_TIMEOUT, asking).await {
            tracing::error!(%error, "asking the lake panicked");
        }
    }
}

impl Report {
    /// Returns the body of `/health`.
    pub fn text(&self) -> String {
        let mut text = match self.problems.is_empty() {
            true => "ok\n".to_owned(),
            false => self.problems.join("\n") + "\n",
        };
        if let Some(age) = self.oldest {
            text.push_str(&format!("oldest undelivered hit: {} s\n", age.as_secs()));
        }
        text
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
