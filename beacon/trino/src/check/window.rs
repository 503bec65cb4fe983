//! Windows, and the functions that exist only over one.

use datafusion::sql::sqlparser::ast::{
    DataType, ExactNumberInfo, Expr, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    NamedWindowExpr, Value, ValueWithSpan, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowSpec, WindowType,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::aggregate::shortened;
use super::aggregate_parts::{Parts, finish};
use super::rewrite::{cast, native};
use super::scope::Scope;
use super::{Checked, Checker, Typed, place, unknown};
use crate::allow_list;
use crate::refusal::Refusal;
use crate::types::Type;

impl Checker<'_> {
    pub(crate) fn window(&mut self, over: &WindowType, scope: &Scope) -> Checked<WindowType> {
        let spec = match over {
            WindowType::WindowSpec(spec) => spec.clone(),
            WindowType::NamedWindow(name) => {
                let named = self
                    .windows
                    .iter()
                    .find(|window| window.0.value.eq_ignore_ascii_case(&name.value));
                match named.map(|window| &window.1) {
                    Some(NamedWindowExpr::WindowSpec(spec)) => spec.clone(),
                    _ => {
                        return Err(Refusal::new(
                            name.span,
                            format!("there is no window {}", name.value),
                        ));
                    }
                }
            }
        };
        if let Some(name) = &spec.window_name {
            return Err(unknown(name.span, "a window made of another"));
        }
        let mut partition_by = Vec::new();
        for expr in &spec.partition_by {
            partition_by.push(self.expression(expr, scope)?.sql);
        }
        let order_by = self.sort_keys(&spec.order_by, scope)?;
        if let Some(frame) = &spec.window_frame {
            check_frame(frame, &spec)?;
        }
        Ok(WindowType::WindowSpec(WindowSpec {
            window_name: None,
            partition_by,
            order_by,
            window_frame: spec.window_frame,
        }))
    }

    pub(crate) fn window_function(
        &mut self,
        name: &str,
        span: Span,
        list: &FunctionArgumentList,
        parts: Parts,
        scope: &Scope,
    ) -> Checked<Typed> {
        let mut values = Vec::new();
        let mut written = Vec::new();
        for argument in &list.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else {
                return Err(unknown(span, "this argument"));
            };
            values.push(self.expression(expr, scope)?);
            written.push(expr.clone());
        }
        let types: Vec<String> = values.iter().map(|value| value.ty.to_string()).collect();
        let refused = || {
            let forms: Vec<String> = allow_list::forms(name).collect();
            Refusal::new(span, format!("{name} does not take ({})", types.join(", ")))
                .instead(forms.join(" or "))
        };
        let ranks = matches!(name, "row_number" | "rank" | "dense_rank" | "ntile");
        let shares = matches!(name, "percent_rank" | "cume_dist");
        let (types, takes_nulls) = (
            values
                .iter()
                .map(|value| value.ty.clone())
                .collect::<Vec<_>>(),
            !ranks && !shares,
        );
        if parts.null_treatment.is_some() && !takes_nulls {
            return Err(refused());
        }
        let mut sql: Vec<Expr> = Vec::new();
        let result = match (name, types.as_slice()) {
            ("row_number" | "rank" | "dense_rank", []) => Type::Bigint,
            ("percent_rank" | "cume_dist", []) => Type::Double,
            ("ntile", [Type::Integer]) => {
                sql.push(self.count(&written, 0).ok_or_else(refused)?);
                Type::Bigint
            }
            ("first_value" | "last_value", [ty]) => {
                sql.extend(values.into_iter().map(|value| value.sql));
                shortened(ty.clone())
            }
            ("nth_value", [ty, Type::Integer]) => {
                let count = self.count(&written, 1).ok_or_else(refused)?;
                sql.extend(values.into_iter().take(1).map(|value| value.sql));
                sql.push(count);
                shortened(ty.clone())
            }
            ("lag" | "lead", [ty, rest @ ..]) if rest.len() <= 2 => {
                let ty = shortened(ty.clone());
                let mut values = values.into_iter();
                sql.extend(values.next().map(|value| value.sql));
                if !rest.is_empty() {
                    sql.push(self.count(&written, 1).ok_or_else(refused)?);
                    if let Some(default) = values.nth(1) {
                        if !default.ty.becomes(&ty) {
                            return Err(refused());
                        }
                        sql.push(self.coerce(default, &ty));
                    }
                }
                ty
            }
            _ => return Err(refused()),
        };
        let call = finish(native(name, sql), parts);
        let call = if ranks {
            cast(call, DataType::BigInt(None))
        } else if shares {
            cast(call, DataType::Double(ExactNumberInfo::None))
        } else {
            call
        };
        Ok(Typed::new(call, result))
    }

    /// A count of rows that is written out.
    fn count(&self, written: &[Expr], index: usize) -> Option<Expr> {
        match written.get(index)? {
            Expr::Value(ValueWithSpan {
                value: Value::Number(digits, false),
                ..
            }) if digits.parse::<u32>().is_ok() => written.get(index).cloned(),
            _ => None,
        }
    }
}

fn check_frame(frame: &WindowFrame, spec: &WindowSpec) -> Checked<()> {
    let span = spec
        .order_by
        .first()
        .map_or(Span::empty(), |key| place(&key.expr));
    if frame.units == WindowFrameUnits::Groups {
        return Err(unknown(span, "a frame of GROUPS").instead("ROWS or RANGE"));
    }
    let mut bounds = vec![&frame.start_bound];
    bounds.extend(frame.end_bound.as_ref());
    for bound in bounds {
        let (WindowFrameBound::Preceding(Some(count)) | WindowFrameBound::Following(Some(count))) =
            bound
        else {
            continue;
        };
        let is_number = matches!(
            count.as_ref(),
            Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }) if digits.parse::<u32>().is_ok()
        );
        if !is_number {
            return Err(unknown(place(count.as_ref()), "this bound of a frame")
                .instead("a count of rows, such as 6 PRECEDING"));
        }
    }
    Ok(())
}
