//! Reads the environment, once at start.

use std::ops::RangeInclusive;
use std::time::Duration;

use beacon_aws::Connection;
use beacon_core::settings::{Settings, SettingsError};
use beacon_firehose::is_stream_name;

use beacon_lambda_http::environment::{
    Environment, EnvironmentError, check_lambda, endpoint_url, optional, process_environment,
    required,
};

use crate::salt_table::is_table_name;

/// The time after which an attempt of a put gives up and another connection is tried. Firehose answers within some ten
/// milliseconds; what is slower is a connection that died while the environment was frozen.
const DEFAULT_PUT_TIMEOUT_MS: u64 = 1_500;

/// The time after which a hit goes without its visitor. Within a region the two calls take some ten milliseconds.
const DEFAULT_SALT_TIMEOUT_MS: u64 = 150;

/// A shorter timeout would leave no time for a connection, and no browser waits longer for a visitor.
const SALT_TIMEOUT_MS: RangeInclusive<u64> = 20..=60_000;

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
    /// The table of the day's salt; `None` if hits have no visitor.
    pub salts: Option<SaltSettings>,
    /// The core's own settings, `BEACON_PRIVACY` and the others.
    pub settings: Settings,
    /// `AWS_LAMBDA_LOG_LEVEL`.
    pub log_level: tracing::Level,
}

/// The settings of the day's salt, from which the visitors of hits are computed.
#[derive(Debug)]
pub struct SaltSettings {
    /// `BEACON_SALT_TABLE`: the DynamoDB table.
    pub table: String,
    /// The way to the table: that to the stream, but for
    ///
    /// - `AWS_ENDPOINT_URL_DYNAMODB`: another endpoint than the region's
    /// - `BEACON_SALT_TIMEOUT_MS`: the longest that a hit waits for its salt, default 150 ms
    pub connection: Connection,
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
    /// A timeout is not a number of milliseconds in its range.
    #[error(
        "{variable} is {value:?}: set milliseconds from {} to {}, such as {default}",
        range.start(),
        range.end()
    )]
    Timeout {
        /// The variable.
        variable: &'static str,
        /// The value of the variable.
        value: String,
        /// The values that it takes.
        range: RangeInclusive<u64>,
        /// The value without the variable.
        default: u64,
    },
    /// The name is not one that a table can have.
    #[error(
        "BEACON_SALT_TABLE is {value:?}: a table's name is 3 to 255 of a-z, A-Z, 0-9, `_`, `.` and `-`"
    )]
    SaltTable {
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
            "BEACON_SALT_TABLE",
            "BEACON_SALT_TIMEOUT_MS",
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
        let put_timeout = timeout(
            &lookup,
            "BEACON_PUT_TIMEOUT_MS",
            PUT_TIMEOUT_MS,
            DEFAULT_PUT_TIMEOUT_MS,
        )?;
        let environment =
            Environment::from_lookup(&lookup, "AWS_ENDPOINT_URL_FIREHOSE", put_timeout)?;
        let settings = Settings::from_lookup(&lookup)?;
        let salts = salts(&lookup, &environment.connection)?;
        Ok(Config {
            stream,
            salts: salts.filter(|_| settings.visitors()),
            connection: environment.connection,
            settings,
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

/// Reads the settings of the salt; `None` without a table.
fn salts(
    lookup: impl Fn(&str) -> Option<String>,
    connection: &Connection,
) -> Result<Option<SaltSettings>, ConfigError> {
    let Some(table) = optional(&lookup, "BEACON_SALT_TABLE") else {
        return Ok(None);
    };
    if !is_table_name(&table) {
        return Err(ConfigError::SaltTable { value: table });
    }
    Ok(Some(SaltSettings {
        table,
        connection: Connection {
            endpoint_url: endpoint_url(&lookup, "AWS_ENDPOINT_URL_DYNAMODB")?,
            attempt_timeout: timeout(
                &lookup,
                "BEACON_SALT_TIMEOUT_MS",
                SALT_TIMEOUT_MS,
                DEFAULT_SALT_TIMEOUT_MS,
            )?,
            ..connection.clone()
        },
    }))
}

fn timeout(
    lookup: impl Fn(&str) -> Option<String>,
    variable: &'static str,
    range: RangeInclusive<u64>,
    default: u64,
) -> Result<Duration, ConfigError> {
    let Some(value) = optional(&lookup, variable) else {
        return Ok(Duration::from_millis(default));
    };
    match value.parse() {
        Ok(milliseconds) if range.contains(&milliseconds) => {
            Ok(Duration::from_millis(milliseconds))
        }
        _ => Err(ConfigError::Timeout {
            variable,
            value,
            range,
            default,
        }),
    }
}

#[cfg(test)]
mod tests;
