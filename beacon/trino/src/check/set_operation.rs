//! UNION, INTERSECT and EXCEPT, VALUES, and queries whose columns get other names or types.

use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{
    Expr, Parens, Query, SelectItem, SetExpr, SetOperator, SetQuantifier, Values, WindowSpec,
    WindowType,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::built::{alias, derived, empty_select, query_of};
use super::query::{Body, of_outputs};
use super::rewrite::{native, null};
use super::scope::{Scope, column_of, quoted};
use super::{Checked, Checker, Output, Typed, place};
use crate::refusal::Refusal;
use crate::types::Type;

impl Checker<'_> {
    pub(crate) fn set_operation(
        &mut self,
        left: &SetExpr,
        op: SetOperator,
        quantifier: SetQuantifier,
        right: &SetExpr,
        outer: Option<&Rc<Scope>>,
    ) -> Checked<Body> {
        let span = place(right);
        let is_answered = matches!(
            quantifier,
            SetQuantifier::None | SetQuantifier::All | SetQuantifier::Distinct
        ) && matches!(
            op,
            SetOperator::Union | SetOperator::Intersect | SetOperator::Except
        );
        if !is_answered {
            return Err(Refusal::new(
                span,
                format!("{op} {quantifier} is not Trino's"),
            ));
        }
        let left_at = place(left);
        let left = self.body(left, outer)?;
        let right = self.body(right, outer)?;
        if left.outputs.len() != right.outputs.len() {
            return Err(Refusal::new(
                span,
                format!(
                    "{op} of {} and {} columns",
                    left.outputs.len(),
                    right.outputs.len()
                ),
            ));
        }
        let mut types = Vec::new();
        for (one, other) in left.outputs.iter().zip(&right.outputs) {
            let Some(common) = Type::common(&one.ty, &other.ty) else {
                return Err(
                    Refusal::new(span, format!("{op} of {} and {}", one.ty, other.ty))
                        .instead(format!("CAST(… AS {})", one.ty)),
                );
            };
            let is_kept = matches!(op, SetOperator::Union) && quantifier == SetQuantifier::All;
            if !is_kept && !common.is_orderable() {
                return Err(Refusal::new(
                    span,
                    format!("{op} of {common} is not answered"),
                ));
            }
            types.push(common);
        }
        let mut outputs = left.outputs.clone();
        for (output, ty) in outputs.iter_mut().zip(&types) {
            output.ty = ty.clone();
        }
        let mut left = self.converted(left.set, left.outputs, &types, left_at)?;
        let mut right = self.converted(right.set, right.outputs, &types, span)?;
        let counts = quantifier == SetQuantifier::All && op != SetOperator::Union;
        if counts {
            left = self.numbered(left, &outputs);
            right = self.numbered(right, &outputs);
        }
        let set = SetExpr::SetOperation {
            left: Box::new(left),
            op,
            set_quantifier: match (counts, quantifier) {
                (true, _) => SetQuantifier::None,
                (false, SetQuantifier::All) => SetQuantifier::All,
                _ => SetQuantifier::None,
            },
            right: Box::new(right),
        };
        if !counts {
            return Ok(of_outputs(set, outputs));
        }
        let relation = self.new_relation();
        let mut select = empty_select();
        select.projection = outputs
            .iter()
            .map(|output| item(&relation, &output.label, &output.label))
            .collect();
        select.from = vec![derived(query_of(set), alias(&relation, &[]))];
        Ok(of_outputs(SetExpr::Select(Box::new(select)), outputs))
    }

    /// Returns the rows, each with its number among its equals: sets of those are sets with repetitions.
    fn numbered(&mut self, set: SetExpr, outputs: &[Output]) -> SetExpr {
        let relation = self.new_relation();
        let labels: Vec<String> = outputs.iter().map(|output| output.label.clone()).collect();
        let mut number = native("row_number", Vec::new());
        number.over = Some(WindowType::WindowSpec(WindowSpec {
            window_name: None,
            partition_by: labels
                .iter()
                .map(|label| column_of(&relation, label))
                .collect(),
            order_by: Vec::new(),
            window_frame: None,
        }));
        let mut select = empty_select();
        select.projection = labels
            .iter()
            .map(|label| item(&relation, label, label))
            .collect();
        select.projection.push(SelectItem::ExprWithAlias {
            expr: Expr::Function(number),
            alias: quoted("_number"),
        });
        select.from = vec![derived(query_of(set), alias(&relation, &labels))];
        SetExpr::Select(Box::new(select))
    }

    /// Returns the rows with columns of `types`.
    pub(crate) fn converted(
        &mut self,
        set: SetExpr,
        outputs: Vec<Output>,
        types: &[Type],
        at: Span,
    ) -> Checked<SetExpr> {
        let is_same = |(output, ty): (&Output, &Type)| {
            output.ty == *ty || matches!((&output.ty, ty), (Type::Varchar(_), Type::Varchar(_)))
        };
        if outputs.len() != types.len() {
            return Err(Refusal::new(
                at,
                format!("{} columns stand for {}", outputs.len(), types.len()),
            ));
        }
        if outputs.iter().zip(types).all(is_same) {
            return Ok(set);
        }
        let relation = self.new_relation();
        let mut select = empty_select();
        select.projection.clear();
        for (output, ty) in outputs.iter().zip(types) {
            if !output.ty.becomes(ty) {
                return Err(
                    Refusal::new(at, format!("{} can't stand for {ty}", output.ty))
                        .instead(format!("CAST(… AS {ty})")),
                );
            }
            let value = Typed::new(column_of(&relation, &output.label), output.ty.clone());
            select.projection.push(SelectItem::ExprWithAlias {
                expr: self.coerce(value, ty),
                alias: quoted(&output.label),
            });
        }
        select.from = vec![derived(query_of(set), alias(&relation, &[]))];
        Ok(SetExpr::Select(Box::new(select)))
    }

    /// Returns the rows under other names.
    pub(crate) fn renamed(
        &mut self,
        query: Query,
        mut outputs: Vec<Output>,
        names: &[String],
        at: Span,
    ) -> Checked<(SetExpr, Vec<Output>)> {
        if outputs.len() != names.len() {
            return Err(Refusal::new(
                at,
                format!("{} names for {} columns", names.len(), outputs.len()),
            ));
        }
        let relation = self.new_relation();
        let mut select = empty_select();
        select.projection.clear();
        for (output, name) in outputs.iter_mut().zip(names) {
            select.projection.push(item(&relation, &output.label, name));
            output.name = Some(name.clone());
            output.label.clone_from(name);
        }
        select.from = vec![derived(query, alias(&relation, &[]))];
        Ok((SetExpr::Select(Box::new(select)), outputs))
    }

    pub(crate) fn values(&mut self, values: &Values) -> Checked<Body> {
        let scope = Scope::default();
        let width = values.rows.first().map_or(0, |row| row.content.len());
        let mut types = vec![Type::Unknown; width];
        let mut rows = Vec::new();
        for row in &values.rows {
            if row.content.len() != width {
                return Err(Refusal::new(
                    place(values),
                    "the rows of VALUES have different lengths",
                ));
            }
            let mut cells = Vec::new();
            for (expr, ty) in row.content.iter().zip(&mut types) {
                let cell = self.expression(expr, &scope)?;
                *ty = match Type::common(ty, &cell.ty) {
                    Some(common) => common,
                    None => {
                        return Err(Refusal::new(
                            place(expr),
                            format!("a column of VALUES has {ty} and {}", cell.ty),
                        )
                        .instead(format!("CAST(… AS {ty})")));
                    }
                };
                cells.push(cell);
            }
            rows.push(cells);
        }
        let mut rewritten = Vec::new();
        for (row, written) in rows.into_iter().zip(&values.rows) {
            let cells = row.into_iter().zip(&types);
            let content = cells
                .map(|(cell, ty)| match (&cell.ty, ty) {
                    (Type::Unknown, Type::Unknown) => null(),
                    _ => self.coerce(cell, ty),
                })
                .collect();
            rewritten.push(Parens {
                opening_token: written.opening_token.clone(),
                content,
                closing_token: written.closing_token.clone(),
            });
        }
        let relation = self.new_relation();
        let labels: Vec<String> = (0..width).map(|index| format!("_col{index}")).collect();
        let rows = SetExpr::Values(Values {
            explicit_row: false,
            value_keyword: false,
            rows: rewritten,
        });
        let mut select = empty_select();
        select.projection = labels
            .iter()
            .map(|label| item(&relation, label, label))
            .collect();
        select.from = vec![derived(query_of(rows), alias(&relation, &labels))];
        let outputs = labels
            .into_iter()
            .zip(types)
            .map(|(label, ty)| Output {
                name: Some(label.clone()),
                label,
                ty: super::aggregate::shortened(ty),
            })
            .collect();
        Ok(of_outputs(SetExpr::Select(Box::new(select)), outputs))
    }
}

/// `relation.label AS name`.
pub(crate) fn item(relation: &str, label: &str, name: &str) -> SelectItem {
    SelectItem::ExprWithAlias {
        expr: column_of(relation, label),
        alias: quoted(name),
    }
}
