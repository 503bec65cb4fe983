use super::*;

#[track_caller]
fn check(data_type: DataType, expected: DataType) {
    assert_eq!(plain_type(&data_type), expected);
}

#[test]
fn types_are_those_of_athena() {
    check(DataType::UInt64, DataType::Int64);
    check(DataType::Int32, DataType::Int32);
    check(DataType::Utf8View, DataType::Utf8);
    check(
        DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8View)),
        DataType::Utf8,
    );
    let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
    check(
        DataType::Timestamp(TimeUnit::Nanosecond, None),
        milliseconds.clone(),
    );
    check(
        DataType::Timestamp(TimeUnit::Second, Some("+00:00".into())),
        milliseconds,
    );
}

#[test]
fn the_message_of_a_failure_is_said_once() {
    let cause = DataFusionError::Execution("the result is out of the range of bigint".to_owned());
    let error = ExecutionError::from(cause);
    assert_eq!(
        error.to_string(),
        "the result is out of the range of bigint"
    );
    assert!(std::error::Error::source(&error).is_none());
}
