//! The map of the suites.

use std::path::PathBuf;

use beacon_structure::suites::unmapped;

use crate::planted::print;

const MAP: &str = "\
| suite | proves |
|---|---|
| `tests/infra` | the templates |
| `tests/long` (not in CI) | the same, for longer |
| `tests/demo.sh` | the demo |
| `tests/crash.rs` | no hit is lost |
";

const CI: &str = "lint  infra  tests/infra/run\nrust  demo  bash tests/demo.sh\n";

const FILES: [&str; 8] = [
    "beacon/core/tests/beacon/main.rs",
    "tests/README.md",
    "tests/crash.rs",
    "tests/demo.sh",
    "tests/infra/invalid/run/a.yml",
    "tests/infra/run",
    "tests/long/run",
    "tests/python",
];

#[track_caller]
fn check(map: &str, ci: &str, more_files: &[&str], expected: &str) {
    let files: Vec<PathBuf> = FILES.iter().chain(more_files).map(PathBuf::from).collect();
    assert_eq!(print(&unmapped(map, ci, &files)), expected);
}

#[test]
fn map_with_every_suite() {
    check(MAP, CI, &[], "");
}

#[test]
fn suite_without_a_row() {
    check(
        MAP,
        CI,
        &["tests/fixtures/a.json", "tests/siege.rs"],
        "error: tests/README.md has no row for tests/fixtures\n\
         error: tests/README.md has no row for tests/siege.rs\n",
    );
}

#[test]
fn suite_that_ci_leaves_out() {
    check(
        MAP,
        "lint  infra  tests/infra/run\n",
        &[],
        "error: .ci/run does not call tests/demo.sh, and its row in tests/README.md does not say \"not in CI\"\n",
    );
}

#[test]
fn suite_that_ci_runs_although_its_row_says_otherwise() {
    check(
        MAP,
        &format!("{CI}tests/long/run\n"),
        &[],
        "error: .ci/run calls tests/long/run, whose row in tests/README.md says \"not in CI\"\n",
    );
}

#[test]
fn suite_that_is_gone() {
    check(
        &format!("{MAP}| `tests/athena` | SQL |\n"),
        &format!("{CI}sql  athena  tests/athena/run\n"),
        &[],
        "error: tests/README.md names tests/athena, which does not exist\n\
         error: .ci/run names tests/athena/run, which does not exist\n",
    );
}
