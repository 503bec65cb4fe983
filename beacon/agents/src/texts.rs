//! Texts by which machines give themselves away, and their search.

use crate::folded::Folded;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The kinds of texts, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A word that machines have and browsers don't
    Word,
    /// The name of a machine
    Name,
    /// A mail program, in which a person reads
    MailProgram,
    /// A mail service that fetches for its readers
    MailProxy,
}

/// One text of the tables in `rules/`.
pub(crate) struct Text {
    text: &'static str,
    /// Where the text stands in a longer one that takes its meaning away, and that longer one.
    unless: &'static [(u8, &'static str)],
    pub(crate) rule: &'static str,
    /// The rule where this is a library and reports a custom event, as servers do.
    pub(crate) server: Option<&'static str>,
    pub(crate) kind: Kind,
    /// Whether upper and lower case differ.
    exact: bool,
    starts: bool,
    ends: bool,
    word_start: bool,
    word_end: bool,
}

/// Returns the strongest text in `user_agent`, and the longest of those.
#[must_use]
pub(crate) fn find(user_agent: &Folded<'_>) -> Option<&'static Text> {
    let mut found: Option<&'static Text> = None;
    let folded = user_agent.folded();
    for (at, window) in folded.windows(3).enumerate() {
        let window = u32::from_le_bytes([window[0], window[1], window[2], 0]);
        let bit = window.wrapping_mul(0x9E37_79B1) >> (32 - FILTER_BITS);
        if FILTER[(bit >> 6) as usize] & (1 << (bit & 63)) == 0 {
            continue;
        }
        let Ok(known) = WINDOWS.binary_search_by_key(&window, |known| known.0) else {
            continue;
        };
        let (_, first, count) = WINDOWS[known];
        let first = usize::from(first);
        for (index, offset) in &CANDIDATES[first..first + usize::from(count)] {
            let text = &TEXTS[usize::from(*index)];
            let Some(start) = at.checked_sub(usize::from(*offset)) else {
                continue;
            };
            let is_model = || text.kind == Kind::Word && user_agent.model().contains(&start);
            if text.is_at(start, user_agent)
                && !is_model()
                && found.is_none_or(|other| text.beats(other))
            {
                found = Some(text);
            }
        }
    }
    found
}

impl Text {
    fn beats(&self, other: &Self) -> bool {
        (self.kind, self.text.len()) > (other.kind, other.text.len())
    }

    fn is_at(&self, start: usize, user_agent: &Folded<'_>) -> bool {
        let folded = user_agent.folded();
        let within = if self.exact {
            user_agent.original()
        } else {
            folded
        };
        let end = start + self.text.len();
        within.get(start..end) == Some(self.text.as_bytes())
            && (!self.starts || start == 0)
            && (!self.ends || end == folded.len())
            && (!self.word_start || start == 0 || !is_word(folded[start - 1]))
            && (!self.word_end || folded.get(end).is_none_or(|next| !is_word(*next)))
            && !self.unless.iter().any(|(offset, longer)| {
                start
                    .checked_sub(usize::from(*offset))
                    .is_some_and(|from| folded[from..].starts_with(longer.as_bytes()))
            })
    }
}

/// Returns whether `byte` belongs to a word: an ASCII letter, a digit or `_`.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests;
