//! Trino's dialect, and parameters.

use insta::assert_snapshot;

use beacon_catalog::MAX_VALUE_CHARACTERS;

use crate::engine::plan::PARAMETER_CHARACTERS;
use crate::engine::testing::{ask, ask_as, engine_over};
use crate::output::OutputFormat;
use beacon_lake_fixture::three_sources;

#[tokio::test]
async fn the_dialect_is_that_of_athena() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let rows = "hits WHERE hit_id <> 'c' ORDER BY hit_id";
    assert_snapshot!(ask(&engine, &format!("SELECT element_at(params, 'userid') AS userid, element_at(params, 'k') AS k, element_at(params, hit_id) AS none FROM {rows}")).await, @"
    userid  k     none
    ------  ----  ----
    7       NULL  NULL
    NULL    1.5   NULL
    ");
    assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE element_at(params, 'userid') = '7'").await, @"
    hit_id
    ------
    a
    ");
    assert_snapshot!(ask(&engine, "SELECT page FROM hits ORDER BY page DESC").await, @"
    page
    -----
    /mail
    /
    NULL
    ");
    assert_snapshot!(ask(&engine, "SELECT page FROM hits ORDER BY page").await, @"
    page
    -----
    /
    /mail
    NULL
    ");
    assert_snapshot!(ask(&engine, "SELECT hit_id, occurrence FROM unique_hits ORDER BY hit_id").await, @"
    hit_id  occurrence
    ------  ----------
    a                1
    b                1
    c                1
    ");
}

#[tokio::test]
async fn parameters_are_bound_as_text_in_their_order() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let sql = "SELECT '?' AS mark /* ? */, hit_id -- ?\nFROM hits WHERE (? = '*' OR site = ?) AND day >= CAST(? AS integer) AND page = ? || '' ORDER BY 2";
    assert_snapshot!(ask_as(&engine, sql, &["*", "*", "20", "/"], OutputFormat::Table).await, @"
    mark  hit_id
    ----  ------
    ?     a
    ");
    // What would end a literal and begin another statement is one text.
    assert_snapshot!(ask_as(&engine, "SELECT hit_id FROM hits WHERE site = ?", &["' OR 1=1 --"], OutputFormat::Table).await, @"
    hit_id
    ------
    no rows: nothing in the lake matches
    ");
    assert_snapshot!(ask_as(&engine, sql, &["*", "*"], OutputFormat::Table).await, @"
    the statement has 4 of the parameters ?, and 2 are given
      each ? takes one --param, in order
    ");
    assert_snapshot!(ask_as(&engine, "SELECT ?", &[""], OutputFormat::Table).await, @"
    parameter 1 has 0 characters
      a parameter has 1 to 1,022 characters, as in Athena
    ");
    assert_snapshot!(ask_as(&engine, "SELECT ?", &[&"é".repeat(1023)], OutputFormat::Table).await, @"
    parameter 1 has 1023 characters
      a parameter has 1 to 1,022 characters, as in Athena
    ");
    assert_snapshot!(ask_as(&engine, "SELECT hit_id FROM hits WHERE site = $1", &["a"], OutputFormat::Table).await, @"
    a parameter is written ?, not $1
      line 1, column 38:
        SELECT hit_id FROM hits WHERE site = $1
                                             ^^
      parameters are bound in the order in which they stand
    ");
}

/// The catalog refuses longer ones by the name of their filter; the engine takes as many as Athena.
#[test]
fn a_parameter_is_as_long_as_the_catalog_says() {
    assert_eq!(PARAMETER_CHARACTERS, 1..=MAX_VALUE_CHARACTERS);
}
