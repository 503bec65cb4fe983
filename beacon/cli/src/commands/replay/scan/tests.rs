use super::*;

/// `expected` are the values, and what is left behind them.
#[track_caller]
fn check(text: &str, expected: &[&str], rest: &str) {
    let scanned = scan(text.as_bytes(), 0);
    let values: Vec<_> = scanned
        .values
        .iter()
        .map(|&(begun, end)| &text[begun..end])
        .collect();
    assert_eq!(values, expected, "{text}");
    assert_eq!(&text[scanned.end..], rest, "{text}");
}

#[test]
fn a_whole_value_ends_at_its_bracket() {
    check("{}x", &["{}"], "x");
    check("[]]", &["[]"], "]");
    let text = r#"{"a":[1,-2.5e3,true,false,null,"}\"]"],"b":{}}"#;
    check(text, &[text], "");
    check(
        "{\n \"a\" :\t[ 1 ] }\r\n",
        &["{\n \"a\" :\t[ 1 ] }"],
        "\r\n",
    );
}

#[test]
fn a_value_that_breaks_off_has_whole_members() {
    check(
        r#"{"a":[{"b":1},{"c":"d"},{"e":"#,
        &[r#"{"b":1}"#, r#"{"c":"d"}"#],
        "",
    );
    check(r#"{"a":"b" c"#, &[r#""b""#], "c");
    check("[1 {", &[], "{");
    check("{not", &[], "not");
    check("[truE", &[], "E");
    check("{\"a\nb\"}", &[], "\nb\"}");
    check("[1}", &[], "}");
    check("{\"a\":1]", &[], "]");
}

#[test]
fn members_of_a_hit_that_breaks_off_are_none() {
    let forged = r#"{\"hit_id\":\"f\"}"#;
    check(
        &format!(r#"[{{"x":"y"}},{{"hit_id":"a","title":"{forged}","p":{{"#),
        &[r#"{"x":"y"}"#],
        "",
    );
    check(
        &format!(r#"{{"reason":"r","unsent":{{"title":"{forged}","#),
        &[r#""r""#],
        "",
    );
}
