//! Reads the environment, once at start.

use std::ops::RangeInclusive;
use std::time::Duration;

use beacon_aws::Connection;
use beacon_core::settings::{Settings, SettingsError};
use beacon_firehose::is_stream_name;

use beacon_lambda_http::environment::{
    Environment, EnvironmentError, check_lambda, optional, process_environment, required,
};

/// The time after which an attempt of a put gives up and another connection is tried. Firehose answers within some ten
/// milliseconds; what is slower is a connection that died while the environment was frozen.
const DEFAULT_PUT_TIMEOUT_MS: u64 = 1_500;

/// A shorter timeout would cut attempts that succeed, and no put takes longer than the invocation.
const PUT_TIMEOUT_MS: RangeInclusive<u64> = 100..=60_000;

/// The settings of the function.
#[derive(Debug)]
pub struct Config {
    /// `BEACON_STREAM`: the delivery stream; required.
    pub stream: String,
    /// The way to the stream:
    ///
    /// - the variables of [`Environment`]
    /// - `AWS_ENDPOINT_URL_FIREHOSE`: another endpoint than the region's
    /// - `BEACON_PUT_TIMEOUT_MS`: how long one attempt of a put may take, default 1,500 ms
    pub connection: Connection,
    /// The core's own settings, `BEACON_PRIVACY` and the others.
    pub settings: Settings,
    /// `AWS_LAMBDA_LOG_LEVEL`.
    pub log_level: tracing::Level,
}

/// Errors in the settings. Each message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable that every function has is missing or invalid.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The name is not one that a stream can have.
    #[error(
        "BEACON_STREAM is {value:?}: a stream's name is 1 to 64 of a-z, A-Z, 0-9, `_`, `.` and `-`"
    )]
    Stream {
        /// The value of the variable.
        value: String,
    },
    /// The timeout of a put is not a number of milliseconds in its range.
    #[error(
        "BEACON_PUT_TIMEOUT_MS is {value:?}: set milliseconds from {} to {}, such as {DEFAULT_PUT_TIMEOUT_MS}",
        PUT_TIMEOUT_MS.start(),
        PUT_TIMEOUT_MS.end()
    )]
    PutTimeout {
        /// The value of the variable.
        value: String,
    },
    /// One of the core's settings is invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Returns an error if a variable is missing, has an invalid value, or is one that nothing reads.
    pub fn from_environment() -> Result<Config, ConfigError> {
        let lookup = process_environment::<ConfigError>(&[
            "BEACON_CA_FILE",
            "BEACON_PUT_TIMEOUT_MS",
            "BEACON_STREAM",
        ])?;
        Config::from_lookup(lookup)
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        check_lambda(&lookup)?;
        let stream = stream_name(required(
            &lookup,
            "BEACON_STREAM",
            "the name of the Firehose stream that takes the hits",
        )?)?;
        let put_timeout = put_timeout(optional(&lookup, "BEACON_PUT_TIMEOUT_MS"))?;
        let environment =
            Environment::from_lookup(&lookup, "AWS_ENDPOINT_URL_FIREHOSE", put_timeout)?;
        Ok(Config {
            stream,
            connection: environment.connection,
            settings: Settings::from_lookup(&lookup)?,
            log_level: environment.log_level,
        })
    }
}

fn stream_name(value: String) -> Result<String, ConfigError> {
    if is_stream_name(&value) {
        return Ok(value);
    }
    Err(ConfigError::Stream { value })
}

fn put_timeout(value: Option<String>) -> Result<Duration, ConfigError> {
    let Some(value) = value else {
        return Ok(Duration::from_millis(DEFAULT_PUT_TIMEOUT_MS));
    };
    match value.parse() {
        Ok(milliseconds) if PUT_TIMEOUT_MS.contains(&milliseconds) => {
            Ok(Duration::from_millis(milliseconds))
        }
        _ => Err(ConfigError::PutTimeout { value }),
    }
}

#[cfg(test)]
mod tests;
