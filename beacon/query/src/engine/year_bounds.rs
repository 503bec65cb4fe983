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
                let (left, right) = (Sum::of(left)?, Sum::of(right)?);
                match op {
                    Operator::Plus => left.plus(&right),
                    Operator::Minus => left.minus(&right),
                    Operator::Multiply if right.factors == [0; 4] => left.times(right.constant),
                    Operator::Multiply if left.factors == [0; 4] => right.times(left.constant),
                    _ => None,
                }
            }
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
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{DataType, Field, Schema};
    use datafusion::common::stats::Precision;
    use datafusion::logical_expr::interval_arithmetic::Interval;
    use datafusion::logical_expr::{col, lit};
    use datafusion::physical_expr::expressions::{self, Column};
    use datafusion::physical_expr::{AnalysisContext, ExprBoundaries, analyze};

    use super::*;

    #[track_caller]
    fn check(filter: Expr, expected: Option<RangeInclusive<i64>>) {
        assert_eq!(bounds(std::slice::from_ref(&filter)), expected, "{filter}");
    }

    fn number() -> Expr {
        col("year") * lit(1_000_000_i64)
            + col("month") * lit(10_000_i64)
            + col("day") * lit(100_i64)
            + col("hour")
    }

    #[test]
    fn comparisons_bound_the_years() {
        check(
            number().between(lit(2_026_103_123_i64), lit(2_026_120_200_i64)),
            Some(2026..=2026),
        );
        check(
            number().between(lit(2_026_123_123_i64), lit(2_027_010_200_i64)),
            Some(2026..=2027),
        );
        check(
            number()
                .gt_eq(lit(2_026_010_100_i64))
                .and(number().lt(lit(2_027_010_100_i64))),
            Some(2026..=2026),
        );
        check(col("year").eq(lit(2019)), Some(2019..=2019));
        check(lit(2019).eq(col("year")), None);
        check(
            col("year")
                .gt(lit(2024))
                .and(col("year").lt_eq(lit(2026)))
                .and(col("month").eq(lit(3))),
            Some(2025..=2026),
        );
        check(
            (col("year") * lit(100) + col("month")).between(lit(202_511), lit(202_602)),
            Some(2025..=2026),
        );
        check((col("year") - lit(2000)).eq(lit(26)), Some(2026..=2026));
    }

    /// Fails when DataFusion's solver could take this module's place: see the top of the file.
    #[test]
    fn datafusions_solver_loses_years_of_a_division() {
        let schema = Arc::new(Schema::new(vec![Field::new(
            "year",
            DataType::Int64,
            false,
        )]));
        let year = expressions::col("year", &schema).unwrap();
        let quotient =
            expressions::binary(year, Operator::Divide, expressions::lit(4_i64), &schema).unwrap();
        let filter =
            expressions::binary(quotient, Operator::Eq, expressions::lit(506_i64), &schema)
                .unwrap();
        let interval = |from: i64, to: i64| Interval::make(Some(from), Some(to)).unwrap();
        let years = ExprBoundaries {
            column: Column::new("year", 0),
            interval: Some(interval(1000, 9999)),
            distinct_count: Precision::Absent,
        };
        let context = AnalysisContext::new(vec![years]);
        let found = analyze(&filter, context, &schema).unwrap();
        assert_eq!(found.boundaries[0].interval, Some(interval(2024, 2024)));
        check((col("year") / lit(4_i64)).eq(lit(506_i64)), None);
    }

    #[test]
    fn what_is_not_understood_bounds_nothing() {
        check(col("year").gt(lit(2024)), None);
        check(col("month").eq(lit(11)), None);
        check(
            col("year").eq(lit(2026)).or(col("year").eq(lit(2019))),
            None,
        );
        check(number().not_between(lit(1), lit(2)), None);
        check(
            (lit(-1) * col("year")).between(lit(-2026), lit(-2025)),
            None,
        );
        check(col("year").in_list(vec![lit(2026)], false), None);
        check((col("year") * lit(i64::MAX) * lit(2_i64)).eq(lit(2)), None);
        check(col("year").eq(lit("2026")), None);
    }
}
