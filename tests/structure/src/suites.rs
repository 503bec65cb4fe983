//! Compares the map of the suites, tests/README.md, with what is in tests/ and with what CI runs.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::finding::Finding;

/// The words by which a row of the map says that CI leaves the suite out.
const NOT_IN_CI: &str = "not in CI";

/// Returns what `map` and `ci` lack of the suites among `files`, and what they name that does not exist.
///
/// `map` is the text of tests/README.md, `ci` that of `.ci/run`, and `files` are paths from the root.
#[must_use]
pub fn unmapped(map: &str, ci: &str, files: &[PathBuf]) -> Vec<Finding> {
    let rows: Vec<&str> = map.lines().filter(|line| line.starts_with("| ")).collect();
    let row_of = |path: &str| {
        let cell = format!("| `{path}`");
        rows.iter().find(|row| row.starts_with(&cell))
    };
    let mut findings = Vec::new();
    for place in places(files) {
        if row_of(&place).is_none() {
            findings.push(Finding::without_place(format!(
                "tests/README.md has no row for {place}"
            )));
        }
    }
    let called: BTreeSet<&str> = words(ci).collect();
    for script in scripts(files) {
        let suite = script.strip_suffix("/run").unwrap_or(&script);
        let is_left_out = row_of(suite).is_some_and(|row| row.contains(NOT_IN_CI));
        match (called.contains(script.as_str()), is_left_out) {
            (false, false) => findings.push(Finding::without_place(format!(
                ".ci/run does not call {script}, and its row in tests/README.md does not say \"{NOT_IN_CI}\""
            ))),
            (true, true) => findings.push(Finding::without_place(format!(
                ".ci/run calls {script}, whose row in tests/README.md says \"{NOT_IN_CI}\""
            ))),
            _ => {}
        }
    }
    let exists = |path: &str| files.iter().any(|file| file.starts_with(path));
    for (text, name) in [
        (rows.join("\n").as_str(), "tests/README.md"),
        (ci, ".ci/run"),
    ] {
        for path in words(text).collect::<BTreeSet<&str>>() {
            if path.starts_with("tests/") && !exists(path) {
                findings.push(Finding::without_place(format!(
                    "{name} names {path}, which does not exist"
                )));
            }
        }
    }
    findings
}

/// Returns the directories of tests/, and the suites that are one file there.
fn places(files: &[PathBuf]) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for file in files {
        let Ok(inside) = file.strip_prefix("tests") else {
            continue;
        };
        let mut components = inside.components();
        let Some(Component::Normal(first)) = components.next() else {
            continue;
        };
        let is_directory = components.next().is_some();
        if is_directory || is_suite_file(inside) {
            places.insert(format!("tests/{}", first.to_string_lossy()));
        }
    }
    places
}

/// Returns what starts a suite: `run` in its directory, or a script in tests/ itself.
fn scripts(files: &[PathBuf]) -> BTreeSet<String> {
    files
        .iter()
        .filter_map(|file| file.to_str())
        .filter(|file| {
            let Some(inside) = file.strip_prefix("tests/") else {
                return false;
            };
            match inside.split_once('/') {
                Some((_, rest)) => rest == "run",
                None => inside.ends_with(".sh"),
            }
        })
        .map(str::to_owned)
        .collect()
}

fn is_suite_file(file: &Path) -> bool {
    file.extension()
        .is_some_and(|ending| ending == "rs" || ending == "sh")
}

/// Splits a text into words, where blanks and the marks of Markdown separate them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character.is_whitespace() || "`\"()|,;$".contains(character))
}
