use aws_sdk_athena::types::{Datum, ResultSetMetadata};

use super::*;

fn page(columns: &[(&str, &str)], rows: &[&[Option<&str>]]) -> ResultSet {
    let info = columns.iter().map(|(name, athena_type)| {
        let info = ColumnInfo::builder().name(*name).r#type(*athena_type);
        info.build().unwrap()
    });
    let metadata = ResultSetMetadata::builder()
        .set_column_info(Some(info.collect()))
        .build();
    let rows = rows.iter().map(|row| {
        let data = row.iter().map(|value| {
            Datum::builder()
                .set_var_char_value(value.map(str::to_owned))
                .build()
        });
        Row::builder().set_data(Some(data.collect())).build()
    });
    ResultSet::builder()
        .result_set_metadata(metadata)
        .set_rows(Some(rows.collect()))
        .build()
}

#[test]
fn text_becomes_values_of_the_column_types() {
    let mut pages = Pages::default();
    let columns = [
        ("page", "varchar"),
        ("views", "bigint"),
        ("day", "date"),
        ("quarter", "timestamp"),
        ("share", "double"),
        ("truncated", "boolean"),
    ];
    let names: Vec<Option<&str>> = columns.iter().map(|(name, _)| Some(*name)).collect();
    let first = [
        Some("/"),
        Some("7"),
        Some("2026-11-21"),
        Some("2026-11-21 00:15:00.123456"),
        Some("0.5"),
        Some("true"),
    ];
    let second = [
        None,
        Some("-1"),
        None,
        Some("2026-11-21 00:15:00"),
        Some("NaN"),
        None,
    ];
    let empty = [Some(""), None, None, None, None, Some("false")];
    pages
        .push(&page(&columns, &[&names, &first, &second]))
        .unwrap();
    pages.push(&page(&columns, &[&empty])).unwrap();

    let answer = pages.into_answer();
    assert!(!answer.truncated);
    let types: Vec<ColumnType> = answer.columns.iter().map(|one| one.column_type).collect();
    assert_eq!(
        types,
        [
            ColumnType::Varchar,
            ColumnType::Bigint,
            ColumnType::Date,
            ColumnType::Timestamp,
            ColumnType::Double,
            ColumnType::Boolean
        ]
    );
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(
        answer.rows,
        [
            vec![
                text("/"),
                Value::Integer(7),
                text("2026-11-21"),
                text("2026-11-21 00:15:00.123"),
                Value::Double(0.5),
                Value::Boolean(true)
            ],
            vec![
                Value::Null,
                Value::Integer(-1),
                Value::Null,
                text("2026-11-21 00:15:00.000"),
                Value::Null,
                Value::Null
            ],
            vec![
                text(""),
                Value::Null,
                Value::Null,
                Value::Null,
                Value::Null,
                Value::Boolean(false)
            ],
        ]
    );
}

#[test]
fn a_row_that_is_no_header_is_kept() {
    let mut pages = Pages::default();
    let columns = [("views", "bigint")];
    pages.push(&page(&columns, &[&[Some("7")]])).unwrap();
    assert_eq!(pages.into_answer().rows, [[Value::Integer(7)]]);
}

#[test]
fn the_most_rows_are_kept_and_no_more() {
    let columns = [("views", "bigint")];
    let full: Vec<&[Option<&str>]> = vec![&[Some("1")]; MAX_ROWS];
    let mut pages = Pages::default();
    pages.push(&page(&columns, &full)).unwrap();
    assert!(!pages.is_full(), "{MAX_ROWS} rows are all of them");
    pages.push(&page(&columns, &[&[Some("2")]])).unwrap();
    assert!(pages.is_full());
    assert_eq!(pages.into_answer().rows.len(), MAX_ROWS);
}

#[track_caller]
fn check_unreadable(athena_type: &str, value: &str) {
    let mut pages = Pages::default();
    let error = pages
        .push(&page(&[("x", athena_type)], &[&[Some(value)]]))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("column x is of type {athena_type} and has the value {value:?}")
    );
}

#[test]
fn a_value_of_another_type_is_no_answer() {
    check_unreadable("bigint", "7.0");
    check_unreadable("boolean", "1");
    check_unreadable("timestamp", "21.11.2026");
    check_unreadable("timestamp", "2026-11-21 00:15:00.000 UTC");
    check_unreadable("double", "");
}
