use arrow::array::{MapBuilder, StringArray, StringBuilder};

use super::*;

/// `{a: 1, b: NULL}`, NULL, `{}`, `{b: 2}`
fn maps() -> MapArray {
    let mut maps = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    maps.keys().append_value("a");
    maps.values().append_value("1");
    maps.keys().append_value("b");
    maps.values().append_null();
    maps.append(true).unwrap();
    maps.append(false).unwrap();
    maps.append(true).unwrap();
    maps.keys().append_value("b");
    maps.values().append_value("2");
    maps.append(true).unwrap();
    maps.finish()
}

#[track_caller]
fn check<'a>(maps: &MapArray, key: impl Fn(usize) -> Option<&'a str>, expected: &[Option<&str>]) {
    let found = values_at(maps, key).unwrap();
    assert_eq!(
        found.as_string::<i32>(),
        &StringArray::from(expected.to_vec())
    );
}

#[test]
fn a_key_that_is_absent_is_null() {
    check(&maps(), |_| Some("a"), &[Some("1"), None, None, None]);
    check(&maps(), |_| Some("b"), &[None, None, None, Some("2")]);
    check(&maps(), |_| Some("c"), &[None; 4]);
    check(&maps(), |_| None, &[None; 4]);
}

#[test]
fn a_key_can_differ_by_row() {
    check(
        &maps(),
        |row| ["a", "a", "b", "b"].get(row).copied(),
        &[Some("1"), None, None, Some("2")],
    );
}

#[test]
fn slices_and_empty_maps_have_their_own_offsets() {
    check(&maps().slice(3, 1), |_| Some("b"), &[Some("2")]);
    check(&maps().slice(1, 2), |_| Some("b"), &[None, None]);
    check(
        &MapBuilder::new(None, StringBuilder::new(), StringBuilder::new()).finish(),
        |_| Some("b"),
        &[],
    );
}
