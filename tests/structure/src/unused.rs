//! Finds dependencies that nothing uses: they cost time to build, and a reader asks what they are for.
//!
//! cargo-machete finds them too. It would be one more tool that CI builds, and it searches the text of the sources; this
//! reads tokens, and also finds versions of the workspace that no member asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use proc_macro2::{TokenStream, TokenTree};

use crate::finding::Finding;
use crate::workspace::Package;

/// Dependencies that no code names, each with the reason: package, dependency, reason.
pub const UNNAMED: [(&str, &str, &str); 1] = [(
    "beacon-query",
    "tempfile",
    "the example of Engine::query makes a lake in a directory that goes away",
)];

/// Returns dependencies of `package` that none of its source `files` names.
///
/// A name in a comment or a text counts for nothing. A dependency for the examples of doc comments alone belongs into
/// [`UNNAMED`].
///
/// # Errors
///
/// A file that cannot be read, or that is no Rust.
pub fn unused_by(package: &Package, files: &BTreeSet<PathBuf>) -> Result<Vec<Finding>> {
    let mut named = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let tokens = text
            .parse()
            .map_err(|error| anyhow!("{} is no Rust: {error}", file.display()))?;
        collect_identifiers(tokens, &mut named);
    }
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let is_excepted = UNNAMED
            .iter()
            .any(|(from, to, _)| *from == package.name && *to == dependency.name);
        if named.contains(&dependency.crate_name) == is_excepted {
            let verdict = if is_excepted {
                "uses, although it is listed as unnamed,"
            } else {
                "depends on and never names"
            };
            findings.push(Finding::without_place(format!(
                "{} {verdict} {}",
                package.name, dependency.name
            )));
        }
    }
    Ok(findings)
}

/// Returns the versions in the workspace's `manifest` that no member asks for.
#[must_use]
pub fn unused_by_all(manifest: &str, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let section = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1);
    for line in section.take_while(|line| !line.starts_with('[')) {
        let Some((name, _)) = line.split_once(" = ") else {
            continue;
        };
        let is_asked_for = packages.iter().any(|package| {
            package
                .dependencies
                .iter()
                .any(|dependency| dependency.name == name)
        });
        if !is_asked_for && !name.starts_with('#') {
            findings.push(Finding::without_place(format!(
                "the workspace has a version of {name}, and no member depends on it"
            )));
        }
    }
    findings
}

fn collect_identifiers(tokens: TokenStream, named: &mut BTreeSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => collect_identifiers(group.stream(), named),
            TokenTree::Ident(ident) => {
                named.insert(ident.to_string());
            }
            _ => {}
        }
    }
}
