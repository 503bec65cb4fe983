//! YAML as the template has it: quoted strings, and indented lines.
//!
//! The template is written by hand and filled in, not serialized: `infra/catalog.yaml` is deployed and reviewed by
//! people, and no serializer keeps its comments, its short tags (`!Sub`, `!If`), its one-line columns, or the order of
//! its resources. Every string that varies goes through [`text`], whose JSON is YAML.

/// A text in YAML: one of JSON is one.
pub(crate) fn text(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// The lines moved in by `indent` spaces; an empty one stays empty.
pub(crate) fn block(lines: &str, indent: usize) -> String {
    let lines = lines.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{:indent$}{line}", ""),
    });
    lines.collect::<Vec<_>>().join("\n")
}
