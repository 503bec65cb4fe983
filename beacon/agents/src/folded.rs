//! A user agent beside itself in lower case.

use std::ops::Range;

/// The bytes of a user agent that are looked at. The rest is ignored: no browser sends as many.
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

    /// Returns the user agent in lower case, as many bytes as it came with.
    pub(crate) fn folded(&self) -> &[u8] {
        &self.folded[..self.original.len()]
    }

    /// Returns the place of the model in a browser's user agent on Android: makers give phones any name, also `Spider 8`.
    ///
    /// A machine that writes its own name or address there has no model.
    pub(crate) fn model(&self) -> Range<usize> {
        const BEGIN: &[u8] = b"mozilla/5.0 (linux; ";
        const MARKS: [&[u8]; 4] = [b"compatible", b"http", b"www.", b"bot/"];
        let folded = self.folded();
        let Some(rest) = folded.strip_prefix(BEGIN) else {
            return 0..0;
        };
        let Some(length) = rest.iter().position(|byte| *byte == b')') else {
            return 0..0;
        };
        let (comment, engine) = rest.split_at(length);
        let has = |mark: &[u8]| comment.windows(mark.len()).any(|window| window == mark);
        let is_browser = engine.starts_with(b") applewebkit/") && has(b"android");
        if !is_browser || MARKS.iter().any(|mark| has(mark)) || comment.contains(&b'@') {
            return 0..0;
        }
        BEGIN.len()..BEGIN.len() + length
    }
}
