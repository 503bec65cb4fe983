//! Findings that the tree still has, each with its reason.

use crate::finding::Finding;

/// Messages of findings that may stand, each with the reason.
pub const KNOWN: [(&str, &str); 1] = [(
    "infra/template.yaml has more than 500 lines",
    "CloudFormation wants all parameters and their rules in the root: they are half of it",
)];

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
