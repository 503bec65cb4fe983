//! The functions that rewritten statements call: each gets its arguments as Arrow arrays, and as its last argument the
//! types of the call.

mod array;
mod array_set;
mod bytes;
mod calendar;
mod cast;
mod cast_text;
mod collection;
mod decimal;
mod format;
mod interval;
mod json;
mod json_cast;
mod json_document;
mod json_path;
mod kernel;
mod lambda;
mod lambda_list;
mod number;
pub(crate) mod parse;
mod regular_expression;
mod text;
mod text_more;
mod time_format;
mod time_parse;
mod url;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderUDF, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility,
};

use crate::check::rewrite::PREFIX;
use crate::signature_text::read_types;
use kernel::{Call, Kernel};

/// Returns the scalar functions that rewritten statements call.
pub fn scalar_functions() -> Vec<ScalarUDF> {
    let all = [
        array::KERNELS,
        array::cut::KERNELS,
        array::join::KERNELS,
        array::order::KERNELS,
        array::sequence::KERNELS,
        array_set::KERNELS,
        bytes::KERNELS,
        calendar::KERNELS,
        calendar::difference::KERNELS,
        calendar::moment::KERNELS,
        calendar::step::KERNELS,
        calendar::truncation::KERNELS,
        cast::KERNELS,
        collection::KERNELS,
        decimal::KERNELS,
        format::KERNELS,
        interval::KERNELS,
        json::KERNELS,
        number::KERNELS,
        regular_expression::KERNELS,
        text::KERNELS,
        text::code_point::KERNELS,
        text::cut::KERNELS,
        text::like::KERNELS,
        text::padding::KERNELS,
        text::search::KERNELS,
        text_more::KERNELS,
        time_format::KERNELS,
        time_parse::KERNELS,
        url::KERNELS,
    ];
    let mut functions = Vec::new();
    for (name, kernel) in all.into_iter().flatten() {
        functions.push(ScalarUDF::from(TrinoFunction {
            name: format!("{PREFIX}{name}"),
            signature: Signature::variadic_any(Volatility::Immutable),
            kernel: *kernel,
        }));
    }
    functions
}

/// Returns the functions with lambdas that rewritten statements call.
pub fn higher_order_functions() -> Vec<Arc<HigherOrderUDF>> {
    lambda::functions()
}

#[derive(Debug)]
struct TrinoFunction {
    name: String,
    signature: Signature,
    kernel: Kernel,
}

/// A name stands for one function.
impl PartialEq for TrinoFunction {
    fn eq(&self, other: &TrinoFunction) -> bool {
        self.name == other.name
    }
}

impl Eq for TrinoFunction {}

impl Hash for TrinoFunction {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.name.hash(hasher);
    }
}

impl ScalarUDFImpl for TrinoFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("{} needs the types of its call", self.name)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let types = match args.scalar_arguments.last() {
            Some(Some(text)) => read_types(text),
            _ => None,
        };
        match types {
            Some(types) => Ok(Arc::new(Field::new(&self.name, types.result.arrow(), true))),
            None => plan_err!("{} needs the types of its call", self.name),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some((ColumnarValue::Scalar(text), values)) = args.args.split_last() else {
            return exec_err!("{} needs the types of its call", self.name);
        };
        let Some(types) = read_types(text) else {
            return exec_err!("{} needs the types of its call", self.name);
        };
        let is_constant = values
            .iter()
            .all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { args.number_rows };
        let mut arrays = Vec::new();
        for value in values {
            arrays.push(value.to_array(rows)?);
        }
        let call = Call {
            arguments: arrays,
            types,
            rows,
        };
        let answer = (self.kernel)(&call)?;
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(
                &answer, 0,
            )?));
        }
        Ok(ColumnarValue::Array(answer))
    }
}
