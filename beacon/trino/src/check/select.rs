//! SELECT … FROM … WHERE … GROUP BY … HAVING.

use std::collections::HashSet;
use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{
    Distinct, Expr, GroupByExpr, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::built::{empty_select, nowhere};
use super::query::Body;
use super::scope::{Scope, quoted};
use super::{Checked, Checker, Output, Typed, place, unknown};
use crate::refusal::Refusal;
use crate::types::Type;

impl Checker<'_> {
    pub(crate) fn select(&mut self, select: &Select, outer: Option<&Rc<Scope>>) -> Checked<Body> {
        let span = select.select_token.0.span;
        refuse_foreign_clauses(select, span)?;
        let mut scope = Scope {
            outer: outer.cloned(),
            ..Scope::default()
        };
        let mut rewritten = empty_select();
        rewritten.from = self.from(&select.from, &mut scope)?;
        self.windows = select.named_window.clone();
        if let Some(condition) = &select.selection {
            rewritten.selection = Some(self.condition(condition, &scope)?);
        }
        rewritten.distinct = match &select.distinct {
            None | Some(Distinct::All) => None,
            Some(Distinct::Distinct) => Some(Distinct::Distinct),
            Some(Distinct::On(_)) => {
                return Err(unknown(span, "DISTINCT ON").instead(
                    "row_number() OVER (PARTITION BY … ORDER BY …) = 1 in a query around it",
                ));
            }
        };
        let mut items = Vec::new();
        for item in &select.projection {
            self.item(item, &scope, &mut items)?;
        }
        let mut taken = HashSet::new();
        let mut outputs = Vec::new();
        let mut expressions = Vec::new();
        rewritten.projection.clear();
        for (index, (value, name)) in items.into_iter().enumerate() {
            if rewritten.distinct.is_some() && matches!(value.ty, Type::Json | Type::Map(_, _)) {
                return Err(unknown(span, &format!("DISTINCT of {}", value.ty)));
            }
            let mut label = name.clone().unwrap_or_else(|| format!("_col{index}"));
            while !taken.insert(label.clone()) {
                label.push('_');
            }
            expressions.push(value.sql.clone());
            rewritten.projection.push(SelectItem::ExprWithAlias {
                expr: value.sql,
                alias: quoted(&label),
            });
            outputs.push(Output {
                name,
                label,
                ty: super::aggregate::shortened(value.ty),
            });
        }
        rewritten.group_by = self.group_by(&select.group_by, &outputs, &scope)?;
        if let Some(condition) = &select.having {
            rewritten.having = Some(self.condition(condition, &scope)?);
        }
        Ok(Body {
            set: SetExpr::Select(Box::new(rewritten)),
            outputs,
            expressions,
            scope,
        })
    }

    fn item(
        &mut self,
        item: &SelectItem,
        scope: &Scope,
        items: &mut Vec<(Typed, Option<String>)>,
    ) -> Checked<()> {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let name = match expr {
                    Expr::Identifier(name) => Some(name),
                    Expr::CompoundIdentifier(parts) => parts.last(),
                    _ => None,
                };
                let name = name.map(|name| name.value.to_lowercase());
                items.push((self.expression(expr, scope)?, name));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                items.push((
                    self.expression(expr, scope)?,
                    Some(alias.value.to_lowercase()),
                ));
            }
            SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                for column in &scope.columns {
                    items.push((
                        Typed::new(column.sql.clone(), column.ty.clone()),
                        column.name.clone(),
                    ));
                }
            }
            SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                options,
            ) if options.to_string().is_empty() => {
                let relation = name.to_string().to_lowercase();
                let relation = relation.trim_matches('"');
                let before = items.len();
                for column in &scope.columns {
                    if column.relation.as_deref() == Some(relation) {
                        items.push((
                            Typed::new(column.sql.clone(), column.ty.clone()),
                            column.name.clone(),
                        ));
                    }
                }
                if items.len() == before {
                    return Err(Refusal::new(
                        place(item),
                        format!("there is no table {relation} in FROM"),
                    ));
                }
            }
            other => return Err(unknown(place(other), &format!("{other} in SELECT"))),
        }
        Ok(())
    }

    fn group_by(
        &mut self,
        group_by: &GroupByExpr,
        outputs: &[Output],
        scope: &Scope,
    ) -> Checked<GroupByExpr> {
        let GroupByExpr::Expressions(keys, modifiers) = group_by else {
            return Err(unknown(nowhere(), "GROUP BY ALL").instead("GROUP BY 1, 2"));
        };
        if let Some(modifier) = modifiers.first() {
            return Err(unknown(nowhere(), &format!("GROUP BY … {modifier}"))
                .instead("GROUP BY ROLLUP (…)"));
        }
        let mut rewritten = Vec::new();
        for key in keys {
            match key {
                Expr::Value(ValueWithSpan {
                    value: Value::Number(digits, false),
                    span,
                }) => {
                    let output = digits
                        .parse::<usize>()
                        .ok()
                        .and_then(|index| outputs.get(index.checked_sub(1)?));
                    match output {
                        Some(output) if is_groupable(&output.ty) => rewritten.push(key.clone()),
                        Some(output) => {
                            return Err(unknown(*span, &format!("GROUP BY of {}", output.ty)));
                        }
                        None => {
                            return Err(Refusal::new(
                                *span,
                                format!("the answer has {} columns", outputs.len()),
                            ));
                        }
                    }
                }
                // Of no keys there is one group, as without GROUP BY.
                Expr::Tuple(keys) if keys.is_empty() => {}
                Expr::Rollup(sets) => rewritten.push(Expr::Rollup(self.sets(sets, scope)?)),
                Expr::Cube(sets) => rewritten.push(Expr::Cube(self.sets(sets, scope)?)),
                Expr::GroupingSets(sets) => {
                    rewritten.push(Expr::GroupingSets(self.sets(sets, scope)?));
                }
                key => rewritten.push(self.group_key(key, scope)?),
            }
        }
        Ok(GroupByExpr::Expressions(rewritten, Vec::new()))
    }

    fn sets(&mut self, sets: &[Vec<Expr>], scope: &Scope) -> Checked<Vec<Vec<Expr>>> {
        let mut rewritten = Vec::new();
        for set in sets {
            let mut keys = Vec::new();
            for key in set {
                keys.push(self.group_key(key, scope)?);
            }
            rewritten.push(keys);
        }
        Ok(rewritten)
    }

    fn group_key(&mut self, key: &Expr, scope: &Scope) -> Checked<Expr> {
        let value = self.expression(key, scope)?;
        if !is_groupable(&value.ty) {
            return Err(unknown(place(key), &format!("GROUP BY of {}", value.ty)));
        }
        Ok(value.sql)
    }
}

fn is_groupable(ty: &Type) -> bool {
    !matches!(ty, Type::Json | Type::Map(_, _) | Type::Unknown)
}

fn refuse_foreign_clauses(select: &Select, span: Span) -> Checked<()> {
    let foreign = [
        (!select.optimizer_hints.is_empty(), "a hint"),
        (
            select.select_modifiers.is_some(),
            "a word between SELECT and its columns",
        ),
        (select.top.is_some(), "TOP"),
        (select.exclude.is_some(), "EXCLUDE"),
        (select.into.is_some(), "SELECT INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (!select.cluster_by.is_empty(), "CLUSTER BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (select.qualify.is_some(), "QUALIFY"),
        (select.value_table_mode.is_some(), "SELECT AS"),
    ];
    for (is_there, what) in foreign {
        if is_there {
            return Err(unknown(span, what));
        }
    }
    Ok(())
}
