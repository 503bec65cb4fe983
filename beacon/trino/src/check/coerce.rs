//! Makes a value one of another type where Trino does so by itself.

use datafusion::sql::sqlparser::ast::{DataType, Expr};

use super::rewrite::{cast, decimal_type, native_call};
use super::{Checker, Typed};
use crate::signature_text::CallTypes;
use crate::types::Type;

impl Checker<'_> {
    /// Returns `value` as one of type `target`, which the caller has found that it becomes.
    pub(crate) fn coerce(&mut self, value: Typed, target: &Type) -> Expr {
        use Type::*;
        match (&value.ty, target) {
            (from, to) if from == to => value.sql,
            (Varchar(_), Varchar(None)) => value.sql,
            (Timestamp(from), Timestamp(to)) if (*from <= 3) == (*to <= 3) => value.sql,
            (Integer, Bigint) => cast(value.sql, DataType::BigInt(None)),
            (Integer | Bigint | Decimal(_, _), Double) => cast(
                value.sql,
                DataType::Double(datafusion::sql::sqlparser::ast::ExactNumberInfo::None),
            ),
            (Integer | Bigint | Decimal(_, _), Decimal(precision, scale)) => {
                cast(value.sql, decimal_type(*precision, *scale))
            }
            (from, to) => {
                let from = from.clone();
                self.infallible("cast", vec![(value.sql, from)], to.clone())
            }
        }
    }

    /// A call of this crate's function that can fail.
    pub(crate) fn kernel(
        &mut self,
        name: &str,
        arguments: Vec<(Expr, Type)>,
        result: Type,
    ) -> Expr {
        self.fallible += 1;
        self.infallible(name, arguments, result)
    }

    /// A call of this crate's function that can't fail, or whose failure is that of the engine.
    pub(crate) fn infallible(
        &mut self,
        name: &str,
        arguments: Vec<(Expr, Type)>,
        result: Type,
    ) -> Expr {
        let (mut values, types): (Vec<Expr>, Vec<Type>) = arguments.into_iter().unzip();
        let types = CallTypes {
            tries: self.tries,
            arguments: types,
            result,
        };
        values.push(super::rewrite::text(types.write()));
        native_call(&format!("{}{name}", super::rewrite::PREFIX), values)
    }
}
