//! All kinds of files as one table.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, TimeUnit};
use beacon_core::settings::Settings;
use insta::assert_snapshot;

use crate::engine::testing::{ask, engine_over, on_a_large_stack};
use beacon_lake_fixture::{LakeFixture, three_sources};

#[test]
fn parquet_json_and_spool_are_one_table() {
    on_a_large_stack(|| async {
        let lake = three_sources();
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT hit_id, received_at, site, event, page, params FROM hits ORDER BY hit_id").await, @r#"
    hit_id  received_at              site       event  page   params
    ------  -----------------------  ---------  -----  -----  -------------------------
    a       2026-11-20 23:59:59.999  a.example  view   /      {"page":"/","userid":"7"}
    b       2026-11-21 00:00:00.001  a.example  view   NULL   {"k":"1.5"}
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
    2026     11   21     0  NULL
    ");
        assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE site = 'b.example' AND received_at > CAST('2026-11-21 00:00:00' AS timestamp(3))").await, @"
    hit_id
    ------
    c
    ");
    });
}

#[test]
fn a_hit_of_the_spool_is_there_at_once_and_in_its_hour() {
    on_a_large_stack(|| async {
        let lake = LakeFixture::new();
        lake.spool("2026-11-21-05", "{\"hit_id\":\"a\",\"page\":\"/1\"}\n");
        let engine = engine_over(&lake).await;
        assert_eq!(
            ask(
                &engine,
                "SELECT count(*) AS hits FROM hits WHERE year > 2000"
            )
            .await,
            "hits\n----\n   1\n"
        );
        lake.spool(
            "2026-11-21-05",
            "{\"hit_id\":\"b\",\"page\":\"/2\"}\n{\"hit_id\":\"c\"}\n",
        );
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
    });
}

#[test]
fn columns_that_a_file_lacks_are_null_and_unknown_ones_are_not_shown() {
    on_a_large_stack(|| async {
        let settings = Settings::from_lookup(|name| {
            (name == "BEACON_COLUMNS").then(|| "userid=params.userid".to_owned())
        })
        .unwrap();
        let mut lake = LakeFixture::with_schema(settings.schema());
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
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT hit_id, page, userid, truncated, params, hour FROM hits ORDER BY hit_id").await, @"
    hit_id  page  userid  truncated  params  hour
    ------  ----  ------  ---------  ------  ----
    json    NULL  NULL    NULL       NULL       1
    new     /     7       NULL       NULL       0
    old     /     NULL    NULL       NULL       0
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
      there are: hit_id, received_at, site, host, path, event, url, page, title, referrer, referrer_host, utm_source, utm_medium, utm_campaign, utm_term, utm_content, language, ip, visitor, agent, agent_rule, browser, os, device, country, format, truncated, query_string, params, headers, version, userid, year, month, day, hour
    "#);
    });
}

#[test]
fn files_of_other_writers_are_read_by_name() {
    on_a_large_stack(|| async {
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
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT hit_id, received_at, params, element_at(params, 'userid') AS userid FROM hits ORDER BY hit_id").await, @r#"
    hit_id  received_at              params          userid
    ------  -----------------------  --------------  ------
    a       2026-11-21 00:00:00.123  {"userid":"7"}  7
    b       NULL                     {"userid":"8"}  8
    "#);
        assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE element_at(params, 'userid') = '7' AND received_at >= CAST('2026-11-21 00:00:00.123' AS timestamp(3))").await, @"
    hit_id
    ------
    a
    ");
    });
}

#[test]
fn an_empty_lake_has_no_rows() {
    on_a_large_stack(|| async {
        let lake = LakeFixture::new();
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT page, count(*) AS hits FROM hits GROUP BY page").await, @"
    page  hits
    ----  ----
    no rows: nothing in the lake matches
    ");
        assert_snapshot!(ask(&engine, "SELECT count(*) AS hits, min(received_at) AS first FROM hits").await, @"
    hits  first
    ----  -----
       0  NULL
    ");
    });
}

#[test]
fn a_lake_that_is_not_there_says_what_to_do() {
    on_a_large_stack(|| async {
        let lake = LakeFixture::new();
        let engine = engine_over(&lake).await;
        let folder = lake.lake().local_path().unwrap().to_owned();
        drop(lake);
        let shown = ask(&engine, "SELECT 1 FROM hits")
            .await
            .replace(folder.to_str().unwrap(), "LAKE");
        assert_eq!(
            shown,
            "failed: there is no lake at LAKE; check --lake, or start one with `beacon serve`"
        );
    });
}

#[test]
fn a_filter_that_is_not_only_about_partitions_still_holds() {
    on_a_large_stack(|| async {
        let lake = three_sources();
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE (day = 20 OR page IS NULL) ORDER BY 1").await, @"
    hit_id
    ------
    a
    b
    ");
        assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE day = (SELECT min(day) FROM hits WHERE hit_id = 'b') ORDER BY 1").await, @"
    hit_id
    ------
    b
    c
    ");
        assert_snapshot!(ask(&engine, "SELECT a.hit_id FROM hits AS a JOIN hits AS b ON a.day = b.day AND a.hit_id = b.hit_id WHERE a.day = 20 ORDER BY 1").await, @"
    hit_id
    ------
    a
    ");
    });
}
