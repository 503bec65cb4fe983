//! The clock of the command: the one place that reads the machine's.

use beacon_lake::Clock;

/// Returns the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the command that reads the clock"
)]
pub(crate) fn system() -> Clock {
    Clock::system()
}

/// Returns the current time in Unix milliseconds.
pub(crate) fn now_ms() -> u64 {
    system().now_ms()
}
