//! Dependencies between crates.

use beacon_structure::crates::{ORDER, against_order, cycles_between, engine_rebuilds};
use beacon_structure::finding::Finding;
use beacon_structure::workspace::{Dependency, Package};

use crate::planted::print;

/// Every crate of the order, with `depends` of theirs, by names, as "from > to" or "from > to (dev)".
fn packages(depends: &[&str]) -> Vec<Package> {
    let mut packages: Vec<Package> = ORDER
        .iter()
        .chain(&["testing"])
        .map(|name| package(name))
        .collect();
    for line in depends.iter().chain(&["beacon-query > datafusion"]) {
        let (from, to) = line.split_once(" > ").unwrap();
        let name = to.trim_end_matches(" (dev)").to_owned();
        let dependency = Dependency {
            crate_name: name.replace('-', "_"),
            is_dev: to.ends_with(" (dev)"),
            name,
        };
        packages
            .iter_mut()
            .find(|package| package.name == from)
            .unwrap()
            .dependencies
            .push(dependency);
    }
    packages
}

fn package(name: &str) -> Package {
    Package {
        name: name.to_owned(),
        folder: name.into(),
        ..Package::default()
    }
}

fn order(packages: &[Package]) -> Vec<Finding> {
    against_order(packages, |package| package.name == "testing")
}

#[test]
fn cycle_through_tests() {
    let found = cycles_between(&packages(&[
        "beacon-lake > beacon-core",
        "beacon-core > beacon-lake (dev)",
        "beacon-aws > beacon-core",
    ]));
    assert_eq!(
        print(&found),
        "error: 2 crates are in a cycle: beacon-core, beacon-lake\n  \
         --> beacon-core/Cargo.toml: beacon-core depends on beacon-lake\n  \
         --> beacon-lake/Cargo.toml: beacon-lake depends on beacon-core\n"
    );
}

#[test]
fn modules_of_the_same_name_and_a_crate_that_tests_itself_are_no_cycle() {
    assert_eq!(
        cycles_between(&packages(&[
            "beacon-lake > beacon-core",
            "beacon-core > beacon-core (dev)"
        ])),
        []
    );
}

#[test]
fn dependency_on_what_stands_behind() {
    let found = order(&packages(&[
        "beacon-lake > beacon-server",
        "beacon-lake > beacon-core",
        "beacon-core > beacon-lake (dev)",
    ]));
    assert_eq!(
        print(&found),
        "error: beacon-lake depends on beacon-server, which stands behind it in the order of crates\n"
    );
}

#[test]
fn test_crates_are_for_tests() {
    let found = order(&packages(&[
        "beacon-lake > testing",
        "beacon-core > testing (dev)",
        "testing > beacon-cli",
    ]));
    assert_eq!(
        print(&found),
        "error: beacon-lake depends on testing, which is for tests\n"
    );
}

#[test]
fn order_that_is_not_the_workspace() {
    let mut members = packages(&[]);
    members.retain(|package| package.name != "beacon-aws");
    members.push(package("beacon-new"));
    assert_eq!(
        print(&order(&members)),
        "error: beacon-new has no place in the order of crates\n\
         error: beacon-aws has a place in the order of crates, and the workspace has no such crate\n"
    );
}

#[test]
fn datafusion_elsewhere() {
    let modules = modules(["beacon-cli", "beacon-cli", "beacon-catalog"]);
    let found = engine_rebuilds(&packages(&["beacon-server > datafusion-common"]), &modules);
    assert_eq!(
        print(&found),
        "error: beacon-server depends on DataFusion: only beacon-query and beacon-trino may\n"
    );
}

#[test]
fn often_changed_beneath_the_engine() {
    let members = packages(&[
        "beacon-query > beacon-lake",
        "beacon-lake > beacon-core",
        "beacon-query > beacon-catalog (dev)",
    ]);
    assert_eq!(
        engine_rebuilds(
            &members,
            &modules(["beacon-cli", "beacon-cli", "beacon-catalog"])
        ),
        []
    );
    let found = engine_rebuilds(
        &members,
        &modules(["beacon-cli", "beacon-query", "beacon-core"]),
    );
    assert_eq!(
        print(&found),
        "error: a change to snippets rebuilds beacon-query, which is built from beacon-query\n\
         error: a change to templates rebuilds beacon-query, which is built from beacon-core\n"
    );
}

#[test]
fn check_that_would_look_at_nothing() {
    let mut members = packages(&[]);
    members
        .iter_mut()
        .for_each(|package| package.dependencies.clear());
    assert_eq!(
        print(&engine_rebuilds(
            &members,
            &modules(["beacon-cli", "beacon-cli", "beacon"])[..2]
        )),
        "error: beacon-query does not depend on DataFusion: this check looks at the wrong crate\n\
         error: no crate has a module for templates: template or templates or cloudformation\n"
    );
}

/// Homes of prices, snippets and templates.
fn modules(crates: [&str; 3]) -> Vec<(String, String)> {
    let names = ["prices", "snippet", "template"];
    crates
        .iter()
        .zip(names)
        .map(|(home, module)| ((*home).to_owned(), module.to_owned()))
        .collect()
}
