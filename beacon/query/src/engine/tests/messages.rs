//! Mistakes are shown at their place, and only reading passes.

use insta::assert_snapshot;

use crate::engine::statement;
use crate::engine::testing::{ask, engine_over};
use beacon_lake_fixture::three_sources;

#[tokio::test]
async fn a_mistake_is_shown_at_its_place() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    let wrong = [
        "SELECT pge FROM hits",
        "SELECT hit_id\nFROM hits\n\tWHERE foo = 1",
        "SELECT hit_id FROM hit",
        "SELECT hit_id FROM visitors",
        "SELECT hit_id FROM sessions",
        "SELECT hit_id FRM hits",
        "SELECT hit_id, FROM hits WHERE",
        "SELECT coun(page) FROM hits",
        "SELECT page, count(*) FROM hits",
        "SELECT 'open FROM hits",
        "SELECT element_at(page, 'k') FROM hits",
        "SELECT page + received_at FROM hits",
        "SELECT CAST('x' AS integer)",
        "SELECT 1; SELECT 2",
        "  -- nothing\n ;",
        "top pages",
        "SELECT hit_id FROM hits WHERE (",
    ];
    let mut shown = String::new();
    for sql in wrong {
        shown += &format!("{}\n\n", ask(&engine, sql).await);
    }
    assert_snapshot!(shown, @r#"
    there is no column "pge"
      line 1, column 8:
        SELECT pge FROM hits
               ^^^
      did you mean page?

    there is no column "foo"
      line 3, column 8:
        	WHERE foo = 1
        	      ^^^
      there are: hit_id, received_at, site, host, path, event, url, page, title, referrer, referrer_host, utm_source, utm_medium, utm_campaign, utm_term, utm_content, language, ip, visitor, agent, agent_rule, browser, os, device, country, format, truncated, query_string, params, headers, version, year, month, day, hour

    there is no table "hit"
      line 1, column 20:
        SELECT hit_id FROM hit
                           ^^^
      did you mean hits?

    there is no table "visitors"
      line 1, column 20:
        SELECT hit_id FROM visitors
                           ^^^^^^^^
      did you mean visits?

    there is no table "sessions"
      line 1, column 20:
        SELECT hit_id FROM sessions
                           ^^^^^^^^
      the tables are hits, unique_hits and visits

    expected: end of statement, found: hits
      line 1, column 19:
        SELECT hit_id FRM hits
                          ^

    expected: an expression, found: EOF
      line 1, column 31:
        SELECT hit_id, FROM hits WHERE
                                      ^

    invalid function 'coun'
      line 1, column 8:
        SELECT coun(page) FROM hits
               ^^^^
      did you mean 'count'?

    'hits.page' must appear in GROUP BY clause because it's not an aggregate expression
      line 1, column 8:
        SELECT page, count(*) FROM hits
               ^^^^
      either add 'hits.page' to GROUP BY clause, or use an aggregate function like ANY_VALUE(hits.page)

    unterminated string literal
      line 1, column 8:
        SELECT 'open FROM hits
               ^

    element_at takes a map and a text key, not varchar and varchar
      line 1, column 8:
        SELECT element_at(page, 'k') FROM hits
               ^^^^^^^^^^

    cannot coerce arithmetic expression varchar + timestamp(3) to valid types
      line 1, column 8:
        SELECT page + received_at FROM hits
               ^^^^^^^^^^^^^^^^^^

    cast error: Cannot cast string 'x' to value of integer type

    one statement at a time, please: there is more than one here

    there is no SQL to run
      a query begins with SELECT, WITH, VALUES, EXPLAIN, DESCRIBE or SHOW

    "top" does not begin a query
      line 1, column 1:
        top pages
        ^^^
      a query begins with SELECT, WITH, VALUES, EXPLAIN, DESCRIBE or SHOW

    expected: an expression, found: EOF
      line 1, column 32:
        SELECT hit_id FROM hits WHERE (
                                       ^
    "#);
}

#[test]
fn what_does_not_only_read_is_refused() {
    let refused = [
        "INSERT INTO hits VALUES (1)",
        "UPDATE hits SET page = '/'",
        "DELETE FROM hits",
        "MERGE INTO hits USING hits AS s ON 1 = 1 WHEN MATCHED THEN DELETE",
        "CREATE TABLE t AS SELECT 1",
        "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/etc'",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE hits",
        "ALTER TABLE hits ADD COLUMN x int",
        "TRUNCATE TABLE hits",
        "COPY hits TO 'out.csv'",
        "SET datafusion.execution.batch_size = 1",
        "RESET datafusion.execution.batch_size",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "BEGIN",
        "SELECT * INTO t FROM hits",
        "SELECT * FROM 'secret.parquet'",
        "WITH t AS (INSERT INTO hits VALUES (1)) SELECT 1",
        "EXPLAIN INSERT INTO hits VALUES (1)",
        "EXPLAIN ANALYZE DELETE FROM hits",
        "(DELETE FROM hits)",
        "SELECT 1 UNION SELECT * FROM '/etc/passwd'",
        "SELECT (SELECT max(a) FROM 'x.csv')",
        "UNLOAD (SELECT 1) TO 's3://bucket'",
        "GRANT ALL ON hits TO me",
        "CALL f()",
        "VACUUM",
    ];
    let shown: Vec<String> = refused
        .iter()
        .map(|sql| match statement::parse(sql) {
            Ok(_) => format!("{sql}\n    PASSED"),
            Err(error) => {
                let said = error.to_string();
                format!("{sql}\n    {}", said.lines().next().unwrap_or_default())
            }
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @"
    INSERT INTO hits VALUES (1)
        INSERT is refused: SQL only reads here, the lake is written by `beacon serve`
    UPDATE hits SET page = '/'
        UPDATE is refused: SQL only reads here, the lake is written by `beacon serve`
    DELETE FROM hits
        DELETE is refused: SQL only reads here, the lake is written by `beacon serve`
    MERGE INTO hits USING hits AS s ON 1 = 1 WHEN MATCHED THEN DELETE
        MERGE is refused: SQL only reads here, the lake is written by `beacon serve`
    CREATE TABLE t AS SELECT 1
        CREATE is refused: SQL only reads here, the lake is written by `beacon serve`
    CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/etc'
        CREATE is refused: SQL only reads here, the lake is written by `beacon serve`
    CREATE VIEW v AS SELECT 1
        CREATE is refused: SQL only reads here, the lake is written by `beacon serve`
    DROP TABLE hits
        DROP is refused: SQL only reads here, the lake is written by `beacon serve`
    ALTER TABLE hits ADD COLUMN x int
        ALTER is refused: SQL only reads here, the lake is written by `beacon serve`
    TRUNCATE TABLE hits
        TRUNCATE is refused: SQL only reads here, the lake is written by `beacon serve`
    COPY hits TO 'out.csv'
        COPY is refused: SQL only reads here, the lake is written by `beacon serve`
    SET datafusion.execution.batch_size = 1
        SET is refused: SQL only reads here, the lake is written by `beacon serve`
    RESET datafusion.execution.batch_size
        RESET is refused: SQL only reads here, the lake is written by `beacon serve`
    PREPARE p AS SELECT 1
        PREPARE is refused: SQL only reads here, the lake is written by `beacon serve`
    EXECUTE p
        EXECUTE is refused: SQL only reads here, the lake is written by `beacon serve`
    BEGIN
        BEGIN is refused: SQL only reads here, the lake is written by `beacon serve`
    SELECT * INTO t FROM hits
        SELECT INTO is refused: SQL only reads here, the lake is written by `beacon serve`
    SELECT * FROM 'secret.parquet'
        'secret.parquet' is a file, not a table: only the lake is read here
    WITH t AS (INSERT INTO hits VALUES (1)) SELECT 1
        INSERT INTO is refused: SQL only reads here, the lake is written by `beacon serve`
    EXPLAIN INSERT INTO hits VALUES (1)
        INSERT INTO is refused: SQL only reads here, the lake is written by `beacon serve`
    EXPLAIN ANALYZE DELETE FROM hits
        DELETE FROM is refused: SQL only reads here, the lake is written by `beacon serve`
    (DELETE FROM hits)
        DELETE is refused: SQL only reads here, the lake is written by `beacon serve`
    SELECT 1 UNION SELECT * FROM '/etc/passwd'
        '/etc/passwd' is a file, not a table: only the lake is read here
    SELECT (SELECT max(a) FROM 'x.csv')
        'x.csv' is a file, not a table: only the lake is read here
    UNLOAD (SELECT 1) TO 's3://bucket'
        UNLOAD is refused: SQL only reads here, the lake is written by `beacon serve`
    GRANT ALL ON hits TO me
        GRANT is refused: SQL only reads here, the lake is written by `beacon serve`
    CALL f()
        CALL is refused: SQL only reads here, the lake is written by `beacon serve`
    VACUUM
        VACUUM is refused: SQL only reads here, the lake is written by `beacon serve`
    ");
}

#[tokio::test]
async fn files_and_settings_are_out_of_reach() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    for sql in [
        "SELECT * FROM \"/etc/passwd\"",
        "SELECT * FROM \"file:///tmp/x.csv\"",
        "SELECT * FROM read_parquet('x')",
    ] {
        let shown = ask(&engine, sql).await;
        assert!(
            shown.starts_with("there is no table") || shown.contains("not found"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn reading_statements_pass() {
    let lake = three_sources();
    let engine = engine_over(&lake).await;
    for sql in [
        "VALUES (1)",
        "(SELECT 1)",
        "EXPLAIN SELECT * FROM hits",
        "EXPLAIN ANALYZE SELECT * FROM hits",
        "DESCRIBE hits",
        "SHOW TABLES",
        "SHOW COLUMNS FROM hits",
        "SELECT 1;",
    ] {
        let answer = engine.query(sql, &[]).await;
        let rows = answer
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
            .collect()
            .await
            .unwrap();
        assert!(
            rows.iter().map(|batch| batch.num_rows()).sum::<usize>() > 0,
            "{sql}"
        );
    }
}
