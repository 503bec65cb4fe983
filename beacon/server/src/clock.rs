//! The wall clock of this program.

use beacon_lake::Clock;

/// Unix time in milliseconds. A clock set before 1970 reads as 0.
#[expect(clippy::disallowed_methods, reason = "programs read the clock here")]
pub fn now_ms() -> u64 {
    Clock::system().now_ms()
}
