//! Crates for one test.

use std::fs;

use beacon_structure::finding::Finding;
use beacon_structure::reader::read;
use beacon_structure::tree::Tree;
use beacon_structure::{cycles, public_names};

/// Writes `files`, by path and text, and reads the crate that begins in the first.
pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut tree = read("planted", &folder.path().join(files[0].0)).unwrap();
    for module in &mut tree.modules {
        module.file = module.file.strip_prefix(folder.path()).unwrap().to_owned();
    }
    tree
}

/// Returns the cycles in `files` as they are printed.
pub(crate) fn cycles(files: &[(&str, &str)]) -> String {
    print(&cycles::between_modules(&tree(files)))
}

/// Returns the names that `files` publish twice, as they are printed.
pub(crate) fn shared_names(files: &[(&str, &str)]) -> String {
    print(&public_names::shared_names(&tree(files)))
}

/// Puts each finding on lines of its own.
pub(crate) fn print(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| format!("{finding}\n"))
        .collect()
}
