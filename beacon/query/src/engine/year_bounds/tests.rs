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
        expressions::binary(quotient, Operator::Eq, expressions::lit(506_i64), &schema).unwrap();
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
