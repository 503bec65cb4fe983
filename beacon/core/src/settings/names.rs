//! The names of variables: one that nothing reads is a mistake, most likely in its spelling.

use crate::settings::{Settings, SettingsError};

/// What every variable of the beacon begins with.
const PREFIX: &str = "BEACON_";

impl Settings {
    /// Refuses a variable that begins with `BEACON_` and that nothing reads, because what it was to say would be
    /// ignored. `set` are the names of all variables that have a value, `others` those that are read besides
    /// [`Settings::VARIABLES`].
    ///
    /// ```
    /// # use beacon_core::settings::Settings;
    /// let error = Settings::check_names(["PATH", "BEACON_SITE"], &["BEACON_STREAM"]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "BEACON_SITE is set, which nothing reads: did you mean BEACON_SITES?"
    /// );
    /// ```
    pub fn check_names<'n>(
        set: impl IntoIterator<Item = &'n str>,
        others: &[&str],
    ) -> Result<(), SettingsError> {
        let known: Vec<&str> = Settings::VARIABLES
            .iter()
            .map(|variable| variable.name)
            .chain(others.iter().copied())
            .collect();
        // Sorted, so that of two mistakes the same one is named each time.
        let mut unknown: Vec<&str> = set
            .into_iter()
            .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
            .collect();
        unknown.sort_unstable();
        let Some(name) = unknown.first() else {
            return Ok(());
        };
        let advice = match nearest(name, &known) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it, or see docs/settings.md for the names there are".to_owned(),
        };
        Err(SettingsError::UnknownVariable {
            name: (*name).to_owned(),
            advice,
        })
    }
}

/// The known name that was most likely meant: few letters differ, or one is a part of the other.
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
