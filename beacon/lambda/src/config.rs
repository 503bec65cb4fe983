//! The environment, read once at start.

use std::time::Duration;

use beacon_aws::Connection;
use beacon_core::settings::{Settings, SettingsError};
use beacon_firehose::is_stream_name;

use beacon_lambda_http::environment::{
    Environment, EnvironmentError, check_lambda, check_names, required,
};

/// How long one put may take before another connection is tried. Firehose answers within some ten
/// milliseconds; what is slower is a connection that died while the environment was frozen.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Everything the function is told from outside.
#[derive(Debug)]
pub struct Config {
    /// `BEACON_STREAM`: the delivery stream; required.
    pub stream: String,
    /// As [`Environment`] says; `AWS_ENDPOINT_URL_FIREHOSE`: another endpoint than the region's.
    pub connection: Connection,
    /// The core's own settings, `BEACON_PRIVACY` and the others.
    pub settings: Settings,
    /// `AWS_LAMBDA_LOG_LEVEL`.
    pub log_level: tracing::Level,
}

/// Why the function does not start. Each message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// What every function has is missing or wrong.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// A stream can't have that name.
    #[error(
        "BEACON_STREAM is {value:?}: a stream's name is 1 to 64 of a-z, A-Z, 0-9, `_`, `.` and `-`"
    )]
    Stream {
        /// What was given.
        value: String,
    },
    /// One of the core's settings is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// When a variable is missing or holds what can't be used.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_environment() -> Result<Config, ConfigError> {
        let lookup = |variable: &str| std::env::var(variable).ok();
        // Outside of Lambda that is what is to be said first; a misspelt name before what is missing without it.
        check_lambda(lookup)?;
        check_names(&["BEACON_STREAM", "BEACON_CA_FILE"])?;
        Config::from_lookup(lookup)
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        check_lambda(&lookup)?;
        let stream = stream_name(required(
            &lookup,
            "BEACON_STREAM",
            "the name of the Firehose stream that takes the hits",
        )?)?;
        let environment =
            Environment::from_lookup(&lookup, "AWS_ENDPOINT_URL_FIREHOSE", ATTEMPT_TIMEOUT)?;
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

#[cfg(test)]
mod tests {
    use beacon_testing::settings::{check_refused, lookup};

    use super::*;

    const COMPLETE: [(&str, &str); 8] = [
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ("AWS_LAMBDA_FUNCTION_NAME", "beacon"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("BEACON_STREAM", "hits"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];

    fn with(changes: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(lookup(changes, &COMPLETE))
    }

    #[track_caller]
    fn check(variable: &str, value: &str, expected: &str) {
        check_refused(with(&[(variable, value)]), variable, expected);
    }

    #[test]
    fn a_complete_environment_is_accepted() {
        let config = with(&[]).unwrap();
        assert_eq!(config.stream, "hits");
        assert_eq!(config.log_level, tracing::Level::INFO);
        assert_eq!(config.connection.endpoint_url, None);
        assert_eq!(
            with(&[("AWS_LAMBDA_LOG_LEVEL", "FATAL")])
                .unwrap()
                .log_level,
            tracing::Level::ERROR
        );
    }

    #[test]
    fn a_missing_or_wrong_variable_is_named() {
        for (variable, _) in COMPLETE {
            check(variable, "", "is not set");
        }
        check("AWS_LAMBDA_RUNTIME_API", "", "beacon serve");
        check("BEACON_STREAM", "a b", "\"a b\"");
        check("BEACON_STREAM", &"x".repeat(65), "1 to 64");
        check("AWS_ENDPOINT_URL_FIREHOSE", "localhost:8443", "https://");
        check("AWS_ENDPOINT_URL_FIREHOSE", "/tmp/socket", "https://");
        check(
            "BEACON_CA_FILE",
            "/nowhere/ca.pem",
            "cannot read /nowhere/ca.pem",
        );
        check("AWS_LAMBDA_LOG_LEVEL", "LOUD", "\"LOUD\"");
        check("AWS_LAMBDA_LOG_LEVEL", "3", "\"3\"");
        check("BEACON_PRIVACY", "some", "some");
    }
}
