//! What is generated from the settings and committed is up to date. `BEACON_REGENERATE=1 cargo test -p beacon-core`
//! writes it again.

use beacon_core::settings::Settings;
use beacon_generated_files::{check, check_section};

use crate::settings_cases;
use crate::visit::settings_of;

#[test]
fn rules_of_settings() {
    let rules = serde_json::to_string_pretty(&Settings::rules()).unwrap();
    check("infra/settings.json", &format!("{rules}\n"));
}

/// Settings, each with what the program says of it, by which the evaluators of the rules are held to the program.
#[test]
fn answers_to_settings() {
    let cases = settings_cases::all();
    let answers: Vec<_> = cases
        .iter()
        .map(|set| {
            let set: Vec<_> = set
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let refused = settings_of(&set).err().map(|error| error.to_string());
            let set: serde_json::Map<_, _> = set
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            serde_json::json!({ "set": set, "refused": refused })
        })
        .collect();
    let refused = answers.iter().filter(|answer| !answer["refused"].is_null());
    assert!(
        refused.count() * 4 > answers.len(),
        "most cases are fine, so they show little"
    );
    let lines: Vec<_> = answers.iter().map(|answer| answer.to_string()).collect();
    check(
        "tests/fixtures/settings.json",
        &format!("[\n{}\n]\n", lines.join(",\n")),
    );
}

#[test]
fn tables_of_the_docs() {
    check_section("docs/settings.md", "settings", &Settings::markdown());
}

#[test]
fn tables_for_the_docs_have_a_row_each() {
    assert_eq!(
        Settings::markdown().lines().count(),
        2 + Settings::VARIABLES.len()
    );
}
