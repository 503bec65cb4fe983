//! All checks over this workspace.

use std::path::Path;

use beacon_structure::check::check;
use beacon_structure::known::{KNOWN, unknown};

#[test]
fn nothing_is_found_but_what_is_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let findings = unknown(check(&root).unwrap().findings, &KNOWN);
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        findings.is_empty(),
        "\n{}\n\ntests/structure/README.md says what to do",
        lines.join("\n")
    );
}
