//! The workspace as cargo and git know it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A member of the workspace.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Name in its Cargo.toml.
    pub name: String,
    /// Folder of its Cargo.toml.
    pub folder: PathBuf,
    /// What cargo builds of it.
    pub targets: Vec<Target>,
    /// What its Cargo.toml names, whatever the section.
    pub dependencies: Vec<Dependency>,
}

/// A crate that cargo builds of a package.
#[derive(Debug, Clone)]
pub struct Target {
    /// Name of the library, program or test.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its first source file.
    pub root: PathBuf,
}

/// What cargo builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A library, or a procedural macro.
    Library,
    /// A program.
    Program,
    /// A test, an example, a benchmark or a build script.
    Other,
}

/// A line of a Cargo.toml's dependencies.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// Name of the package.
    pub name: String,
    /// Whether it stands in `[dev-dependencies]`.
    pub is_dev: bool,
}

/// Asks cargo for the members of the workspace at `root`.
///
/// # Errors
///
/// Cargo cannot be started or refuses the workspace.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let output = run(
        root,
        env!("CARGO"),
        &["metadata", "--no-deps", "--format-version", "1"],
    )?;
    let metadata: Value =
        serde_json::from_slice(&output).context("cargo metadata prints no JSON")?;
    let mut packages = Vec::new();
    for package in list(&metadata["packages"]) {
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        packages.push(Package {
            name: text(&package["name"]),
            folder: manifest.parent().unwrap_or(root).to_owned(),
            targets: list(&package["targets"]).map(target).collect(),
            dependencies: list(&package["dependencies"]).map(dependency).collect(),
        });
    }
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

/// Asks git for the files below `root`, those that are new included, those that it ignores not. Paths begin at `root`.
///
/// # Errors
///
/// Git cannot be started, or `root` is in no repository.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let output = run(
        root,
        "git",
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    )?;
    let names = String::from_utf8(output).context("a file's name is no UTF-8")?;
    let mut files: Vec<PathBuf> = names.split_terminator('\0').map(PathBuf::from).collect();
    // What is deleted and not yet committed is still in git's list.
    files.retain(|file| root.join(file).is_file());
    files.sort();
    Ok(files)
}

fn run(root: &Path, program: &str, arguments: &[&str]) -> Result<Vec<u8>> {
    let command = format!("{program} {}", arguments.join(" "));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output()
        .with_context(|| format!("{command} cannot be run"))?;
    if !output.status.success() {
        bail!("{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

fn target(target: &Value) -> Target {
    let kinds: Vec<String> = list(&target["kind"]).map(text).collect();
    let kind = match kinds.first().map(String::as_str) {
        Some("lib" | "rlib" | "proc-macro") => Kind::Library,
        Some("bin") => Kind::Program,
        _ => Kind::Other,
    };
    Target {
        name: text(&target["name"]),
        kind,
        root: PathBuf::from(text(&target["src_path"])),
    }
}

fn dependency(dependency: &Value) -> Dependency {
    Dependency {
        name: text(&dependency["name"]),
        is_dev: dependency["kind"] == "dev",
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
