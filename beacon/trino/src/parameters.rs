//! The values of `?`: Athena binds them as the literals behind USING, so each becomes a literal in its place.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Query, Value, ValueWithSpan, VisitMut, VisitorMut};
use datafusion::sql::sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use crate::refusal::Refusal;

/// Gives each `?` its number in the text, since a tree is walked in another order.
pub(crate) fn number(tokens: &mut [TokenWithSpan]) -> Result<(), Refusal> {
    let mut count = 0_usize;
    for token in tokens {
        let Token::Placeholder(name) = &mut token.token else {
            continue;
        };
        if name != "?" {
            let reason = format!("a parameter is written ?, not {name}");
            return Err(Refusal::new(token.span, reason)
                .instead("parameters are bound in the order in which they stand"));
        }
        *name = format!("?{count}");
        count += 1;
    }
    Ok(())
}

/// Puts the values in the places of the numbered `?`.
pub(crate) fn bind(query: &mut Query, values: &[String]) -> Result<(), Refusal> {
    let mut binding = Binding { values, bound: 0 };
    if let ControlFlow::Break(refusal) = query.visit(&mut binding) {
        return Err(refusal);
    }
    if binding.bound < values.len() {
        return Err(Refusal::new(Span::empty(), counts(binding.bound, values)));
    }
    Ok(())
}

fn counts(expected: usize, values: &[String]) -> String {
    format!(
        "the statement has {expected} of the parameters ?, and {} are given",
        values.len()
    )
}

struct Binding<'a> {
    values: &'a [String],
    bound: usize,
}

impl Binding<'_> {
    fn value_of(&mut self, name: &str, span: Span) -> Result<&str, Refusal> {
        let index = name
            .strip_prefix('?')
            .and_then(|index| index.parse::<usize>().ok());
        let Some(index) = index else {
            return Err(Refusal::new(span, format!("{name} has no value here")));
        };
        self.bound += 1;
        self.values
            .get(index)
            .map(String::as_str)
            .ok_or_else(|| Refusal::new(span, counts(index + 1, self.values)))
    }
}

impl VisitorMut for Binding<'_> {
    type Break = Refusal;

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Refusal> {
        // A parameter is an expression, and the value of an interval isn't one in Trino.
        if let Expr::Interval(interval) = expr
            && let Expr::Value(ValueWithSpan {
                value: Value::Placeholder(_),
                span,
            }) = interval.value.as_ref()
        {
            return ControlFlow::Break(
                Refusal::new(*span, "an interval's value is a literal in single quotes")
                    .instead("date_add('day', CAST(? AS bigint), time)"),
            );
        }
        let Expr::Value(literal) = expr else {
            return ControlFlow::Continue(());
        };
        let Value::Placeholder(name) = &literal.value else {
            return ControlFlow::Continue(());
        };
        match self.value_of(name, literal.span) {
            Ok(value) => {
                literal.value = Value::SingleQuotedString(value.to_owned());
                ControlFlow::Continue(())
            }
            Err(refusal) => ControlFlow::Break(refusal),
        }
    }
}
