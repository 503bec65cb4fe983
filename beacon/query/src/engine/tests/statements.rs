//! The statements in docs/sql.md are those of `tests/fixtures/statements.sql`, which also run on Trino (`tests/engines`).

use beacon_lake_fixture::three_sources;

use crate::engine::testing::{ask_free, engine_over, on_a_large_stack};
use crate::output::OutputFormat;

const STATEMENTS: &str = include_str!("../../../../../tests/fixtures/statements.sql");

/// The title and the text of each statement.
fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    let statements = STATEMENTS.split(";\n").map(str::trim);
    statements
        .filter(|statement| !statement.is_empty())
        .map(|statement| {
            let title_and_sql = statement
                .strip_prefix("-- ")
                .and_then(|text| text.split_once('\n'));
            title_and_sql.unwrap_or_else(|| panic!("this statement has no title: {statement}"))
        })
}

#[test]
fn the_page_has_the_statements() {
    let mut page = String::new();
    for (title, sql) in statements() {
        page += &format!("\n### {title}\n\n```sql\n{sql}\n```\n");
    }
    page.push('\n');
    beacon_generated_files::check_section("docs/sql.md", "statements", &page);
}

#[test]
fn each_statement_is_answered() {
    assert_eq!(statements().count(), 50);
    on_a_large_stack(|| async {
        let lake = three_sources();
        let engine = engine_over(&lake).await;
        for (title, sql) in statements() {
            let answer = ask_free(&engine, sql, &[], OutputFormat::Json).await;
            assert!(answer.starts_with('['), "{title}: {answer}");
        }
    });
}
