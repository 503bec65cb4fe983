use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_bare(sql: &str, expected: &str) {
    assert_eq!(bare(sql), expected);
}

#[track_caller]
fn check_tables(sql: &str, expected: &str) {
    let names = |word: &str| (word == "hits").then(|| "${Table}".to_owned());
    assert_eq!(with_tables(sql, names), expected);
}

#[test]
fn comments_and_ends_go() {
    check_bare("-- question: what?\n--\nSELECT 1\n", "SELECT 1");
    check_bare(
        "SELECT 1 -- one\n\n  /* two\n lines */ FROM t;\n; ",
        "SELECT 1\nFROM t",
    );
    check_bare(
        "SELECT '-- no comment', \"/*\", 'it''s -- none'",
        "SELECT '-- no comment', \"/*\", 'it''s -- none'",
    );
    check_bare("SELECT ';' ; -- end", "SELECT ';'");
    check_bare("/* never closed", "");
    check_bare("", "");
}

#[test]
fn tables_are_named_and_nothing_else() {
    check_tables(
        "SELECT hits FROM hits AS hits",
        "SELECT hits FROM ${Table} AS hits",
    );
    check_tables(
        "FROM a join\n-- which\nhits",
        "FROM a join\n-- which\n${Table}",
    );
    check_tables(
        "-- FROM hits\nSELECT 'FROM hits'",
        "-- FROM hits\nSELECT 'FROM hits'",
    );
    check_tables(
        "WHERE a IS DISTINCT FROM hits",
        "WHERE a IS DISTINCT FROM hits",
    );
    check_tables("FROM hits_of_others", "FROM hits_of_others");
    check_tables("SELECT '${x}' FROM hits", "SELECT '${!x}' FROM ${Table}");
}

proptest! {
    #[test]
    fn tokens_are_all_of_the_text(sql in "(\\PC|[ \n'\"*/;-]|FROM hits){0,60}") {
        let text: String = tokens(&sql).iter().map(|token| token.text).collect();
        prop_assert_eq!(text, sql);
    }
}
