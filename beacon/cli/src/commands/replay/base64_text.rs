//! Base64 in a text: where it is, and the bytes it stands for.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Shorter ones hold no hit, packed or not.
const MIN_RUN_BYTES: usize = 40;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL_SAFE_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

/// Returns the parts of a text that may be base64 of something as long as a hit.
pub(super) fn runs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| !is_of_base64(*byte))
        .filter(|run| run.len() >= MIN_RUN_BYTES)
}

/// Returns the same as [`runs`], with a run that spans lines as one.
pub(super) fn stretches(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let begun = rest.iter().position(|byte| is_of_base64(*byte))?;
            rest = &rest[begun..];
            let length = run_bytes(rest);
            let mut stretch = rest[..length].to_vec();
            rest = &rest[length..];
            if length < MIN_RUN_BYTES {
                continue;
            }
            // All lines but the last are as long as the first.
            while let Some(next) = behind_break(rest) {
                let next_length = run_bytes(next);
                if next_length == 0 || next_length > length {
                    break;
                }
                stretch.extend_from_slice(&next[..next_length]);
                rest = &next[next_length..];
                if next_length < length {
                    break;
                }
            }
            return Some(stretch);
        }
    })
}

fn run_bytes(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_of_base64(**byte)).count()
}

/// Returns the text after the line break with which it begins.
fn behind_break(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"\r\n")
        .or_else(|| text.strip_prefix(b"\n"))
}

/// Returns true if all of the text may be base64, in one line or several.
pub(super) fn is_base64(text: &[u8]) -> bool {
    text.len() >= MIN_RUN_BYTES
        && text
            .iter()
            .all(|byte| is_of_base64(*byte) || byte.is_ascii_whitespace())
}

/// Returns true if a line may be one of several that are base64 together, or the last of them.
pub(super) fn is_line(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    !line.is_empty() && line.iter().all(|byte| is_of_base64(*byte))
}

/// Returns true if base64 may continue after this line.
pub(super) fn goes_on(line: &[u8]) -> bool {
    line.len() >= MIN_RUN_BYTES && is_line(line)
}

/// Decodes a run in either alphabet, with or without padding; `None` if it isn't base64.
pub(super) fn decode(run: &[u8]) -> Option<Vec<u8>> {
    ENGINE
        .decode(run)
        .or_else(|_| URL_SAFE_ENGINE.decode(run))
        .ok()
}

fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}
