//! The environment, read once: the beacon's settings and the variables of AWS. Flags have variables of
//! their own, which clap reads; see `beacon serve --help`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use beacon_core::settings::{Settings, SettingsError};
use beacon_server::transport::InheritedSockets;
use listenfd::ListenFd;

/// Reads the settings of the beacon itself, all named in [`Settings::VARIABLES`].
///
/// # Errors
/// The first setting that is wrong, with what to write instead.
pub(crate) fn settings() -> Result<Settings, SettingsError> {
    Settings::from_lookup(variable)
}

/// Reads the settings as if these variables had these values.
///
/// # Errors
/// The first setting that is wrong, with what to write instead.
pub(crate) fn settings_with(given: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::from_lookup(|name| {
        let found = given.iter().find(|(set, _)| *set == name);
        found.map_or_else(|| variable(name), |(_, value)| Some((*value).to_owned()))
    })
}

/// Reads the settings as if the variables in `left_out` were not set.
///
/// # Errors
/// The first other setting that is wrong, with what to write instead.
pub(crate) fn settings_without(
    left_out: &BTreeMap<&str, String>,
) -> Result<Settings, SettingsError> {
    Settings::from_lookup(|name| match left_out.contains_key(name) {
        true => None,
        false => variable(name),
    })
}

/// The variables of `beacon serve` that are neither settings nor flags.
pub(crate) const WITHOUT_FLAG: [&str; 3] = [
    "BEACON_CA_FILE",
    "BEACON_DASHBOARD_KEY",
    "BEACON_DASHBOARD_PASSWORD_HASH",
];

/// The variables that no command reads: those of the Lambdas, because one file of variables may serve both, and those
/// of the project's tests.
pub(crate) const OF_OTHER_PROGRAMS: [&str; 12] = [
    "BEACON_BUFFER_INTERVAL_SECONDS",
    "BEACON_CRASH_KILLS",
    "BEACON_CRASH_SEED",
    "BEACON_DATABASE",
    "BEACON_PUT_TIMEOUT_MS",
    "BEACON_REGENERATE",
    "BEACON_SALT_TABLE",
    "BEACON_SALT_TIMEOUT_MS",
    "BEACON_TABLE",
    "BEACON_TEST_DASHBOARD_PORT",
    "BEACON_TEST_PIXEL_PORT",
    "BEACON_WORKGROUP",
];

/// Refuses a variable that begins with `BEACON_` and that nothing reads. `flags` are the variables of the command line.
///
/// # Errors
/// The variable, with the one that was most likely meant.
pub(crate) fn check_names(flags: &[String]) -> Result<(), SettingsError> {
    match unknown_variables(flags).into_iter().next() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Returns an error for each variable that begins with `BEACON_` and that nothing reads, by name. `flags` are the
/// variables of the command line.
pub(crate) fn unknown_variables(flags: &[String]) -> Vec<SettingsError> {
    let mut set = beacon_variables();
    let others: Vec<&str> = WITHOUT_FLAG
        .into_iter()
        .chain(OF_OTHER_PROGRAMS)
        .chain(flags.iter().map(String::as_str))
        .collect();
    let mut unknown = Vec::new();
    while let Err(error) = Settings::check_names(
        set.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
        &others,
    ) {
        let SettingsError::UnknownVariable { name, .. } = &error else {
            return vec![error];
        };
        set.remove(name);
        unknown.push(error);
    }
    unknown
}

/// Returns the variables whose names begin with `BEACON_`, with their values, as they are set.
pub(crate) fn beacon_variables() -> BTreeMap<String, String> {
    variables()
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let value = value.to_string_lossy().into_owned();
            name.starts_with("BEACON_").then_some((name, value))
        })
        .collect()
}

/// Returns all variables with AWS regions, credentials and endpoints, for an object store.
pub(crate) fn aws_variables() -> impl Iterator<Item = (String, String)> {
    variables()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("AWS_"))
}

/// Returns the endpoint of Firehose if it isn't AWS's: from the SDKs' specific variable, otherwise the general one.
pub(crate) fn firehose_endpoint() -> Option<String> {
    variable("AWS_ENDPOINT_URL_FIREHOSE").or_else(|| variable("AWS_ENDPOINT_URL"))
}

/// Returns the endpoint of S3 if it isn't AWS's: from the SDKs' specific variable, otherwise the general one.
pub(crate) fn s3_endpoint() -> Option<String> {
    variable("AWS_ENDPOINT_URL_S3").or_else(aws_endpoint)
}

/// Returns the endpoint to use instead of AWS's for all services.
pub(crate) fn aws_endpoint() -> Option<String> {
    variable("AWS_ENDPOINT_URL")
}

/// Returns the PEM file of certificates to trust instead of Amazon's roots.
pub(crate) fn ca_file() -> Option<PathBuf> {
    variable("BEACON_CA_FILE").map(PathBuf::from)
}

/// Returns the hash of the dashboard's password and the key that signs its sessions.
///
/// They have no flags, because other users can see a process's arguments.
pub(crate) fn dashboard_secrets() -> (Option<String>, Option<String>) {
    (
        variable("BEACON_DASHBOARD_PASSWORD_HASH"),
        variable("BEACON_DASHBOARD_KEY"),
    )
}

/// Takes the sockets that systemd has opened for this process, if it has: `LISTEN_FDS`, `LISTEN_PID`, `LISTEN_FDNAMES`.
///
/// # Errors
/// Returns an error for a socket that can't be used or that fits no listener.
pub(crate) fn inherited_sockets() -> anyhow::Result<InheritedSockets> {
    let names = variable("LISTEN_FDNAMES").unwrap_or_default();
    let names: Vec<&str> = names.split(':').collect();
    let mut passed = ListenFd::from_env();
    let mut sockets = Vec::new();
    for index in 0..passed.len() {
        let taken = passed.take_tcp_listener(index).with_context(|| {
            format!(
                "systemd passed socket number {}, which is not a listening TCP socket",
                index + 1
            )
        })?;
        if let Some(socket) = taken {
            let name = names.get(index).copied().unwrap_or_default();
            sockets.push((name.to_owned(), socket));
        }
    }
    Ok(InheritedSockets::new(sockets)?)
}

/// Returns the first directory that systemd gives a service by `StateDirectory=`.
pub(crate) fn state_directory() -> Option<PathBuf> {
    let directories = variable("STATE_DIRECTORY")?;
    directories.split(':').next().map(PathBuf::from)
}

/// Returns the directories that are usual for the day's salt, best first: the runtime directory of systemd's service or
/// of the user's session, which is in memory, and the user's directory for state.
pub(crate) fn salt_directories() -> Vec<PathBuf> {
    let mut usual = Vec::new();
    if let Some(directories) = variable("RUNTIME_DIRECTORY") {
        usual.extend(directories.split(':').next().map(PathBuf::from));
    }
    let of_session = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
    usual.extend(
        of_session
            .filter(|directory| directory.is_dir())
            .map(|directory| directory.join("beacon")),
    );
    let state = variable("XDG_STATE_HOME").map(PathBuf::from);
    let of_home = || Some(PathBuf::from(variable("HOME")?).join(".local/state"));
    usual.extend(state.or_else(of_home).map(|state| state.join("beacon")));
    usual
}

/// Returns true if there is a display for a browser: always on a Mac, otherwise with X11 or Wayland.
pub(crate) fn has_display() -> bool {
    cfg!(target_os = "macos")
        || variable("DISPLAY").is_some()
        || variable("WAYLAND_DISPLAY").is_some()
}

/// Returns the user's browser.
pub(crate) fn browser() -> Option<String> {
    variable("BROWSER")
}

fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the command that reads the environment"
    )]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn variables() -> std::env::VarsOs {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the command that reads the environment"
    )]
    std::env::vars_os()
}
