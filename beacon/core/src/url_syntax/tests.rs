use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_cleaned(text: &str, expected: &str) {
    assert_eq!(without_query(text), expected);
}

#[test]
fn cleans_urls_of_any_scheme_and_nothing_else() {
    check_cleaned("https://a.example/b?c=d#e", "https://a.example/b");
    check_cleaned("https://u:p@a.example/b?c", "https://a.example/b");
    check_cleaned("HTTPS://a.example?c", "HTTPS://a.example");
    check_cleaned("ftp://u@a.example/b#c", "ftp://a.example/b");
    check_cleaned("//u@a.example/b?c", "//a.example/b");
    check_cleaned("  https://a.example/b?c", "  https://a.example/b");
    check_cleaned("https:/a.example/b?c", "https:/a.example/b");
    check_cleaned("https:u@a.example?c", "https:a.example");
    check_cleaned("https:\\\\u@a.example\\b?c", "https:\\\\a.example\\b");
    check_cleaned("https://?c", "https://");
    check_cleaned("https:@//u:p@a.example", "https:");
    check_cleaned("http:", "http:");
    check_cleaned("why? because #1", "why? because #1");
    check_cleaned("/talks?x=1", "/talks?x=1");
    check_cleaned("a@b.example", "a@b.example");
    check_cleaned("12:30?", "12:30?");
}

proptest! {
    #[test]
    fn nothing_panics_and_cleaning_twice_is_cleaning_once(text in "(https?:|//|[@?#/\\\\:.]|\\PC){0,20}") {
        let cleaned = without_query(&text);
        prop_assert_eq!(without_query(&cleaned), &*cleaned);
    }

    #[test]
    fn no_cleaned_web_url_keeps_a_query(text in "https?://[a-z@:/?#]{0,20}") {
        prop_assert!(!without_query(&text).contains(['?', '#']));
    }
}
