//! FROM: tables, queries and joins.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart,
    TableAlias, TableFactor, TableWithJoins,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::built::{alias, alias_columns, derived};
use super::rewrite::{binary, native_call};
use super::scope::{Column, Scope, column_of, quoted};
use super::{Checked, Checker, place, unknown};
use crate::refusal::{Refusal, nearest};
use crate::types::Type;

/// A column's name in Trino, where it has one, its name in the rewritten statement, and its type.
type NamedType = (Option<String>, String, Type);

impl Checker<'_> {
    /// Rewrites FROM, and puts its columns into `scope`.
    pub(crate) fn from(
        &mut self,
        tables: &[TableWithJoins],
        scope: &mut Scope,
    ) -> Checked<Vec<TableWithJoins>> {
        let mut all: Option<TableWithJoins> = None;
        for table in tables {
            let cross = JoinOperator::CrossJoin(JoinConstraint::None);
            self.join(&mut all, &table.relation, &cross, scope)?;
            for join in &table.joins {
                if join.global {
                    return Err(unknown(place(&join.relation), "GLOBAL JOIN"));
                }
                self.join(&mut all, &join.relation, &join.join_operator, scope)?;
            }
        }
        Ok(all.into_iter().collect())
    }

    /// Joins one more table to those so far.
    fn join(
        &mut self,
        all: &mut Option<TableWithJoins>,
        relation: &TableFactor,
        operator: &JoinOperator,
        scope: &mut Scope,
    ) -> Checked<()> {
        if let TableFactor::Table {
            name,
            alias,
            args: Some(arguments),
            with_ordinality,
            ..
        } = relation
        {
            let is_unnest = name.to_string().eq_ignore_ascii_case("unnest");
            if !is_unnest {
                return Err(unknown(
                    place(relation),
                    &format!("the table function {name}"),
                ));
            }
            let at = place(relation);
            return self.unnest(
                all,
                arguments,
                alias.as_ref(),
                *with_ordinality,
                operator,
                at,
                scope,
            );
        }
        let (factor, columns) = self.relation(relation, scope)?;
        let Some(left) = all else {
            scope.columns = columns;
            *all = Some(TableWithJoins {
                relation: factor,
                joins: Vec::new(),
            });
            return Ok(());
        };
        if let Some(name) = columns.iter().find_map(|column| {
            let is_there = scope
                .columns
                .iter()
                .any(|before| before.relation == column.relation);
            column.relation.clone().filter(|_| is_there)
        }) {
            return Err(
                Refusal::new(place(relation), format!("{name} is in FROM twice"))
                    .instead(format!("another alias: {name} AS other")),
            );
        }
        let before = scope.columns.len();
        scope.columns.extend(columns);
        let (build, constraint): (fn(JoinConstraint) -> JoinOperator, &JoinConstraint) =
            match operator {
                JoinOperator::CrossJoin(constraint) => (JoinOperator::CrossJoin, constraint),
                JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => {
                    (JoinOperator::Inner, constraint)
                }
                JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                    (JoinOperator::LeftOuter, constraint)
                }
                JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
                    (JoinOperator::RightOuter, constraint)
                }
                JoinOperator::FullOuter(constraint) => (JoinOperator::FullOuter, constraint),
                _ => return Err(unknown(place(relation), "this kind of JOIN")),
            };
        let is_cross = matches!(operator, JoinOperator::CrossJoin(_));
        let constraint = match constraint {
            JoinConstraint::None if is_cross => JoinConstraint::None,
            JoinConstraint::On(condition) if !is_cross => {
                JoinConstraint::On(self.condition(condition, scope)?)
            }
            JoinConstraint::Using(names) if !is_cross => {
                let condition = self.using(names, operator, before, scope)?;
                JoinConstraint::On(condition)
            }
            _ => {
                return Err(Refusal::new(
                    place(relation),
                    "this JOIN has no condition that is answered",
                )
                .instead("JOIN … ON a.x = b.x, JOIN … USING (x), or CROSS JOIN"));
            }
        };
        left.joins.push(Join {
            relation: factor,
            global: false,
            join_operator: build(constraint),
        });
        Ok(())
    }

    /// USING: equal columns, each of which is there once afterwards.
    fn using(
        &mut self,
        names: &[ObjectName],
        operator: &JoinOperator,
        before: usize,
        scope: &mut Scope,
    ) -> Checked<Expr> {
        let mut all: Option<Expr> = None;
        let mut merged = Vec::new();
        for name in names {
            let span = place(name);
            let name = name.to_string().trim_matches('"').to_lowercase();
            let find = |columns: &[Column]| -> Checked<Column> {
                let mut found = columns
                    .iter()
                    .filter(|column| column.name.as_deref() == Some(&name));
                match (found.next(), found.next()) {
                    (Some(column), None) => Ok(column.clone()),
                    _ => Err(Refusal::new(
                        span,
                        format!("{name} is not one column on either side"),
                    )),
                }
            };
            let left = find(&scope.columns[..before])?;
            let right = find(&scope.columns[before..])?;
            if left.ty != right.ty && !(left.ty.is_text() && right.ty.is_text()) {
                return Err(Refusal::new(
                    span,
                    format!(
                        "{name} is {} on one side and {} on the other",
                        left.ty, right.ty
                    ),
                )
                .instead("JOIN … ON"));
            }
            if matches!(
                left.ty,
                Type::Double | Type::Array(_) | Type::Map(_, _) | Type::Row(_) | Type::Json
            ) {
                return Err(unknown(span, &format!("USING of {}", left.ty)));
            }
            let equal = binary(left.sql.clone(), BinaryOperator::Eq, right.sql.clone());
            all = Some(match all {
                None => equal,
                Some(before) => self.and(before, equal),
            });
            let sql = match operator {
                JoinOperator::Right(_) | JoinOperator::RightOuter(_) => right.sql.clone(),
                JoinOperator::FullOuter(_) => {
                    native_call("coalesce", vec![left.sql.clone(), right.sql.clone()])
                }
                _ => left.sql.clone(),
            };
            merged.push(Column {
                relation: None,
                name: Some(name.clone()),
                ty: left.ty.clone(),
                sql,
            });
        }
        scope
            .columns
            .retain(|column| !merged.iter().any(|one| one.name == column.name));
        let others = std::mem::replace(&mut scope.columns, merged);
        scope.columns.extend(others);
        all.ok_or_else(|| Refusal::new(Span::empty(), "USING names no column"))
    }

    fn relation(
        &mut self,
        relation: &TableFactor,
        scope: &Scope,
    ) -> Checked<(TableFactor, Vec<Column>)> {
        match relation {
            TableFactor::Table {
                name,
                alias: written,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_hints,
            } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => {
                let (path, columns) = self.table(name)?;
                let table = path.last().map(|table| table.value.clone());
                let table = table.unwrap_or_default();
                let relation = match written {
                    Some(alias) => alias.name.value.to_lowercase(),
                    None => table.clone(),
                };
                let (names, columns) = named(&relation, columns, written.as_ref(), place(name))?;
                let factor = TableFactor::Table {
                    name: ObjectName::from(path),
                    alias: Some(alias(&relation, &names)),
                    args: None,
                    with_hints: Vec::new(),
                    version: None,
                    with_ordinality: false,
                    partitions: Vec::new(),
                    json_path: None,
                    sample: None,
                    index_hints: Vec::new(),
                };
                Ok((factor, columns))
            }
            TableFactor::Derived {
                lateral: false,
                subquery,
                alias: written,
                sample: None,
            } => {
                let (query, outputs) = self.query(subquery, scope.outer.as_ref())?;
                let relation = match written {
                    Some(alias) => alias.name.value.to_lowercase(),
                    None => self.new_relation(),
                };
                let columns = outputs
                    .into_iter()
                    .map(|output| (output.name, output.label, output.ty))
                    .collect();
                let at = place(subquery.as_ref());
                let (names, mut columns) = named(&relation, columns, written.as_ref(), at)?;
                if written.is_none() {
                    for column in &mut columns {
                        column.relation = None;
                    }
                }
                let table = derived(query, alias(&relation, &names));
                Ok((table.relation, columns))
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => {
                let mut inner = Scope {
                    outer: scope.outer.clone(),
                    ..Scope::default()
                };
                let tables = std::slice::from_ref(table_with_joins.as_ref());
                let mut joined = self.from(tables, &mut inner)?;
                let Some(table_with_joins) = joined.pop() else {
                    return Err(unknown(place(relation), "this join"));
                };
                let factor = TableFactor::NestedJoin {
                    table_with_joins: Box::new(table_with_joins),
                    alias: None,
                };
                Ok((factor, inner.columns))
            }
            other => Err(unknown(place(other), "this kind of table in FROM")
                .instead("a table, a query in parentheses, or UNNEST")),
        }
    }

    /// The parts of a table's name, and its columns. A name with its database is not that of a query in WITH.
    fn table(&self, name: &ObjectName) -> Checked<(Vec<Ident>, Vec<NamedType>)> {
        let parts: Option<Vec<&Ident>> = name.0.iter().map(ObjectNamePart::as_ident).collect();
        let parts: Vec<String> = parts
            .unwrap_or_default()
            .iter()
            .map(|part| part.value.to_lowercase())
            .collect();
        let span = place(name);
        let Some((table, databases)) = parts.split_last() else {
            return Err(unknown(span, "this name of a table"));
        };
        if databases.is_empty()
            && let Some((_, outputs)) = self.queries.iter().rev().find(|(query, _)| query == table)
        {
            let columns = outputs
                .iter()
                .map(|output| (output.name.clone(), output.label.clone(), output.ty.clone()))
                .collect();
            return Ok((vec![quoted(table)], columns));
        }
        let is_ours = databases
            .iter()
            .all(|database| self.databases.contains(&database.as_str()));
        match self.tables.get(table) {
            Some(columns) if is_ours => Ok((
                parts.iter().map(|part| quoted(part)).collect(),
                columns
                    .iter()
                    .map(|(name, ty)| (Some(name.to_lowercase()), name.clone(), ty.clone()))
                    .collect(),
            )),
            _ => {
                let tables: Vec<&str> = self.tables.keys().map(String::as_str).collect();
                let refusal = Refusal::new(span, format!("there is no table {name}"));
                Err(match nearest(table, &tables) {
                    Some(near) => refusal.instead(format!("did you mean {near}?")),
                    None => refusal.instead(format!("the tables are {}", tables.join(", "))),
                })
            }
        }
    }
}

/// The columns of a relation: by the names of its alias, or else by their own.
fn named(
    relation: &str,
    columns: Vec<NamedType>,
    written: Option<&TableAlias>,
    at: Span,
) -> Checked<(Vec<String>, Vec<Column>)> {
    let aliases = written.map(alias_columns).unwrap_or_default();
    if !aliases.is_empty() && aliases.len() != columns.len() {
        return Err(Refusal::new(
            at,
            format!("{} names for {} columns", aliases.len(), columns.len()),
        ));
    }
    let columns = columns
        .into_iter()
        .enumerate()
        .map(|(index, (name, label, ty))| {
            let (name, label) = match aliases.get(index) {
                Some(alias) => (Some(alias.clone()), alias.clone()),
                None => (name, label),
            };
            Column {
                relation: Some(relation.to_owned()),
                name,
                ty,
                sql: column_of(relation, &label),
            }
        })
        .collect();
    Ok((aliases, columns))
}
