//! From the environment to the last invocation, the same for every function.

use std::fmt::Display;
use std::process::ExitCode;

use crate::log;

/// Logs at the level of the settings, and runs the function with them until Lambda ends it. Settings that are wrong,
/// and what ended the function too early, are one line of the log at level `ERROR` and a failure.
pub fn start<C, E: Display>(
    config: Result<C, E>,
    log_level: impl FnOnce(&C) -> tracing::Level,
    run: impl FnOnce(C) -> Result<(), lambda_runtime::Error>,
) -> ExitCode {
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            log::start(tracing::Level::ERROR);
            tracing::error!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    log::start(log_level(&config));
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("stopped: {error}");
            ExitCode::FAILURE
        }
    }
}
