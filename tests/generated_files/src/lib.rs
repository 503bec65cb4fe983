//! Compares committed generated files with what would be generated now.
//!
//! With `BEACON_REGENERATE=1` in the environment of the tests the files are written instead.

use std::path::Path;

/// Checks that the file at `path`, seen from the repository's root, is `expected`.
///
/// # Panics
/// Panics if the file is stale, or if it can't be written.
#[track_caller]
pub fn check(path: &str, expected: &str) {
    check_part(path, |_| expected.to_owned());
}

/// Checks that the part of a file between `<!-- name -->` and `<!-- /name -->` is `expected`.
///
/// # Panics
/// Panics if the part is stale or not there, or if the file can't be written.
#[track_caller]
pub fn check_section(path: &str, name: &str, expected: &str) {
    check_between(
        path,
        (&format!("<!-- {name} -->\n"), &format!("<!-- /{name} -->")),
        expected,
    );
}

/// Checks that the part of an SQL file between the lines `-- begin name` and `-- end name` is `expected`.
///
/// # Panics
/// Panics if the part is stale or not there, or if the file can't be written.
#[track_caller]
pub fn check_sql_section(path: &str, name: &str, expected: &str) {
    check_between(
        path,
        (&format!("\n-- begin {name}\n"), &format!("-- end {name}\n")),
        expected,
    );
}

#[track_caller]
fn check_between(path: &str, (begin, end): (&str, &str), expected: &str) {
    check_part(path, |committed| {
        let parts = committed
            .split_once(begin)
            .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
        let Some((before, after)) = parts else {
            panic!("{path} has no part between {begin:?} and {end:?}");
        };
        format!("{before}{begin}{expected}{end}{after}")
    });
}

#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "asks whether to write instead of to compare; no setting of the beacon"
)]
fn check_part(path: &str, expected: impl FnOnce(&str) -> String) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let expected = expected(&committed);
    if std::env::var("BEACON_REGENERATE").is_ok() {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("the folder of a generated file can be made");
        }
        std::fs::write(&file, expected).expect("a generated file can be written");
        return;
    }
    assert!(
        committed == expected,
        "{path} is stale: run BEACON_REGENERATE=1 cargo test -p beacon-core -p beacon-catalog -p beacon-trino -p beacon-query -p beacon-cli"
    );
}
