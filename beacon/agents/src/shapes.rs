//! Forms of user agents that no browser has, whatever they say.

use crate::texts::{is_word, rule};

/// Says whether a text has one form.
type Form = fn(&[u8]) -> bool;

/// Returns the rule of the first form that `folded`, a user agent in lower case, has.
#[must_use]
pub(crate) fn find(folded: &[u8]) -> Option<&'static str> {
    const FORMS: [(Form, &str); 10] = [
        (starts_with_sign, rule!("generic.sign")),
        (is_product, rule!("generic.product")),
        (is_long_word, rule!("generic.long-word")),
        (starts_with_number, rule!("generic.number")),
        (starts_with_search, rule!("generic.search")),
        (is_mozilla_and_product, rule!("generic.mozilla-product")),
        (ends_with_bare_word, rule!("generic.last-word")),
        (has_address, rule!("generic.email-address")),
        (has_first_version, rule!("generic.first-version")),
        (has_empty_part, rule!("generic.empty-part")),
    ];
    FORMS
        .iter()
        .find(|(has, _)| has(folded))
        .map(|(_, rule)| *rule)
}

/// Returns whether the text begins with `<`, `(` or `;`.
fn starts_with_sign(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'<' | b'(' | b';'))
}

/// Returns whether the text is a name alone, or a name and one version: `Example Fetcher/1.2`.
#[must_use]
pub(crate) fn is_product(text: &[u8]) -> bool {
    let name = text
        .iter()
        .take_while(|byte| {
            is_word(**byte) || matches!(byte, b' ' | b'.' | b'-' | b'(' | b')' | b'?' | b':' | b'%')
        })
        .count();
    /// The names of Apple's devices where they fetch mail.
    const DEVICES: [&[u8]; 4] = [b"apple-ip", b"ipad", b"iphone", b"ipod"];
    if name == 0 || DEVICES.iter().any(|device| text.starts_with(device)) {
        return false;
    }
    let Some(rest) = text[name..].strip_prefix(b"/") else {
        return matches!(text.get(name), None | Some(b','));
    };
    let word = rest.iter().take_while(|byte| is_word(**byte)).count();
    if word == rest.len()
        && !text[..name]
            .iter()
            .any(|byte| !is_word(*byte) && *byte != b'-')
    {
        return true;
    }
    let rest = rest.strip_prefix(b"v").unwrap_or(rest);
    let version = rest
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .count();
    rest.first().is_some_and(u8::is_ascii_digit) && matches!(rest.get(version), None | Some(b','))
}

/// Returns whether the text is one word of at least 50 bytes.
fn is_long_word(text: &[u8]) -> bool {
    text.len() >= 50 && !text.contains(&b' ')
}

/// Returns whether the text begins with a number.
fn starts_with_number(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && text.get(digits).is_none_or(|next| !is_word(*next))
}

/// Returns whether the first word ends with `search`.
fn starts_with_search(text: &[u8]) -> bool {
    let word = text.iter().take_while(|byte| is_word(**byte)).count();
    text[..word].ends_with(b"search")
}

/// Returns whether `Mozilla/5.0` is followed by nothing but one product: `Mozilla/5.0 (compatible; Example/1.0)`.
fn is_mozilla_and_product(text: &[u8]) -> bool {
    let Some([major, b'.', minor, b' ', rest @ ..]) = text.strip_prefix(b"mozilla/") else {
        return false;
    };
    if !major.is_ascii_digit() || !minor.is_ascii_digit() || rest.is_empty() {
        return false;
    }
    let is_name = |byte: &u8| is_word(*byte) || matches!(byte, b'.' | b'-');
    if rest.iter().all(is_name) {
        return true;
    }
    let Some(inside) = rest
        .strip_prefix(b"(")
        .and_then(|rest| rest.strip_suffix(b")"))
    else {
        return false;
    };
    if inside == b"compatible" {
        return true;
    }
    let inside = inside.strip_prefix(b"compatible;").unwrap_or(inside);
    let inside = inside.strip_prefix(b" ").unwrap_or(inside);
    let name = inside.iter().take_while(|byte| is_name(byte)).count();
    match inside.get(name) {
        None => inside.is_empty(),
        Some(b' ' | b'/') => is_version(&inside[name + 1..]),
        Some(_) => false,
    }
}

fn is_version(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'.');
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    parts.next().is_some_and(is_number)
        && parts.next().is_some_and(is_number)
        && parts.next().is_none()
}

/// Returns whether the text ends with a word between `; ` and `;`.
fn ends_with_bare_word(text: &[u8]) -> bool {
    let Some(text) = text.strip_suffix(b";") else {
        return false;
    };
    let word = text.iter().rev().take_while(|byte| is_word(**byte)).count();
    word > 0 && text[..text.len() - word].ends_with(b"; ")
}

/// Returns whether the text has an email address.
fn has_address(text: &[u8]) -> bool {
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|byte| *byte == b'@') {
        let host = &text[from + at + 1..];
        let label = host
            .iter()
            .take_while(|byte| is_word(**byte) || **byte == b'-')
            .count();
        if label >= 2 && host[0].is_ascii_lowercase() && host.get(label) == Some(&b'.') {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Returns whether the text has a product of version 1.0 before a semicolon, as homemade crawlers do.
fn has_first_version(text: &[u8]) -> bool {
    /// A television's language and a phone's system, which are of version 1.0
    const OTHERS: [&[u8]; 2] = [b"ce-html", b"bada"];
    text.windows(5).enumerate().any(|(at, window)| {
        let name = &text[..at];
        window == b"/1.0;"
            && name.last().is_some_and(|byte| is_word(*byte))
            && !OTHERS.iter().any(|other| name.ends_with(other))
    })
}

/// Returns whether the text has `()` or `|`.
fn has_empty_part(text: &[u8]) -> bool {
    text.contains(&b'|') || text.windows(2).any(|two| two == b"()")
}
