//! Keeps the salt of the UTC day for all workers: read or made at the day's first hit, forgotten when the day ends.
//!
//! Workers share one pointer, which a hit loads without a lock. The lock is for the turn of the day, and for one worker
//! at a time that tries again after a failure.

mod directory;
mod error;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use beacon_core::Salt;
use beacon_core::time::DAY_MS;
use beacon_lake::Clock;
use tokio::task::{JoinHandle, spawn_blocking};

pub use directory::{EndedSalts, SaltDirectory, is_inside};
pub use error::SaltError;

/// The time until a salt that could not be read or made is tried again.
const RETRY_MS: u64 = 10_000;

/// A clock that goes back by more than this had been wrong, and its day is forgotten. One that goes back by less is
/// adjusted, and the day that was over stays over.
const CORRECTED_CLOCK_MS: u64 = 3_600_000;

/// The longest sleep before the clock is read again: a clock may be set, and a machine may sleep over midnight.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// The shortest sleep, in case the day doesn't end by a clock that stands still.
const SHORTEST_SLEEP: Duration = Duration::from_millis(10);

/// The reason that metrics give for hits without a visitor.
pub type Reason = &'static str;

/// The hit arrived before midnight and was handled after it, or the clock was set back by less than
/// [`CORRECTED_CLOCK_MS`]. A second salt for that day would count its visitors twice.
const DAY_IS_OVER: Reason = "the day is over";

/// The salts of a process.
#[derive(Debug)]
pub struct Salts {
    directory: SaltDirectory,
    clock: Clock,
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

    /// Tells whether the salt of the UTC day of `at_ms` could not be had a short time ago.
    fn has_failed_on_day_of(&self, at_ms: u64) -> bool {
        let has_failed = self.salt.is_err() && self.from_ms < self.until_ms;
        has_failed && day_begin(at_ms) == day_begin(self.from_ms)
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
    /// Creates the salts that are kept in `directory`, and whose days end by `clock`. Nothing is read or made before the
    /// first hit.
    pub fn new(directory: SaltDirectory, clock: Clock) -> Salts {
        Salts {
            directory,
            clock,
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

    /// Overwrites the salt of a day that is over, and removes its file, also that of another process which did not live
    /// to do it.
    pub fn forget_ended(&self) {
        let mut logged = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.forget(self.clock.now_ms(), &mut logged);
    }

    fn turn_to(&self, at_ms: u64) {
        let Some(mut logged) = self.lock_to_turn(at_ms) else {
            return;
        };
        let today = self.today.load();
        if today.covers(at_ms) {
            // Another worker was faster.
            return;
        }
        let now_ms = self.clock.now_ms();
        if at_ms < today.from_ms {
            if today.from_ms <= now_ms + CORRECTED_CLOCK_MS {
                return;
            }
            tracing::warn!(
                "the clock was set back by more than an hour: hits have the salt of its day again"
            );
        }
        drop(today);
        self.forget(now_ms, &mut logged);
        let from_ms = day_begin(at_ms);
        let day_ends_ms = from_ms + DAY_MS;
        if now_ms >= day_ends_ms {
            self.end_days_before(now_ms);
            return;
        }
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
        // If the day ended meanwhile, another process may have removed its salt before this one made a second.
        let now_ms = self.clock.now_ms();
        if now_ms >= day_ends_ms {
            self.end_days_before(now_ms);
            self.forget(now_ms, &mut logged);
            return;
        }
        self.today.store(Arc::new(Today {
            from_ms,
            until_ms,
            salt,
        }));
    }

    /// Waits for the turn of the day, but not for another worker that tries again after a failure: hits have no visitor
    /// meanwhile, as before.
    fn lock_to_turn(&self, at_ms: u64) -> Option<MutexGuard<'_, Logged>> {
        if !self.today.load().has_failed_on_day_of(at_ms) {
            return Some(self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        }
        match self.turn.try_lock() {
            Ok(logged) => Some(logged),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Has no salt for the days before that of `now_ms`, and none yet for that one.
    fn end_days_before(&self, now_ms: u64) {
        self.today
            .store(Arc::new(Today::none_since(day_begin(now_ms))));
    }

    fn forget(&self, now_ms: u64, logged: &mut Logged) {
        let today = self.today.load();
        let is_over = today.salt.is_ok() && today.from_ms < day_begin(now_ms);
        drop(today);
        if is_over {
            // The salt is overwritten as soon as no hit uses it any more.
            self.end_days_before(now_ms);
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
pub fn forget_each_day(salts: Arc<Salts>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let left = Duration::from_millis(DAY_MS - salts.clock.now_ms() % DAY_MS);
            tokio::time::sleep(left.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)).await;
            let salts = Arc::clone(&salts);
            // It fails only where the runtime ends.
            spawn_blocking(move || salts.forget_ended()).await.ok();
        }
    })
}

/// Returns the midnight UTC at which the day of `at_ms` begins.
fn day_begin(at_ms: u64) -> u64 {
    at_ms - at_ms % DAY_MS
}

fn with_cause(error: &SaltError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
