//! The workspace as cargo knows it, and its files.

use std::fs;
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
    /// Name in code: underscores for dashes, or what the dependency is renamed to.
    pub crate_name: String,
    /// Whether it stands in `[dev-dependencies]`.
    pub is_dev: bool,
}

/// Asks cargo for the members of the workspace at `root`.
///
/// # Errors
///
/// Cargo cannot be started or refuses the workspace.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let output = ask_cargo(root)?;
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

/// Lists the files below `root`, without those in `.git` and those that a `.gitignore` names. Paths begin at `root`.
///
/// Only plain names (`node_modules/`, `/target/`) and endings (`*.tgz`) are understood, which is what stands there. Git
/// itself is not asked: a source archive has no repository.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut ignored = vec![Ignored {
        folder: PathBuf::new(),
        pattern: "/.git".to_owned(),
    }];
    let mut files = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(folder) = waiting.pop() {
        let whole = root.join(&folder);
        let lines = fs::read_to_string(whole.join(".gitignore")).unwrap_or_default();
        ignored.extend(lines.lines().map(|line| Ignored {
            folder: folder.clone(),
            pattern: line.to_owned(),
        }));
        for entry in
            fs::read_dir(&whole).with_context(|| format!("{} cannot be read", whole.display()))?
        {
            let entry = entry?;
            let kind = entry.file_type()?;
            let path = folder.join(entry.file_name());
            if ignored
                .iter()
                .any(|ignored| ignored.matches(&path, kind.is_dir()))
            {
                continue;
            }
            if kind.is_dir() {
                waiting.push(path);
            } else if kind.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A line of a `.gitignore`.
struct Ignored {
    folder: PathBuf,
    pattern: String,
}

impl Ignored {
    fn matches(&self, path: &Path, is_folder: bool) -> bool {
        let Ok(below) = path.strip_prefix(&self.folder) else {
            return false;
        };
        let (pattern, is_for_folders) = self
            .pattern
            .strip_suffix('/')
            .map_or((&*self.pattern, false), |pattern| (pattern, true));
        if is_for_folders && !is_folder {
            return false;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match (pattern.strip_prefix('/'), pattern.strip_prefix('*')) {
            (Some(here), _) => below == Path::new(here),
            (_, Some(ending)) => name.ends_with(ending),
            _ => name == pattern,
        }
    }
}

fn ask_cargo(root: &Path) -> Result<Vec<u8>> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        .output()
        .context("cargo cannot be run")?;
    if !output.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
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
    let name = text(&dependency["name"]);
    let renamed = dependency["rename"].as_str().unwrap_or(&name);
    Dependency {
        crate_name: renamed.replace('-', "_"),
        is_dev: dependency["kind"] == "dev",
        name,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
