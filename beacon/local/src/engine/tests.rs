//! What the engine promises to free SQL: all sources as one table, the dialect, pruning, reading alone, and
//! messages that point at the place.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, TimeUnit};
use beacon_core::settings::Settings;
use insta::assert_snapshot;

use super::fixture::{LakeFixture, ask, ask_as};
use super::partitions::hours_of_plan;
use super::statement;
use crate::output::Format;

/// One hit in each kind of file, and a spool with one.
fn three_sources() -> LakeFixture {
    let mut lake = LakeFixture::new();
    lake.parquet(
        "2026-11-20-23",
        r#"{"hit_id":"a","received_at":"2026-11-20 23:59:59.999","site":"a.example","event":"view","page":"/","params":{"page":"/","userid":"7"}}"#,
    );
    lake.json(
        "2026-11-21-00",
        r#"{"hit_id":"b","received_at":"2026-11-21 00:00:00.001","site":"a.example","event":"view","page":null,"params":{"k":1.5},"unknown":[1]}"#,
    );
    lake.spool("{\"hit_id\":\"c\",\"received_at\":\"2026-11-21 05:00:00.000\",\"site\":\"b.example\",\"event\":\"open\",\"page\":\"/mail\",\"params\":{}}\n");
    lake
}

#[tokio::test]
async fn parquet_json_and_spool_are_one_table() {
    let lake = three_sources();
    let engine = lake.engine().await;
    assert_snapshot!(ask(&engine, "SELECT hit_id, received_at, site, event, page, params FROM hits ORDER BY hit_id").await, @r#"
    hit_id  received_at              site       event  page   params
    ------  -----------------------  ---------  -----  -----  -------------------------
    a       2026-11-20 23:59:59.999  a.example  view   /      {"page":"/","userid":"7"}
    b       2026-11-21 00:00:00.001  a.example  view          {"k":"1.5"}
    c       2026-11-21 05:00:00.000  b.example  open   /mail  {}
    "#);
    assert_snapshot!(ask(&engine, "SELECT count(*) AS hits FROM hits").await, @"
    hits
    ----
       3
    ");
    assert_snapshot!(ask(&engine, "SELECT year, month, day, hour, page FROM hits WHERE hit_id <> 'c' ORDER BY year, month, day, hour").await, @"
    year  month  day  hour  page
    ----  -----  ---  ----  ----
    2026     11   20    23  /
    2026     11   21     0
    ");
    assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE site = 'b.example' AND received_at > CAST('2026-11-21 00:00:00' AS timestamp(3))").await, @"
    hit_id
    ------
    c
    ");
}

#[tokio::test]
async fn a_hit_of_the_spool_is_there_at_once_and_in_its_hour() {
    let lake = LakeFixture::new();
    lake.spool("{\"hit_id\":\"a\",\"page\":\"/1\"}\n");
    let engine = lake.engine().await;
    assert_eq!(
        ask(
            &engine,
            "SELECT count(*) AS hits FROM hits WHERE year > 2000"
        )
        .await,
        "hits\n----\n   1\n"
    );
    lake.spool("{\"hit_id\":\"b\",\"page\":\"/2\"}\n{\"hit_id\":\"c\"}\n");
    assert_eq!(
        ask(&engine, "SELECT count(*) AS hits FROM hits").await,
        "hits\n----\n   3\n"
    );
    assert_eq!(
        ask(
            &engine,
            "SELECT count(*) AS hits FROM hits WHERE year < 2000"
        )
        .await,
        "hits\n----\n   0\n"
    );
}

#[tokio::test]
async fn columns_that_a_file_lacks_are_null_and_unknown_ones_are_not_shown() {
    let settings = Settings::from_lookup(|name| {
        (name == "BEACON_COLUMNS").then(|| "userid=params.userid".to_owned())
    })
    .unwrap();
    let mut lake = LakeFixture::with_schema(settings.columns());
    let old = ArrowSchema::new(vec![
        Field::new("page", DataType::Utf8, true),
        Field::new("gone", DataType::Utf8, true),
        Field::new("hit_id", DataType::Utf8, false),
    ]);
    lake.parquet_with(
        "2026-01-01-00",
        r#"{"hit_id":"old","page":"/","gone":"x"}"#,
        Arc::new(old),
    );
    lake.parquet(
        "2026-11-21-00",
        r#"{"hit_id":"new","page":"/","userid":"7"}"#,
    );
    lake.json("2026-11-21-01", r#"{"hit_id":"json"}"#);
    let engine = lake.engine().await;
    assert_snapshot!(ask(&engine, "SELECT hit_id, page, userid, truncated, params, hour FROM hits ORDER BY hit_id").await, @"
    hit_id  page  userid  truncated  params  hour
    ------  ----  ------  ---------  ------  ----
    json                                        1
    new     /     7                             0
    old     /                                   0
    ");
    assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE userid = '7'").await, @"
    hit_id
    ------
    new
    ");
    assert_snapshot!(ask(&engine, "SELECT gone FROM hits").await, @r#"
    there is no column "gone"
      line 1, column 8:
        SELECT gone FROM hits
               ^^^^
      there are: hit_id, received_at, site, host, path, event, url, page, title, referrer, referrer_host, utm_source, utm_medium, utm_campaign, utm_term, utm_content, language, ip, format, truncated, query_string, params, headers, version, userid, year, month, day, hour
    "#);
}

#[tokio::test]
async fn files_of_other_writers_are_read_by_name() {
    // What Hive's writer calls the parts of a map, and timestamps of another unit.
    let parts = Fields::from(vec![
        Field::new("keys", DataType::Utf8, false),
        Field::new("values", DataType::LargeUtf8, true),
    ]);
    let entries = Field::new("entries", DataType::Struct(parts), false);
    let other = ArrowSchema::new(vec![
        Field::new("params", DataType::Map(Arc::new(entries), false), true),
        Field::new(
            "received_at",
            DataType::Timestamp(TimeUnit::Nanosecond, None),
            true,
        ),
        Field::new("hit_id", DataType::LargeUtf8, true),
    ]);
    let mut lake = LakeFixture::new();
    lake.parquet_with(
        "2026-11-21-00",
        r#"{"hit_id":"a","received_at":"2026-11-21 00:00:00.123","params":{"userid":"7"}}"#,
        Arc::new(other),
    );
    lake.parquet("2026-11-21-01", r#"{"hit_id":"b","params":{"userid":"8"}}"#);
    let engine = lake.engine().await;
    assert_snapshot!(ask(&engine, "SELECT hit_id, received_at, params, element_at(params, 'userid') AS userid FROM hits ORDER BY hit_id").await, @r#"
    hit_id  received_at              params          userid
    ------  -----------------------  --------------  ------
    a       2026-11-21 00:00:00.123  {"userid":"7"}  7
    b                                {"userid":"8"}  8
    "#);
    assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE element_at(params, 'userid') = '7' AND received_at >= CAST('2026-11-21 00:00:00.123' AS timestamp(3))").await, @"
    hit_id
    ------
    a
    ");
}

#[tokio::test]
async fn an_empty_lake_has_no_rows() {
    let lake = LakeFixture::new();
    let engine = lake.engine().await;
    assert_snapshot!(ask(&engine, "SELECT page, count(*) AS hits FROM hits GROUP BY page").await, @"
    page  hits
    ----  ----
    no rows: nothing in the lake matches
    ");
    assert_snapshot!(ask(&engine, "SELECT count(*) AS hits, min(received_at) AS first FROM hits").await, @"
    hits  first
    ----  -----
       0
    ");
}

#[tokio::test]
async fn a_lake_that_is_not_there_says_what_to_do() {
    let lake = LakeFixture::new();
    let engine = lake.engine().await;
    let folder = lake.lake().is_folder().unwrap().to_owned();
    drop(lake);
    let shown = ask(&engine, "SELECT 1 FROM hits")
        .await
        .replace(folder.to_str().unwrap(), "LAKE");
    assert_eq!(
        shown,
        "failed: there is no lake at LAKE; check --lake, or start one with `beacon serve`"
    );
}

/// Hours from the end of October to the first of December, each a file; all but those of `keep` are no Parquet,
/// so that opening one fails.
async fn check_pruned(predicate: &str, keep: &[&str]) {
    let mut lake = LakeFixture::new();
    for hour in [
        "2026-10-31-23",
        "2026-11-01-00",
        "2026-11-01-09",
        "2026-11-30-23",
        "2026-12-01-00",
        "2027-01-01-00",
    ] {
        if keep.contains(&hour) {
            lake.parquet(hour, &format!(r#"{{"hit_id":"{hour}"}}"#));
        } else {
            lake.garbage(hour);
        }
    }
    let engine = lake.engine().await;
    let found = ask_as(
        &engine,
        &format!("SELECT hit_id FROM hits WHERE {predicate} ORDER BY hit_id"),
        &[],
        Format::Csv,
    )
    .await;
    let expected: String = ["hit_id"]
        .iter()
        .chain(keep)
        .map(|line| format!("{line}\r\n"))
        .collect();
    assert_eq!(found, expected, "{predicate}");
}

#[tokio::test]
async fn files_of_other_partitions_are_not_opened() {
    let number = "year * 1000000 + month * 10000 + day * 100 + hour";
    check_pruned(
        &format!("{number} BETWEEN 2026103123 AND 2026110100"),
        &["2026-10-31-23", "2026-11-01-00"],
    )
    .await;
    check_pruned(
        &format!(
            "{number} BETWEEN CAST('2026113023' AS integer) AND CAST('2027010100' AS integer)"
        ),
        &["2026-11-30-23", "2026-12-01-00", "2027-01-01-00"],
    )
    .await;
    check_pruned(
        "year = 2026 AND month = 11 AND hour IN (0, 9)",
        &["2026-11-01-00", "2026-11-01-09"],
    )
    .await;
    check_pruned(
        "(month = 10 OR day = 30) AND hit_id IS NOT NULL",
        &["2026-10-31-23", "2026-11-30-23"],
    )
    .await;
    check_pruned("year > 2026", &["2027-01-01-00"]).await;
    check_pruned("year = 2019", &[]).await;
    check_pruned("year = 2026 AND year = 2027", &[]).await;
}

/// Which hours are listed for a statement.
async fn check_listed(sql: &str, expected: &str) {
    let engine = LakeFixture::new().engine().await;
    let plan = engine.plan(sql, &[]).await.unwrap();
    let hours = hours_of_plan(&engine.state, &plan, "hits").unwrap();
    let shown = match hours {
        Some(hours) => format!("{} to {}", hours.start(), hours.end()),
        None => "all".to_owned(),
    };
    assert_eq!(shown, expected, "{sql}");
}

#[tokio::test]
async fn folders_of_other_partitions_are_not_listed() {
    check_listed(
        "SELECT 1 FROM hits WHERE year * 1000000 + month * 10000 + day * 100 + hour BETWEEN 2026103123 AND 2026120200",
        "2026-10-31-23 to 2026-12-02-00",
    )
    .await;
    check_listed(
        "SELECT 1 FROM hits WHERE year = 2026 AND month = 2 AND day >= 27",
        "2026-02-27-00 to 2026-02-28-23",
    )
    .await;
    check_listed(
        "SELECT 1 FROM hits WHERE CAST(year AS bigint) = 2019 AND page = '/'",
        "2019-01-01-00 to 2019-12-31-23",
    )
    .await;
    check_listed(
        "SELECT 1 FROM hits WHERE year = 2026 AND month = 1 UNION ALL SELECT 1 FROM hits WHERE year = 2025 AND month = 12 AND day = 31",
        "2025-12-31-00 to 2026-01-31-23",
    )
    .await;
    check_listed(
        "EXPLAIN SELECT (SELECT count(*) FROM hits WHERE year = 2026 AND month = 1)",
        "2026-01-01-00 to 2026-01-31-23",
    )
    .await;
    check_listed("SELECT 1 FROM hits WHERE month = 1", "all").await;
    check_listed(
        "SELECT 1 FROM hits AS a, hits AS b WHERE a.year = 2026",
        "all",
    )
    .await;
    check_listed("SELECT 1 FROM unique_hits WHERE year = 2026", "all").await;
    check_listed("SELECT 1", "1970-01-01-00 to 1970-01-01-00").await;
}

#[tokio::test]
async fn a_filter_that_is_not_only_about_partitions_still_holds() {
    let lake = three_sources();
    let engine = lake.engine().await;
    assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE (day = 20 OR page IS NULL) ORDER BY 1").await, @"
    hit_id
    ------
    a
    b
    ");
    assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE day = (SELECT min(day) FROM hits WHERE hit_id = 'b')").await, @"
    hit_id
    ------
    c
    b
    ");
    assert_snapshot!(ask(&engine, "SELECT a.hit_id FROM hits AS a JOIN hits AS b ON a.day = b.day AND a.hit_id = b.hit_id WHERE a.day = 20").await, @"
    hit_id
    ------
    a
    ");
}

#[tokio::test]
async fn the_dialect_is_that_of_athena() {
    let lake = three_sources();
    let engine = lake.engine().await;
    let rows = "hits WHERE hit_id <> 'c' ORDER BY hit_id";
    assert_snapshot!(ask(&engine, &format!("SELECT element_at(params, 'userid') AS userid, element_at(params, 'k') AS k, element_at(params, hit_id) AS none FROM {rows}")).await, @"
    userid  k    none
    ------  ---  ----
    7
            1.5
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
    ");
    assert_snapshot!(ask(&engine, "SELECT page FROM hits ORDER BY page").await, @"
    page
    -----
    /
    /mail
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
    let engine = lake.engine().await;
    let sql = "SELECT '?' AS mark /* ? */, hit_id -- ?\nFROM hits WHERE (? = '*' OR site = ?) AND day >= CAST(? AS integer) AND page = ? || '' ORDER BY 2";
    assert_snapshot!(ask_as(&engine, sql, &["*", "*", "20", "/"], Format::Table).await, @"
    mark  hit_id
    ----  ------
    ?     a
    ");
    // What would end a literal and begin another statement is one text.
    assert_snapshot!(ask_as(&engine, "SELECT hit_id FROM hits WHERE site = ?", &["' OR 1=1 --"], Format::Table).await, @"
    hit_id
    ------
    no rows: nothing in the lake matches
    ");
    assert_snapshot!(ask_as(&engine, sql, &["*", "*"], Format::Table).await, @"
    the statement has 4 of the parameters ?, and 2 are given
      each ? takes one --param, in order
    ");
    assert_snapshot!(ask_as(&engine, "SELECT ?", &[""], Format::Table).await, @"
    parameter 1 has 0 characters
      a parameter has 1 to 1,024 characters, as in Athena
    ");
    assert_snapshot!(ask_as(&engine, "SELECT ?", &[&"é".repeat(1025)], Format::Table).await, @"
    parameter 1 has 1025 characters
      a parameter has 1 to 1,024 characters, as in Athena
    ");
    assert_snapshot!(ask_as(&engine, "SELECT hit_id FROM hits WHERE site = $1", &["a"], Format::Table).await, @"
    a parameter is written ?, not $1
      line 1, column 38:
        SELECT hit_id FROM hits WHERE site = $1
                                             ^^
      parameters are bound in the order in which they stand
    ");
}

#[tokio::test]
async fn a_broken_file_is_named() {
    let mut lake = LakeFixture::new();
    lake.garbage("2026-11-21-00");
    let broken = ask(&lake.engine().await, "SELECT hit_id FROM hits").await;
    assert!(
        broken.starts_with("failed: ") && broken.contains("Parquet"),
        "{broken}"
    );
    let mut lake = LakeFixture::new();
    lake.json("2026-11-21-00", "{\"hit_id\":\"a\"}\n{\"hit_id\":");
    let broken = ask(&lake.engine().await, "SELECT hit_id FROM hits").await;
    assert!(
        broken.starts_with("failed: ") && broken.contains("hour=00/file-1.json.gz"),
        "{broken}"
    );
}

#[tokio::test]
async fn a_mistake_is_shown_at_its_place() {
    let lake = three_sources();
    let engine = lake.engine().await;
    let wrong = [
        "SELECT pge FROM hits",
        "SELECT hit_id\nFROM hits\n\tWHERE foo = 1",
        "SELECT hit_id FROM hit",
        "SELECT hit_id FROM visitors",
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
      there are: hit_id, received_at, site, host, path, event, url, page, title, referrer, referrer_host, utm_source, utm_medium, utm_campaign, utm_term, utm_content, language, ip, format, truncated, query_string, params, headers, version, year, month, day, hour

    there is no table "hit"
      line 1, column 20:
        SELECT hit_id FROM hit
                           ^^^
      did you mean hits?

    there is no table "visitors"
      line 1, column 20:
        SELECT hit_id FROM visitors
                           ^^^^^^^^
      the tables are hits and unique_hits

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
            Err(error) => format!("{sql}\n    {}", error.message()),
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
    let engine = lake.engine().await;
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
    let engine = lake.engine().await;
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

#[tokio::test]
async fn values_are_printed_in_three_ways() {
    let lake = three_sources();
    let engine = lake.engine().await;
    let sql = "SELECT * FROM (VALUES
        (1, 2.5e0, 'plain', TIMESTAMP '2026-11-21 05:30:00.123', true, DATE '2026-11-21'),
        (-20, NULL, 'with \"quotes\", commas' || chr(10) || 'and lines', NULL, NULL, NULL),
        (300, 1e0, '', TIMESTAMP '1999-12-31 23:59:59', false, DATE '1999-12-31'),
        (NULL, 0e0, '日本語 é 👍', NULL, NULL, NULL)
    ) AS t (number, ratio, words, moment, flag, day)";
    assert_snapshot!(ask_as(&engine, sql, &[], Format::Table).await, @r#"
    number  ratio  words                             moment                   flag   day
    ------  -----  --------------------------------  -----------------------  -----  ----------
         1    2.5  plain                             2026-11-21 05:30:00.123  true   2026-11-21
       -20         with "quotes", commas\nand lines
       300    1.0                                    1999-12-31 23:59:59.000  false  1999-12-31
              0.0  日本語 é 👍
    "#);
    assert_snapshot!(ask_as(&engine, sql, &[], Format::Csv).await.replace('\r', "␍"), @r#"
    number,ratio,words,moment,flag,day␍
    1,2.5,plain,2026-11-21 05:30:00.123,true,2026-11-21␍
    -20,,"with ""quotes"", commas
    and lines",,,␍
    300,1.0,"",1999-12-31 23:59:59.000,false,1999-12-31␍
    ,0.0,日本語 é 👍,,,␍
    "#);
    assert_snapshot!(ask_as(&engine, sql, &[], Format::Json).await, @r#"
    [
    {"number":1,"ratio":2.5,"words":"plain","moment":"2026-11-21 05:30:00.123","flag":true,"day":"2026-11-21"},
    {"number":-20,"ratio":null,"words":"with \"quotes\", commas\nand lines","moment":null,"flag":null,"day":null},
    {"number":300,"ratio":1.0,"words":"","moment":"1999-12-31 23:59:59.000","flag":false,"day":"1999-12-31"},
    {"number":null,"ratio":0.0,"words":"日本語 é 👍","moment":null,"flag":null,"day":null}
    ]
    "#);

    let maps = "SELECT params, received_at FROM hits WHERE hit_id <> 'c' ORDER BY hit_id";
    assert_snapshot!(ask_as(&engine, maps, &[], Format::Csv).await, @r#"
    params,received_at
    "{""page"":""/"",""userid"":""7""}",2026-11-20 23:59:59.999
    "{""k"":""1.5""}",2026-11-21 00:00:00.001
    "#);
    assert_snapshot!(ask_as(&engine, maps, &[], Format::Json).await, @r#"
    [
    {"params":{"page":"/","userid":"7"},"received_at":"2026-11-20 23:59:59.999"},
    {"params":{"k":"1.5"},"received_at":"2026-11-21 00:00:00.001"}
    ]
    "#);

    let none = "SELECT hit_id, page FROM hits WHERE site = 'none'";
    assert_snapshot!(ask_as(&engine, none, &[], Format::Table).await, @"
    hit_id  page
    ------  ----
    no rows: nothing in the lake matches
    ");
    assert_snapshot!(ask_as(&engine, none, &[], Format::Csv).await, @"hit_id,page");
    assert_snapshot!(ask_as(&engine, none, &[], Format::Json).await, @"
    [
    ]
    ");
}

#[tokio::test]
async fn a_table_is_safe_for_a_terminal() {
    let lake = LakeFixture::new();
    let engine = lake.engine().await;
    let sql = "SELECT chr(27) || '[31mred' || chr(7) || chr(9) || '.' AS escapes, repeat('long ', 30) AS words, 7 AS n";
    assert_snapshot!(ask(&engine, sql).await, @r"
    escapes                words                                                         n
    ---------------------  ------------------------------------------------------------  -
    \u{1b}[31mred\u{7}\t.  long long long long long long long long long long long long…  7
    ");
}

#[tokio::test]
async fn a_plan_shows_which_files_are_read() {
    let mut lake = LakeFixture::new();
    lake.parquet("2026-11-20-23", r#"{"hit_id":"a","page":"/"}"#);
    lake.parquet("2026-11-21-00", r#"{"hit_id":"b","page":"/"}"#);
    let engine = lake.engine().await;
    let plan = ask(
        &engine,
        "EXPLAIN SELECT hit_id FROM hits WHERE day = 21 AND page = '/'",
    )
    .await;
    let scan = plan
        .lines()
        .find(|line| line.contains("DataSourceExec"))
        .unwrap();
    assert!(scan.contains("day=21/hour=00/file-2.parquet"), "{plan}");
    assert!(!scan.contains("day=20"), "{plan}");
    // The filter and the columns have reached the reader of the file.
    assert!(scan.contains("projection=[hit_id]"), "{plan}");
    assert!(scan.contains("predicate=page@7 = /"), "{plan}");
    assert!(!plan.contains("FilterExec"), "{plan}");
}
