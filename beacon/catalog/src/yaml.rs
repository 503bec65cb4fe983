//! YAML as the template has it: quoted texts, and lines moved in.

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
