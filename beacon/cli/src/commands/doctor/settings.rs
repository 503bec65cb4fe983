//! Every variable with its value and where it comes from, and the wrong ones with the fix.

use std::collections::BTreeMap;

use beacon_core::settings::{Settings, SettingsError};

use super::finding::Findings;
use super::given::{ServeTexts, Source};
use crate::environment;

/// Variables whose values nobody should see.
const SECRETS: [&str; 3] = [
    "BEACON_DASHBOARD_KEY",
    "BEACON_DASHBOARD_PASSWORD_HASH",
    "BEACON_ORIGIN_SECRET",
];

/// Variables that `beacon serve` reads and that have neither a flag nor a default.
const WITHOUT_FLAG: [&str; 3] = [
    "BEACON_CA_FILE",
    "BEACON_DASHBOARD_KEY",
    "BEACON_DASHBOARD_PASSWORD_HASH",
];

/// Adds a finding for each variable that `beacon serve` reads, and for each that nothing reads. Returns the settings of
/// the pixel; `None` where one of them is wrong.
pub(super) fn check(
    serve: &ServeTexts,
    flags: &[String],
    findings: &mut Findings,
) -> Option<Settings> {
    let mut set = environment::beacon_variables();
    let (refused, other) = refusals();
    for variable in Settings::VARIABLES {
        let value = set
            .remove(variable.name)
            .filter(|value| !value.trim().is_empty());
        match refused.get(variable.name) {
            Some(error) => findings.problem(variable.name, format!("{error} (environment)")),
            None => show(variable.name, value, variable.default, findings),
        }
    }
    if let Some(error) = other {
        findings.problem("settings", error);
    }
    for text in &serve.0 {
        let name = text.variable.as_deref().unwrap_or(&text.flag);
        set.remove(name);
        let source = text.source.name();
        match (&text.error, &text.value) {
            (Some(error), _) => findings.problem(name, format!("{error} ({source})")),
            (None, Some(value)) => findings.ok(name, format!("{value} ({source})")),
            (None, None) => findings.ok(name, "not set"),
        }
    }
    for name in WITHOUT_FLAG {
        show(name, set.remove(name), "", findings);
    }
    for error in environment::unknown_variables(flags) {
        match &error {
            SettingsError::UnknownVariable { name, advice } => {
                set.remove(name);
                findings.problem(name, format!("nothing reads this variable: {advice}"));
            }
            _ => findings.problem("settings", error.to_string()),
        }
    }
    show_others(set, findings);
    environment::settings().ok()
}

/// Returns the error of each wrong variable, and one that names none.
///
/// Reading stops at the first error, so a wrong variable is left out of the next try: it must not hide others.
fn refusals() -> (BTreeMap<&'static str, String>, Option<String>) {
    let mut refused = BTreeMap::new();
    while let Err(error) = environment::settings_without(&refused) {
        let error = error.to_string();
        let variable = Settings::VARIABLES.iter().find(|variable| {
            !refused.contains_key(variable.name) && is_about(&error, variable.name)
        });
        match variable {
            Some(variable) => refused.insert(variable.name, error),
            None => return (refused, Some(error)),
        };
    }
    (refused, None)
}

/// Other commands and the Lambda functions read these.
fn show_others(set: BTreeMap<String, String>, findings: &mut Findings) {
    for (name, value) in set {
        if !value.is_empty() {
            let source = Source::Environment.name();
            findings.ok(&name, format!("{value} ({source}; not read by serve)"));
        }
    }
}

fn show(name: &str, value: Option<String>, default: &str, findings: &mut Findings) {
    let text = match value {
        Some(_) if SECRETS.contains(&name) => {
            format!("set, not shown ({})", Source::Environment.name())
        }
        Some(value) => format!("{value} ({})", Source::Environment.name()),
        None if default.is_empty() => "not set".to_owned(),
        None => format!("{default} ({})", Source::Default.name()),
    };
    findings.ok(name, text);
}

/// Returns true if the message begins with this variable, and not with a longer name.
fn is_about(error: &str, name: &str) -> bool {
    error.strip_prefix(name).is_some_and(|rest| {
        !rest.starts_with(|letter: char| letter.is_ascii_uppercase() || letter == '_')
    })
}
