//! The wall clock of this program.

use beacon_lake::Clock;

/// Unix time in milliseconds. A clock set before 1970 reads as 0.
pub fn now_ms() -> u64 {
    Clock::system().now_ms()
}
