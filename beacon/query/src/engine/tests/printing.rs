//! Answers in the three formats.

use insta::assert_snapshot;

use crate::engine::testing::{ask, ask_as, engine_over};
use crate::output::{OutputFormat, print_within};
use beacon_lake_fixture::{LakeFixture, three_sources};

#[tokio::test]
async fn values_are_printed_in_three_ways() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let sql = "SELECT * FROM (VALUES
        (1, 2.5e0, 'plain', TIMESTAMP '2026-11-21 05:30:00.123', true, DATE '2026-11-21'),
        (-20, NULL, 'with \"quotes\", commas' || chr(10) || 'and lines', NULL, NULL, NULL),
        (300, 1e0, '', TIMESTAMP '1999-12-31 23:59:59', false, DATE '1999-12-31'),
        (NULL, 0e0, '日本語 é 👍', NULL, NULL, NULL)
    ) AS t (number, ratio, words, moment, flag, day) ORDER BY abs(number)";
    assert_snapshot!(ask_as(&engine, sql, &[], OutputFormat::Table).await, @r#"
    number  ratio  words                             moment                   flag   day
    ------  -----  --------------------------------  -----------------------  -----  ----------
         1    2.5  plain                             2026-11-21 05:30:00.123  true   2026-11-21
       -20   NULL  with "quotes", commas\nand lines  NULL                     NULL   NULL
       300    1.0                                    1999-12-31 23:59:59.000  false  1999-12-31
      NULL    0.0  日本語 é 👍                       NULL                     NULL   NULL
    "#);
    assert_snapshot!(ask_as(&engine, sql, &[], OutputFormat::Csv).await.replace('\r', "␍"), @r#"
    number,ratio,words,moment,flag,day␍
    1,2.5,plain,2026-11-21 05:30:00.123,true,2026-11-21␍
    -20,,"with ""quotes"", commas
    and lines",,,␍
    300,1.0,"",1999-12-31 23:59:59.000,false,1999-12-31␍
    ,0.0,日本語 é 👍,,,␍
    "#);
    assert_snapshot!(ask_as(&engine, sql, &[], OutputFormat::Json).await, @r#"
    [
    {"number":1,"ratio":2.5,"words":"plain","moment":"2026-11-21 05:30:00.123","flag":true,"day":"2026-11-21"},
    {"number":-20,"ratio":null,"words":"with \"quotes\", commas\nand lines","moment":null,"flag":null,"day":null},
    {"number":300,"ratio":1.0,"words":"","moment":"1999-12-31 23:59:59.000","flag":false,"day":"1999-12-31"},
    {"number":null,"ratio":0.0,"words":"日本語 é 👍","moment":null,"flag":null,"day":null}
    ]
    "#);

    let maps = "SELECT params, received_at FROM hits WHERE hit_id <> 'c' ORDER BY hit_id";
    assert_snapshot!(ask_as(&engine, maps, &[], OutputFormat::Csv).await, @r#"
    params,received_at
    "{""page"":""/"",""userid"":""7""}",2026-11-20 23:59:59.999
    "{""k"":""1.5""}",2026-11-21 00:00:00.001
    "#);
    assert_snapshot!(ask_as(&engine, maps, &[], OutputFormat::Json).await, @r#"
    [
    {"params":{"page":"/","userid":"7"},"received_at":"2026-11-20 23:59:59.999"},
    {"params":{"k":"1.5"},"received_at":"2026-11-21 00:00:00.001"}
    ]
    "#);

    let none = "SELECT hit_id, page FROM hits WHERE site = 'none'";
    assert_snapshot!(ask_as(&engine, none, &[], OutputFormat::Table).await, @"
    hit_id  page
    ------  ----
    no rows: nothing in the lake matches
    ");
    assert_snapshot!(ask_as(&engine, none, &[], OutputFormat::Csv).await, @"hit_id,page");
    assert_snapshot!(ask_as(&engine, none, &[], OutputFormat::Json).await, @"
    [
    ]
    ");
}

#[tokio::test]
async fn csv_is_safe_for_a_spreadsheet_and_numbers_stay_numbers() {
    let lake = LakeFixture::new();
    let engine = engine_over(&lake).await;
    let sql = "SELECT '=1+1' AS page, '-1' AS \"@name\", -1 AS n, -1.5e0 AS ratio, DATE '2026-11-21' AS day, MAP {'=k': '-v'} AS params";
    assert_snapshot!(ask_as(&engine, sql, &[], OutputFormat::Csv).await, @r#"
    page,'@name,n,ratio,day,params
    '=1+1,'-1,-1,-1.5,2026-11-21,"{""=k"":""-v""}"
    "#);
    assert_snapshot!(ask_as(&engine, sql, &[], OutputFormat::Json).await, @r#"
    [
    {"page":"=1+1","@name":"-1","n":-1,"ratio":-1.5,"day":"2026-11-21","params":{"=k":"-v"}}
    ]
    "#);
}

/// A row of all columns is 400 characters wide as a table.
#[tokio::test]
async fn a_line_for_each_value_shows_it_whole() {
    let lake = LakeFixture::new();
    let engine = engine_over(&lake).await;
    let sql = "SELECT * FROM (VALUES (1, repeat('long ', 13), NULL), (2, 'two' || chr(10) || 'lines', MAP {'k': 'v'})) AS t (n, words, params) ORDER BY n";
    assert_snapshot!(ask_as(&engine, sql, &[], OutputFormat::Line).await.replace(' ', "·"), @r#"
    row·1
    ··n·······1
    ··words···long·long·long·long·long·long·long·long·long·long·long·long·long·
    ··params··NULL

    row·2
    ··n·······2
    ··words···two\nlines
    ··params··{"k":"v"}
    "#);
    let none = "SELECT hit_id FROM hits";
    assert_eq!(
        ask_as(&engine, none, &[], OutputFormat::Line).await,
        "no rows: nothing in the lake matches\n"
    );
}

#[tokio::test]
async fn a_table_that_does_not_fit_is_shown_line_by_line() {
    let lake = LakeFixture::new();
    let engine = engine_over(&lake).await;
    for (width, expected) in [
        (10, "first  b\n-----  -\n    1  2\n"),
        (8, "first  b\n-----  -\n    1  2\n"),
        (7, "row 1\n  first  1\n  b      2\n"),
    ] {
        let answer = engine
            .query("SELECT 1 AS first, '2' AS b", &[])
            .await
            .unwrap();
        let mut out = Vec::new();
        let rows = print_within(answer, width, &mut out).await.unwrap();
        assert_eq!(
            (rows, String::from_utf8(out).unwrap().as_str()),
            (1, expected)
        );
    }
}

#[tokio::test]
async fn a_table_is_safe_for_a_terminal() {
    let lake = LakeFixture::new();
    let engine = engine_over(&lake).await;
    let sql = "SELECT chr(27) || '[31mred' || chr(7) || chr(9) || '.' AS escapes, repeat('long ', 30) AS words, 7 AS n";
    assert_snapshot!(ask(&engine, sql).await, @r"
    escapes                words                                                         n
    ---------------------  ------------------------------------------------------------  -
    \u{1b}[31mred\u{7}\t.  long long long long long long long long long long long long…  7
    ");
}
