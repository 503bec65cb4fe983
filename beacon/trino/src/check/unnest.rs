//! UNNEST: a row for each value of arrays, or for each entry of maps.

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, JoinConstraint, JoinOperator, Select, SelectItem, SetExpr,
    TableAlias, TableFunctionArgs, TableWithJoins, Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::built::{alias, alias_columns, derived, empty_select, query_of};
use super::rewrite::{native_call, text};
use super::scope::{Column, Scope, column_of, quoted};
use super::{Checked, Checker, place, unknown};
use crate::refusal::Refusal;
use crate::types::Type;

impl Checker<'_> {
    /// Joins the rows that the arguments of UNNEST make of each row so far.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one clause, each of another kind"
    )]
    pub(crate) fn unnest(
        &mut self,
        all: &mut Option<TableWithJoins>,
        arguments: &TableFunctionArgs,
        written: Option<&TableAlias>,
        with_ordinality: bool,
        operator: &JoinOperator,
        at: Span,
        scope: &mut Scope,
    ) -> Checked<()> {
        let is_true = |expr: &Expr| {
            matches!(
                expr,
                Expr::Value(ValueWithSpan {
                    value: Value::Boolean(true),
                    ..
                })
            )
        };
        let keeps_empty = match operator {
            JoinOperator::CrossJoin(JoinConstraint::None) => false,
            JoinOperator::Left(JoinConstraint::On(on))
            | JoinOperator::LeftOuter(JoinConstraint::On(on))
                if is_true(on) =>
            {
                true
            }
            _ => {
                return Err(Refusal::new(
                    at,
                    "UNNEST is joined by CROSS JOIN or by LEFT JOIN … ON true",
                )
                .instead("CROSS JOIN UNNEST(…) AS t(x)"));
            }
        };
        let mut values = Vec::new();
        let mut types = Vec::new();
        for argument in &arguments.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else {
                return Err(unknown(at, "this argument of UNNEST"));
            };
            let value = self.expression(expr, scope)?;
            match &value.ty {
                Type::Array(element) => types.push(element.as_ref().clone()),
                Type::Map(key, value) => {
                    types.extend([key.as_ref().clone(), value.as_ref().clone()]);
                }
                other => {
                    return Err(Refusal::new(
                        place(expr),
                        format!("UNNEST takes arrays and maps, not {other}"),
                    ));
                }
            }
            values.push((value.sql, value.ty));
        }
        if with_ordinality {
            types.push(Type::Bigint);
        }
        let rows = Type::Array(Box::new(Type::Row(types.clone())));
        let name = match (keeps_empty, with_ordinality) {
            (false, false) => "zip",
            (false, true) => "zip_numbered",
            (true, false) => "zip_outer",
            (true, true) => "zip_outer_numbered",
        };
        let rows = self.infallible(name, values, rows);
        let relation = self.new_relation();
        let mut select: Select = empty_select();
        select.projection.clear();
        for (index, column) in scope.columns.iter_mut().enumerate() {
            let label = format!("c{index}");
            let inner = std::mem::replace(&mut column.sql, column_of(&relation, &label));
            select.projection.push(SelectItem::ExprWithAlias {
                expr: inner,
                alias: quoted(&label),
            });
        }
        select.projection.push(SelectItem::ExprWithAlias {
            expr: native_call("unnest", vec![rows]),
            alias: quoted("unnested"),
        });
        select.from = all.take().into_iter().collect();
        let query = query_of(SetExpr::Select(Box::new(select)));
        *all = Some(derived(query, alias(&relation, &[])));
        let aliases = written.map(alias_columns).unwrap_or_default();
        if !aliases.is_empty() && aliases.len() != types.len() {
            return Err(Refusal::new(
                at,
                format!(
                    "{} names for {} columns of UNNEST",
                    aliases.len(),
                    types.len()
                ),
            ));
        }
        let qualifier = written.map(|alias| alias.name.value.to_lowercase());
        for (index, ty) in types.into_iter().enumerate() {
            let row = column_of(&relation, "unnested");
            scope.columns.push(Column {
                relation: qualifier.clone(),
                name: aliases.get(index).cloned(),
                ty,
                sql: native_call("get_field", vec![row, text(format!("f{index}"))]),
            });
        }
        Ok(())
    }
}
