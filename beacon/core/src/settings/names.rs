//! Names of variables: one that nothing reads is a mistake, most likely in its spelling.

use crate::settings::Settings;
use crate::settings::error::SettingsError;

/// The prefix of every variable.
const PREFIX: &str = "BEACON_";

impl Settings {
    /// Refuses a variable that begins with `BEACON_` but that nothing reads: it would be ignored silently.
    ///
    /// `set` lists all variables with their values; empty values count as not set. `others` lists the names that are
    /// read besides [`Settings::VARIABLES`].
    ///
    /// # Errors
    /// Returns the first such variable in alphabetical order, with the known name that was probably meant.
    ///
    /// ```
    /// # use beacon_core::settings::Settings;
    /// let set = [("PATH", "/bin"), ("BEACON_SITE", "blog.example")];
    /// let error = Settings::check_names(set, &["BEACON_STREAM"]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "BEACON_SITE is set, which nothing reads: did you mean BEACON_SITES?"
    /// );
    /// ```
    pub fn check_names<'n>(
        set: impl IntoIterator<Item = (&'n str, &'n str)>,
        others: &[&str],
    ) -> Result<(), SettingsError> {
        let known: Vec<&str> = Settings::VARIABLES
            .iter()
            .map(|variable| variable.name)
            .chain(others.iter().copied())
            .collect();
        // Several mistakes name the same one each time.
        let unknown = set
            .into_iter()
            .filter(|(name, value)| name.starts_with(PREFIX) && !value.trim().is_empty())
            .filter(|(name, value)| !known.contains(name) && !is_service_link(name, value))
            .map(|(name, _)| name)
            .min();
        let Some(name) = unknown else {
            return Ok(());
        };
        let advice = match nearest(name, &known) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it, or see docs/settings.md for the names there are".to_owned(),
        };
        Err(SettingsError::UnknownVariable {
            name: name.to_owned(),
            advice,
        })
    }
}

/// Kubernetes and Docker tell a container where the services of its namespace are: of one that is called `beacon`, in
/// variables such as `BEACON_SERVICE_HOST`, `BEACON_PORT=tcp://…` and `BEACON_PORT_8080_TCP_ADDR`.
fn is_service_link(name: &str, value: &str) -> bool {
    let is_address = ["tcp://", "udp://", "sctp://"]
        .iter()
        .any(|scheme| value.starts_with(scheme));
    let is_of_port = name.split_once("_PORT_").is_some_and(|(_, rest)| {
        rest.split_once('_')
            .is_some_and(|(port, _)| port.parse::<u16>().is_ok())
    });
    is_address || is_of_port || name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT")
}

/// Returns the known name that was most likely meant: few letters differ, or one is a part of the other.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let word = &name[PREFIX.len()..];
    let mut best = None;
    for candidate in known {
        let other = candidate.strip_prefix(PREFIX).unwrap_or(candidate);
        let distance = strsim::damerau_levenshtein(word, other);
        let is_part = word.len() >= 4 && (other.contains(word) || word.contains(other));
        let is_near = distance <= 1 + word.len() / 4;
        if (is_near || is_part) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, *candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
