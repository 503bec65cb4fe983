//! Limits of a record and its columns.

/// The most custom columns that a table may have, because their share of a record is limited.
pub(crate) const MAX_CUSTOM_COLUMNS: usize = 50;

/// The longest record with its newline, in bytes: 64 KiB. Firehose takes records of 1,000 KiB, but a hit is not a
/// document.
pub const MAX_RECORD_BYTES: usize = 65_536;

/// The longest text of a column, in bytes of escaped JSON.
pub(crate) const TEXT_BYTES: usize = 2_048;

/// The most that all custom columns together may take, in bytes of escaped JSON: with few of them, each may be as long
/// as any other column.
pub(crate) const CUSTOM_TEXTS_BYTES: usize = 24 * 1_024;

/// The longest query string, and the longest value in `params` or `headers`, in bytes of escaped JSON. Twice the
/// longest header that common servers take.
pub(crate) const LONG_VALUE_BYTES: usize = 16 * 1_024;

// The columns that are not cut when a record is too long must fit by themselves.
const _: () = {
    const TEXT_COLUMNS: usize = 16;
    const NAMES_BYTES: usize = 1_024 + MAX_CUSTOM_COLUMNS * 72;
    const SMALLEST_ROOM_BYTES: usize = 2_048;
    assert!(
        TEXT_COLUMNS * TEXT_BYTES + CUSTOM_TEXTS_BYTES + NAMES_BYTES + SMALLEST_ROOM_BYTES
            <= MAX_RECORD_BYTES
    );
};
