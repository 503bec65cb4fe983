//! A user agent beside itself in small letters.

/// Bytes of a user agent that are looked at. What follows them is ignored: no browser sends as many.
pub const MOST_BYTES: usize = 1024;

/// A user agent as it came, and in small ASCII letters.
pub(crate) struct Folded<'a> {
    original: &'a [u8],
    folded: [u8; MOST_BYTES],
}

impl<'a> Folded<'a> {
    /// Folds the first [`MOST_BYTES`] of `user_agent`, without blanks at its ends.
    pub(crate) fn new(user_agent: &'a str) -> Self {
        let bytes = user_agent.trim_ascii().as_bytes();
        let original = &bytes[..bytes.len().min(MOST_BYTES)];
        let mut folded = [0; MOST_BYTES];
        let copy = &mut folded[..original.len()];
        copy.copy_from_slice(original);
        copy.make_ascii_lowercase();
        Self { original, folded }
    }

    /// Returns the user agent as it came.
    pub(crate) fn original(&self) -> &[u8] {
        self.original
    }

    /// Returns the user agent in small letters, as many bytes as it came with.
    pub(crate) fn folded(&self) -> &[u8] {
        &self.folded[..self.original.len()]
    }
}
