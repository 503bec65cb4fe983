//! The variables that are set, each with its value and where it comes from, and the wrong ones with the fix.

use std::collections::BTreeMap;

use beacon_core::settings::{Settings, SettingsError};

use super::finding::Findings;
use super::given::{ServeTexts, Source};
use crate::amount::counted;
use crate::environment;

/// Variables whose values nobody should see.
const SECRETS: [&str; 3] = [
    "BEACON_DASHBOARD_KEY",
    "BEACON_DASHBOARD_PASSWORD_HASH",
    "BEACON_ORIGIN_SECRET",
];

const SUBJECT: &str = "settings";

/// Adds a finding for each variable that is set, and for each that nothing reads. Those of `beacon serve` that aren't set
/// are counted, or listed too if `lists_all`. Returns the settings of the pixel; `None` where one of them is wrong.
pub(super) fn check(
    serve: &ServeTexts,
    flags: &[String],
    lists_all: bool,
    findings: &mut Findings,
) -> Option<Settings> {
    let mut unset = Unset {
        lists_all,
        count: 0,
    };
    let mut set = environment::beacon_variables();
    let (refused, other) = refusals();
    for variable in Settings::VARIABLES {
        let value = set
            .remove(variable.name)
            .filter(|value| !value.trim().is_empty());
        match refused.get(variable.name) {
            Some(error) => findings.problem(variable.name, format!("{error} (environment)")),
            None => match value {
                Some(value) => show(variable.name, value, findings),
                None => unset.add(variable.name, Some(variable.default), findings),
            },
        }
    }
    if let Some(error) = other {
        findings.problem(SUBJECT, error);
    }
    for text in &serve.0 {
        let name = text.variable.as_deref().unwrap_or(&text.flag);
        set.remove(name);
        let source = text.source.name();
        match (&text.error, &text.value) {
            (Some(error), _) => findings.problem(name, format!("{error} ({source})")),
            (None, Some(value)) if text.source != Source::Default => {
                findings.ok(name, format!("{value} ({source})"));
            }
            (None, default) => unset.add(name, default.as_deref(), findings),
        }
    }
    for name in environment::WITHOUT_FLAG {
        match set.remove(name).filter(|value| !value.is_empty()) {
            Some(value) => show(name, value, findings),
            None => unset.add(name, None, findings),
        }
    }
    for error in environment::unknown_variables(flags) {
        match &error {
            SettingsError::UnknownVariable { name, advice } => {
                set.remove(name);
                findings.problem(name, format!("nothing reads this variable: {advice}"));
            }
            _ => findings.problem(SUBJECT, error.to_string()),
        }
    }
    show_others(set, findings);
    unset.finish(findings);
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

fn show(name: &str, value: String, findings: &mut Findings) {
    let shown = match SECRETS.contains(&name) {
        true => "set, not shown".to_owned(),
        false => value,
    };
    findings.ok(name, format!("{shown} ({})", Source::Environment.name()));
}

/// The variables of `beacon serve` that nobody sets.
struct Unset {
    lists_all: bool,
    count: u64,
}

impl Unset {
    /// Lists a variable with its default if all are listed, and counts it otherwise. An empty default is none.
    fn add(&mut self, name: &str, default: Option<&str>, findings: &mut Findings) {
        if !self.lists_all {
            self.count += 1;
            return;
        }
        match default.filter(|default| !default.is_empty()) {
            Some(default) => findings.ok(name, format!("{default} ({})", Source::Default.name())),
            None => findings.ok(name, "not set"),
        }
    }

    /// Adds one finding for all that were counted.
    fn finish(self, findings: &mut Findings) {
        if self.count > 0 {
            let variables = counted(self.count, "other variable");
            findings.ok(
                SUBJECT,
                format!("defaults for {variables}; --all-settings lists them"),
            );
        }
    }
}

/// Returns true if the message begins with this variable, and not with a longer name.
fn is_about(error: &str, name: &str) -> bool {
    error.strip_prefix(name).is_some_and(|rest| {
        !rest.starts_with(|letter: char| letter.is_ascii_uppercase() || letter == '_')
    })
}
