//! Findings that may stand.

use beacon_structure::finding::Finding;
use beacon_structure::known::unknown;

use crate::planted::print;

fn finding(message: &str) -> Finding {
    Finding::without_place(message.to_owned())
}

#[test]
fn known_findings_pass_and_those_that_are_gone_are_reported() {
    let left = unknown(
        vec![finding("one"), finding("two")],
        &[("two", "reason"), ("three", "reason")],
    );
    assert_eq!(
        print(&left),
        "error: one\nerror: listed as known, and not found any more: three\n"
    );
}
