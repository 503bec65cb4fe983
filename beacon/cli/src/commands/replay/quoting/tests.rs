use super::*;

#[track_caller]
fn check(text: &str, quoting: Option<Quoting>, plain: &str) {
    let named = named(text.as_bytes()).unwrap();
    assert_eq!(named.quoting, quoting, "{text}");
    if let Some(quoting) = quoting {
        let found = quoting.taken_off(text.as_bytes());
        assert_eq!(String::from_utf8(found).unwrap(), plain, "{text}");
    }
}

#[test]
fn the_outermost_quoting_comes_off_first() {
    check(r#"{"hit_id":1}"#, None, "");
    check(r#"{'unsent': {}}"#, None, "");
    check(
        r#"{\"hit_id\":1}"#,
        Some(Quoting::Backslashes),
        r#"{"hit_id":1}"#,
    );
    check(
        r#"{\\\"hit_id\\\":\\\"\\u00e9\\\"}"#,
        Some(Quoting::Backslashes),
        r#"{\"hit_id\":\"\u00e9\"}"#,
    );
    check(
        r#""{\""hit_id\"":""}""#,
        Some(Quoting::Doubled),
        r#""{\"hit_id\":"}""#,
    );
    check(
        r#"{\"\"hit_id\"\"}"#,
        Some(Quoting::Backslashes),
        r#"{""hit_id""}"#,
    );
    check(
        "%7B%22hit_id%22%3A%22a+b%2B%C3%A9%22%7d%",
        Some(Quoting::Percent),
        "{\"hit_id\":\"a b+é\"}%",
    );
    check(
        "%22hit_id%22%20+%zz",
        Some(Quoting::Percent),
        "\"hit_id\" +%zz",
    );
    check(
        "{&quot;hit_id&quot;:&#34;&amp;lt;&#xe9;&x;&#34;}",
        Some(Quoting::Entities),
        "{\"hit_id\":\"&lt;é&x;\"}",
    );
    check(
        r"{\&quot;hit_id\&quot;}",
        Some(Quoting::Entities),
        r#"{\"hit_id\"}"#,
    );
    check(
        r#"\"hit_id\" \n\/\u00e9\ud83d\ude00\ud83d\xc3\xa9\q\x\u12"#,
        Some(Quoting::Backslashes),
        "\"hit_id\" \n/é😀\u{fffd}é\\q\\x\\u12",
    );
}

#[test]
fn words_alone_name_no_hit() {
    for text in ["3 messages unsent", "hit_id", "UnsentHits\":2", "rawdata\""] {
        assert_eq!(named(text.as_bytes()), None, "{text}");
    }
    let named = named(b"unsent mail, \"unsent\": \"hit_id\"").unwrap();
    assert_eq!((named.key, named.at), ("unsent", 14));
}

#[test]
fn fields_of_several_lines_stay_together() {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = lines(text.as_bytes())
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        assert_eq!(found, expected, "{text}");
    }
    check("a\nb\r\n\nc", &["a\n", "b\r\n", "\n", "c"]);
    check("1,\"a\n\"\"b\"\"\"\r\n2", &["1,\"a\n\"\"b\"\"\"\r\n", "2"]);
    check("1,\"a\nb\n", &["1,\"a\n", "b\n"]);
    check("1,\"a\nb\"c\n", &["1,\"a\n", "b\"c\n"]);
    let (long, short) = ("x".repeat(76) + "\n", "x".repeat(20) + "\n");
    let together = format!("{long}{long}{short}");
    check(
        &format!("a\n{together}{short}"),
        &["a\n", &together, &short],
    );
    check("{\"a\":\"b\",\"c\":\n", &["{\"a\":\"b\",\"c\":\n"]);
}
