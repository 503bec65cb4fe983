//! Calls: the signature that fits, and this crate's function with its types.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, ObjectNamePart, Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::scope::Scope;
use super::{Checked, Checker, Typed, place};
use crate::allow_list;
use crate::function::Kind;
use crate::refusal::Refusal;
use crate::signature::{Bindings, Pattern, Signature};
use crate::types::Type;

impl Checker<'_> {
    pub(crate) fn function(&mut self, function: &Function, scope: &Scope) -> Checked<Typed> {
        let span = place(&function.name);
        let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else {
            return Err(no_function(&function.name.to_string(), span));
        };
        let name = name.value.to_lowercase();
        if matches!(function.args, FunctionArguments::None) {
            return self
                .clock_function(&name)
                .ok_or_else(|| no_function(&name, span));
        }
        match allow_list::kind(&name) {
            Some(Kind::Aggregate | Kind::Window) => {
                return self.aggregate_or_window(&name, function, scope);
            }
            Some(Kind::Scalar) => {}
            None => return Err(no_function(&name, span)),
        }
        let is_plain = function.filter.is_none()
            && function.over.is_none()
            && function.null_treatment.is_none()
            && function.within_group.is_empty()
            && matches!(function.parameters, FunctionArguments::None);
        if !is_plain {
            return Err(Refusal::new(
                span,
                format!("{name} is no aggregate: it has no FILTER, OVER or WITHIN GROUP"),
            ));
        }
        let arguments = plain_arguments(function, span)?;
        let special = match (name.as_str(), arguments.as_slice()) {
            ("if", arguments) => self.if_function(arguments, scope),
            ("coalesce", arguments) if arguments.len() > 1 => Some(self.coalesce(arguments, scope)),
            ("nullif", [left, right]) => Some(self.nullif(left, right, scope)),
            ("try", [argument]) => Some(self.try_function(argument, scope)),
            ("now", []) => self.clock_function("current_timestamp").map(Ok),
            ("at_timezone", [time, zone]) => Some(
                self.expression(time, scope)
                    .and_then(|value| self.at_time_zone(value, zone, time)),
            ),
            ("concat", [first, rest @ ..]) if !rest.is_empty() => {
                Some(self.concat(span, first, rest, scope))
            }
            ("mod", [left, right]) => Some(self.modulus(left, right, scope)),
            ("typeof", [argument]) => Some(self.type_of(argument, scope)),
            ("uuid", []) => Some(Ok(Typed::new(
                super::rewrite::native_call("uuid", Vec::new()),
                Type::Uuid,
            ))),
            ("format", [_, ..]) => Some(self.format(&arguments, scope)),
            _ => None,
        };
        match special {
            Some(answer) => answer,
            None => self.call(&name, span, &arguments, scope),
        }
    }

    /// A call by the signatures of the list.
    pub(crate) fn call(
        &mut self,
        name: &str,
        span: Span,
        arguments: &[&Expr],
        scope: &Scope,
    ) -> Checked<Typed> {
        let signatures = allow_list::signatures(name);
        let mut values = Vec::new();
        for argument in arguments {
            values.push(match argument {
                Expr::Lambda(_) => None,
                argument => Some(self.expression(argument, scope)?),
            });
        }
        let mut best: Option<(usize, Signature, Bindings)> = None;
        for signature in signatures {
            let Some(bindings) = fits(&signature, &values) else {
                continue;
            };
            if best
                .as_ref()
                .is_none_or(|(changes, _, _)| bindings.changes < *changes)
            {
                best = Some((bindings.changes, signature, bindings));
            }
        }
        let Some((_, signature, mut bindings)) = best else {
            return Err(does_not_take(name, span, &values));
        };
        if let Some(at) = values.iter().position(Option::is_none) {
            let _ = at;
            return self.lambda_call(name, span, &signature, bindings, values, arguments, scope);
        }
        let mut typed = Vec::new();
        for (index, value) in values.into_iter().flatten().enumerate() {
            let target = match signature
                .parameter(index)
                .and_then(|pattern| pattern.filled(&bindings))
            {
                Some(target) => target,
                None => value.ty.clone(),
            };
            let target = if matches!((&value.ty, &target), (Type::Varchar(_), Type::Varchar(_))) {
                Type::Varchar(None)
            } else {
                target
            };
            typed.push((self.coerce(value, &target), target));
        }
        bindings.changes = 0;
        let result = self.result(name, span, &signature, &bindings, &typed, arguments)?;
        let kernel = allow_list::kernel_name(name);
        Ok(Typed::new(
            self.kernel(kernel, typed, result.clone()),
            result,
        ))
    }

    /// The type of a call's result, which for some functions depends on more than the signature says.
    fn result(
        &self,
        name: &str,
        span: Span,
        signature: &Signature,
        bindings: &Bindings,
        arguments: &[(Expr, Type)],
        written: &[&Expr],
    ) -> Checked<Type> {
        let first = arguments.first().map(|(_, ty)| ty);
        Ok(match (name, first) {
            ("round", Some(Type::Decimal(precision, scale))) if arguments.len() == 1 => {
                let whole = precision - scale + u8::from(*scale > 0);
                Type::Decimal(whole.clamp(1, 38), 0)
            }
            ("round", Some(Type::Decimal(precision, scale))) => {
                Type::Decimal((precision + 1).min(38), *scale)
            }
            ("floor" | "ceil" | "ceiling", Some(Type::Decimal(precision, scale))) => {
                Type::Decimal((precision - scale + u8::from(*scale > 0)).clamp(1, 38), 0)
            }
            ("truncate", Some(Type::Decimal(precision, scale))) if arguments.len() == 1 => {
                Type::Decimal((precision - scale).max(1), 0)
            }
            ("mod", Some(_)) => signature.result.filled(bindings).unwrap_or(Type::Bigint),
            ("with_timezone", Some(Type::Timestamp(precision))) => {
                let Some(Expr::Value(ValueWithSpan {
                    value: Value::SingleQuotedString(zone),
                    span,
                })) = written.get(1)
                else {
                    return Err(Refusal::new(
                        span,
                        "a time zone is a literal here, the same for all rows",
                    )
                    .instead("with_timezone(…, 'Europe/Berlin')"));
                };
                Type::TimestampTz(*precision, super::special::zone(zone, *span)?)
            }
            _ => signature
                .result
                .filled(bindings)
                .ok_or_else(|| no_function(name, span))?,
        })
    }

    fn concat(
        &mut self,
        span: Span,
        first: &Expr,
        rest: &[&Expr],
        scope: &Scope,
    ) -> Checked<Typed> {
        let mut joined = self.expression(first, scope)?;
        for expr in rest {
            let value = self.expression(expr, scope)?;
            let fits = matches!((&joined.ty, &value.ty), (Type::Array(_), Type::Array(_)))
                || [&joined.ty, &value.ty]
                    .into_iter()
                    .all(|ty| ty.is_text() || *ty == Type::Unknown);
            if !fits {
                return Err(Refusal::new(
                    span,
                    format!("concat does not take {} and {}", joined.ty, value.ty),
                )
                .instead("CAST(… AS varchar)"));
            }
            joined = self.joined(expr, joined, value)?;
        }
        Ok(joined)
    }

    fn modulus(&mut self, left: &Expr, right: &Expr, scope: &Scope) -> Checked<Typed> {
        let (one, other) = (
            self.expression(left, scope)?,
            self.expression(right, scope)?,
        );
        self.arithmetic(left, one, &BinaryOperator::Modulo, other)
    }

    fn type_of(&mut self, argument: &Expr, scope: &Scope) -> Checked<Typed> {
        let value = self.expression(argument, scope)?;
        if value.ty.is_text() {
            return Err(Refusal::new(
                place(argument),
                "typeof of a text has a length that isn't followed here",
            ));
        }
        Ok(Typed::new(
            super::rewrite::text(value.ty.to_string()),
            Type::Varchar(None),
        ))
    }

    fn format(&mut self, arguments: &[&Expr], scope: &Scope) -> Checked<Typed> {
        let mut typed = Vec::new();
        for argument in arguments {
            let value = self.expression(argument, scope)?;
            let is_answered =
                value.ty.is_text() || value.ty.is_number() || value.ty == Type::Boolean;
            if !is_answered {
                return Err(Refusal::new(
                    place(*argument),
                    format!("format of {} is not answered", value.ty),
                )
                .instead("CAST(… AS varchar)"));
            }
            typed.push((value.sql, value.ty));
        }
        let text = Type::Varchar(None);
        Ok(Typed::new(self.kernel("format", typed, text.clone()), text))
    }
}

/// The most arguments of a call, some of which are rewritten to a chain of operators.
const MAX_ARGUMENTS: usize = 100;

/// The bindings of a signature that fits; a lambda fits where one is expected.
fn fits(signature: &Signature, values: &[Option<Typed>]) -> Option<Bindings> {
    if !signature.takes(values.len()) {
        return None;
    }
    let mut bindings = Bindings::default();
    for (index, value) in values.iter().enumerate() {
        match (signature.parameter(index)?, value) {
            (Pattern::Lambda(_, _), None) => {}
            (Pattern::Lambda(_, _), Some(_)) | (_, None) => return None,
            (pattern, Some(value)) => {
                if !pattern.bind(&value.ty, &mut bindings) {
                    return None;
                }
            }
        }
    }
    Some(bindings)
}

/// The arguments of a call without DISTINCT, ORDER BY or names.
pub(crate) fn plain_arguments(function: &Function, span: Span) -> Checked<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else {
        return Err(Refusal::new(span, "a query is no argument")
            .instead("two pairs of parentheses around it"));
    };
    let is_plain = !matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct))
        && list.clauses.is_empty();
    if !is_plain {
        return Err(Refusal::new(
            span,
            "DISTINCT, ORDER BY and the like stand only in aggregates",
        ));
    }
    if list.args.len() > MAX_ARGUMENTS {
        let reason = format!("a call has at most {MAX_ARGUMENTS} arguments here");
        return Err(Refusal::new(span, reason));
    }
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
            _ => Err(Refusal::new(
                span,
                "arguments have no names in Trino, and * stands only in count(*)",
            )),
        })
        .collect()
}

fn does_not_take(name: &str, span: Span, values: &[Option<Typed>]) -> Refusal {
    let types: Vec<String> = values
        .iter()
        .map(|value| match value {
            Some(value) => value.ty.to_string(),
            None => "a lambda".to_owned(),
        })
        .collect();
    let reason = format!("{name} does not take ({})", types.join(", "));
    let forms: Vec<String> = allow_list::forms(name).collect();
    Refusal::new(span, reason).instead(forms.join(" or "))
}

/// A function that isn't on the list, with what does the same in Trino.
pub(crate) fn no_function(name: &str, span: Span) -> Refusal {
    let refusal = Refusal::new(
        span,
        format!("the function {name} is not on the list of what is answered as Trino answers it"),
    );
    match allow_list::in_place_of(name) {
        Some(instead) => refusal.instead(instead),
        None => refusal,
    }
}
