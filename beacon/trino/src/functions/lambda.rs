//! Functions with lambdas: what the engine is told about them.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature,
    HigherOrderUDF, HigherOrderUDFImpl, LambdaParametersProgress, ValueOrLambda, Volatility,
};

use super::lambda_list::{self, Lambdas};
use crate::check::rewrite::PREFIX;
use crate::signature_text::read_types;

pub(crate) type LambdaKernel = fn(&Lambdas) -> Result<arrow::array::ArrayRef>;

/// Names the parameters that the lambdas of a function have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parameters {
    /// One lambda of an element.
    Element,
    /// One lambda of two elements.
    TwoElements,
    /// One lambda of a key and a value.
    Entry,
    /// A lambda of a state and an element, and one of a state.
    State,
    /// One lambda of the groups of a match.
    Groups,
}

const FUNCTIONS: [(&str, Parameters, LambdaKernel); 11] = [
    ("transform", Parameters::Element, lambda_list::transform),
    ("filter", Parameters::Element, lambda_list::filter),
    ("any_match", Parameters::Element, lambda_list::any_match),
    ("all_match", Parameters::Element, lambda_list::all_match),
    ("none_match", Parameters::Element, lambda_list::none_match),
    (
        "array_sort_by",
        Parameters::TwoElements,
        lambda_list::array_sort_by,
    ),
    ("reduce", Parameters::State, lambda_list::reduce),
    ("map_filter", Parameters::Entry, lambda_list::map_filter),
    (
        "transform_keys",
        Parameters::Entry,
        lambda_list::transform_keys,
    ),
    (
        "transform_values",
        Parameters::Entry,
        lambda_list::transform_values,
    ),
    (
        "regexp_replace_by",
        Parameters::Groups,
        lambda_list::regexp_replace_by,
    ),
];

pub(crate) fn functions() -> Vec<Arc<HigherOrderUDF>> {
    let functions = FUNCTIONS.iter();
    functions
        .map(|(name, parameters, kernel)| {
            Arc::new(HigherOrderUDF::new_from_impl(LambdaFunction {
                name: format!("{PREFIX}{name}"),
                signature: HigherOrderSignature::variadic_any(Volatility::Immutable),
                parameters: *parameters,
                kernel: *kernel,
            }))
        })
        .collect()
}

#[derive(Debug)]
struct LambdaFunction {
    name: String,
    signature: HigherOrderSignature,
    parameters: Parameters,
    kernel: LambdaKernel,
}

/// A name stands for one function.
impl PartialEq for LambdaFunction {
    fn eq(&self, other: &LambdaFunction) -> bool {
        self.name == other.name
    }
}

impl Eq for LambdaFunction {}

impl Hash for LambdaFunction {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.name.hash(hasher);
    }
}

impl HigherOrderUDFImpl for LambdaFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(types.to_vec())
    }

    fn lambda_parameters(
        &self,
        _step: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let value = |index: usize| match fields.get(index) {
            Some(ValueOrLambda::Value(field)) => Ok(Arc::clone(field)),
            _ => plan_err!("{} takes a value there", self.name),
        };
        let element = || match value(0)?.data_type() {
            DataType::List(item) => Ok(Arc::clone(item)),
            other => plan_err!("{} takes an array, not {other}", self.name),
        };
        let all = match self.parameters {
            Parameters::Element => vec![vec![element()?]],
            Parameters::TwoElements => vec![vec![element()?, element()?]],
            Parameters::Entry => match value(0)?.data_type() {
                DataType::Map(entries, _) => match entries.data_type() {
                    DataType::Struct(fields) => vec![fields.iter().map(Arc::clone).collect()],
                    other => return plan_err!("{} takes a map, not {other}", self.name),
                },
                other => return plan_err!("{} takes a map, not {other}", self.name),
            },
            Parameters::State => {
                let state = Arc::new(Field::new("state", value(1)?.data_type().clone(), true));
                vec![vec![Arc::clone(&state), element()?], vec![state]]
            }
            Parameters::Groups => {
                let groups = DataType::new_list(DataType::Utf8View, true);
                vec![vec![Arc::new(Field::new("groups", groups, true))]]
            }
        };
        Ok(LambdaParametersProgress::Complete(all))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs) -> Result<FieldRef> {
        let types = match args.scalar_arguments.last() {
            Some(Some(text)) => read_types(text),
            _ => None,
        };
        match types {
            Some(types) => Ok(Arc::new(Field::new(&self.name, types.result.arrow(), true))),
            None => plan_err!("{} needs the types of its call", self.name),
        }
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let mut values = Vec::new();
        let mut lambdas = Vec::new();
        let mut types = None;
        let rows = args.number_rows;
        for argument in args.args {
            match argument {
                ValueOrLambda::Value(ColumnarValue::Scalar(text))
                    if read_types(&text).is_some() =>
                {
                    types = read_types(&text);
                }
                ValueOrLambda::Value(value) => values.push(value.to_array(rows)?),
                ValueOrLambda::Lambda(lambda) => lambdas.push(lambda),
            }
        }
        let Some(types) = types else {
            return exec_err!("{} needs the types of its call", self.name);
        };
        let call = super::kernel::Call {
            arguments: values,
            types,
            rows,
        };
        Ok(ColumnarValue::Array((self.kernel)(&Lambdas {
            call,
            lambdas,
        })?))
    }
}
