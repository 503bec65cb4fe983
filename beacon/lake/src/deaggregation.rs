//! Splits the data of one record into its JSON documents, which is Firehose's deaggregation.

use serde_json::value::RawValue;

/// Iterates over the JSON documents in one record's data, each without surrounding whitespace.
///
/// Documents stand one per line or directly after each other; Firehose takes both
/// (<https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html>). Data that
/// is not JSON is one document up to the end of its line, so that [`crate::convert_record`] refuses it with a reason.
///
/// ```
/// let data = b"{\"a\":1}{\"a\":2}\nnot json\n";
/// let documents: Vec<&[u8]> = beacon_lake::deaggregate(data).collect();
/// assert_eq!(documents, [&b"{\"a\":1}"[..], b"{\"a\":2}", b"not json"]);
/// ```
pub fn deaggregate(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = data;
    // Lines that each open a bracket would all be read to the end of the data, a billion bytes of one megabyte.
    let mut tries_bytes = data.len().saturating_mul(MAX_TRIES);
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let line = rest.split(|&byte| byte == b'\n').next().unwrap_or(rest);
        let tried = if tries_bytes > 0 { rest } else { line };
        let end = match first_value(tried) {
            Ok(end) => end,
            Err(read_bytes) => {
                tries_bytes = tries_bytes.saturating_sub(read_bytes);
                line.len()
            }
        };
        let (document, after) = rest.split_at(end);
        rest = after;
        Some(document)
    })
}

/// Limit of reading the data in vain for documents of several lines, as a multiple of its size. Beyond it a document
/// ends with its line.
const MAX_TRIES: usize = 8;

/// Returns the length of the JSON value at the beginning, or of the bytes read without finding one.
fn first_value(data: &[u8]) -> Result<usize, usize> {
    let mut stream = serde_json::Deserializer::from_slice(data).into_iter::<&RawValue>();
    match stream.next() {
        Some(Ok(_)) => Ok(stream.byte_offset()),
        Some(Err(error)) => Err(data
            .split_inclusive(|&byte| byte == b'\n')
            .take(error.line())
            .map(<[u8]>::len)
            .sum()),
        None => Err(data.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_records_documents_are_told_apart() {
        let check = |data: &str, expected: &[&str]| {
            let found: Vec<_> = deaggregate(data.as_bytes())
                .map(|part| String::from_utf8_lossy(part).into_owned())
                .collect();
            assert_eq!(found, expected, "{data}");
        };
        check("{\"a\":1}\n{\"a\":2}\n", &["{\"a\":1}", "{\"a\":2}"]);
        check("{\"a\":1}{\"a\":2}", &["{\"a\":1}", "{\"a\":2}"]);
        check("", &[]);
        check(" \n\n", &[]);
        check("[{\"a\":1}]", &["[{\"a\":1}]"]);
        check("not json\n{\"a\":2}", &["not json", "{\"a\":2}"]);
        check("{\"a\":\n1}", &["{\"a\":\n1}"]);
        check("{\"a\":1", &["{\"a\":1"]);
        check("{\"a\":\n{\"b\":\n1}\n", &["{\"a\":", "{\"b\":\n1}"]);
    }

    #[test]
    fn brackets_that_never_close_are_not_read_again_for_each_line() {
        let count = 200_000;
        for opening in ["[\n", "{\"a\":\n"] {
            let data = opening.repeat(count) + "{\"a\":2}";
            assert_eq!(
                deaggregate(data.as_bytes()).count(),
                count + 1,
                "{opening:?}"
            );
        }
    }
}
