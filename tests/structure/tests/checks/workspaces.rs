//! Whole workspaces, planted, by all checks at once.

use std::fs;

use beacon_structure::check::check;
use tempfile::TempDir;

/// A workspace of two crates, whose modules have the same names and import each other in opposite directions.
fn workspace(more: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest =
        |name: &str| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[dependencies]\n");
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"left\", \"right\"]\n",
        ),
        (".gitignore", "/target/\nnode_modules/\n*.new\n"),
        ("left/Cargo.toml", &manifest("left")),
        ("left/src/lib.rs", "mod one;\nmod two;\n"),
        (
            "left/src/one.rs",
            "use super::two::Two;\npub struct One(Two);\n",
        ),
        ("left/src/two.rs", "pub struct Two;\n"),
        ("right/Cargo.toml", &manifest("right")),
        ("right/src/lib.rs", "mod one;\nmod two;\n"),
        ("right/src/one.rs", "pub struct One;\n"),
        (
            "right/src/two.rs",
            "use super::one::One;\npub struct Two(One);\n",
        ),
    ];
    for (path, text) in files.iter().chain(more) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Findings with `word` in them, as they are printed.
fn findings(workspace: &TempDir, word: &str) -> Vec<String> {
    let report = check(workspace.path()).unwrap();
    report
        .findings
        .iter()
        .map(ToString::to_string)
        .filter(|finding| finding.contains(word))
        .collect()
}

#[test]
fn modules_of_the_same_name_in_two_crates() {
    assert_eq!(findings(&workspace(&[]), "cycle"), [""; 0]);
}

#[test]
fn cycle_in_one_of_them() {
    let planted = workspace(&[(
        "right/src/one.rs",
        "pub struct One;\nfn f(_: crate::two::Two) {}\n",
    )]);
    assert_eq!(
        findings(&planted, "cycle"),
        ["error: 2 modules of right are in a cycle: one, two\n  \
          --> right/src/one.rs:2: one imports two by crate::two::Two\n  \
          --> right/src/two.rs:1: two imports one by super::one::One"]
    );
}

#[test]
fn cycle_between_the_crates() {
    let manifest = "[package]\nname = \"left\"\nedition = \"2024\"\n[dev-dependencies]\nright = { path = \"../right\" }\n";
    let back = "[package]\nname = \"right\"\nedition = \"2024\"\n[dependencies]\nleft = { path = \"../left\" }\n";
    let planted = workspace(&[("left/Cargo.toml", manifest), ("right/Cargo.toml", back)]);
    assert_eq!(
        findings(&planted, "cycle"),
        ["error: 2 crates are in a cycle: left, right\n  \
          --> left/Cargo.toml: left depends on right\n  \
          --> right/Cargo.toml: right depends on left"]
    );
}

#[test]
fn file_that_no_crate_declares() {
    let planted = workspace(&[
        ("left/src/lost.rs", ""),
        ("target/built.rs", ""),
        ("page/node_modules/package/lost.rs", ""),
        ("left/src/lost.rs.new", ""),
        ("right/.gitignore", "/lib\n"),
        ("right/lib/built.rs", ""),
    ]);
    assert_eq!(
        findings(&planted, "belongs"),
        ["error: left/src/lost.rs belongs to no crate"]
    );
}

#[test]
fn dependency_that_no_code_names() {
    let manifest = "[package]\nname = \"left\"\nedition = \"2024\"\n[dependencies]\n\
                    an-unused = \"1\"\nused-here = \"1\"\nold = { package = \"new\", version = \"1\" }\n[dev-dependencies]\nin-a-test = \"1\"\n";
    let planted = workspace(&[
        ("left/Cargo.toml", manifest),
        (
            "left/src/one.rs",
            "//! an_unused::thing\nuse ::used_here::Thing;\nconst TEXT: &str = \"an_unused\";\nfn f() { vec![old::f()]; }\n",
        ),
        ("left/tests/test.rs", "#[in_a_test::test]\nfn t() {}\n"),
    ]);
    assert_eq!(
        findings(&planted, "names"),
        ["error: left depends on and never names an-unused"]
    );
}

#[test]
fn version_that_no_member_asks_for() {
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"left\"]\n\n[workspace.dependencies]\n# why = how\nused = \"1\"\nlost = \"1\"\n\n[profile.dev]\ndebug = 1\n";
    let member = "[package]\nname = \"left\"\nedition = \"2024\"\n[dependencies]\nused = { workspace = true }\n";
    let planted = workspace(&[
        ("Cargo.toml", manifest),
        ("left/Cargo.toml", member),
        ("right/Cargo.toml", ""),
        ("left/src/one.rs", "use used::Thing;\n"),
    ]);
    assert_eq!(
        findings(&planted, "no member"),
        ["error: the workspace has a version of lost, and no member depends on it"]
    );
}
