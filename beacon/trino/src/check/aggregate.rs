//! Aggregates, each by the engine's own where it means the same, else by what gives the same answer.

use datafusion::sql::sqlparser::ast::{
    DuplicateTreatment, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, OrderByExpr,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::aggregate_parts::{Parts, collected, finish, first_value, without_null};
use super::rewrite::{self, case, cast, decimal_type, native, text};
use super::scope::Scope;
use super::{Checked, Checker, Typed, place};
use crate::allow_list;
use crate::function::Kind;
use crate::refusal::Refusal;
use crate::types::Type;

/// The most digits that the sum of whole numbers needs.
const SUM_OF_WHOLE_NUMBERS: (u8, u8) = (19, 0);

impl Checker<'_> {
    pub(crate) fn aggregate_or_window(
        &mut self,
        name: &str,
        function: &Function,
        scope: &Scope,
    ) -> Checked<Typed> {
        let span = place(&function.name);
        let FunctionArguments::List(list) = &function.args else {
            return Err(Refusal::new(
                span,
                format!("{name} takes arguments, not a query"),
            ));
        };
        if self.tries {
            return Err(
                Refusal::new(span, format!("try around {name} is not answered"))
                    .instead(format!("try inside {name}, or around each row's value")),
            );
        }
        let mut parts = Parts {
            distinct: matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct)),
            ..Parts::default()
        };
        let mut order_by: &[OrderByExpr] = &function.within_group;
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(items) if order_by.is_empty() => order_by = items,
                other => {
                    return Err(Refusal::new(
                        span,
                        format!("{other} in {name} is not answered"),
                    ));
                }
            }
        }
        let takes_order = matches!(name, "array_agg" | "listagg");
        if !order_by.is_empty() && !takes_order {
            return Err(
                Refusal::new(span, format!("{name} with ORDER BY is not answered"))
                    .instead("max_by or min_by for the first of an order"),
            );
        }
        parts.order_by = self.sort_keys(order_by, scope)?;
        if let Some(filter) = &function.filter {
            parts.filter = Some(self.condition(filter, scope)?);
        }
        parts.null_treatment = function.null_treatment;
        if let Some(over) = &function.over {
            parts.over = Some(self.window(over, scope)?);
            if parts.distinct || parts.filter.is_some() || !parts.order_by.is_empty() {
                return Err(Refusal::new(
                    span,
                    format!("{name} with OVER has no DISTINCT, FILTER or ORDER BY here"),
                ));
            }
        }
        let is_window = allow_list::kind(name) == Some(Kind::Window);
        if is_window {
            if parts.over.is_none() {
                return Err(Refusal::new(span, format!("{name} needs OVER"))
                    .instead(format!("{name}(…) OVER (ORDER BY …)")));
            }
            return self.window_function(name, span, list, parts, scope);
        }
        if parts.null_treatment.is_some() {
            return Err(Refusal::new(
                span,
                format!("{name} with IGNORE NULLS is not answered"),
            ));
        }
        self.aggregate(name, span, list, parts, scope)
    }

    fn aggregate(
        &mut self,
        name: &str,
        span: Span,
        list: &FunctionArgumentList,
        parts: Parts,
        scope: &Scope,
    ) -> Checked<Typed> {
        if name == "count" && is_star(list) {
            let mut function = native("count", Vec::new());
            if let FunctionArguments::List(arguments) = &mut function.args {
                arguments.args = vec![FunctionArg::Unnamed(FunctionArgExpr::Wildcard)];
            }
            return Ok(Typed::new(finish(function, parts), Type::Bigint));
        }
        let mut values = Vec::new();
        for argument in &list.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else {
                return Err(Refusal::new(
                    span,
                    format!("{name} takes values, without names or *"),
                ));
            };
            values.push(self.expression(expr, scope)?);
        }
        let over_only = parts.over.is_some()
            && !matches!(
                name,
                "count"
                    | "sum"
                    | "avg"
                    | "min"
                    | "max"
                    | "count_if"
                    | "bool_or"
                    | "bool_and"
                    | "every"
            );
        let types: Vec<String> = values.iter().map(|value| value.ty.to_string()).collect();
        if over_only {
            return Err(Refusal::new(
                span,
                format!("{name} with OVER is not answered"),
            ));
        }
        let refused = || {
            let forms: Vec<String> = allow_list::forms(name).collect();
            Refusal::new(span, format!("{name} does not take ({})", types.join(", ")))
                .instead(forms.join(" or "))
        };
        let mut values = values.into_iter();
        let Some(first) = values.next() else {
            return Err(refused());
        };
        let rest: Vec<Typed> = values.collect();
        let ty = first.ty.clone();
        match (name, rest.as_slice()) {
            ("count", []) => Ok(Typed::new(
                finish(native("count", vec![first.sql]), parts),
                Type::Bigint,
            )),
            ("count_if", []) if ty == Type::Boolean => {
                let counted = case(vec![(first.sql, rewrite::number(1))], None);
                Ok(Typed::new(
                    finish(native("count", vec![counted]), parts),
                    Type::Bigint,
                ))
            }
            ("bool_or", []) if ty == Type::Boolean => Ok(Typed::new(
                finish(native("bool_or", vec![first.sql]), parts),
                ty,
            )),
            ("bool_and" | "every", []) if ty == Type::Boolean => Ok(Typed::new(
                finish(native("bool_and", vec![first.sql]), parts),
                ty,
            )),
            ("sum", []) => self.sum(first, parts).ok_or_else(refused),
            ("avg", []) => self.average(first, parts).ok_or_else(refused),
            ("min" | "max", []) if ty == Type::Double => {
                let value = self.kernel("no_nan", vec![(first.sql, ty.clone())], ty.clone());
                Ok(Typed::new(finish(native(name, vec![value]), parts), ty))
            }
            ("min" | "max", []) if has_extremes(&ty) => Ok(Typed::new(
                finish(native(name, vec![first.sql]), parts),
                shortened(ty),
            )),
            ("min" | "max", [count]) if has_extremes(&ty) && count.ty.is_whole_number() => {
                let count = self.coerce(count.clone(), &Type::Bigint);
                let is_ascending = name == "min";
                let all = collected(&first, is_ascending, &parts);
                let result = Type::Array(Box::new(shortened(ty)));
                let arguments = vec![(all, result.clone()), (count, Type::Bigint)];
                Ok(Typed::new(
                    self.kernel("first_n", arguments, result.clone()),
                    result,
                ))
            }
            ("max_by" | "min_by", [by]) if by.ty.is_orderable() && !parts.distinct => {
                let is_ascending = name == "min_by";
                Ok(Typed::new(
                    first_value(first, Some((by, is_ascending)), parts),
                    shortened(ty),
                ))
            }
            ("arbitrary" | "any_value", []) if !parts.distinct => {
                Ok(Typed::new(first_value(first, None, parts), shortened(ty)))
            }
            ("approx_distinct", [] | [_]) => {
                let mut parts = parts;
                parts.distinct = true;
                Ok(Typed::new(
                    finish(native("count", vec![first.sql]), parts),
                    Type::Bigint,
                ))
            }
            ("approx_percentile", [share]) => {
                self.percentile(first, share, &parts).ok_or_else(refused)
            }
            ("array_agg", []) => {
                let result = Type::Array(Box::new(shortened(ty)));
                Ok(Typed::new(
                    finish(native("array_agg", vec![first.sql]), parts),
                    result,
                ))
            }
            ("listagg", [] | [_]) if ty.is_text() => {
                let separator = match rest.into_iter().next() {
                    Some(separator) if separator.ty.is_text() => separator.sql,
                    Some(_) => return Err(refused()),
                    None => text(""),
                };
                if parts.order_by.is_empty() {
                    return Err(Refusal::new(span, "listagg needs an order")
                        .instead("listagg(text, ',') WITHIN GROUP (ORDER BY text)"));
                }
                let parts = without_null(&first.sql, parts);
                let array = Type::Array(Box::new(Type::Varchar(None)));
                let all = finish(native("array_agg", vec![first.sql]), parts);
                let arguments = vec![(all, array), (separator, Type::Varchar(None))];
                let sql = self.kernel("array_join", arguments, Type::Varchar(None));
                Ok(Typed::new(sql, Type::Varchar(None)))
            }
            ("grouping", _) => {
                let mut all = vec![first.sql];
                all.extend(rest.into_iter().map(|value| value.sql));
                let level = finish(native("grouping", all), parts);
                Ok(Typed::new(
                    cast(level, datafusion::sql::sqlparser::ast::DataType::Int(None)),
                    Type::Integer,
                ))
            }
            _ => Err(refused()),
        }
    }

    fn sum(&mut self, value: Typed, parts: Parts) -> Option<Typed> {
        match value.ty {
            Type::Integer | Type::Bigint => {
                let (precision, scale) = SUM_OF_WHOLE_NUMBERS;
                let exact = cast(value.sql, decimal_type(precision, scale));
                let sum = finish(native("sum", vec![exact]), parts);
                let sum = (sum, Type::Decimal(29, 0));
                Some(Typed::new(
                    self.kernel("cast", vec![sum], Type::Bigint),
                    Type::Bigint,
                ))
            }
            Type::Double => Some(Typed::new(
                finish(native("sum", vec![value.sql]), parts),
                Type::Double,
            )),
            Type::Decimal(_, scale) => {
                let sum = finish(native("sum", vec![value.sql]), parts);
                Some(Typed::new(
                    cast(sum, decimal_type(38, scale)),
                    Type::Decimal(38, scale),
                ))
            }
            _ => None,
        }
    }

    fn average(&mut self, value: Typed, parts: Parts) -> Option<Typed> {
        match value.ty.clone() {
            Type::Integer | Type::Bigint | Type::Double => {
                let value = self.coerce(value, &Type::Double);
                Some(Typed::new(
                    finish(native("avg", vec![value]), parts),
                    Type::Double,
                ))
            }
            ty @ Type::Decimal(_, scale) => {
                let sum = finish(native("sum", vec![value.sql.clone()]), parts.clone());
                let sum = cast(sum, decimal_type(38, scale));
                let count = finish(native("count", vec![value.sql]), parts);
                let arguments = vec![(sum, Type::Decimal(38, scale)), (count, Type::Bigint)];
                Some(Typed::new(
                    self.kernel("decimal_average", arguments, ty.clone()),
                    ty,
                ))
            }
            _ => None,
        }
    }

    /// The rank itself, which is within any tolerance of an approximation.
    fn percentile(&mut self, value: Typed, share: &Typed, parts: &Parts) -> Option<Typed> {
        if parts.distinct {
            return None;
        }
        let ty = match value.ty {
            Type::Integer | Type::Bigint => Type::Bigint,
            Type::Double => Type::Double,
            _ => return None,
        };
        let many = Type::Array(Box::new(Type::Double));
        let (share, share_type, result) = match &share.ty {
            Type::Array(_) if share.ty.becomes(&many) => {
                let share = self.coerce(share.clone(), &many);
                (share, many, Type::Array(Box::new(ty.clone())))
            }
            one if one.is_number() => (
                self.coerce(share.clone(), &Type::Double),
                Type::Double,
                ty.clone(),
            ),
            _ => return None,
        };
        let value = Typed::new(self.coerce(value, &ty), ty.clone());
        let all = collected(&value, true, parts);
        let arguments = vec![(all, Type::Array(Box::new(ty))), (share, share_type)];
        Some(Typed::new(
            self.kernel("percentile", arguments, result.clone()),
            result,
        ))
    }
}

pub(crate) fn is_star(list: &FunctionArgumentList) -> bool {
    matches!(
        list.args.as_slice(),
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]
    )
}

/// A text in an answer of many rows has any length.
pub(crate) fn shortened(ty: Type) -> Type {
    match ty {
        Type::Varchar(_) => Type::Varchar(None),
        ty => ty,
    }
}

fn has_extremes(ty: &Type) -> bool {
    ty.is_number()
        || matches!(
            ty,
            Type::Varchar(_)
                | Type::Date
                | Type::Timestamp(_)
                | Type::TimestampTz(_, _)
                | Type::Boolean
        )
}
