//! Packs NDJSON lines into records, and records into batches, within Firehose's limits.
//!
//! <https://docs.aws.amazon.com/firehose/latest/dev/limits.html>

use std::ops::Range;

/// Firehose bills a record by steps of this many bytes, so lines share records up to one step.
const BILLING_STEP_BYTES: usize = 5_120;
/// The largest record, before base64.
const MAX_RECORD_BYTES: usize = 1_024_000;
/// Records in one PutRecordBatch.
const MAX_BATCH_RECORDS: usize = 500;
/// Bytes in one PutRecordBatch. The documentation leaves open whether they are counted before or after
/// base64; counting after it is right either way.
const MAX_BATCH_BYTES: usize = 4 << 20;

/// One or more whole lines of the input, to be sent as one record of Firehose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedRecord<'a> {
    pub(crate) lines: &'a [u8],
}

impl<'a> PackedRecord<'a> {
    /// Returns false for a single line that is larger than Firehose accepts.
    pub(crate) fn fits(&self) -> bool {
        self.data_bytes() <= MAX_RECORD_BYTES
    }

    /// Returns the lines, each without its newline.
    pub(crate) fn each(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.lines
            .split_inclusive(|&byte| byte == b'\n')
            .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
    }

    /// Returns the data of the record. It ends with a newline, because Firehose joins records as they are.
    pub(crate) fn data(&self) -> Vec<u8> {
        let mut data = Vec::with_capacity(self.data_bytes());
        data.extend_from_slice(self.lines);
        if !data.ends_with(b"\n") {
            data.push(b'\n');
        }
        data
    }

    fn data_bytes(&self) -> usize {
        self.lines.len() + usize::from(!self.lines.ends_with(b"\n"))
    }

    fn encoded_bytes(&self) -> usize {
        self.data_bytes().div_ceil(3) * 4
    }
}

/// Packs whole lines into records: as many as fit into one billing step, and a longer line alone.
pub(crate) fn records(lines: &[u8]) -> Vec<PackedRecord<'_>> {
    let mut records = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        if end > start && end - start + line.len() > BILLING_STEP_BYTES {
            records.push(PackedRecord {
                lines: &lines[start..end],
            });
            start = end;
        }
        end += line.len();
    }
    if end > start {
        records.push(PackedRecord {
            lines: &lines[start..end],
        });
    }
    records
}

/// Splits records into ranges that one call may carry.
pub(crate) fn batches(records: &[PackedRecord<'_>]) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let mut start = 0;
    let mut size_bytes = 0;
    for (index, record) in records.iter().enumerate() {
        let record_bytes = record.encoded_bytes();
        if index > start
            && (index - start == MAX_BATCH_RECORDS || size_bytes + record_bytes > MAX_BATCH_BYTES)
        {
            batches.push(start..index);
            start = index;
            size_bytes = 0;
        }
        size_bytes += record_bytes;
    }
    if records.len() > start {
        batches.push(start..records.len());
    }
    batches
}

#[cfg(test)]
mod tests;
