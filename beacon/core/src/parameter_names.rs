//! Names of parameters, and what they tell of the values.

/// A longer name of a parameter is cut to this; a header of a longer name is left out.
pub(crate) const MAX_NAME_BYTES: usize = 256;

/// Tells whether a parameter of this name holds the address of a page.
pub(crate) fn names_page(name: &str) -> bool {
    matches!(name, "url" | "page" | "ref" | "referrer")
}

/// A name without the `amp;` of `&amp;`, which stands there as often as a text was escaped.
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
