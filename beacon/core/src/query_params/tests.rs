use proptest::prelude::*;

use super::*;

fn full() -> Privacy {
    Privacy::parse(Some("full"), "").unwrap()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let parameters = Parameters::from_query(query, &full());
    parameters
        .iter()
        .map(|parameter| (parameter.name.to_string(), parameter.value.to_string()))
        .collect()
}

#[track_caller]
fn check(query: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(pairs(query), expected);
}

#[test]
fn reads_what_browsers_and_people_write() {
    check("", &[]);
    check("a=1&b=2", &[("a", "1"), ("b", "2")]);
    check("a", &[("a", "")]);
    check("a=", &[("a", "")]);
    check("=1", &[("", "1")]);
    check("&&a=1&", &[("a", "1")]);
    check("a=1=2", &[("a", "1=2")]);
    check("a+b=c+d%2B", &[("a b", "c d+")]);
    check("a=%C3%A9%f0%9f%8e%89", &[("a", "é🎉")]);
    check("a=%FF%C3", &[("a", "\u{fffd}\u{fffd}")]);
    check(
        "a=100%&b=%zz&c=%1",
        &[("a", "100%"), ("b", "%zz"), ("c", "%1")],
    );
    check("a=%00%0a%22", &[("a", "\0\n\"")]);
    check("a=é", &[("a", "é")]);
}

#[test]
fn an_escape_that_was_left_is_no_part_of_a_name() {
    check("a=1&amp;b=2", &[("a", "1"), ("b", "2")]);
    check("amp;a=1&AMP;amp;b=2", &[("a", "1"), ("b", "2")]);
    check("a=1&amp%3Bb=2", &[("a", "1"), ("b", "2")]);
    check("a=b&amp;c", &[("a", "b"), ("c", "")]);
    check("amp=1&amps=2", &[("amp", "1"), ("amps", "2")]);
}

#[test]
fn the_first_of_a_name_is_known() {
    let parameters = Parameters::from_query("a=1&b=2&a=3", &full());
    let firsts: Vec<bool> = parameters
        .iter()
        .map(|parameter| parameter.is_first)
        .collect();
    assert_eq!(firsts, [true, true, false]);
    assert_eq!(parameters.get("a"), Some("1"));
    assert_eq!(parameters.get("c"), None);
}

#[test]
fn more_than_the_limit_is_said() {
    let names = |count: usize| {
        (0..count)
            .map(|n| format!("p{n}="))
            .collect::<Vec<_>>()
            .join("&")
    };
    let fitting = Parameters::from_query(&names(MAX_PARAMETERS), &full()).truncated;
    assert!(!fitting);
    let more = Parameters::from_query(&names(MAX_PARAMETERS + 1), &full()).truncated;
    assert!(more);
}

#[test]
fn names_that_become_equal_are_one() {
    let long = "é".repeat(MAX_NAME_BYTES);
    let query = format!("{long}1=a&{long}2=b");
    let parameters = Parameters::from_query(&query, &full());
    assert!(parameters.truncated);
    assert_eq!(
        parameters
            .iter()
            .filter(|parameter| parameter.is_first)
            .count(),
        1
    );
}

proptest! {
    #[test]
    fn agrees_with_the_url_crate(query in "([a-c=&+%]|%[0-9a-fA-F]{2}|\\PC){0,60}") {
        let slow: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        // A fragment that may hold a token is cut, which that crate doesn't do.
        prop_assume!(slow.iter().all(|(name, value)| fragment::begins_in(name, value).is_none()));
        prop_assert_eq!(pairs(&query), slow);
    }
}
