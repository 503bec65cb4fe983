//! Percent-encodes request targets that old mail programs and templates send, so that hyper takes them.
//!
//! RFC 9112 section 3 has a server refuse a target with blanks, quotes or bytes outside ASCII. A pixel that does so
//! loses a hit that its sender can't mend, so GET and HEAD get them percent-encoded. This ends with the first request
//! that carries a header by which a body could follow: where a body begins and ends is hyper's knowledge alone.

use http::Uri;
use memchr::{memchr, memchr_iter};

use super::limits::{MAX_HEAD_BYTES, MAX_HEADERS};

/// Length of the longest name in [`is_framing`], with its colon.
const LONGEST_NAME_BYTES: usize = 18;

/// The bytes of a request line to remember for the response to a head that is too large.
const REMEMBERED_BYTES: usize = 256;

/// Rewrites the request targets of one connection on their way from the socket to hyper.
#[derive(Debug, Default)]
pub(super) struct RequestTargets {
    state: State,
    /// The beginning of a request line whose end has not come yet. hyper must not see it before it is encoded.
    held: Vec<u8>,
    /// The beginning of a header line that was cut by the end of a read.
    name: [u8; LONGEST_NAME_BYTES],
    name_bytes: usize,
    /// Header lines of this head so far.
    lines: usize,
    is_framed: bool,
    start: Option<Box<[u8]>>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two requests.
    #[default]
    BetweenRequests,
    /// In a request line whose target stays as it is.
    RequestLine,
    /// Behind the request line.
    Headers,
    /// Nothing is looked at any more.
    Passthrough,
}

impl RequestTargets {
    /// Takes the next bytes of the connection. Returns what hyper is to read instead, or `None` where it reads them
    /// as they are.
    pub(super) fn rewrite(&mut self, chunk: &[u8]) -> Option<Vec<u8>> {
        if self.state == State::Passthrough {
            return None;
        }
        if self.held.is_empty() {
            return self.scan(chunk, None);
        }
        let is_known = self.held.len() >= b"HEAD ".len();
        let is_short = self.held.len() + chunk.len() < MAX_HEAD_BYTES;
        if is_known && is_short && memchr(b'\n', chunk).is_none() {
            self.held.extend_from_slice(chunk);
            return Some(Vec::new());
        }
        let mut joined = std::mem::take(&mut self.held);
        joined.extend_from_slice(chunk);
        self.scan(&joined, Some(Vec::new()))
    }

    /// Returns what was held back, because nothing comes any more.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.state = State::Passthrough;
        std::mem::take(&mut self.held)
    }

    /// Returns true if the bytes so far end with a whole head, as far as they were scanned.
    pub(super) fn is_between_requests(&self) -> bool {
        self.state == State::BetweenRequests && self.held.is_empty()
    }

    /// Returns true once all bytes pass unchanged.
    pub(super) fn is_passthrough(&self) -> bool {
        self.state == State::Passthrough
    }

    /// Returns the first bytes of the request line of an unusually large head, for the response to it.
    pub(super) fn request_line_start(&self) -> Option<&[u8]> {
        self.start.as_deref()
    }

    /// Goes through `chunk`. `out` is what hyper is to read instead, once it differs.
    fn scan(&mut self, chunk: &[u8], mut out: Option<Vec<u8>>) -> Option<Vec<u8>> {
        // Behind `seen` nothing was looked at; what is before `passed` stands in `out`, if there is one.
        let (mut seen, mut passed, mut line_begin) = (0, 0, None);
        while seen < chunk.len() {
            let rest = &chunk[seen..];
            match self.state {
                State::Passthrough => break,
                State::BetweenRequests if matches!(rest[0], b'\r' | b'\n') => seen += 1,
                State::BetweenRequests => {
                    self.begin_request();
                    line_begin = Some(seen);
                    if !is_get_or_head(rest) {
                        self.state = State::RequestLine;
                        continue;
                    }
                    let Some(end) = memchr(b'\n', rest) else {
                        self.remember_start(rest);
                        if rest.len() >= MAX_HEAD_BYTES {
                            self.state = State::Passthrough;
                            break;
                        }
                        let mut out = out.unwrap_or_default();
                        out.extend_from_slice(&chunk[passed..seen]);
                        self.held = rest.to_vec();
                        return Some(out);
                    };
                    if let Some(encoded) = encode(&rest[..end]) {
                        let out = out.get_or_insert_default();
                        out.extend_from_slice(&chunk[passed..seen]);
                        out.extend_from_slice(&encoded);
                        passed = seen + end;
                    }
                    seen += end + 1;
                    self.state = State::Headers;
                }
                State::RequestLine => match memchr(b'\n', rest) {
                    Some(end) => {
                        seen += end + 1;
                        self.state = State::Headers;
                    }
                    None => seen = chunk.len(),
                },
                State::Headers => {
                    seen += self.scan_headers(rest);
                    // hyper is about to refuse it, or may be.
                    let is_large = self.state == State::Headers || self.lines > MAX_HEADERS;
                    if let Some(begin) = line_begin.filter(|_| is_large) {
                        self.remember_start(&chunk[begin..]);
                    }
                }
            }
        }
        if let Some(out) = &mut out {
            out.extend_from_slice(&chunk[passed..]);
        }
        out
    }

    fn begin_request(&mut self) {
        self.lines = 0;
        self.is_framed = false;
        self.start = None;
    }

    fn remember_start(&mut self, line: &[u8]) {
        if self.start.is_none() {
            self.start = Some(line[..line.len().min(REMEMBERED_BYTES)].into());
        }
    }

    /// Reads header lines up to the end of the head or of `rest`, and returns their length in bytes.
    fn scan_headers(&mut self, rest: &[u8]) -> usize {
        let mut begin = 0;
        for end in memchr_iter(b'\n', rest) {
            let mut line = &rest[begin..end];
            begin = end + 1;
            if self.name_bytes > 0 {
                self.remember_name(line);
                line = &self.name[..self.name_bytes];
            }
            if line.is_empty() || line == b"\r" {
                self.name_bytes = 0;
                self.state = match self.is_framed {
                    true => State::Passthrough,
                    false => State::BetweenRequests,
                };
                return begin;
            }
            self.lines += 1;
            self.is_framed |= is_framing(line);
            self.name_bytes = 0;
        }
        self.remember_name(&rest[begin..]);
        rest.len()
    }

    fn remember_name(&mut self, line: &[u8]) {
        let free = &mut self.name[self.name_bytes..];
        let taken = line.len().min(free.len());
        free[..taken].copy_from_slice(&line[..taken]);
        self.name_bytes += taken;
    }
}

/// Returns true also if it may still become one of the two.
fn is_get_or_head(line: &[u8]) -> bool {
    [&b"GET "[..], b"HEAD "]
        .iter()
        .any(|method| line.starts_with(method) || method.starts_with(line))
}

/// Returns true for a header after which the bytes of a connection may not be heads. The first byte, or the position of
/// the colon, excludes nearly all lines.
fn is_framing(line: &[u8]) -> bool {
    let name: &[u8] = match line.first() {
        Some(b'c' | b'C') => b"content-length:",
        Some(b't' | b'T') => b"transfer-encoding:",
        Some(b'e' | b'E') => b"expect:",
        Some(b'u' | b'U') => b"upgrade:",
        _ => return false,
    };
    line.get(name.len() - 1) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name)
}

/// Returns the request line with its target percent-encoded, or `None` where it stays as it is: hyper takes it, or
/// refuses it for more than blanks, quotes, angle brackets and bytes outside ASCII.
fn encode(line: &[u8]) -> Option<Vec<u8>> {
    let stem = line.strip_suffix(b"\r").unwrap_or(line);
    let stem = stem
        .strip_suffix(b" HTTP/1.1")
        .or_else(|| stem.strip_suffix(b" HTTP/1.0"))?;
    let begin = memchr(b' ', stem)? + 1;
    let target = &stem[begin..];
    if !needs_encoding(target) {
        return None;
    }
    if target.iter().any(u8::is_ascii_control) {
        return None;
    }
    if memchr(b' ', target).is_none() && Uri::try_from(target).is_ok() {
        return None;
    }
    let mut encoded = Vec::with_capacity(line.len() + 64);
    encoded.extend_from_slice(&line[..begin]);
    for &byte in target {
        if must_be_encoded(byte) == 0 {
            encoded.push(byte);
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            encoded.push(b'%');
            encoded.push(DIGITS[usize::from(byte >> 4)]);
            encoded.push(DIGITS[usize::from(byte & 15)]);
        }
    }
    encoded.extend_from_slice(&line[stem.len()..]);
    Some(encoded)
}

/// Returns true if not all bytes are plain. Every byte is looked at in the same way, without a branch, so that the compiler
/// makes vector instructions of it.
fn needs_encoding(target: &[u8]) -> bool {
    let odd = target
        .iter()
        .fold(0, |odd, byte| odd | must_be_encoded(*byte));
    odd != 0
}

/// Returns 0 for visible ASCII without quotes and angle brackets, otherwise 1.
fn must_be_encoded(byte: u8) -> u8 {
    const VISIBLE: u8 = b'~' - b'!';
    u8::from(byte.wrapping_sub(b'!') > VISIBLE)
        | u8::from(byte == b'"')
        | u8::from(byte == b'<')
        | u8::from(byte == b'>')
        | u8::from(byte == b'`')
}

#[cfg(test)]
#[path = "request_target_test.rs"]
mod tests;
