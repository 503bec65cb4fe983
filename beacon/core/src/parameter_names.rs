//! Names of parameters, and what they tell of the values.

/// The longest name of a parameter or header, in bytes. A longer name of a parameter is cut, and a header with one is
/// left out.
pub(crate) const MAX_NAME_BYTES: usize = 256;

/// Tells whether a parameter of this name holds the address of a page.
pub(crate) fn names_page(name: &str) -> bool {
    matches!(name, "url" | "page" | "ref" | "referrer")
}

/// The names under which advertisers' networks add a value of its own to each click. `clients/js/src/page.ts` has the
/// same.
const CLICK_IDS: [&str; 14] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "fbclid",
    "igshid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "yclid",
    "epik",
    "rdt_cid",
    "sccid",
];

/// Tells whether a parameter of this name, in any case, tells one visitor from all others.
pub(crate) fn names_click(name: &str) -> bool {
    CLICK_IDS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_knows_the_same_click_ids() {
        let client = include_str!("../../../clients/js/src/page.ts");
        let list = format!("const CLICK_IDS = '{}';", CLICK_IDS.join("|"));
        assert!(
            client.contains(&list),
            "clients/js/src/page.ts lacks {list}"
        );
    }
}
