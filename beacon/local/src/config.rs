//! The environment, read once: the beacon's settings and the variables of AWS. Flags have variables of
//! their own, which clap reads; see `beacon serve --help`.

use std::path::PathBuf;

use beacon_core::settings::{Settings, SettingsError};

/// The settings of the beacon itself, all named in [`Settings::VARIABLES`].
///
/// # Errors
/// The first setting that is wrong, with what to write instead.
pub fn settings() -> Result<Settings, SettingsError> {
    Settings::from_lookup(variable)
}

/// Everything that names AWS regions, credentials and endpoints, for an object store.
pub fn aws_variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("AWS_"))
}

/// Another endpoint than AWS's for Firehose, as the SDKs name it: the specific variable before the general.
pub fn firehose_endpoint() -> Option<String> {
    variable("AWS_ENDPOINT_URL_FIREHOSE").or_else(|| variable("AWS_ENDPOINT_URL"))
}

/// A PEM file of certificates to trust instead of Amazon's roots.
pub fn ca_file() -> Option<PathBuf> {
    variable("BEACON_CA_FILE").map(PathBuf::from)
}

fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is config.rs of the command"
    )]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
