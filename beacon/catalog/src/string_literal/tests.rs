use proptest::prelude::*;

use super::*;
use crate::{Filter, FilterColumn, Question, Scope, TimeRange};

/// Reads a literal by the rule of Trino's grammar, `'\'' ( ~'\'' | '\'\'' )* '\''`. Returns its text and what follows it.
fn read_literal(sql: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut rest = sql.strip_prefix('\'')?;
    loop {
        let (before, behind) = rest.split_once('\'')?;
        text.push_str(before);
        match behind.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return Some((text, behind)),
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_back_from_its_literal(text in any::<String>(), behind in "[^'].*") {
        let sql = string_literal(&text) + &behind;
        prop_assert_eq!(read_literal(&sql), Some((text, behind.as_str())));
    }

    /// Quotes, comments and marks are what breaks out of a literal, where anything does.
    #[test]
    fn no_text_gets_out_of_its_literal(
        texts in prop::collection::vec("['\"?;\\\\a/*\n-]{0,12}", 2)
    ) {
        let sql = with_literals("SELECT ? || '?' -- ?\n, ? FROM hits", "d", "t", &texts);
        let (first, rest) = read_literal(sql.strip_prefix("SELECT ").unwrap()).unwrap();
        let rest = rest.strip_prefix(" || '?' -- ?\n, ").unwrap();
        let (second, rest) = read_literal(rest).unwrap();
        prop_assert_eq!(vec![first, second], texts);
        prop_assert_eq!(rest, " FROM \"d\".\"t\"");
    }
}

#[test]
fn every_question_has_no_mark_left() {
    let range = TimeRange {
        from_ms: 1_795_219_200_000,
        to_ms: 1_795_305_600_000,
    };
    let scope = Scope {
        site: "o'brien.example?".to_owned(),
        ..Scope::new(range)
    };
    for question in Question::all() {
        let question = question.limited_to(vec![Filter::is(FilterColumn::Source, "Hacker News")]);
        let values = question.bind(&scope);
        let sql = with_literals(&question.text(), "beacon", "tp_hits", &values);
        let symbols = tokens(&sql);
        let marks = symbols.iter().filter(|token| token.text == "?").count();
        assert_eq!(marks, 0, "{sql}");
        assert!(sql.contains("FROM \"beacon\".\"tp_hits\""), "{sql}");
        assert!(sql.contains("'o''brien.example?'"), "{sql}");
        assert!(!sql.contains(PARAMETERS_COMMENT), "{sql}");
        assert!(sql.starts_with("-- question: "), "{sql}");
        // A value more would be one in the wrong place.
        let marks = tokens(&question.text())
            .iter()
            .filter(|token| token.kind == Kind::Symbol && token.text == "?")
            .count();
        assert_eq!(marks, values.len(), "{}", question.name);
    }
}
