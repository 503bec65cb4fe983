//! `element_at(map, key)` as Trino has it: the value, or NULL when the key is absent. DataFusion's function of
//! that name answers with a list.

use arrow::array::{Array, ArrayRef, AsArray, MapArray, UInt32Builder, new_null_array};
use arrow::compute::{cast, take};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The function, to be registered over the engine's own.
pub(crate) fn element_at() -> ScalarUDF {
    ScalarUDF::from(ElementAt {
        signature: Signature::user_defined(Volatility::Immutable),
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ElementAt {
    signature: Signature,
}

impl ScalarUDFImpl for ElementAt {
    fn name(&self) -> &str {
        "element_at"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [map @ DataType::Map(_, _), key] if key.is_string() || key.is_null() => {
                Ok(vec![map.clone(), DataType::Utf8])
            }
            [map, key] => plan_err!("element_at takes a map and a text key, not {map} and {key}"),
            _ => plan_err!(
                "element_at takes a map and a text key: {} arguments are given",
                types.len()
            ),
        }
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types.first().and_then(value_type) {
            Some(value) => Ok(value.clone()),
            None => plan_err!("element_at takes a map and a text key"),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [maps, keys] = args.args.as_slice() else {
            return exec_err!("element_at takes a map and a text key");
        };
        let maps = maps.to_array(args.number_rows)?;
        let maps = maps.as_map();
        let values = match keys {
            ColumnarValue::Scalar(ScalarValue::Utf8(key)) => values_at(maps, |_| key.as_deref())?,
            keys => {
                let keys = cast(&keys.to_array(args.number_rows)?, &DataType::Utf8)?;
                let keys = keys.as_string::<i32>();
                values_at(maps, |row| keys.is_valid(row).then(|| keys.value(row)))?
            }
        };
        Ok(ColumnarValue::Array(values))
    }
}

fn value_type(map: &DataType) -> Option<&DataType> {
    let DataType::Map(entries, _) = map else {
        return None;
    };
    let DataType::Struct(fields) = entries.data_type() else {
        return None;
    };
    fields.get(1).map(|value| value.data_type())
}

/// Looks for the key of each row in that row's map: the places of the values are noted, and taken at once.
fn values_at<'a>(
    maps: &MapArray,
    key_of_row: impl Fn(usize) -> Option<&'a str>,
) -> Result<ArrayRef> {
    if maps.values().is_empty() {
        return Ok(new_null_array(maps.value_type(), maps.len()));
    }
    let keys = cast(maps.keys(), &DataType::Utf8)?;
    let keys = keys.as_string::<i32>();
    let offsets = maps.value_offsets();
    let mut places = UInt32Builder::with_capacity(maps.len());
    for row in 0..maps.len() {
        let place = key_of_row(row)
            .filter(|_| maps.is_valid(row))
            .and_then(|key| {
                (offsets[row]..offsets[row + 1]).find(|entry| {
                    usize::try_from(*entry).is_ok_and(|entry| keys.value(entry) == key)
                })
            });
        places.append_option(place.and_then(|entry| u32::try_from(entry).ok()));
    }
    Ok(take(maps.values(), &places.finish(), None)?)
}

#[cfg(test)]
mod tests;
