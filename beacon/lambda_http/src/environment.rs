//! Reads the variables that every function has in common.

use std::path::PathBuf;
use std::time::Duration;

use beacon_aws::{Connection, Credentials, TrustStore, TrustStoreError};
use beacon_core::settings::{Settings, SettingsError};
use http::Uri;

/// Variables that Lambda sets for every function, and that `lambda_runtime` panics without.
const SET_BY_LAMBDA: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// The settings that every function has.
#[derive(Debug)]
pub struct Environment {
    /// The service that the function calls:
    ///
    /// - `AWS_REGION`
    /// - `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`
    /// - `AWS_ENDPOINT_URL_…`: another endpoint than the region's
    /// - `BEACON_CA_FILE`: a PEM file of the certificates to trust, default Amazon's roots
    pub connection: Connection,
    /// `AWS_LAMBDA_LOG_LEVEL`: `TRACE` to `FATAL` as Lambda sets it with its advanced logging, default `INFO`.
    pub log_level: tracing::Level,
}

/// Errors in the environment. Each message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable that Lambda itself sets is absent.
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
        /// The meaning of the variable.
        meaning: &'static str,
    },
    /// The endpoint is not a URL.
    #[error("{variable} is {value:?}: expected a URL such as https://localhost:8443")]
    Endpoint {
        /// The variable.
        variable: &'static str,
        /// The value of the variable.
        value: String,
    },
    /// The certificate file can't be used.
    #[error("BEACON_CA_FILE: {0}")]
    TrustStore(#[from] TrustStoreError),
    /// The log level is unknown.
    #[error("AWS_LAMBDA_LOG_LEVEL is {value:?}: expected TRACE, DEBUG, INFO, WARN, ERROR or FATAL")]
    LogLevel {
        /// The value of the variable.
        value: String,
    },
}

/// Checks the process's environment for errors in any function, and returns it as a lookup.
///
/// `others` are the variables that the function reads besides the core's settings.
///
/// # Errors
/// Returns an error if a variable that Lambda sets is absent, or if one that begins with `BEACON_` is read by nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub fn process_environment<E>(others: &[&str]) -> Result<impl Fn(&str) -> Option<String>, E>
where
    E: From<EnvironmentError> + From<SettingsError>,
{
    let lookup = |variable: &str| std::env::var(variable).ok();
    // First that this is not Lambda, where all else is missing too; then a misspelt name, without which another
    // variable is missing.
    check_lambda(lookup)?;
    check_names(others)?;
    Ok(lookup)
}

/// Returns the value of a variable that may be left out. An empty one counts as left out, because a template can't unset
/// a variable.
pub fn optional(lookup: impl Fn(&str) -> Option<String>, variable: &str) -> Option<String> {
    lookup(variable).filter(|value| !value.is_empty())
}

/// Returns the value of a variable that must be set. `meaning` is what an error says of it.
///
/// # Errors
/// Returns an error if the variable is absent or empty.
pub fn required(
    lookup: impl Fn(&str) -> Option<String>,
    variable: &'static str,
    meaning: &'static str,
) -> Result<String, EnvironmentError> {
    optional(lookup, variable).ok_or(EnvironmentError::Missing { variable, meaning })
}

/// Refuses any variable that begins with `BEACON_` and that nothing reads. `others` are the variables that the function
/// reads besides the core's settings.
///
/// # Errors
/// Returns an error that names the first such variable, and the one that was most likely meant.
#[expect(
    clippy::disallowed_methods,
    reason = "what is set is looked at once, where a function starts"
)]
fn check_names(others: &[&str]) -> Result<(), SettingsError> {
    let set: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        })
        .collect();
    Settings::check_names(
        set.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
        others,
    )
}

/// Checks that the process runs inside Lambda. To be called first: elsewhere everything else is missing too.
///
/// # Errors
/// Returns an error if one of the variables that Lambda sets is absent.
pub fn check_lambda(lookup: impl Fn(&str) -> Option<String>) -> Result<(), EnvironmentError> {
    for variable in SET_BY_LAMBDA {
        optional(&lookup, variable).ok_or(EnvironmentError::OutsideLambda { variable })?;
    }
    Ok(())
}

impl Environment {
    /// Reads the environment through `lookup`, which returns the value of a variable.
    ///
    /// `endpoint_variable` may name another endpoint of the service that the function calls, and `attempt_timeout` is how
    /// long one attempt of a call may take.
    ///
    /// # Errors
    /// Returns an error if a variable is missing or has an invalid value.
    pub fn from_lookup(
        lookup: impl Fn(&str) -> Option<String>,
        endpoint_variable: &'static str,
        attempt_timeout: Duration,
    ) -> Result<Environment, EnvironmentError> {
        let region = required(&lookup, "AWS_REGION", "the region of the function")?;
        let of_role = "the credentials of the function's role";
        let credentials = Credentials::fixed(
            required(&lookup, "AWS_ACCESS_KEY_ID", of_role)?,
            required(&lookup, "AWS_SECRET_ACCESS_KEY", of_role)?,
            optional(&lookup, "AWS_SESSION_TOKEN"),
        );
        let endpoint_url = endpoint_url(&lookup, endpoint_variable)?;
        let trust_store = match optional(&lookup, "BEACON_CA_FILE") {
            Some(path) => TrustStore::from_file(&PathBuf::from(path))?,
            None => TrustStore::amazon(),
        };
        let log_level = match optional(&lookup, "AWS_LAMBDA_LOG_LEVEL") {
            Some(level) => log_level(level)?,
            None => tracing::Level::INFO,
        };
        Ok(Environment {
            connection: Connection {
                region,
                credentials,
                endpoint_url,
                trust_store,
                attempt_timeout,
            },
            log_level,
        })
    }
}

/// Reads the variable that may name another endpoint of a service than the region's.
///
/// # Errors
/// Returns an error if the value is not a URL.
pub fn endpoint_url(
    lookup: impl Fn(&str) -> Option<String>,
    variable: &'static str,
) -> Result<Option<String>, EnvironmentError> {
    optional(lookup, variable)
        .map(|value| endpoint(variable, value))
        .transpose()
}

fn endpoint(variable: &'static str, value: String) -> Result<String, EnvironmentError> {
    match value.parse::<Uri>() {
        Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() => {
            Ok(value)
        }
        _ => Err(EnvironmentError::Endpoint { variable, value }),
    }
}

fn log_level(value: String) -> Result<tracing::Level, EnvironmentError> {
    if value.eq_ignore_ascii_case("fatal") {
        return Ok(tracing::Level::ERROR);
    }
    // `tracing` reads digits too, which Lambda does not know.
    match value.parse() {
        Ok(level) if value.bytes().all(|byte| byte.is_ascii_alphabetic()) => Ok(level),
        _ => Err(EnvironmentError::LogLevel { value }),
    }
}
