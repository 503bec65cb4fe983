use super::*;

const ID: &str = r#""hit_id":"1","received_at":"2026-11-21 05:34:56.789""#;

/// Checks the columns beside the two required ones.
#[track_caller]
fn check(input: &str, expected: &str) {
    let document = format!("{{{ID},{input}}}");
    let found = match convert_record(&Schema::builtin(), document.as_bytes()) {
        Ok(checked) => {
            let line = String::from_utf8(checked.line).unwrap();
            let rest = line
                .strip_prefix(&format!("{{{ID}"))
                .unwrap()
                .strip_suffix("}\n")
                .unwrap();
            rest.trim_start_matches(',').to_owned()
        }
        Err(refused) => refused.to_string(),
    };
    assert_eq!(found, expected, "{input}");
}

#[test]
fn scalars_become_text() {
    check(r#""site":"a""#, r#""site":"a""#);
    check(r#""site":7"#, r#""site":"7""#);
    check(r#""site":1.50"#, r#""site":"1.50""#);
    check(
        r#""site":123456789012345678901234567890"#,
        r#""site":"123456789012345678901234567890""#,
    );
    check(r#""site":true"#, r#""site":"true""#);
    check(r#""site":null"#, "");
    check(r#""site":{"a": [1]}"#, r#""site":"{\"a\": [1]}""#);
    check(r#""site":"\u00e9\n\ud83d\ude00""#, r#""site":"é\n😀""#);
}

#[test]
fn other_types_are_converted_or_refused() {
    check(r#""truncated":true"#, r#""truncated":true"#);
    check(r#""truncated":"False""#, r#""truncated":false"#);
    check(
        r#""truncated":1"#,
        "DataFormatConversion.MalformedData: truncated is not true or false: 1",
    );
    check(
        r#""params":{"a":1,"A":"x","b":null,"c":{"d":2}}"#,
        r#""params":{"a":"1","A":"x","b":null,"c":"{\"d\":2}"}"#,
    );
    check(r#""params":{}"#, r#""params":{}"#);
    check(
        r#""params":[1]"#,
        "DataFormatConversion.MalformedData: params is not an object: [1]",
    );
    check(
        r#""params":"a=1""#,
        "DataFormatConversion.MalformedData: params is not an object: \"a=1\"",
    );
}

#[test]
fn unknown_keys_go_and_the_order_is_the_tables() {
    check(
        r#""year":2026,"x":{},"version":"1","site":"a""#,
        r#""site":"a","version":"1""#,
    );
    check(r#""Site":"a""#, "");
}

#[test]
fn dropped_keys_are_those_with_a_value_and_no_column() {
    let document = format!(r#"{{{ID},"userid":"7","year":2026,"gone":null,"x":{{}}}}"#);
    let checked = convert_record(&Schema::builtin(), document.as_bytes()).unwrap();
    assert_eq!(checked.dropped_keys, ["userid", "x"]);
}

#[test]
fn a_key_twice_is_refused_as_openx_refuses_it() {
    check(
        r#""site":"a","site":"b""#,
        "DataFormatConversion.ParseError: the key \"site\" is there twice",
    );
    check(
        r#""params":{"a":"1","a":"2"}"#,
        "DataFormatConversion.ParseError: the key \"a\" is twice in params",
    );
}

#[test]
fn what_is_not_one_object_is_refused() {
    for document in [
        "",
        "[]",
        "[{}]",
        "7",
        "{",
        r#"{"a":1}{"a":2}"#,
        "{\"a\":\"\u{0}\"}",
        "hello",
    ] {
        let refused = convert_record(&Schema::builtin(), document.as_bytes()).unwrap_err();
        assert_eq!(refused.code, ConversionError::PARSE_ERROR, "{document}");
    }
    assert_eq!(
        convert_record(&Schema::builtin(), b"{\"site\":\"\xff\"}")
            .unwrap_err()
            .code,
        ConversionError::PARSE_ERROR
    );
    let missing = |document: &[u8]| {
        convert_record(&Schema::builtin(), document)
            .unwrap_err()
            .message
    };
    assert_eq!(missing(b"{}"), "hit_id is missing");
    assert_eq!(
        missing(br#"{"hit_id":"1","received_at":null}"#),
        "received_at is missing"
    );
}

#[test]
fn a_hit_without_a_time_is_refused() {
    let message = |time: &str| {
        let document = format!(r#"{{"hit_id":"1","received_at":{time}}}"#);
        convert_record(&Schema::builtin(), document.as_bytes())
            .unwrap_err()
            .message
    };
    assert_eq!(
        message("\"yesterday\""),
        "received_at is not a timestamp: \"yesterday\""
    );
    assert_eq!(message("-1"), "received_at is not a timestamp: -1");
    assert_eq!(message("true"), "received_at is not a timestamp: true");
}
