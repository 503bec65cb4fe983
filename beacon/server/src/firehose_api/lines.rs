//! Sorts the documents of records into hits and errors.

use beacon_core::schema::Schema;
use beacon_lake::{convert_record, deaggregate, write_error_record};

/// The documents of a call, sorted.
#[derive(Default)]
pub(super) struct Sorted {
    /// NDJSON for the table.
    pub(super) hits: Vec<u8>,
    pub(super) hit_count: u64,
    /// NDJSON of error objects.
    pub(super) errors: Vec<u8>,
    pub(super) refused_count: u64,
    /// One for each record, in their order.
    pub(super) parts: Vec<Parts>,
}

/// The lines that a record contributed to: hits, errors, or both.
#[derive(Default, Clone, Copy)]
pub(super) struct Parts {
    pub(super) hits: bool,
    pub(super) errors: bool,
}

/// Converts every document of `records`, which arrived at `now_ms`.
pub(super) fn sort(schema: &Schema, records: &[Vec<u8>], now_ms: u64) -> Sorted {
    let mut sorted = Sorted::default();
    for record in records {
        let mut parts = Parts::default();
        for document in deaggregate(record) {
            match convert_record(schema, document) {
                Ok(checked) => {
                    sorted.hits.extend_from_slice(&checked.line);
                    sorted.hit_count += 1;
                    parts.hits = true;
                }
                Err(refused) => {
                    write_error_record(document, &refused, now_ms, &mut sorted.errors);
                    sorted.refused_count += 1;
                    parts.errors = true;
                }
            }
        }
        sorted.parts.push(parts);
    }
    sorted
}
