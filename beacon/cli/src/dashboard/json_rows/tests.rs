use std::sync::Arc;

use arrow::array::{
    BooleanArray, Date32Array, Float64Array, Int32Array, StringArray, TimestampMillisecondArray,
};

use super::*;

#[track_caller]
fn check(column: impl Array + 'static, expected_type: ColumnType, expected: &str) {
    let column: ArrayRef = Arc::new(column);
    assert_eq!(column_type(column.data_type()), expected_type);
    let shown = serde_json::to_string(&values(&column).unwrap()).unwrap();
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
        Date32Array::from(vec![Some(20_778), None]),
        ColumnType::Timestamp,
        r#"["2026-11-21 00:00:00.000",null]"#,
    );
}
