use std::sync::Arc;

use arrow::array::{
    BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, ListArray, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::Field;

use super::*;

#[track_caller]
fn check(column: impl Array + 'static, expected_type: ColumnType, expected: &str) {
    let column: ArrayRef = Arc::new(column);
    assert_eq!(column_type(column.data_type()), expected_type);
    let field = Arc::new(Field::new("column", column.data_type().clone(), true));
    let shown = serde_json::to_string(&values(&field, &column).unwrap()).unwrap();
    assert_eq!(shown, expected);
}

#[test]
fn values_are_those_of_the_api() {
    check(
        StringArray::from(vec![Some("a"), None, Some("")]),
        ColumnType::Varchar,
        r#"["a",null,""]"#,
    );
    check(
        Int32Array::from(vec![Some(-1), None]),
        ColumnType::Bigint,
        "[-1,null]",
    );
    check(
        Float64Array::from(vec![Some(0.5), None]),
        ColumnType::Double,
        "[0.5,null]",
    );
    check(
        BooleanArray::from(vec![Some(true), None]),
        ColumnType::Boolean,
        "[true,null]",
    );
    check(
        TimestampMillisecondArray::from(vec![Some(1_795_239_000_001), None]),
        ColumnType::Timestamp,
        r#"["2026-11-21 05:30:00.001",null]"#,
    );
    check(
        TimestampMillisecondArray::from(vec![-1]),
        ColumnType::Timestamp,
        r#"["1969-12-31 23:59:59.999"]"#,
    );
    check(
        Date32Array::from(vec![Some(20_778), None]),
        ColumnType::Date,
        r#"["2026-11-21",null]"#,
    );
    let pairs = ListArray::from_iter_primitive::<Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
    ]);
    check(pairs, ColumnType::Varchar, r#"["[1,null]",null,"[]"]"#);
    check(
        Decimal128Array::from(vec![Some(12_345), None])
            .with_precision_and_scale(9, 2)
            .unwrap(),
        ColumnType::Varchar,
        r#"["123.45",null]"#,
    );
}
