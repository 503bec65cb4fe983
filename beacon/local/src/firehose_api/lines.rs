//! The data of records, sorted into hits and what is none.

use beacon_core::schema::Schema;
use beacon_lake::{check_line, documents, error_line};

/// What a call's records hold.
#[derive(Default)]
pub(super) struct Sorted {
    /// NDJSON for the table.
    pub(super) hits: Vec<u8>,
    pub(super) hit_count: u64,
    /// NDJSON of error objects.
    pub(super) errors: Vec<u8>,
    pub(super) refused_count: u64,
}

/// Looks at every document in `records`, which came at `now_ms`.
pub(super) fn sort(schema: &Schema, records: &[Vec<u8>], now_ms: u64) -> Sorted {
    let mut sorted = Sorted::default();
    for document in records.iter().flat_map(|record| documents(record)) {
        match check_line(schema, document) {
            Ok(checked) => {
                sorted.hits.extend_from_slice(&checked.line);
                sorted.hit_count += 1;
            }
            Err(refused) => {
                error_line(document, &refused, now_ms, &mut sorted.errors);
                sorted.refused_count += 1;
            }
        }
    }
    sorted
}
