//! CASE, `if`, `coalesce`, `nullif` and `try`.

use datafusion::sql::sqlparser::ast::{BinaryOperator, CaseWhen, Expr};

use super::rewrite::{case, native_call, null};
use super::scope::Scope;
use super::{Checked, Checker, Typed};
use crate::types::Type;

impl Checker<'_> {
    pub(crate) fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        scope: &Scope,
    ) -> Checked<Typed> {
        let operand = match operand {
            Some(operand) => Some(self.kept(operand, scope, "CASE")?),
            None => None,
        };
        let mut branches = Vec::new();
        for when in conditions {
            let before = self.fallible;
            let condition = match &operand {
                None => self.condition(&when.condition, scope)?,
                Some(operand) => {
                    let value = self.expression(&when.condition, scope)?;
                    let (operand, eq) = (operand.clone(), BinaryOperator::Eq);
                    self.compare(operand, &eq, value, &when.condition)?.sql
                }
            };
            let result = self.expression(&when.result, scope)?;
            self.refuse_in_try(before, &when.result, "CASE")?;
            branches.push((condition, result, &when.result));
        }
        let otherwise = match otherwise {
            Some(expr) => Some((self.kept(expr, scope, "CASE")?, expr)),
            None => None,
        };
        self.branches(branches, otherwise)
    }

    fn branches(
        &mut self,
        branches: Vec<(Expr, Typed, &Expr)>,
        otherwise: Option<(Typed, &Expr)>,
    ) -> Checked<Typed> {
        let mut ty = Type::Unknown;
        for (_, result, at) in &branches {
            ty = self.common(&ty, &result.ty, at)?;
        }
        if let Some((result, at)) = &otherwise {
            ty = self.common(&ty, &result.ty, at)?;
        }
        if ty == Type::Unknown {
            return Ok(Typed::new(null(), ty));
        }
        let branches = branches
            .into_iter()
            .map(|(condition, result, _)| (condition, self.coerce(result, &ty)))
            .collect();
        let otherwise = match otherwise {
            Some((result, _)) => self.coerce(result, &ty),
            None => self.coerce(Typed::new(null(), Type::Unknown), &ty),
        };
        Ok(Typed::new(case(branches, Some(otherwise)), shortened(ty)))
    }

    /// `if(condition, value)` and `if(condition, value, otherwise)`.
    pub(crate) fn if_function(
        &mut self,
        arguments: &[&Expr],
        scope: &Scope,
    ) -> Option<Checked<Typed>> {
        let (condition, value, otherwise) = match arguments {
            [condition, value] => (condition, value, None),
            [condition, value, otherwise] => (condition, value, Some(otherwise)),
            _ => return None,
        };
        let mut check = || {
            let before = self.fallible;
            let condition = self.condition(condition, scope)?;
            let result = self.expression(value, scope)?;
            let otherwise = match otherwise {
                Some(expr) => Some((self.expression(expr, scope)?, *expr)),
                None => None,
            };
            self.refuse_in_try(before, value, "if")?;
            self.branches(vec![(condition, result, value)], otherwise)
        };
        Some(check())
    }

    pub(crate) fn coalesce(&mut self, arguments: &[&Expr], scope: &Scope) -> Checked<Typed> {
        let mut ty = Type::Unknown;
        let mut values = Vec::new();
        for expr in arguments {
            let value = self.kept(expr, scope, "coalesce")?;
            ty = self.common(&ty, &value.ty, expr)?;
            values.push(value);
        }
        if ty == Type::Unknown {
            return Ok(Typed::new(null(), ty));
        }
        let values = values
            .into_iter()
            .map(|value| self.coerce(value, &ty))
            .collect();
        Ok(Typed::new(native_call("coalesce", values), shortened(ty)))
    }

    pub(crate) fn nullif(&mut self, left: &Expr, right: &Expr, scope: &Scope) -> Checked<Typed> {
        let value = self.kept(left, scope, "nullif")?;
        let other = self.kept(right, scope, "nullif")?;
        let equal = self.compare(value.clone(), &BinaryOperator::Eq, other, right)?;
        let ty = value.ty.clone();
        if ty == Type::Unknown {
            return Ok(value);
        }
        let nothing = self.coerce(Typed::new(null(), Type::Unknown), &ty);
        Ok(Typed::new(
            case(vec![(equal.sql, nothing)], Some(value.sql)),
            ty,
        ))
    }

    pub(crate) fn try_function(&mut self, argument: &Expr, scope: &Scope) -> Checked<Typed> {
        let before = std::mem::replace(&mut self.tries, true);
        let value = self.expression(argument, scope);
        self.tries = before;
        value
    }
}

/// A branch's text may be longer than another's.
fn shortened(ty: Type) -> Type {
    match ty {
        Type::Varchar(_) => Type::Varchar(None),
        ty => ty,
    }
}
