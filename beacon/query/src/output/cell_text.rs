//! The text of a value: what a cell of a table and a field of CSV show.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::FieldRef;
use arrow::error::ArrowError;
use arrow::json::writer::{EncoderOptions, NullableEncoder, make_encoder};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// Milliseconds, as the record's JSON has them.
pub(super) const TIMESTAMP: &str = "%Y-%m-%d %H:%M:%S%.3f";

pub(super) fn json_options() -> EncoderOptions {
    EncoderOptions::default()
        .with_explicit_nulls(true)
        .with_timestamp_format(TIMESTAMP.to_owned())
}

/// The values of one column, row by row.
pub(super) struct CellText<'a> {
    column: &'a ArrayRef,
    writer: Writer<'a>,
}

enum Writer<'a> {
    Plain(ArrayFormatter<'a>),
    /// Maps and lists, as JSON.
    Nested(NullableEncoder<'a>),
}

impl<'a> CellText<'a> {
    /// `options` are for maps and lists; [`json_options`] makes them.
    pub(super) fn new(
        field: &'a FieldRef,
        column: &'a ArrayRef,
        options: &'a EncoderOptions,
    ) -> Result<CellText<'a>, ArrowError> {
        let writer = if column.data_type().is_nested() {
            Writer::Nested(make_encoder(field, column, options)?)
        } else {
            let options = FormatOptions::new()
                .with_timestamp_format(Some(TIMESTAMP))
                .with_display_error(false);
            Writer::Plain(ArrayFormatter::try_new(column, &options)?)
        };
        Ok(CellText { column, writer })
    }

    /// The text of a row's value; `None` is NULL.
    pub(super) fn text(&mut self, row: usize) -> Result<Option<String>, ArrowError> {
        if self.column.is_null(row) {
            return Ok(None);
        }
        let text = match &mut self.writer {
            Writer::Plain(plain) => plain.value(row).try_to_string()?,
            Writer::Nested(json) => {
                let mut text = Vec::new();
                json.encode(row, &mut text);
                String::from_utf8_lossy(&text).into_owned()
            }
        };
        Ok(Some(text))
    }
}
