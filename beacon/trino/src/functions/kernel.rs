//! What a function gets, and how it gives its rows back: a row fails alone where `try` is around the call.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Decimal128Array, Float64Array, Int64Array,
    ListArray, MapArray, StringViewArray, StringViewBuilder, StructArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Date32Type, Field, Int64Type, TimeUnit};
use chrono::{DateTime, NaiveDateTime};
use datafusion::common::{DataFusionError, Result, exec_err};

use super::parse::{Zone, instant_us, read_zone};
use crate::signature_text::CallTypes;
use crate::types::Type;

pub(crate) type Kernel = fn(&Call) -> Result<ArrayRef>;

/// The value of one row, or the message of its failure.
pub(crate) type Outcome<T> = std::result::Result<T, String>;

pub(crate) struct Call {
    pub(crate) arguments: Vec<ArrayRef>,
    pub(crate) types: CallTypes,
    pub(crate) rows: usize,
}

/// Returns true if a row fails because Trino's answer isn't known here. `try` doesn't hide that: Trino may have an answer.
pub(crate) fn is_unanswered(message: &str) -> bool {
    message.contains("answered")
}

impl Call {
    pub(crate) fn has(&self, index: usize) -> bool {
        index < self.arguments.len()
    }

    pub(crate) fn ty(&self, index: usize) -> &Type {
        self.types.arguments.get(index).unwrap_or(&Type::Unknown)
    }

    /// An argument as it came.
    pub(crate) fn raw(&self, index: usize) -> Result<&ArrayRef> {
        match self.arguments.get(index) {
            Some(array) => Ok(array),
            None => exec_err!("an argument is missing"),
        }
    }

    /// An argument in the form that its type has everywhere in this crate.
    pub(crate) fn array(&self, index: usize) -> Result<ArrayRef> {
        let array = self.raw(index)?;
        let form = self.ty(index).arrow();
        if *array.data_type() == form {
            return Ok(Arc::clone(array));
        }
        Ok(cast(array, &form)?)
    }

    pub(crate) fn text(&self, index: usize) -> Result<StringViewArray> {
        let array = self.raw(index)?;
        if let Some(array) = array.as_string_view_opt() {
            return Ok(array.clone());
        }
        Ok(cast(array, &DataType::Utf8View)?.as_string_view().clone())
    }

    pub(crate) fn whole(&self, index: usize) -> Result<Int64Array> {
        let array = cast(self.raw(index)?, &DataType::Int64)?;
        Ok(array.as_primitive::<Int64Type>().clone())
    }

    pub(crate) fn double(&self, index: usize) -> Result<Float64Array> {
        let array = cast(self.raw(index)?, &DataType::Float64)?;
        Ok(array.as_primitive().clone())
    }

    pub(crate) fn boolean(&self, index: usize) -> Result<BooleanArray> {
        Ok(self.array(index)?.as_boolean().clone())
    }

    pub(crate) fn decimal(&self, index: usize) -> Result<Decimal128Array> {
        Ok(self.array(index)?.as_primitive().clone())
    }

    pub(crate) fn binary(&self, index: usize) -> Result<BinaryArray> {
        Ok(self.array(index)?.as_binary().clone())
    }

    pub(crate) fn list(&self, index: usize) -> Result<ListArray> {
        Ok(self.array(index)?.as_list().clone())
    }

    pub(crate) fn map(&self, index: usize) -> Result<MapArray> {
        Ok(self.array(index)?.as_map().clone())
    }

    /// A date or a timestamp, as the time on the wall of its zone.
    pub(crate) fn times(&self, index: usize) -> Result<Times> {
        let array = self.array(index)?;
        let zone = match self.ty(index) {
            Type::TimestampTz(_, zone) => read_zone(zone),
            _ => None,
        };
        let us = match array.data_type() {
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>();
                days.iter()
                    .map(|day| day.map(|day| i64::from(day) * DAY_US))
                    .collect()
            }
            _ => {
                let plain = cast(&array, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
                // The cast of a time with a zone to one without gives the wall's time, which is not wanted here.
                match array.data_type() {
                    DataType::Timestamp(unit, Some(_)) => {
                        let numbers = cast(&array, &DataType::Int64)?;
                        let factor = if *unit == TimeUnit::Millisecond {
                            1_000
                        } else {
                            1
                        };
                        let numbers = numbers.as_primitive::<Int64Type>();
                        numbers.unary::<_, Int64Type>(|number| number * factor)
                    }
                    _ => cast(&plain, &DataType::Int64)?
                        .as_primitive::<Int64Type>()
                        .clone(),
                }
            }
        };
        Ok(Times { us, zone })
    }

    /// Computes each row.
    pub(crate) fn each<T>(
        &self,
        mut row: impl FnMut(usize) -> Outcome<Option<T>>,
    ) -> Result<Vec<Option<T>>> {
        let mut values = Vec::with_capacity(self.rows);
        for index in 0..self.rows {
            values.push(match row(index) {
                Ok(value) => value,
                Err(message) if self.types.tries && !is_unanswered(&message) => None,
                Err(message) => return Err(DataFusionError::Execution(message)),
            });
        }
        Ok(values)
    }

    pub(crate) fn texts<S: AsRef<str>>(
        &self,
        row: impl FnMut(usize) -> Outcome<Option<S>>,
    ) -> Result<ArrayRef> {
        let values = self.each(row)?;
        let mut builder = StringViewBuilder::with_capacity(values.len());
        for value in &values {
            builder.append_option(value.as_ref().map(AsRef::as_ref));
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Whole numbers, as the type of the result has them.
    pub(crate) fn wholes(
        &self,
        mut row: impl FnMut(usize) -> Outcome<Option<i64>>,
    ) -> Result<ArrayRef> {
        let is_integer = self.types.result == Type::Integer;
        let values = self.each(|index| match row(index)? {
            Some(value) if is_integer && i32::try_from(value).is_err() => {
                Err(format!("{value} is out of the range of integer"))
            }
            value => Ok(value),
        })?;
        let array: ArrayRef = Arc::new(Int64Array::from(values));
        Ok(cast(&array, &self.types.result.arrow())?)
    }

    pub(crate) fn doubles(
        &self,
        row: impl FnMut(usize) -> Outcome<Option<f64>>,
    ) -> Result<ArrayRef> {
        Ok(Arc::new(Float64Array::from(self.each(row)?)))
    }

    pub(crate) fn booleans(
        &self,
        row: impl FnMut(usize) -> Outcome<Option<bool>>,
    ) -> Result<ArrayRef> {
        Ok(Arc::new(BooleanArray::from(self.each(row)?)))
    }

    pub(crate) fn binaries(
        &self,
        row: impl FnMut(usize) -> Outcome<Option<Vec<u8>>>,
    ) -> Result<ArrayRef> {
        let values = self.each(row)?;
        Ok(Arc::new(BinaryArray::from_iter(values)))
    }

    /// Times on the wall, as the type of the result has them.
    pub(crate) fn walls(
        &self,
        mut row: impl FnMut(usize) -> Outcome<Option<NaiveDateTime>>,
    ) -> Result<ArrayRef> {
        let zone = match &self.types.result {
            Type::TimestampTz(_, zone) => read_zone(zone),
            _ => None,
        };
        self.instants(|index| match row(index)? {
            None => Ok(None),
            Some(wall) => instant_us(wall, zone.as_ref()).map(Some),
        })
    }

    /// Microseconds since 1970, as the type of the result has them.
    pub(crate) fn instants(
        &self,
        row: impl FnMut(usize) -> Outcome<Option<i64>>,
    ) -> Result<ArrayRef> {
        let us: Int64Array = Int64Array::from(self.each(row)?);
        let form = self.types.result.arrow();
        Ok(match &form {
            DataType::Date32 => {
                let days = us.unary::<_, Int64Type>(|us| us.div_euclid(DAY_US));
                let days = cast(&days, &DataType::Int32)?;
                cast(&days, &DataType::Date32)?
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                let ms = us.unary::<_, Int64Type>(|us| us.div_euclid(1_000));
                cast(&ms, &form)?
            }
            _ => cast(&us, &form)?,
        })
    }

    /// Lists of elements, taken by their places among `values`; a place that is missing is a NULL.
    pub(crate) fn lists(
        &self,
        values: &ArrayRef,
        row: impl FnMut(usize) -> Outcome<Option<Vec<Option<usize>>>>,
    ) -> Result<ArrayRef> {
        list_of(values, self.each(row)?)
    }
}

/// Lists of elements, taken by their places among `values`.
pub(crate) fn list_of(
    values: &ArrayRef,
    rows: Vec<Option<Vec<Option<usize>>>>,
) -> Result<ArrayRef> {
    let nulls: NullBuffer = rows.iter().map(Option::is_some).collect();
    let offsets =
        OffsetBuffer::from_lengths(rows.iter().map(|row| row.as_ref().map_or(0, Vec::len)));
    let places: arrow::array::UInt64Array = rows
        .iter()
        .flatten()
        .flatten()
        .map(|place| place.map(|place| place as u64))
        .collect();
    let items = take(values, &places, None)?;
    let field = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(
        field,
        offsets,
        items,
        Some(nulls),
    )?))
}

/// The places of a row's elements among the values of a list or a map.
pub(crate) fn span(offsets: &[i32], row: usize) -> std::ops::Range<usize> {
    let at = |index: usize| usize::try_from(offsets[index]).unwrap_or(0);
    at(row)..at(row + 1)
}

pub(crate) const DAY_US: i64 = 86_400_000_000;

/// Dates or timestamps.
pub(crate) struct Times {
    us: Int64Array,
    zone: Option<Zone>,
}

impl Times {
    pub(crate) fn instant_us(&self, row: usize) -> Option<i64> {
        self.us.is_valid(row).then(|| self.us.value(row))
    }

    pub(crate) fn wall(&self, row: usize) -> Option<NaiveDateTime> {
        let us = self.instant_us(row)?;
        let utc = DateTime::from_timestamp_micros(us)?;
        Some(match &self.zone {
            None => utc.naive_utc(),
            Some(Zone::Named(zone)) => utc.with_timezone(zone).naive_local(),
            Some(Zone::Offset(offset)) => utc.with_timezone(offset).naive_local(),
        })
    }

    /// Returns the seconds by which the wall's time is ahead of UTC.
    pub(crate) fn offset_s(&self, row: usize) -> Option<i64> {
        let wall = self.wall(row)?;
        Some((wall.and_utc().timestamp_micros() - self.instant_us(row)?) / 1_000_000)
    }

    pub(crate) fn has_zone(&self) -> bool {
        self.zone.is_some()
    }
}

/// A map array of the type's own form.
pub(crate) fn map_of(
    ty: &Type,
    keys: ArrayRef,
    values: ArrayRef,
    offsets: arrow::buffer::OffsetBuffer<i32>,
    nulls: Option<arrow::buffer::NullBuffer>,
) -> Result<ArrayRef> {
    let DataType::Map(entries, _) = ty.arrow() else {
        return Err(DataFusionError::Execution(
            "the result is no map".to_owned(),
        ));
    };
    let DataType::Struct(fields) = entries.data_type() else {
        return Err(DataFusionError::Execution(
            "the result is no map".to_owned(),
        ));
    };
    let columns = StructArray::try_new(fields.clone(), vec![keys, values], None)?;
    Ok(Arc::new(MapArray::try_new(
        entries, offsets, columns, nulls, false,
    )?))
}
