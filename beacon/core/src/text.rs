//! Text from bytes that may be anything.

use std::borrow::Cow;

/// Reads bytes as UTF-8; invalid ones become U+FFFD.
pub(crate) fn lossy_text(bytes: &[u8]) -> Cow<'_, str> {
    // Much faster than `from_utf8_lossy` for what is UTF-8, as nearly everything is.
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}
