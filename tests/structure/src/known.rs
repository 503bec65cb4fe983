//! Findings that the tree still has, each with its reason.

use crate::finding::Finding;

/// Messages of findings that may stand, each with the reason.
pub const KNOWN: [(&str, &str); 3] = [
    (
        "infra/edge.yaml has more than 500 lines",
        "one list of declarations, whose next cut would split a stack",
    ),
    (
        "infra/template.yaml has more than 500 lines",
        "one list of declarations, whose next cut would split a stack",
    ),
    (
        "the median of the Rust files is above 120 lines",
        "the cut into smaller files is under way: 157 lines",
    ),
];

/// Returns the findings that `known` does not list, and one for each that it lists in vain.
#[must_use]
pub fn unknown(findings: Vec<Finding>, known: &[(&str, &str)]) -> Vec<Finding> {
    let mut stale = Vec::new();
    for (message, _) in known {
        if !findings.iter().any(|finding| finding.message == *message) {
            stale.push(Finding::without_place(format!(
                "listed as known, and not found any more: {message}"
            )));
        }
    }
    let mut left = findings;
    left.retain(|finding| !known.iter().any(|(message, _)| finding.message == *message));
    left.extend(stale);
    left
}
