//! Reads the wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns Unix time in milliseconds, or 0 if the clock is set before 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
