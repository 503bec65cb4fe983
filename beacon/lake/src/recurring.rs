//! Limits how often a recurring failure is logged.

use std::time::{Duration, Instant};

/// The least time between two messages about the same thing.
pub const RECURRING_INTERVAL: Duration = Duration::from_secs(60);

/// Decides which occurrences of one event are logged: the first at once, then their number once a minute.
///
/// An event that stayed away for [`RECURRING_INTERVAL`] counts as new. Time is an argument, so that a test needs no
/// waiting; it must not go backwards.
#[derive(Debug, Default)]
pub struct Recurring {
    said_at: Option<Instant>,
    unsaid: u64,
}

/// A message that is due now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The event is new: say what happened.
    First,
    /// The event goes on: say how often it happened since the last message.
    Again {
        /// Occurrences that no message has spoken of yet, at least 1.
        count: u64,
    },
}

impl Recurring {
    /// Starts with an event that has not happened yet.
    pub const fn new() -> Recurring {
        Recurring {
            said_at: None,
            unsaid: 0,
        }
    }

    /// Counts one occurrence and returns the message that it makes due, if any.
    pub fn occurred(&mut self, now: Instant) -> Option<Due> {
        if self.unsaid == 0 && !self.is_silenced(now) {
            self.said_at = Some(now);
            return Some(Due::First);
        }
        self.unsaid += 1;
        self.due(now)
    }

    /// Returns the message that the passing of time makes due, if any.
    ///
    /// Called now and then by a loop that goes on without the event, it sees to it that the last occurrences are
    /// counted too.
    pub fn due(&mut self, now: Instant) -> Option<Due> {
        if self.unsaid == 0 || self.is_silenced(now) {
            return None;
        }
        self.said_at = Some(now);
        Some(Due::Again {
            count: std::mem::take(&mut self.unsaid),
        })
    }

    fn is_silenced(&self, now: Instant) -> bool {
        self.said_at
            .is_some_and(|said_at| now.saturating_duration_since(said_at) < RECURRING_INTERVAL)
    }
}

#[cfg(test)]
mod tests;
