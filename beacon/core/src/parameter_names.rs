//! Names of parameters, and what they tell of the values.

/// The longest name of a parameter or header, in bytes. A longer name of a parameter is cut, and a header with one is
/// left out.
pub(crate) const MAX_NAME_BYTES: usize = 256;

/// Tells whether a parameter of this name holds the address of a page.
pub(crate) fn names_page(name: &str) -> bool {
    matches!(name, "url" | "page" | "ref" | "referrer")
}

/// Strips `amp;` from the start of a name, as often as the text around it was escaped.
pub(crate) fn without_escapes(name: &str) -> &str {
    const ESCAPE: &str = "amp;";
    let mut rest = name;
    while let Some(start) = rest.get(..ESCAPE.len())
        && start.eq_ignore_ascii_case(ESCAPE)
    {
        rest = &rest[ESCAPE.len()..];
    }
    rest
}
