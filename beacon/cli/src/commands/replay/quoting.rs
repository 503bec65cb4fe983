//! Layers of quoting around a hit's JSON: finding out which is the outermost, and taking it off.

use memchr::memmem;

use super::base64_text;

/// Keys by which a text says that a lost hit is in it.
const KEYS: [&str; 3] = ["hit_id", "unsent", "rawData"];

/// A way of quoting text inside other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// `\"`, as JSON and most languages do.
    Backslashes,
    /// `""`, as CSV does.
    Doubled,
    /// `%22`, as URLs and forms do.
    Percent,
    /// `&quot;`, as HTML and XML do.
    Entities,
}

/// A key of a lost hit in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// One of [`KEYS`].
    pub(super) key: &'static str,
    /// Where the key begins.
    pub(super) at: usize,
    /// The outermost quoting of what the key belongs to, if any.
    pub(super) quoting: Option<Quoting>,
}

/// Finds the first key of a lost hit. The word alone, as in "3 messages unsent", is none: a quote follows a key.
pub(super) fn named(text: &[u8]) -> Option<Named> {
    let mut first: Option<Named> = None;
    for key in KEYS {
        for at in memmem::find_iter(text, key) {
            if first.as_ref().is_some_and(|first| first.at <= at) {
                break;
            }
            let quotes = quotes(&text[at + key.len()..]);
            if !quotes.is_empty() {
                let quoting = match outermost(quotes) {
                    Some(Quoting::Entities | Quoting::Percent) if is_in_string(text, at) => {
                        Some(Quoting::Backslashes)
                    }
                    quoting => quoting,
                };
                first = Some(Named { key, at, quoting });
                break;
            }
        }
    }
    first
}

/// The quoting of a text without keys, if any.
pub(super) fn quoting_of_unnamed(text: &[u8]) -> Option<Quoting> {
    if memmem::find(text, b"&quot;").is_some() || memmem::find(text, b"&#").is_some() {
        return Some(Quoting::Entities);
    }
    let has_percent = [
        b"%22", b"%0A", b"%7B", b"%2C", b"%2B", b"%2F", b"%3D", b"%2b", b"%2f", b"%3d",
    ]
    .iter()
    .any(|escape| memmem::find(text, *escape).is_some());
    if has_percent {
        return Some(Quoting::Percent);
    }
    text.contains(&b'\\').then_some(Quoting::Backslashes)
}

/// The quoting that begins behind a key.
fn quotes(rest: &[u8]) -> &[u8] {
    let is_quoting = |byte: &u8| matches!(byte, b'\\' | b'"' | b'\'');
    let plain = rest.iter().take_while(|byte| is_quoting(byte)).count();
    let quoted = &rest[plain..];
    let is_entity = [
        &b"&quot;"[..],
        b"&#34;",
        b"&#x22;",
        b"&amp;",
        b"&#39;",
        b"&apos;",
    ]
    .iter()
    .any(|entity| quoted.starts_with(entity));
    let is_percent = [&b"%22"[..], b"%5C", b"%5c", b"%25", b"%27"]
        .iter()
        .any(|escape| quoted.starts_with(escape));
    &rest[..plain + usize::from(is_entity || is_percent)]
}

fn outermost(quotes: &[u8]) -> Option<Quoting> {
    match quotes.last() {
        Some(b'&') => Some(Quoting::Entities),
        Some(b'%') => Some(Quoting::Percent),
        _ if memmem::find(quotes, b"\"\"").is_some() => Some(Quoting::Doubled),
        _ if quotes.contains(&b'\\') => Some(Quoting::Backslashes),
        _ => None,
    }
}

/// Whether a key at `at` is in a JSON string with escapes. Text with entities or percents has no quotes of its own, so the
/// string begins at the nearest one before.
fn is_in_string(text: &[u8], at: usize) -> bool {
    let is_quote =
        |place: &usize| text[*place] == b'"' && (*place == 0 || text[*place - 1] != b'\\');
    let Some(begun) = (0..at).rev().find(is_quote) else {
        return false;
    };
    let Some(end) = (at..text.len()).find(is_quote) else {
        return false;
    };
    let string = &text[begun..=end];
    string.contains(&b'\\') && serde_json::from_slice::<String>(string).is_ok()
}

impl Quoting {
    /// The text without this layer.
    pub(super) fn taken_off(self, text: &[u8]) -> Vec<u8> {
        match self {
            Quoting::Backslashes => without_backslashes(text),
            Quoting::Doubled => without_doubles(text, b'"'),
            Quoting::Percent => without_percent(text),
            Quoting::Entities => without_entities(text),
        }
    }
}

/// The text with each two of `quote` as one.
pub(super) fn without_doubles(text: &[u8], quote: u8) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        plain.push(byte);
        let is_double = byte == quote && after.first() == Some(&quote);
        rest = &after[usize::from(is_double)..];
    }
    plain
}

/// Knows JSON's escapes, and `\'` and `\xHH` of other languages; others stay.
fn without_backslashes(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        plain.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let Some((&escaped, after)) = rest.split_first() else {
            plain.push(b'\\');
            break;
        };
        let byte = match escaped {
            b'"' | b'\\' | b'/' | b'\'' => escaped,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'x' => match hex(after, 2) {
                Some(byte) => {
                    plain.push(byte as u8);
                    rest = &after[2..];
                    continue;
                }
                None => {
                    plain.push(b'\\');
                    continue;
                }
            },
            b'u' => {
                rest = push_unicode(after, &mut plain);
                continue;
            }
            _ => {
                plain.push(b'\\');
                continue;
            }
        };
        plain.push(byte);
        rest = after;
    }
    plain.extend_from_slice(rest);
    plain
}

/// Pushes the character of `\uHHHH`, of which `rest` begins behind the `u`, and returns what follows.
fn push_unicode<'a>(rest: &'a [u8], plain: &mut Vec<u8>) -> &'a [u8] {
    let Some(unit) = hex(rest, 4) else {
        plain.extend_from_slice(b"\\u");
        return rest;
    };
    let mut after = &rest[4..];
    let mut code = unit;
    if (0xd800..0xdc00).contains(&unit) {
        let low = after.strip_prefix(b"\\u").and_then(|low| hex(low, 4));
        if let Some(low) = low.filter(|low| (0xdc00..0xe000).contains(low)) {
            code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            after = &after[6..];
        }
    }
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    after
}

fn hex(text: &[u8], digits: usize) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(..digits)?).ok()?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// A form writes a blank as `+` and a plus as `%2B`; who writes a blank as `%20` leaves a plus alone.
fn without_percent(text: &[u8]) -> Vec<u8> {
    let is_form = memmem::find(text, b"%20").is_none();
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => match hex(after, 2) {
                Some(byte) => {
                    plain.push(byte as u8);
                    rest = &after[2..];
                }
                None => plain.push(b'%'),
            },
            b'+' if is_form => plain.push(b' '),
            _ => plain.push(byte),
        }
    }
    plain
}

/// Knows those that programs write for characters of JSON and XML, and numbers.
fn without_entities(text: &[u8]) -> Vec<u8> {
    const NAMED: [(&[u8], char); 5] = [
        (b"quot", '"'),
        (b"amp", '&'),
        (b"lt", '<'),
        (b"gt", '>'),
        (b"apos", '\''),
    ];
    const LONGEST: usize = 8;
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest) {
        plain.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let entity = rest.iter().take(LONGEST + 1).position(|&byte| byte == b';');
        let character = entity.and_then(|end| {
            let entity = &rest[..end];
            if let Some((_, character)) = NAMED.iter().find(|(name, _)| *name == entity) {
                return Some(*character);
            }
            let number = std::str::from_utf8(entity.strip_prefix(b"#")?).ok()?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        });
        match (entity, character) {
            (Some(end), Some(character)) => {
                plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[end + 1..];
            }
            _ => plain.push(b'&'),
        }
    }
    plain.extend_from_slice(rest);
    plain
}

/// Follows the fields of a CSV (RFC 4180, with any usual separator), as far as it is one.
#[derive(Debug, Default)]
pub(super) struct Csv {
    state: CsvState,
    taken: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum CsvState {
    #[default]
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote in a quoted field, which ends the field or is the first of two.
    Quote,
    /// Text of another kind.
    Other,
}

impl Csv {
    /// Takes a text that has grown since the last call.
    pub(super) fn take(&mut self, text: &[u8]) {
        for &byte in &text[self.taken..] {
            let is_end = matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n');
            self.state = match self.state {
                CsvState::FieldStart if byte == b'"' => CsvState::Quoted,
                CsvState::FieldStart | CsvState::Plain if is_end => CsvState::FieldStart,
                CsvState::FieldStart | CsvState::Plain => CsvState::Plain,
                CsvState::Quoted if byte == b'"' => CsvState::Quote,
                CsvState::Quoted => CsvState::Quoted,
                CsvState::Quote if byte == b'"' => CsvState::Quoted,
                CsvState::Quote if is_end => CsvState::FieldStart,
                CsvState::Quote if byte == b'\r' => CsvState::Quote,
                CsvState::Quote | CsvState::Other => CsvState::Other,
            };
        }
        self.taken = text.len();
    }

    /// A quoted field goes on in the next line.
    pub(super) fn is_in_field(&self) -> bool {
        self.state == CsvState::Quoted
    }
}

/// The lines of a text; fields of a CSV and base64 that go over several keep them together.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let first_end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let mut csv = Csv::default();
        let mut end = first_end;
        csv.take(&rest[..end]);
        while csv.is_in_field() && end < rest.len() {
            end += memchr::memchr(b'\n', &rest[end..]).map_or(rest.len() - end, |at| at + 1);
            csv.take(&rest[..end]);
        }
        // A quote that nothing closes is no field, nor is one that text of another kind closes.
        if matches!(csv.state, CsvState::Quoted | CsvState::Other) {
            end = first_end;
        }
        if base64_text::goes_on(&rest[..end]) {
            end = base64_end(rest, end);
        }
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

/// Where base64 ends that begins with a line of this length: all of its lines but the last are as long.
fn base64_end(text: &[u8], line_bytes: usize) -> usize {
    let mut end = line_bytes;
    for line in text[line_bytes..].split_inclusive(|&byte| byte == b'\n') {
        if line.len() > line_bytes || !base64_text::is_line(line) {
            break;
        }
        end += line.len();
        if line.len() < line_bytes {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests;
