//! Telling where JSON is: a scanner that takes one byte after the other and never goes back.

/// Brackets in each other; more are no log's or record's.
const MAX_OPEN: usize = 128;

/// Follows one JSON object or array from its opening bracket.
///
/// Where it fails, every bracket that is still open fails at the same byte, so none of them is worth another try:
/// that keeps a search through any text linear.
pub(super) struct Scanner {
    state: State,
    open: Vec<Open>,
}

/// The scanner's state after a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The value goes on.
    More,
    /// The byte was the value's last.
    Done,
    /// The byte can't stand here; it belongs to whatever comes next.
    Failed,
}

/// A bracket that has not been closed yet.
#[derive(Debug, Clone)]
pub(super) struct Open {
    bracket: u8,
    /// The position of the bracket.
    pub(super) at: usize,
    /// Just behind its last whole member, or behind the bracket.
    pub(super) last_end: usize,
    /// It is a hit by its key `hit_id`, or by the key `unsent` in front of it.
    pub(super) is_hit: bool,
    key_at: usize,
    key_end: usize,
}

#[derive(Clone, Copy)]
enum State {
    /// Behind `[`: a value or the end.
    First,
    /// Behind a comma of an array, or a colon.
    Value,
    /// Behind `{`: a key or the end.
    FirstKey,
    /// Behind a comma of an object.
    Key,
    Colon,
    /// Behind a member: a comma or the end.
    Comma,
    Text {
        is_key: bool,
        is_escaped: bool,
        at: usize,
    },
    Number,
    /// The rest of `true`, `false` or `null`.
    Word(&'static [u8]),
}

impl Scanner {
    /// Starts at an opening bracket, which stands at `at`.
    pub(super) fn new(bracket: u8, at: usize) -> Scanner {
        let mut scanner = Scanner {
            state: State::First,
            open: Vec::new(),
        };
        scanner.push(bracket, at, false);
        scanner
    }

    /// Returns the open brackets, the outermost first.
    pub(super) fn open(&self) -> &[Open] {
        &self.open
    }

    /// Moves all positions after `count` bytes in front were dropped.
    pub(super) fn rebase(&mut self, count: usize) {
        for open in &mut self.open {
            for at in [
                &mut open.at,
                &mut open.last_end,
                &mut open.key_at,
                &mut open.key_end,
            ] {
                *at = at.saturating_sub(count);
            }
        }
        if let State::Text { at, .. } = &mut self.state {
            *at = at.saturating_sub(count);
        }
    }

    /// Takes `text[at]`. `whole` is called with the range of each string and each container that ends inside another.
    pub(super) fn step(
        &mut self,
        text: &[u8],
        at: usize,
        whole: &mut impl FnMut(usize, usize),
    ) -> Step {
        let byte = text[at];
        match self.state {
            State::Text {
                is_key,
                is_escaped,
                at: begun,
            } => match byte {
                0..0x20 => return Step::Failed,
                _ if is_escaped => self.state = text_state(is_key, false, begun),
                b'\\' => self.state = text_state(is_key, true, begun),
                b'"' if is_key => self.end_key(begun, at + 1),
                b'"' => {
                    whole(begun, at + 1);
                    self.end_member(at + 1);
                }
                _ => {}
            },
            State::Number if matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E') => {}
            State::Number => {
                self.end_member(at);
                return self.step(text, at, whole);
            }
            State::Word(rest) => match rest.split_first() {
                Some((&expected, rest)) if expected == byte => self.state = State::Word(rest),
                Some(_) => return Step::Failed,
                None => {
                    self.end_member(at);
                    return self.step(text, at, whole);
                }
            },
            _ if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') => {}
            State::First if byte == b']' => return self.close(byte, at, whole),
            State::FirstKey if byte == b'}' => return self.close(byte, at, whole),
            State::First | State::Value => match byte {
                b'"' => self.state = text_state(false, false, at),
                b'{' | b'[' if self.open.len() < MAX_OPEN => {
                    let is_hit = self
                        .open
                        .last()
                        .is_some_and(|open| open.key(text) == b"\"unsent\"");
                    self.push(byte, at, is_hit);
                }
                b'0'..=b'9' | b'-' => self.state = State::Number,
                b't' => self.state = State::Word(b"rue"),
                b'f' => self.state = State::Word(b"alse"),
                b'n' => self.state = State::Word(b"ull"),
                _ => return Step::Failed,
            },
            State::FirstKey | State::Key if byte == b'"' => {
                self.state = text_state(true, false, at);
            }
            State::Colon if byte == b':' => {
                if let Some(open) = self.open.last_mut() {
                    open.is_hit |= open.key(text) == b"\"hit_id\"";
                }
                self.state = State::Value;
            }
            State::Comma => match (byte, self.open.last().map(|open| open.bracket)) {
                (b',', Some(b'{')) => self.state = State::Key,
                (b',', _) => self.state = State::Value,
                _ => return self.close(byte, at, whole),
            },
            State::FirstKey | State::Key | State::Colon => return Step::Failed,
        }
        Step::More
    }

    fn push(&mut self, bracket: u8, at: usize, is_hit: bool) {
        self.open.push(Open {
            bracket,
            at,
            last_end: at + 1,
            is_hit,
            key_at: at,
            key_end: at,
        });
        self.state = match bracket {
            b'{' => State::FirstKey,
            _ => State::First,
        };
    }

    fn end_key(&mut self, begun: usize, end: usize) {
        if let Some(open) = self.open.last_mut() {
            (open.key_at, open.key_end) = (begun, end);
        }
        self.state = State::Colon;
    }

    fn end_member(&mut self, end: usize) {
        if let Some(open) = self.open.last_mut() {
            open.last_end = end;
        }
        self.state = State::Comma;
    }

    fn close(&mut self, byte: u8, at: usize, whole: &mut impl FnMut(usize, usize)) -> Step {
        let bracket = match byte {
            b'}' => b'{',
            b']' => b'[',
            _ => return Step::Failed,
        };
        match self.open.pop_if(|open| open.bracket == bracket) {
            None => Step::Failed,
            Some(_) if self.open.is_empty() => Step::Done,
            Some(closed) => {
                whole(closed.at, at + 1);
                self.end_member(at + 1);
                Step::More
            }
        }
    }
}

impl Open {
    /// Returns the key of the next member, in its quotes.
    fn key<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.key_at..self.key_end).unwrap_or_default()
    }
}

fn text_state(is_key: bool, is_escaped: bool, at: usize) -> State {
    State::Text {
        is_key,
        is_escaped,
        at,
    }
}

/// The value at an opening bracket.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// The whole value; or, where it breaks off, the largest whole values inside. None of them is part of a hit that
    /// breaks off: what a visitor sent must not pass for a hit.
    pub(super) values: Vec<(usize, usize)>,
    /// The position to continue at.
    pub(super) end: usize,
}

/// Scans from the opening bracket at `start` until it is closed or can't be.
pub(super) fn scan(text: &[u8], start: usize) -> Scanned {
    let mut scanner = Scanner::new(text[start], start);
    let mut values: Vec<(usize, usize)> = Vec::new();
    let mut end = text.len();
    for at in start + 1..text.len() {
        let mut whole = |begun, end| {
            // A container takes the place of its members.
            while values.pop_if(|(inner, _)| *inner > begun).is_some() {}
            values.push((begun, end));
        };
        match scanner.step(text, at, &mut whole) {
            Step::More => {}
            Step::Done => {
                let values = vec![(start, at + 1)];
                return Scanned {
                    values,
                    end: at + 1,
                };
            }
            Step::Failed => {
                end = at;
                break;
            }
        }
    }
    if let Some(hit) = scanner.open().iter().find(|open| open.is_hit) {
        values.retain(|(begun, _)| *begun < hit.at);
    }
    Scanned { values, end }
}

#[cfg(test)]
mod tests;
