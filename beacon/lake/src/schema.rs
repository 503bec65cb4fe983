//! The table's schema as Arrow sees it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, SchemaRef, TimeUnit};
use beacon_core::schema::{ColumnType, Schema};

/// Returns the Arrow schema of a file: all columns but the partitions.
///
/// Every column may be null, as in the files that Firehose writes from a Hive table: another producer's record may lack
/// any of them.
pub fn arrow_schema(schema: &Schema) -> SchemaRef {
    let fields: Fields = schema
        .columns()
        .map(|column| Field::new(column.name, arrow_type(column.ty), true))
        .collect();
    Arc::new(ArrowSchema::new(fields))
}

fn arrow_type(ty: ColumnType) -> DataType {
    match ty {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Millisecond, None),
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::TextMap => text_map(),
    }
}

/// Returns the type of a map, with the names that the Parquet format prescribes.
fn text_map() -> DataType {
    let key = Field::new("key", DataType::Utf8, false);
    let value = Field::new("value", DataType::Utf8, true);
    let entries = Field::new(
        "key_value",
        DataType::Struct(Fields::from(vec![key, value])),
        false,
    );
    DataType::Map(Arc::new(entries), false)
}
