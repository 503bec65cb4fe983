//! Starts a function and runs it until Lambda ends it.

use std::fmt::Display;
use std::process::ExitCode;

use crate::log;

/// Runs a function with its settings until Lambda ends it, and logs at the level of the settings.
///
/// Returns a failure, after one log line at level `ERROR`, if the settings are invalid or `run` returns an error.
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
