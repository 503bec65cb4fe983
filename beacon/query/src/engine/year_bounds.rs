//! The years that filters leave, from comparisons of numbers alone. Whatever is not understood bounds nothing, so
//! that the answer may be too wide and never too narrow.
//!
//! DataFusion's own interval solver (`physical_expr::analysis::analyze`) can't take this module's place, because it may
//! be too narrow: it inverts a division of integers by a multiplication, so that of the years of `year / 4 = 506` it
//! leaves 2024 alone, and hits of 2025 to 2027 would be missing from the answer. It also wants an expression that it
//! understands as a whole (no OR, IN or NOT anywhere), so that each conjunct would have to be checked here first.

use std::ops::RangeInclusive;

use beacon_core::schema::PARTITIONS;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};

/// What the partition columns behind the year can be.
const REST: [RangeInclusive<i64>; 3] = [1..=12, 1..=31, 0..=23];

/// `None` where the filters leave the first or the last year open.
pub(crate) fn bounds(filters: &[Expr]) -> Option<RangeInclusive<i64>> {
    let mut first = None;
    let mut last = None;
    for filter in filters.iter().flat_map(split_conjunction) {
        let (from, to) = of_comparison(filter);
        // NULL-like `None` is less than any year, so it never wins as a first year.
        first = first.max(from);
        last = match (last, to) {
            (Some(one), Some(other)) => Some(i64::min(one, other)),
            (one, other) => one.or(other),
        };
    }
    Some(first?..=last?)
}

/// The first and the last year that one comparison leaves.
fn of_comparison(filter: &Expr) -> (Option<i64>, Option<i64>) {
    const OPEN: (Option<i64>, Option<i64>) = (None, None);
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let (Some(left), Some(right)) = (Sum::of(left), Sum::of(right)) else {
                return OPEN;
            };
            let Some(difference) = left.minus(&right) else {
                return OPEN;
            };
            match op {
                Operator::Eq => (difference.first_year(0), difference.last_year(0)),
                Operator::GtEq => (difference.first_year(0), None),
                Operator::Gt => (difference.first_year(1), None),
                Operator::LtEq => (None, difference.last_year(0)),
                Operator::Lt => (None, difference.last_year(-1)),
                _ => OPEN,
            }
        }
        Expr::Between(between) if !between.negated => {
            let bound = |limit| Sum::of(&between.expr)?.minus(&Sum::of(limit)?);
            (
                bound(&between.low).and_then(|sum| sum.first_year(0)),
                bound(&between.high).and_then(|sum| sum.last_year(0)),
            )
        }
        _ => OPEN,
    }
}

/// `year * a + month * b + day * c + hour * d + constant`.
#[derive(Debug, PartialEq)]
struct Sum {
    factors: [i64; 4],
    constant: i64,
}

impl Sum {
    fn of(expression: &Expr) -> Option<Sum> {
        match expression {
            Expr::Column(column) => {
                let place = PARTITIONS.iter().position(|name| *name == column.name)?;
                let mut factors = [0; 4];
                factors[place] = 1;
                Some(Sum {
                    factors,
                    constant: 0,
                })
            }
            Expr::Literal(value, _) => Some(Sum {
                factors: [0; 4],
                constant: integer(value)?,
            }),
            Expr::Cast(cast) if cast.field.data_type().is_integer() => Sum::of(&cast.expr),
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                Sum::of(left)?.with(*op, &Sum::of(right)?)
            }
            // Free SQL calls these, which fail where a number grows too large. Their last argument is of types.
            Expr::ScalarFunction(call) => match (call.name(), call.args.as_slice()) {
                ("trino_cast", [value, _]) => Sum::of(value),
                ("trino_add", [left, right, _]) => {
                    Sum::of(left)?.with(Operator::Plus, &Sum::of(right)?)
                }
                ("trino_subtract", [left, right, _]) => {
                    Sum::of(left)?.with(Operator::Minus, &Sum::of(right)?)
                }
                ("trino_multiply", [left, right, _]) => {
                    Sum::of(left)?.with(Operator::Multiply, &Sum::of(right)?)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn with(&self, op: Operator, right: &Sum) -> Option<Sum> {
        match op {
            Operator::Plus => self.plus(right),
            Operator::Minus => self.minus(right),
            Operator::Multiply if right.factors == [0; 4] => self.times(right.constant),
            Operator::Multiply if self.factors == [0; 4] => right.times(self.constant),
            _ => None,
        }
    }

    fn times(&self, number: i64) -> Option<Sum> {
        let mut product = Sum {
            factors: [0; 4],
            constant: self.constant.checked_mul(number)?,
        };
        for (factor, own) in product.factors.iter_mut().zip(self.factors) {
            *factor = own.checked_mul(number)?;
        }
        Some(product)
    }

    fn plus(&self, other: &Sum) -> Option<Sum> {
        let mut sum = Sum {
            factors: [0; 4],
            constant: self.constant.checked_add(other.constant)?,
        };
        for (place, factor) in sum.factors.iter_mut().enumerate() {
            *factor = self.factors[place].checked_add(other.factors[place])?;
        }
        Some(sum)
    }

    fn minus(&self, other: &Sum) -> Option<Sum> {
        self.plus(&other.times(-1)?)
    }

    /// The first year in which the sum can be `least` or more.
    fn first_year(&self, least: i64) -> Option<i64> {
        let year = self.year_factor()?;
        let most_of_rest =
            self.rest(|factor, range| i64::max(factor * range.start(), factor * range.end()))?;
        let missing = least.checked_sub(most_of_rest)?;
        // Rounded up.
        Some(missing.checked_add(year - 1)?.div_euclid(year))
    }

    /// The last year in which it can be `most` or less.
    fn last_year(&self, most: i64) -> Option<i64> {
        let year = self.year_factor()?;
        let least_of_rest =
            self.rest(|factor, range| i64::min(factor * range.start(), factor * range.end()))?;
        Some(most.checked_sub(least_of_rest)?.div_euclid(year))
    }

    /// Of a sum that grows with the year; another one bounds nothing.
    fn year_factor(&self) -> Option<i64> {
        (self.factors[0] > 0).then_some(self.factors[0])
    }

    fn rest(&self, extreme: impl Fn(i64, &RangeInclusive<i64>) -> i64) -> Option<i64> {
        // Far above any number of a partition, far below an overflow.
        const MAX_FACTOR: u64 = 1 << 40;
        let mut rest = self.constant;
        for (factor, range) in self.factors[1..].iter().zip(&REST) {
            if factor.unsigned_abs() > MAX_FACTOR {
                return None;
            }
            rest = rest.checked_add(extreme(*factor, range))?;
        }
        Some(rest)
    }
}

fn integer(value: &ScalarValue) -> Option<i64> {
    match value {
        ScalarValue::Int8(value) => value.map(i64::from),
        ScalarValue::Int16(value) => value.map(i64::from),
        ScalarValue::Int32(value) => value.map(i64::from),
        ScalarValue::Int64(value) => *value,
        ScalarValue::UInt8(value) => value.map(i64::from),
        ScalarValue::UInt16(value) => value.map(i64::from),
        ScalarValue::UInt32(value) => value.map(i64::from),
        ScalarValue::UInt64(value) => value.and_then(|value| i64::try_from(value).ok()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
