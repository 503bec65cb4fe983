//! Holds the day's salt, and asks the table for it where it is missing.

use std::io::Write;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beacon_aws::timestamp::rfc_3339;
use beacon_core::Salt;
use beacon_core::time::DAY_MS;
use beacon_firehose::unsent::METRIC_NAMESPACE;
use serde_json::json;

use crate::salt_table::{SaltError, SaltTable};

/// The metric that counts failures to get a salt, by `Stream` and `Reason`.
pub const METRIC_NAME: &str = "SaltFailures";

/// The pause after the first failure. Hits within it have no visitor, and don't wait.
const FIRST_PAUSE_MS: u64 = 1_000;
/// Each further pause is twice as long, up to this: if DynamoDB is down, one hit a minute waits for it.
const LONGEST_PAUSE_MS: u64 = 64_000;

/// The salt of the day, shared by the invocations of an environment.
#[derive(Debug)]
pub struct Salts {
    table: SaltTable,
    stream: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    salt: Option<Arc<Salt>>,
    /// The table isn't asked in these milliseconds. A clock that was set back ends the pause too.
    pause: Range<u64>,
    /// The length of the last pause if the last call failed, or else 0.
    failure_pause_ms: u64,
}

impl Salts {
    /// Returns the salts of a table. `stream` is the dimension of the metric. Nothing is called yet.
    pub fn new(table: SaltTable, stream: String) -> Salts {
        Salts {
            table,
            stream,
            state: Mutex::default(),
        }
    }

    /// Returns the salt of the UTC day of `at_ms`; `None` if there is none, after a line in `log` if a call failed.
    ///
    /// Waits for at most the table's timeout, and after a failure not at all for a while. If the day ends too soon for a salt,
    /// only the first hit waits.
    pub async fn salt(&self, at_ms: u64, log: &mut dyn Write) -> Option<Arc<Salt>> {
        self.forget_ended(at_ms);
        {
            let state = self.lock();
            if state.salt.is_some() {
                return state.salt.clone();
            }
            if state.pause.contains(&at_ms) {
                return None;
            }
        }
        let found = self.table.salt(at_ms).await;
        let mut state = self.lock();
        match found {
            Ok(salt) => {
                let midnight_ms = (at_ms / DAY_MS + 1) * DAY_MS;
                state.pause = match salt {
                    Some(_) => Range::default(),
                    None => at_ms..midnight_ms,
                };
                state.failure_pause_ms = 0;
                state.salt = salt.map(Arc::new);
            }
            Err(error) => {
                let length_ms = match state.failure_pause_ms {
                    0 => FIRST_PAUSE_MS,
                    before => (before * 2).min(LONGEST_PAUSE_MS),
                };
                state.pause = at_ms..at_ms + length_ms;
                state.failure_pause_ms = length_ms;
                self.log(&error, length_ms, at_ms, log);
            }
        }
        state.salt.clone()
    }

    /// Drops the salt, which overwrites it, if its day is over at `now_ms`.
    ///
    /// To be called before an environment waits for its next invocation: it may be frozen then, and do nothing.
    pub fn forget_ended(&self, now_ms: u64) {
        let mut state = self.lock();
        if state.salt.as_ref().is_some_and(|salt| !salt.is_of(now_ms)) {
            state.salt = None;
        }
    }

    /// Writes one line that is a log line and a metric at once, in CloudWatch's embedded metric format. Level `ERROR`, since
    /// Lambda drops lines below the function's log level.
    fn log(&self, error: &SaltError, pause_ms: u64, at_ms: u64, log: &mut dyn Write) {
        let line = json!({
            "level": "ERROR",
            "timestamp": rfc_3339(at_ms),
            "message": "no salt, so hits have no visitor",
            "error": error.to_string(),
            "next_try_in_ms": pause_ms,
            "_aws": {
                "Timestamp": at_ms,
                "CloudWatchMetrics": [{
                    "Namespace": METRIC_NAMESPACE,
                    "Dimensions": [["Stream", "Reason"]],
                    "Metrics": [{"Name": METRIC_NAME, "Unit": "Count"}],
                }],
            },
            "Stream": self.stream,
            "Reason": error.kind.as_str(),
            METRIC_NAME: 1,
        });
        if let Err(error) = writeln!(log, "{line}").and_then(|()| log.flush()) {
            tracing::error!("cannot write to standard output: {error}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
