//! Finds files that are too long to be read in one go.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::finding::Finding;

/// Lines that a source file may have.
pub const MOST_LINES: usize = 500;

/// Lines that half of the Rust files stay within.
pub const MEDIAN_LINES: usize = 120;

/// Kinds of files that people write and read, by their endings.
const ENDINGS: [&str; 12] = [
    "rs", "ts", "tsx", "mts", "js", "jsx", "mjs", "cjs", "py", "sh", "yml", "yaml",
];

/// Files that may be longer, each with the reason. Lock files have other endings.
pub const LONGER: [(&str, &str); 1] = [(
    "infra/catalog.yaml",
    "generated from the schema and the SQL files",
)];

/// Lines of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Path from the root of the workspace.
    pub file: PathBuf,
    /// Number of its lines.
    pub lines: usize,
}

/// Counts the lines of those `files` below `root` that are source code: by ending, or a script by its first line.
///
/// # Errors
///
/// A file that cannot be read.
pub fn sizes(root: &Path, files: &[PathBuf]) -> Result<Vec<Size>> {
    let mut sizes = Vec::new();
    for file in files {
        let ending = file.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| !ENDINGS.contains(&ending)) {
            continue;
        }
        let bytes = fs::read(root.join(file))
            .with_context(|| format!("{} cannot be read", file.display()))?;
        if ending.is_some() || bytes.starts_with(b"#!") {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
            sizes.push(Size {
                file: file.clone(),
                lines,
            });
        }
    }
    Ok(sizes)
}

/// Returns files of more than [`MOST_LINES`], and exceptions that are needed no more.
#[must_use]
pub fn too_long(sizes: &[Size]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_excepted = |file: &Path| LONGER.iter().any(|(longer, _)| Path::new(longer) == file);
    for size in sizes
        .iter()
        .filter(|size| size.lines > MOST_LINES && !is_excepted(&size.file))
    {
        findings.push(Finding {
            message: format!("{} has more than {MOST_LINES} lines", size.file.display()),
            places: vec![format!("{}:{}", size.file.display(), size.lines)],
            further: Vec::new(),
        });
    }
    for (longer, _) in LONGER {
        let is_needed = sizes
            .iter()
            .any(|size| size.file == Path::new(longer) && size.lines > MOST_LINES);
        if !is_needed {
            findings.push(Finding::without_place(format!(
                "{longer} may be long and is not: take it off the list"
            )));
        }
    }
    findings
}

/// Returns a finding if half of the Rust files have more than [`MEDIAN_LINES`].
#[must_use]
pub fn too_long_in_the_middle(sizes: &[Size]) -> Vec<Finding> {
    let median = median_of_rust(sizes);
    if median <= MEDIAN_LINES {
        return Vec::new();
    }
    vec![Finding::without_place(format!(
        "the median of the Rust files is above {MEDIAN_LINES} lines"
    ))]
}

/// Returns the length that half of the Rust files stay within.
#[must_use]
pub fn median_of_rust(sizes: &[Size]) -> usize {
    let mut lines: Vec<usize> = rust(sizes).map(|size| size.lines).collect();
    lines.sort_unstable();
    lines
        .get(lines.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(0)
}

/// Returns the longest Rust files, at most `count`.
#[must_use]
pub fn longest_of_rust(sizes: &[Size], count: usize) -> Vec<Size> {
    let mut longest: Vec<Size> = rust(sizes).cloned().collect();
    longest.sort_by(|one, other| other.lines.cmp(&one.lines).then(one.file.cmp(&other.file)));
    longest.truncate(count);
    longest
}

fn rust(sizes: &[Size]) -> impl Iterator<Item = &Size> {
    sizes
        .iter()
        .filter(|size| size.file.extension().is_some_and(|ending| ending == "rs"))
}
