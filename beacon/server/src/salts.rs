//! Keeps the salt of the UTC day for all workers: read or made at the day's first hit, forgotten when the day ends.
//!
//! Workers share one pointer, which a hit loads without a lock. The lock is for the turn of the day alone.

mod directory;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use beacon_core::Salt;
use beacon_core::time::DAY_MS;
use beacon_lake::Clock;
use tokio::task::{JoinHandle, spawn_blocking};

pub use directory::{EndedSalts, SaltDirectory, SaltError, is_inside};

/// The time until a salt that could not be read or made is tried again.
const RETRY_MS: u64 = 10_000;

/// The longest sleep before the clock is read again: a clock may be set, and a machine may sleep over midnight.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// The shortest sleep, in case the day doesn't end by a clock that stands still.
const SHORTEST_SLEEP: Duration = Duration::from_millis(10);

/// The reason that metrics give for hits without a visitor.
pub type Reason = &'static str;

/// The hit arrived before midnight and was handled after it, or the clock was set back. A second salt for that day
/// would count its visitors twice.
const DAY_IS_OVER: Reason = "the day is over";

/// The salts of a process.
#[derive(Debug)]
pub struct Salts {
    directory: SaltDirectory,
    today: ArcSwap<Today>,
    /// Held while the day turns.
    turn: Mutex<Logged>,
}

/// The salt for a span of time, or the reason why there is none in it.
#[derive(Debug)]
pub struct Today {
    from_ms: u64,
    until_ms: u64,
    salt: Result<Salt, Reason>,
}

/// The failures that the log has, so that it gets each once and not for each hit.
#[derive(Debug, Default)]
struct Logged {
    making: Option<Reason>,
    is_removal_logged: bool,
}

impl Today {
    /// Returns the salt for a hit of `at_ms`.
    ///
    /// # Errors
    /// Returns the reason why there is none.
    pub fn salt(&self, at_ms: u64) -> Result<&Salt, Reason> {
        match &self.salt {
            Ok(salt) if salt.is_of(at_ms) => Ok(salt),
            Ok(_) => Err(DAY_IS_OVER),
            Err(_) if at_ms < self.from_ms => Err(DAY_IS_OVER),
            Err(reason) => Err(reason),
        }
    }

    fn covers(&self, at_ms: u64) -> bool {
        (self.from_ms..self.until_ms).contains(&at_ms)
    }

    /// Stands before the first salt of a day, or of the process.
    fn none_since(from_ms: u64) -> Today {
        Today {
            from_ms,
            until_ms: from_ms,
            salt: Err("none is made yet"),
        }
    }
}

impl Salts {
    /// Creates the salts that are kept in `directory`. Nothing is read or made before the first hit.
    pub fn new(directory: SaltDirectory) -> Salts {
        Salts {
            directory,
            today: ArcSwap::from_pointee(Today::none_since(0)),
            turn: Mutex::default(),
        }
    }

    /// Returns the salt for a hit of `at_ms`, in Unix milliseconds, which is that of all processes of this directory.
    pub fn of(&self, at_ms: u64) -> Guard<Arc<Today>> {
        let today = self.today.load();
        if today.covers(at_ms) {
            return today;
        }
        drop(today);
        self.turn_to(at_ms);
        self.today.load()
    }

    /// Overwrites the salt of a day that is over at `now_ms`, and removes its file, also that of another process which
    /// did not live to do it.
    pub fn forget_ended(&self, now_ms: u64) {
        let mut logged = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.forget(now_ms, &mut logged);
    }

    fn turn_to(&self, at_ms: u64) {
        let mut logged = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let today = self.today.load();
        // Another worker was faster, or the day is over.
        if today.covers(at_ms) || at_ms < today.from_ms {
            return;
        }
        drop(today);
        self.forget(at_ms, &mut logged);
        let from_ms = at_ms - at_ms % DAY_MS;
        let day_ends_ms = from_ms + DAY_MS;
        let (salt, until_ms) = match self.directory.salt(at_ms) {
            Ok(salt) => {
                logged.making = None;
                (Ok(salt), day_ends_ms)
            }
            Err(error) => {
                let reason = error.reason();
                if logged.making != Some(reason) {
                    logged.making = Some(reason);
                    tracing::warn!(
                        error = %with_cause(&error),
                        "hits have no visitor until the day's salt can be read or made"
                    );
                }
                (Err(reason), day_ends_ms.min(at_ms + RETRY_MS))
            }
        };
        self.today.store(Arc::new(Today {
            from_ms,
            until_ms,
            salt,
        }));
    }

    fn forget(&self, now_ms: u64, logged: &mut Logged) {
        let day_begins_ms = now_ms - now_ms % DAY_MS;
        let today = self.today.load();
        let is_over = today.salt.is_ok() && today.from_ms < day_begins_ms;
        drop(today);
        if is_over {
            // The salt is overwritten as soon as no hit uses it any more.
            self.today.store(Arc::new(Today::none_since(day_begins_ms)));
        }
        match self.directory.remove_ended(now_ms) {
            Ok(removed) => {
                logged.is_removal_logged = false;
                if removed > 0 {
                    tracing::info!(removed, "removed the salt of a day that is over");
                }
            }
            Err(_) if logged.is_removal_logged => {}
            Err(error) => {
                logged.is_removal_logged = true;
                tracing::error!(
                    error = %with_cause(&error),
                    "salts of days that are over can't be removed: with one, visitors of its day can be identified"
                );
            }
        }
    }
}

/// Forgets each salt when its day ends, also while no hits come. Runs until it is aborted.
pub fn forget_each_day(salts: Arc<Salts>, clock: Clock) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let now_ms = clock.now_ms();
            let left = Duration::from_millis(DAY_MS - now_ms % DAY_MS);
            tokio::time::sleep(left.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)).await;
            let (salts, now_ms) = (Arc::clone(&salts), clock.now_ms());
            // It fails only where the runtime ends.
            spawn_blocking(move || salts.forget_ended(now_ms))
                .await
                .ok();
        }
    })
}

fn with_cause(error: &SaltError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
