//! Runs every check over a workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::crates::{against_order, cycles_between, engine_rebuilds};
use crate::cycles::between_modules;
use crate::file_sizes::{Size, sizes, too_long, too_long_in_the_middle};
use crate::finding::Finding;
use crate::public_names::shared_names;
use crate::reader::read;
use crate::suites::unmapped;
use crate::unused::{unused_by, unused_by_all};
use crate::workspace::{Kind, Package, Target, files, packages};

/// What the checks say about a workspace.
#[derive(Debug)]
pub struct Report {
    /// Everything that should be otherwise.
    pub findings: Vec<Finding>,
    /// Lines of every source file.
    pub sizes: Vec<Size>,
}

/// Checks the workspace at `root`.
///
/// # Errors
///
/// Cargo cannot be asked, or a source file cannot be read or parsed.
pub fn check(root: &Path) -> Result<Report> {
    let root = root.canonicalize()?;
    let packages = packages(&root)?;
    let files = files(&root)?;
    let mut findings = Vec::new();
    let mut modules = BTreeSet::new();
    let mut read_files = BTreeSet::new();
    for package in &packages {
        let mut package_files = BTreeSet::new();
        for target in &package.targets {
            let tree = read(&crate_name(package, target), &target.root.canonicalize()?)?;
            findings.extend(between_modules(&tree));
            if target.kind == Kind::Library {
                findings.extend(shared_names(&tree));
            }
            for module in &tree.modules {
                package_files.insert(module.file.clone());
                if let (Kind::Library | Kind::Program, Some(name)) =
                    (target.kind, module.path.last())
                {
                    modules.insert((package.name.clone(), name.clone()));
                }
            }
        }
        findings.extend(unused_by(package, &package_files)?);
        read_files.append(&mut package_files);
    }
    findings.extend(unused_by_all(
        &fs::read_to_string(root.join("Cargo.toml"))?,
        &packages,
    ));
    findings.extend(unread(&root, &files, &read_files));
    let modules: Vec<(String, String)> = modules.into_iter().collect();
    findings.extend(cycles_between(&packages));
    findings.extend(against_order(&packages, |package| {
        package.folder.starts_with(root.join("tests"))
    }));
    findings.extend(engine_rebuilds(&packages, &modules));
    let sizes = sizes(&root, &files)?;
    findings.extend(too_long(&sizes));
    findings.extend(too_long_in_the_middle(&sizes));
    // A workspace without CI has no suites to compare.
    let ci = root.join(".ci/run");
    if ci.exists() {
        let map = fs::read_to_string(root.join("tests/README.md"))?;
        findings.extend(unmapped(&map, &fs::read_to_string(ci)?, &files));
    }
    let root = format!("{}/", root.display());
    for finding in &mut findings {
        for place in finding.places.iter_mut().chain(&mut finding.further) {
            *place = place.replace(&root, "");
        }
    }
    Ok(Report { findings, sizes })
}

/// The package's name alone for its library; a program or test has its own beside it.
fn crate_name(package: &Package, target: &Target) -> String {
    if target.kind == Kind::Library {
        package.name.clone()
    } else {
        format!("{} ({})", package.name, target.name)
    }
}

/// Finds Rust files that no crate declares: nothing compiles them, and nothing here has looked at them.
fn unread(root: &Path, files: &[PathBuf], read_files: &BTreeSet<PathBuf>) -> Vec<Finding> {
    let is_unread = |file: &&PathBuf| {
        file.extension().is_some_and(|ending| ending == "rs")
            && !read_files.contains(&root.join(file))
    };
    let finding =
        |file: &PathBuf| Finding::without_place(format!("{} belongs to no crate", file.display()));
    files.iter().filter(is_unread).map(finding).collect()
}
