//! Converts batches of rows into the values of the dashboard's API.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Float64Type, Int64Type, SchemaRef};
use arrow::error::ArrowError;
use beacon_dashboard::engine::{Column, ColumnType, Value};
use beacon_query::output::texts;

pub(crate) fn columns(schema: &SchemaRef) -> Vec<Column> {
    let columns = schema.fields().iter().map(|field| Column {
        name: field.name().clone(),
        column_type: column_type(field.data_type()),
    });
    columns.collect()
}

/// Returns the API's type: that of text for a map, a list, or another type that the API has no name for.
fn column_type(data_type: &DataType) -> ColumnType {
    match data_type {
        DataType::Timestamp(_, _) => ColumnType::Timestamp,
        DataType::Date32 | DataType::Date64 => ColumnType::Date,
        DataType::Boolean => ColumnType::Boolean,
        data_type if data_type.is_integer() => ColumnType::Bigint,
        data_type if data_type.is_floating() => ColumnType::Double,
        _ => ColumnType::Varchar,
    }
}

/// Adds the batch to `rows`, column by column.
pub(crate) fn push(batch: &RecordBatch, rows: &mut Vec<Vec<Value>>) -> Result<(), ArrowError> {
    let first = rows.len();
    let width = batch.num_columns();
    rows.resize_with(first + batch.num_rows(), || Vec::with_capacity(width));
    let schema = batch.schema();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let values = values(field, column)?;
        for (row, value) in rows[first..].iter_mut().zip(values) {
            row.push(value);
        }
    }
    Ok(())
}

fn values(field: &FieldRef, column: &ArrayRef) -> Result<Vec<Value>, ArrowError> {
    let rows = 0..column.len();
    let valid = |row: usize, value: Value| match column.is_null(row) {
        true => Value::Null,
        false => value,
    };
    Ok(match column_type(column.data_type()) {
        ColumnType::Bigint => {
            let numbers = cast(column, &DataType::Int64)?;
            let numbers = numbers.as_primitive::<Int64Type>();
            rows.map(|row| valid(row, Value::Integer(numbers.value(row))))
                .collect()
        }
        ColumnType::Double => {
            let numbers = cast(column, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            rows.map(|row| valid(row, Value::Double(numbers.value(row))))
                .collect()
        }
        ColumnType::Boolean => {
            let values = column.as_boolean();
            rows.map(|row| valid(row, Value::Boolean(values.value(row))))
                .collect()
        }
        ColumnType::Timestamp | ColumnType::Date | ColumnType::Varchar => texts(field, column)?
            .into_iter()
            .map(|text| text.map_or(Value::Null, Value::Text))
            .collect(),
    })
}

#[cfg(test)]
mod tests;
