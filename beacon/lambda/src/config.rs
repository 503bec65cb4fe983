//! The environment, read once at start.

use std::path::PathBuf;
use std::time::Duration;

use beacon_core::settings::{Settings, SettingsError};
use beacon_firehose::connection::Credentials;
use beacon_firehose::{Connection, ConnectionError, Roots};
use http::Uri;

/// How long one put may take before another connection is tried. Firehose answers within some ten
/// milliseconds; what is slower is a connection that died while the environment was frozen.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Longest name of a stream.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html>
const MAX_STREAM_NAME_BYTES: usize = 64;

/// What Lambda sets for every function, and `lambda_runtime` panics without.
const SET_BY_LAMBDA: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// Everything the function is told from outside.
#[derive(Debug)]
pub struct Config {
    /// `BEACON_STREAM`: the delivery stream; required.
    pub stream: String,
    /// `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` as Lambda sets them;
    /// `AWS_ENDPOINT_URL_FIREHOSE`: another endpoint than the region's; `BEACON_CA_FILE`: a PEM file of the
    /// roots to trust, default Amazon's.
    pub connection: Connection,
    /// The core's own settings, `BEACON_PRIVACY` and the others.
    pub settings: Settings,
    /// `AWS_LAMBDA_LOG_LEVEL`: `TRACE` to `FATAL` as Lambda sets it with its advanced logging, default `INFO`.
    pub log_level: tracing::Level,
}

/// Why the function does not start. Each message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable of Lambda's own is absent.
    #[error(
        "{variable} is not set: this program runs inside AWS Lambda; on one machine run `beacon serve`"
    )]
    OutsideLambda {
        /// The variable.
        variable: &'static str,
    },
    /// A required variable is absent or empty.
    #[error("{variable} is not set: {meaning}")]
    Missing {
        /// The variable.
        variable: &'static str,
        /// What belongs into it.
        meaning: &'static str,
    },
    /// A stream can't have that name.
    #[error(
        "BEACON_STREAM is {value:?}: a stream's name is 1 to 64 of a-z, A-Z, 0-9, `_`, `.` and `-`"
    )]
    Stream {
        /// What was given.
        value: String,
    },
    /// The endpoint is no URL.
    #[error(
        "AWS_ENDPOINT_URL_FIREHOSE is {value:?}: expected a URL such as https://localhost:8443"
    )]
    Endpoint {
        /// What was given.
        value: String,
    },
    /// The roots can't be used.
    #[error("BEACON_CA_FILE: {0}")]
    Roots(#[from] ConnectionError),
    /// One of the core's settings is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// No such level.
    #[error("AWS_LAMBDA_LOG_LEVEL is {value:?}: expected TRACE, DEBUG, INFO, WARN, ERROR or FATAL")]
    LogLevel {
        /// What was given.
        value: String,
    },
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
        Config::from_lookup(|variable| std::env::var(variable).ok())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        // An empty variable is what a template leaves that has nothing to say.
        let optional = |variable: &str| lookup(variable).filter(|value| !value.is_empty());
        let required = |variable, meaning| {
            optional(variable).ok_or(ConfigError::Missing { variable, meaning })
        };

        for variable in SET_BY_LAMBDA {
            optional(variable).ok_or(ConfigError::OutsideLambda { variable })?;
        }
        let stream = stream_name(required(
            "BEACON_STREAM",
            "the name of the Firehose stream that takes the hits",
        )?)?;
        let region = required("AWS_REGION", "the region of the stream")?;
        let credentials = Credentials::fixed(
            required(
                "AWS_ACCESS_KEY_ID",
                "the credentials of the function's role",
            )?,
            required(
                "AWS_SECRET_ACCESS_KEY",
                "the credentials of the function's role",
            )?,
            optional("AWS_SESSION_TOKEN"),
        );
        let endpoint_url = optional("AWS_ENDPOINT_URL_FIREHOSE")
            .map(endpoint)
            .transpose()?;
        let roots = match optional("BEACON_CA_FILE") {
            Some(path) => Roots::from_file(&PathBuf::from(path))?,
            None => Roots::amazon(),
        };
        let log_level = match optional("AWS_LAMBDA_LOG_LEVEL") {
            Some(level) => log_level(level)?,
            None => tracing::Level::INFO,
        };
        Ok(Config {
            stream,
            connection: Connection {
                region,
                credentials,
                endpoint_url,
                roots,
                attempt_timeout: ATTEMPT_TIMEOUT,
            },
            settings: Settings::from_lookup(&lookup)?,
            log_level,
        })
    }
}

fn stream_name(value: String) -> Result<String, ConfigError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if value.len() <= MAX_STREAM_NAME_BYTES && value.bytes().all(allowed) {
        return Ok(value);
    }
    Err(ConfigError::Stream { value })
}

fn endpoint(value: String) -> Result<String, ConfigError> {
    match value.parse::<Uri>() {
        Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() => {
            Ok(value)
        }
        _ => Err(ConfigError::Endpoint { value }),
    }
}

fn log_level(value: String) -> Result<tracing::Level, ConfigError> {
    if value.eq_ignore_ascii_case("fatal") {
        return Ok(tracing::Level::ERROR);
    }
    // `tracing` reads digits too, which Lambda does not know.
    match value.parse() {
        Ok(level) if value.bytes().all(|byte| byte.is_ascii_alphabetic()) => Ok(level),
        _ => Err(ConfigError::LogLevel { value }),
    }
}

#[cfg(test)]
mod tests {
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
        Config::from_lookup(|variable| {
            let all = changes.iter().chain(&COMPLETE);
            all.into_iter()
                .find(|(name, _)| *name == variable)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[track_caller]
    fn check(variable: &str, value: &str, expected: &str) {
        let error = with(&[(variable, value)]).unwrap_err().to_string();
        assert!(
            error.starts_with(variable),
            "{error:?} does not begin with {variable}"
        );
        assert!(
            error.contains(expected),
            "{error:?} does not say {expected:?}"
        );
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
