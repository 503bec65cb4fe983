//! Reads the environment, once at start.

use std::fmt;

use beacon_aws::Connection;
use beacon_core::settings::{Settings, SettingsError};
use beacon_dashboard::Config as DashboardConfig;
use beacon_dashboard::access::Access;
use beacon_dashboard::password::{PasswordError, PasswordHash};
use beacon_dashboard::token::{Key, KeyError};
use beacon_dashboard_s3::{InvalidLocation, ObjectLocation};
use beacon_lambda_http::clock;
use beacon_lambda_http::environment::{
    Environment, EnvironmentError, check_lambda, endpoint_url, optional, process_environment,
    required,
};

use crate::athena::{ATTEMPT_TIMEOUT, AthenaSettings};

/// The longest interval in seconds that a stream holds hits back.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html>
const MAX_INTERVAL_S: u64 = 900;

/// The maximum length in bytes of the name of a work group, a database or a table.
const MAX_NAME_BYTES: usize = 128;

/// The settings of the function. The password is required, because a function URL can be reached by anyone.
pub struct Config {
    /// The way to Athena, and where the hits are:
    ///
    /// - the variables of [`Environment`]
    /// - `AWS_ENDPOINT_URL_ATHENA`: another endpoint than the region's
    /// - `BEACON_WORKGROUP`, `BEACON_DATABASE`, `BEACON_TABLE`: required
    /// - `BEACON_BUFFER_INTERVAL_SECONDS`: how long the stream holds them back; required
    pub athena: AthenaSettings,
    /// The settings of the dashboard:
    ///
    /// - `BEACON_DASHBOARD_PASSWORD_HASH`: argon2id in PHC form, as `beacon dashboard-password` prints it; required
    /// - `BEACON_DASHBOARD_KEY`: 32 characters or more that sign sessions and the ids of queries; required
    /// - `BEACON_ENDPOINT`: the pixel's address, for the line to paste
    /// - `BEACON_PRIVACY`, `BEACON_KEEP_HEADERS`, `BEACON_COLUMNS`, `BEACON_SITES`: the same as the pixel's
    pub dashboard: DashboardConfig,
    /// The object that holds API keys, share links, goals and saved filters:
    ///
    /// - `BEACON_DASHBOARD_DOCUMENT`: `s3://BUCKET/KEY`; required
    /// - `AWS_ENDPOINT_URL_S3`: another endpoint than the region's
    pub document: (Connection, ObjectLocation),
    /// `AWS_LAMBDA_LOG_LEVEL`.
    pub log_level: tracing::Level,
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("athena", &self.athena)
            .field("dashboard", &self.dashboard)
            .finish_non_exhaustive()
    }
}

/// Errors in the settings. Each message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable that every function has is missing or invalid.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The name is not one that AWS allows.
    #[error("{variable} is {value:?}: {allowed}, at most {MAX_NAME_BYTES} characters")]
    Name {
        /// The variable.
        variable: &'static str,
        /// The value of the variable.
        value: String,
        /// The names that are allowed.
        allowed: &'static str,
    },
    /// The interval is not one that a stream can have.
    #[error(
        "BEACON_BUFFER_INTERVAL_SECONDS is {value:?}: give the stream's own, from 0 to {MAX_INTERVAL_S}"
    )]
    Interval {
        /// The value of the variable.
        value: String,
    },
    /// The password's hash can't be used.
    #[error("BEACON_DASHBOARD_PASSWORD_HASH: {0}")]
    Password(#[from] PasswordError),
    /// The key can't be used.
    #[error("BEACON_DASHBOARD_KEY: {0}")]
    Key(#[from] KeyError),
    /// The document's location is none.
    #[error("BEACON_DASHBOARD_DOCUMENT: {0}")]
    Document(#[from] InvalidLocation),
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
            "BEACON_BUFFER_INTERVAL_SECONDS",
            "BEACON_CA_FILE",
            "BEACON_DASHBOARD_DOCUMENT",
            "BEACON_DASHBOARD_KEY",
            "BEACON_DASHBOARD_PASSWORD_HASH",
            "BEACON_DATABASE",
            "BEACON_ENDPOINT",
            "BEACON_TABLE",
            "BEACON_WORKGROUP",
        ])?;
        Config::from_lookup(lookup)
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        check_lambda(&lookup)?;
        let environment =
            Environment::from_lookup(&lookup, "AWS_ENDPOINT_URL_ATHENA", ATTEMPT_TIMEOUT)?;
        let document = document(&lookup, &environment.connection)?;
        Ok(Config {
            document,
            athena: athena(&lookup, environment.connection)?,
            dashboard: dashboard(&lookup)?,
            log_level: environment.log_level,
        })
    }
}

fn athena(
    lookup: impl Fn(&str) -> Option<String>,
    connection: Connection,
) -> Result<AthenaSettings, ConfigError> {
    let work_group = "BEACON_WORKGROUP";
    let work_group = name(
        work_group,
        required(&lookup, work_group, "the Athena work group that answers")?,
        |byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte),
        "a work group's name is of a-z, A-Z, 0-9, `.`, `_` and `-`",
    )?;
    let identifier = |variable, meaning| {
        name(
            variable,
            required(&lookup, variable, meaning)?,
            |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_',
            "names in Glue are of a-z, 0-9 and `_`",
        )
    };
    Ok(AthenaSettings {
        connection,
        work_group,
        database: identifier("BEACON_DATABASE", "the Glue database of the hits")?,
        table: identifier("BEACON_TABLE", "the table of hits, with its prefix")?,
        buffer_interval_s: interval(required(
            &lookup,
            "BEACON_BUFFER_INTERVAL_SECONDS",
            "how long the stream holds hits back",
        )?)?,
    })
}

fn dashboard(lookup: impl Fn(&str) -> Option<String>) -> Result<DashboardConfig, ConfigError> {
    let password = PasswordHash::parse(&required(
        &lookup,
        "BEACON_DASHBOARD_PASSWORD_HASH",
        "what `beacon dashboard-password` prints; without a password everybody could read the hits",
    )?)?;
    let key = Key::from_text(&required(
        &lookup,
        "BEACON_DASHBOARD_KEY",
        "what signs sessions; make one with `openssl rand -hex 32`",
    )?)?;
    Ok(DashboardConfig {
        settings: Settings::from_lookup(&lookup)?,
        endpoint: optional(&lookup, "BEACON_ENDPOINT"),
        access: Access::Password(password),
        key,
        clock: Box::new(clock::now_ms),
    })
}

fn document(
    lookup: impl Fn(&str) -> Option<String>,
    connection: &Connection,
) -> Result<(Connection, ObjectLocation), ConfigError> {
    let location = ObjectLocation::parse(&required(
        &lookup,
        "BEACON_DASHBOARD_DOCUMENT",
        "the object that holds API keys and share links, as s3://BUCKET/KEY",
    )?)?;
    let connection = Connection {
        endpoint_url: endpoint_url(&lookup, "AWS_ENDPOINT_URL_S3")?,
        attempt_timeout: beacon_dashboard_s3::ATTEMPT_TIMEOUT,
        ..connection.clone()
    };
    Ok((connection, location))
}

fn name(
    variable: &'static str,
    value: String,
    is_allowed: impl Fn(u8) -> bool,
    allowed: &'static str,
) -> Result<String, ConfigError> {
    if value.len() <= MAX_NAME_BYTES && value.bytes().all(is_allowed) {
        return Ok(value);
    }
    Err(ConfigError::Name {
        variable,
        value,
        allowed,
    })
}

fn interval(value: String) -> Result<u64, ConfigError> {
    match value.parse() {
        Ok(seconds) if seconds <= MAX_INTERVAL_S => Ok(seconds),
        _ => Err(ConfigError::Interval { value }),
    }
}

#[cfg(test)]
mod tests;
