//! Checks how the workspace's crates depend on each other.

use std::collections::BTreeSet;

use crate::cycles::{cycles, shortest};
use crate::finding::Finding;
use crate::workspace::Package;

/// The crates, each before those that may depend on it: cargo rebuilds what stands behind a change, so the general and
/// steady come first, and what an operator sees and somebody changes every week comes last.
pub const ORDER: [&str; 16] = [
    "beacon-agents",
    "beacon-core",
    "beacon-catalog",
    "beacon-csv",
    "beacon-aws",
    "beacon-firehose",
    "beacon-lake",
    "beacon-trino",
    "beacon-query",
    "beacon-server",
    "beacon-dashboard",
    "beacon-dashboard-s3",
    "beacon-lambda-http",
    "beacon-lambda",
    "beacon-dashboard-lambda",
    "beacon-cli",
];

/// The crate that holds the SQL engine. DataFusion takes minutes to build and to link.
pub const QUERY: &str = "beacon-query";

/// The crate that teaches the engine another dialect, and knows nothing else of the workspace.
pub const DIALECT: &str = "beacon-trino";

/// What changes often and has nothing to do with the engine, by the names of the modules that hold it.
pub const OFTEN_CHANGED: [(&str, &[&str]); 3] = [
    ("prices", &["price", "prices"]),
    ("snippets", &["snippet", "snippets"]),
    ("templates", &["template", "templates", "cloudformation"]),
];

/// A module's name, and the crate that has it.
pub type ModuleOfCrate = (String, String);

/// Returns cycles between crates, whatever the section that names the dependency.
///
/// Cargo allows a cycle through `[dev-dependencies]`. It is one all the same: two crates that can only be tested
/// together can only be understood together.
#[must_use]
pub fn cycles_between(packages: &[Package]) -> Vec<Finding> {
    let mut edges = Vec::new();
    for (from, package) in packages.iter().enumerate() {
        for dependency in &package.dependencies {
            // A crate that names itself in `[dev-dependencies]` only asks for features.
            if let Some(to) = packages
                .iter()
                .position(|other| other.name == dependency.name)
                && to != from
            {
                edges.push((from, to));
            }
        }
    }
    let mut findings = Vec::new();
    for cycle in cycles(packages.len(), edges.iter().copied()) {
        let names: Vec<&str> = cycle
            .iter()
            .map(|member| packages[*member].name.as_str())
            .collect();
        let way = shortest(&cycle, edges.iter().copied());
        let step = |(position, from): (usize, &usize)| {
            let to = way[(position + 1) % way.len()];
            let package = &packages[*from];
            format!(
                "{}/Cargo.toml: {} depends on {}",
                package.folder.display(),
                package.name,
                packages[to].name
            )
        };
        findings.push(Finding {
            message: format!(
                "{} crates are in a cycle: {}",
                names.len(),
                names.join(", ")
            ),
            places: way.iter().enumerate().map(step).collect(),
            further: Vec::new(),
        });
    }
    findings
}

/// Returns crates without a place in [`ORDER`], places without a crate, and dependencies against the order.
///
/// Crates that `is_test` are outside of it: only `[dev-dependencies]` may name them.
#[must_use]
pub fn against_order(packages: &[Package], is_test: impl Fn(&Package) -> bool) -> Vec<Finding> {
    let place = |name: &str| ORDER.iter().position(|ordered| *ordered == name);
    let mut messages = Vec::new();
    for package in packages.iter().filter(|package| !is_test(package)) {
        let Some(own) = place(&package.name) else {
            messages.push(format!(
                "{} has no place in the order of crates",
                package.name
            ));
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| !dependency.is_dev)
        {
            if packages
                .iter()
                .any(|other| other.name == dependency.name && is_test(other))
            {
                messages.push(format!(
                    "{} depends on {}, which is for tests",
                    package.name, dependency.name
                ));
            }
            if place(&dependency.name).is_some_and(|other| other >= own) {
                messages.push(format!(
                    "{} depends on {}, which stands behind it in the order of crates",
                    package.name, dependency.name
                ));
            }
        }
    }
    for ordered in ORDER {
        if !packages.iter().any(|package| package.name == ordered) {
            messages.push(format!(
                "{ordered} has a place in the order of crates, and the workspace has no such crate"
            ));
        }
    }
    messages.into_iter().map(Finding::without_place).collect()
}

/// Returns crates other than [`QUERY`] and [`DIALECT`] that name DataFusion, and what [`QUERY`] is built upon though it changes often.
#[must_use]
pub fn engine_rebuilds(packages: &[Package], modules: &[ModuleOfCrate]) -> Vec<Finding> {
    let mut messages = Vec::new();
    for package in packages {
        let names_engine = package
            .dependencies
            .iter()
            .any(|dependency| dependency.name.starts_with("datafusion"));
        if names_engine && package.name != QUERY && package.name != DIALECT {
            messages.push(format!(
                "{} depends on DataFusion: only {QUERY} and {DIALECT} may",
                package.name
            ));
        }
        if !names_engine && package.name == QUERY {
            messages.push(format!(
                "{QUERY} does not depend on DataFusion: this check looks at the wrong crate"
            ));
        }
    }
    let below = built_from(packages, QUERY);
    for (what, homes) in OFTEN_CHANGED {
        let holders: BTreeSet<&str> = modules
            .iter()
            .filter(|(_, module)| homes.contains(&module.as_str()))
            .map(|(package, _)| package.as_str())
            .collect();
        if holders.is_empty() {
            messages.push(format!(
                "no crate has a module for {what}: {}",
                homes.join(" or ")
            ));
        }
        for holder in holders.into_iter().filter(|holder| below.contains(*holder)) {
            messages.push(format!(
                "a change to {what} rebuilds {QUERY}, which is built from {holder}"
            ));
        }
    }
    messages.into_iter().map(Finding::without_place).collect()
}

/// The crate itself and the workspace's crates that are linked into it.
fn built_from(packages: &[Package], name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![name.to_owned()];
    while let Some(next) = waiting.pop() {
        let Some(package) = packages.iter().find(|package| package.name == next) else {
            continue;
        };
        if found.insert(next) {
            let linked = package
                .dependencies
                .iter()
                .filter(|dependency| !dependency.is_dev);
            waiting.extend(linked.map(|dependency| dependency.name.clone()));
        }
    }
    found
}
