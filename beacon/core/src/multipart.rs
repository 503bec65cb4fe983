//! `multipart/form-data` (RFC 7578), as `sendBeacon` sends a `FormData`: the fields of one hit.

use crate::privacy::Privacy;
use crate::query_params::Parameters;

/// Reads the fields of a body between `boundary` lines. A file is left out. `None` where the body has no boundary, or a
/// part that doesn't end.
pub(crate) fn fields<'a>(
    body: &'a str,
    boundary: &str,
    privacy: &Privacy,
) -> Option<Parameters<'a>> {
    let mut parameters = Parameters::default();
    let mut part_start = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let line_start = at;
        at += line.len();
        let Some(end) = boundary_end(line, boundary) else {
            continue;
        };
        if let Some(start) = part_start
            && let Some((name, value)) = field(&body[start..line_start])
            && !parameters.push(name.into(), value.into(), privacy)
        {
            return Some(parameters);
        }
        if end == End::OfBody {
            return Some(parameters);
        }
        part_start = Some(at);
    }
    None
}

#[derive(PartialEq)]
enum End {
    OfPart,
    OfBody,
}

/// Tells what a line ends, if it is a boundary.
fn boundary_end(line: &str, boundary: &str) -> Option<End> {
    match line.strip_prefix("--")?.strip_prefix(boundary)?.trim_end() {
        "" => Some(End::OfPart),
        "--" => Some(End::OfBody),
        _ => None,
    }
}

/// Returns name and value of a part, which is headers, an empty line and the value, with a line break before the
/// boundary. `None` for a file, and for a part without a name.
fn field(part: &str) -> Option<(&str, &str)> {
    let (headers, value) = part
        .split_once("\r\n\r\n")
        .or_else(|| part.split_once("\n\n"))?;
    let value = value.strip_suffix('\n').unwrap_or(value);
    let value = value.strip_suffix('\r').unwrap_or(value);
    let disposition = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let mut name = None;
    for (attribute, value) in attributes(disposition) {
        if attribute.eq_ignore_ascii_case("filename") || attribute.eq_ignore_ascii_case("filename*")
        {
            return None;
        }
        if attribute.eq_ignore_ascii_case("name") {
            name = Some(value);
        }
    }
    Some((name?, value))
}

/// `name="value"` behind each semicolon of a header; browsers write a quote in a value as `%22`.
pub(crate) fn attributes(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    std::iter::from_fn(move || {
        loop {
            let (name, after) = rest.split_once('=')?;
            // A semicolon before the `=` ends an attribute that has no value.
            if let Some((_, next)) = name.split_once(';') {
                rest = &rest[name.len() - next.len()..];
                continue;
            }
            let (value, next) = match after.trim_ascii_start().strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => {
                    let end = after.find(';').unwrap_or(after.len());
                    (after[..end].trim_ascii(), &after[end..])
                }
            };
            rest = next.split_once(';').map_or("", |(_, rest)| rest);
            return Some((name.trim_ascii(), value));
        }
    })
}

#[cfg(test)]
mod tests;
