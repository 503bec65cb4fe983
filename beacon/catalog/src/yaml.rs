//! Writes what varies in the template as YAML: quoted strings, literal blocks, comments and indented lines.
//!
//! The template is written by hand and filled in, not serialized: `infra/catalog.yaml` is deployed and reviewed by
//! people, and no serializer keeps its comments, its short tags (`!Sub`, `!If`), its one-line columns, or the order of
//! its resources. Every string that varies goes through a function of this module, and `tests/catalog/yaml.rs` reads
//! arbitrary ones back with a YAML parser.
//!
//! CloudFormation reads [YAML 1.1](https://yaml.org/spec/1.1/), so these functions keep to that version.

/// Returns a double-quoted YAML string: that of JSON, with what YAML counts as unprintable or a line break escaped.
pub(crate) fn text(text: &str) -> String {
    printable(&serde_json::to_string(text).expect("every string can be written as JSON"))
}

/// Returns the words of a comment, which ends at the first line break.
pub(crate) fn comment_text(text: &str) -> String {
    printable(text)
}

/// Returns a string as a literal block, indented by `indent` spaces, or quoted if no block can hold it.
pub(crate) fn literal(string: &str, indent: usize) -> String {
    // The first line of a block sets its indentation, and |- drops line breaks at the end.
    let fits = !string.is_empty()
        && !string.starts_with([' ', '\t', '\n'])
        && !string.ends_with('\n')
        && string
            .chars()
            .all(|letter| matches!(letter, '\n' | '\t') || is_printable(letter));
    if !fits {
        return text(string);
    }
    format!("|-\n{}", block(string, indent))
}

/// Returns the lines indented by `indent` spaces; an empty one stays empty.
pub(crate) fn block(lines: &str, indent: usize) -> String {
    let lines = lines.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{:indent$}{line}", ""),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Escapes every character that isn't [`is_printable`] as `\uXXXX`, which JSON and YAML read alike.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_printable(letter) {
            printable.push(letter);
        } else {
            printable.push_str(&format!("\\u{:04x}", u32::from(letter)));
        }
    }
    printable
}

/// Returns true for a character that YAML 1.1 takes unescaped (`c-printable`) within a line.
///
/// The byte order mark is not among them. All others are below U+10000.
fn is_printable(letter: char) -> bool {
    match letter {
        // YAML 1.1 ends a line at these two as well.
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => true,
        _ => false,
    }
}
