//! What the suites share. Nothing of it is in a product.
//!
//! - [`runtime_api`]: Lambda's Runtime API, by which a test invokes a function's real binary
//! - [`firehose`]: a Firehose endpoint that fails when told to
//! - [`dynamodb`]: a DynamoDB endpoint with one table, which fails when told to
//! - [`athena`]: an Athena endpoint that answers what it is told to
//! - [`json_call`]: the calls that these three read
//! - [`settings`]: the environment of a function, one variable changed
//! - [`tls`]: HTTPS in front of any port of this machine
//! - [`function`]: the function with these around it, and payloads for it
//! - [`load`]: numbered hits over keep-alive connections, and which of them were acknowledged
//! - [`machine`]: the command `beacon`, asked and signalled
//! - [`program`]: the workspace's programs as child processes
//! - [`serving`]: a running `beacon serve`, and where it listens
//!
//! Everything here panics when it can't do its work: that fails the test that needs it.

pub mod athena;
pub mod dynamodb;
pub mod firehose;
pub mod function;
pub mod json_call;
pub mod load;
pub mod machine;
pub mod program;
pub mod runtime_api;
mod serve;
pub mod serving;
pub mod settings;
pub mod tls;

use std::future::Future;
use std::time::Duration;

/// Longer than anything here takes on the slowest machine; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Returns the number in an environment variable, which is an argument of a suite; `None` if it isn't set.
///
/// # Panics
/// If it isn't a number.
#[expect(
    clippy::disallowed_methods,
    reason = "arguments of a test come from the environment"
)]
pub fn number_from(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")),
    )
}

/// Waits for what must happen.
///
/// # Panics
/// When it has not happened after [`PATIENCE`]; the message names it.
#[track_caller]
pub fn eventually<T>(what: &str, happens: impl Future<Output = T>) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    async move {
        match tokio::time::timeout(PATIENCE, happens).await {
            Ok(value) => value,
            Err(_) => panic!("{caller}: {what} did not happen within {PATIENCE:?}"),
        }
    }
}
