//! Arrays joined into a text.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray};
use datafusion::common::Result;

use crate::functions::cast_text::texts;
use crate::functions::kernel::{Call, Kernel, span};
use crate::functions::text::value;
use crate::signature_text::CallTypes;
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("array_join", array_join)];

/// The texts of the values of a list.
fn element_texts(list: &ListArray, element: &Type) -> Result<Vec<Option<String>>> {
    texts(&Call {
        arguments: vec![Arc::clone(list.values())],
        rows: list.values().len(),
        types: CallTypes {
            tries: false,
            arguments: vec![element.clone()],
            result: Type::Varchar(None),
        },
    })
}

fn array_join(call: &Call) -> Result<ArrayRef> {
    let list = call.list(0)?;
    let Type::Array(element) = call.ty(0) else {
        return datafusion::common::exec_err!("array_join takes an array");
    };
    let elements = element_texts(&list, element)?;
    let separators = call.text(1)?;
    let fills = match call.has(2) {
        true => Some(call.text(2)?),
        false => None,
    };
    call.texts(|row| {
        let Some(separator) = value(&separators, row).filter(|_| list.is_valid(row)) else {
            return Ok(None);
        };
        let fill = match &fills {
            None => None,
            Some(fills) => match value(fills, row) {
                Some(fill) => Some(fill),
                None => return Ok(None),
            },
        };
        let parts: Vec<&str> = span(list.value_offsets(), row)
            .filter_map(|place| elements[place].as_deref().or(fill))
            .collect();
        Ok(Some(parts.join(separator)))
    })
}
