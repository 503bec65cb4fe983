//! Free SQL is answered as Athena answers it, or refused at its place.

use insta::assert_snapshot;

use beacon_catalog::{Question, Scope, TimeRange};
use beacon_lake_fixture::three_sources;

use crate::engine::testing::{ask_as, ask_free, engine_over, on_a_large_stack};
use crate::engine::{VIEWS, free_sql};
use crate::output::OutputFormat;

#[test]
fn questions_and_views_pass_the_list_with_the_same_answers() {
    on_a_large_stack(|| async {
        let lake = three_sources();
        let engine = engine_over(&lake).await;
        for question in Question::all() {
            let range = TimeRange::parse(Some("2026-11-20"), Some("2026-11-21"), 0).unwrap();
            let mut scope = Scope::new(range);
            scope.subject = question.subject(None, &[]).unwrap_or(None);
            let parameters = question.bind(&scope);
            let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
            let sql = question.text();
            let ours = ask_as(&engine, &sql, &parameters, OutputFormat::Csv).await;
            let free = ask_free(&engine, &sql, &parameters, OutputFormat::Csv).await;
            assert_eq!(ours, free, "{}", question.name);
        }
        for view in VIEWS {
            if let Err(error) = free_sql::read(view.sql, &engine.tables, &[]) {
                panic!("{}: {error}", view.name);
            }
        }
    });
}

#[tokio::test]
async fn a_refusal_has_its_place_its_reason_and_what_works() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let mut shown = String::new();
    for sql in [
        "SELECT page\nFROM hits\n\tWHERE hour = '1'",
        "SELECT pge FROM hits",
        "SELECT hit_id FROM hits WHERE page = \"/talks\"",
        "SELECT 1 FROM hit",
        "SELECT nvl(page, '') FROM hits",
        "DESCRIBE SELECT page + 1 FROM hits",
        "EXPLAIN\nSELECT page ILIKE 'x' FROM hits",
        "SELECT page FROM hits WHERE",
        "EXPLAIN INSERT INTO hits VALUES (1)",
        "INSERT INTO hits VALUES (1)",
        "SELECT 1; SELECT 2",
        "SELECT hit_id FROM hits WHERE received_at > now() - INTERVAL ? DAY",
    ] {
        let parameters: &[&str] = if sql.contains('?') { &["7"] } else { &[] };
        let answer = ask_free(&engine, sql, parameters, OutputFormat::Table).await;
        shown += &format!("{answer}\n\n");
    }
    assert_snapshot!(shown, @r#"
    integer can't be compared with varchar(1)
      line 3, column 8:
        	WHERE hour = '1'
        	      ^^^^^^^^^^
      CAST(… AS integer)

    there is no column pge
      line 1, column 8:
        SELECT pge FROM hits
               ^^^
      did you mean page?

    there is no column /talks
      line 1, column 38:
        SELECT hit_id FROM hits WHERE page = "/talks"
                                             ^^^^^^^^
      text stands in single quotes, '/talks'; double quotes are for names

    there is no table hit
      line 1, column 15:
        SELECT 1 FROM hit
                      ^^^
      did you mean hits?

    the function nvl is not on the list of what is answered as Trino answers it
      line 1, column 8:
        SELECT nvl(page, '') FROM hits
               ^^^
      coalesce(value, other)

    + can't be taken of varchar and integer
      line 1, column 17:
        DESCRIBE SELECT page + 1 FROM hits
                        ^^^^^^^^
      CAST(… AS bigint) or CAST(… AS double)

    Trino has no ILIKE
      line 2, column 19:
        SELECT page ILIKE 'x' FROM hits
                          ^^^
      lower(text) LIKE lower(pattern)

    expected: an expression, found: EOF
      line 1, column 28:
        SELECT page FROM hits WHERE
                                   ^

    INSERT INTO is refused: SQL only reads here, the lake is written by `beacon serve`
      a query begins with SELECT, WITH, VALUES, EXPLAIN, DESCRIBE or SHOW

    INSERT is refused: SQL only reads here, the lake is written by `beacon serve`
      line 1, column 1:
        INSERT INTO hits VALUES (1)
        ^^^^^^
      a query begins with SELECT, WITH, VALUES, EXPLAIN, DESCRIBE or SHOW

    one statement at a time: there is more than one here

    an interval's value is a literal in single quotes
      line 1, column 62:
        SELECT hit_id FROM hits WHERE received_at > now() - INTERVAL ? DAY
                                                                     ^
      date_add('day', CAST(? AS bigint), time)
    "#);
}

#[tokio::test]
async fn parameters_are_texts_in_their_places() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let sql = "SELECT '?' AS mark /* ? */, hit_id -- ?\nFROM hits WHERE (? = '*' OR site = ?) AND day >= CAST(? AS integer) AND page = ? || '' ORDER BY 2";
    assert_snapshot!(ask_free(&engine, sql, &["*", "*", "20", "/"], OutputFormat::Table).await, @"
    mark  hit_id
    ----  ------
    ?     a
    ");
    assert_snapshot!(ask_free(&engine, "SELECT CAST(? AS date) AS day, date_format(received_at AT TIME ZONE ?, ?) AS local FROM hits WHERE hit_id = ?", &["2026-11-01", "Europe/Berlin", "%H:%i", "a"], OutputFormat::Csv).await.replace('\r', ""), @r#"
    day,local
    2026-11-01,00:59
    "#);
    assert_snapshot!(ask_free(&engine, sql, &["*", "*"], OutputFormat::Table).await, @"
    the statement has 4 of the parameters ?, and 2 are given
      each ? takes one --param, in order
    ");
    assert_snapshot!(ask_free(&engine, "SELECT hit_id FROM hits WHERE day = ?", &["20"], OutputFormat::Table).await, @r#"
    integer can't be compared with varchar(2)
      line 1, column 31:
        SELECT hit_id FROM hits WHERE day = ?
                                      ^^^^^^^
      CAST(… AS integer)
    "#);
    assert_snapshot!(ask_free(&engine, "SELECT hit_id FROM hits WHERE site = $1", &["a"], OutputFormat::Table).await, @r#"
    a parameter is written ?, not $1
      line 1, column 38:
        SELECT hit_id FROM hits WHERE site = $1
                                             ^^
      parameters are bound in the order in which they stand
    "#);
}

#[tokio::test]
async fn statements_about_tables_and_plans_go_on_working() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    for sql in [
        "EXPLAIN SELECT * FROM hits",
        "EXPLAIN ANALYZE SELECT page || '' FROM hits",
        "DESCRIBE hits",
        "DESCRIBE unique_hits",
        "SHOW TABLES",
        "SHOW COLUMNS FROM hits",
        "-- a comment\n/* SELECT */ SELECT 1;",
        "((SELECT 1))",
        "VALUES 1",
        "WITH t AS (SELECT 1 AS x) SELECT x FROM t",
    ] {
        let answer = ask_free(&engine, sql, &[], OutputFormat::Json).await;
        assert!(answer.starts_with("[\n{"), "{sql}: {answer}");
    }
    assert_snapshot!(ask_free(&engine, "DESCRIBE SELECT count(*) AS n, 1.5 AS share, max(received_at) AS last, occurrence FROM unique_hits WHERE page = ? GROUP BY occurrence", &["/"], OutputFormat::Csv).await.replace('\r', ""), @r#"
    column_name,data_type,is_nullable
    n,Int64,NO
    share,"Decimal128(2, 1)",NO
    last,Timestamp(ms),YES
    occurrence,Int64,NO
    "#);
}

/// A query in WITH may have the name of a table, which is named with its database then.
#[tokio::test]
async fn a_table_with_its_database_is_that_of_the_lake() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let sql = "WITH hits AS (SELECT 'mine' AS hit_id), all_hits AS (SELECT hit_id FROM AwsDataCatalog.\"beacon\".hits)
        SELECT (SELECT max(hit_id) FROM hits) AS mine, max(hit_id) AS of_lake FROM all_hits";
    assert_snapshot!(ask_free(&engine, sql, &[], OutputFormat::Csv).await.replace('\r', ""), @r#"
    mine,of_lake
    mine,c
    "#);
}

#[tokio::test]
async fn moments_in_a_zone_and_intervals_are_shown_as_athena_shows_them() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let sql = "SELECT received_at AT TIME ZONE 'Europe/Berlin' AS local, CAST(received_at AT TIME ZONE 'Europe/Berlin' AS date) AS local_day,
            received_at - TIMESTAMP '2026-11-19 22:00:00' AS since, now() AS moment, INTERVAL '-14' MONTH AS months
        FROM hits WHERE hit_id IN ('a', 'c') ORDER BY hit_id";
    assert_snapshot!(ask_free(&engine, sql, &[], OutputFormat::Csv).await.replace('\r', ""), @r#"
    local,local_day,since,moment,months
    2026-11-21 00:59:59.999 Europe/Berlin,2026-11-21,1 01:59:59.999,2026-11-21 05:30:00.000,'-1-2
    2026-11-21 06:00:00.000 Europe/Berlin,2026-11-21,1 07:00:00.000,2026-11-21 05:30:00.000,'-1-2
    "#);
}
