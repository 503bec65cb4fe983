//! Now, today, and the names that Athena has for the tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use beacon_core::time::DAY_MS;
use beacon_lake::Clock;
use insta::assert_snapshot;

use crate::engine::testing::{ask, engine_at, engine_over, on_a_large_stack};
use beacon_lake_fixture::{LakeFixture, NOW_MS, three_sources};

#[test]
fn now_is_the_start_of_the_statement() {
    on_a_large_stack(|| async {
        let lake = three_sources();
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT now() AS a, current_timestamp AS b, current_date AS c, CAST(now() AS date) AS d").await, @"
    a                        b                        c           d
    -----------------------  -----------------------  ----------  ----------
    2026-11-21 05:30:00.000  2026-11-21 05:30:00.000  2026-11-21  2026-11-21
    ");
        for recent in [
            "received_at > now() - INTERVAL '1' DAY",
            "received_at BETWEEN current_timestamp - INTERVAL '1' DAY AND now()",
            "CAST(received_at AS date) >= current_date - INTERVAL '1' DAY AND received_at < now()",
        ] {
            let sql = format!("SELECT hit_id FROM hits WHERE {recent} ORDER BY hit_id");
            assert_eq!(
                ask(&engine, &sql).await,
                "hit_id\n------\na\nb\nc\n",
                "{recent}"
            );
        }
        let sql = "SELECT hit_id FROM hits WHERE received_at >= now() - INTERVAL '330' MINUTE ORDER BY hit_id";
        assert_eq!(ask(&engine, sql).await, "hit_id\n------\nb\nc\n");
        let sql = "SELECT hit_id FROM hits WHERE received_at >= current_date ORDER BY hit_id";
        assert_eq!(ask(&engine, sql).await, "hit_id\n------\nb\nc\n");
        let sql = "SELECT count(*) AS hits FROM hits WHERE year = extract(year FROM now()) AND day = extract(day FROM current_date)";
        assert_eq!(ask(&engine, sql).await, "hits\n----\n   2\n");
    });
}

#[test]
fn an_engine_that_lives_long_has_another_now_for_each_statement() {
    on_a_large_stack(|| async {
        let now_ms = Arc::new(AtomicU64::new(NOW_MS));
        let read = Arc::clone(&now_ms);
        let lake = LakeFixture::new();
        let engine = engine_at(&lake, Clock::from_fn(move || read.load(Ordering::Relaxed))).await;
        let sql = "SELECT current_date AS today, now() AS moment";
        assert_eq!(
            ask(&engine, sql).await.lines().nth(2).unwrap(),
            "2026-11-21  2026-11-21 05:30:00.000"
        );
        now_ms.fetch_add(DAY_MS, Ordering::Relaxed);
        assert_eq!(
            ask(&engine, sql).await.lines().nth(2).unwrap(),
            "2026-11-22  2026-11-22 05:30:00.000"
        );
    });
}

#[test]
fn tables_have_the_names_that_athena_gives_them() {
    on_a_large_stack(|| async {
        let lake = three_sources();
        let engine = engine_over(&lake).await;
        for table in [
            "hits",
            "beacon.hits",
            "\"beacon\".\"hits\"",
            "awsdatacatalog.beacon.hits",
            "AwsDataCatalog.beacon.hits",
            "\"AwsDataCatalog\".\"beacon\".\"hits\"",
            "beacon.unique_hits",
            "\"beacon\".\"unique_hits\"",
            "BEACON.Hits",
        ] {
            let sql = format!("SELECT count(*) AS hits FROM {table}");
            assert_eq!(ask(&engine, &sql).await, "hits\n----\n   3\n", "{table}");
        }
        let sql = "SELECT hits.hit_id FROM beacon.hits JOIN beacon.unique_hits AS u ON hits.hit_id = u.hit_id WHERE beacon.hits.hit_id = 'a'";
        assert_eq!(ask(&engine, sql).await, "hit_id\n------\na\n");
        assert_snapshot!(ask(&engine, "SELECT 1 FROM becon.hits").await, @r#"
    there is no table "becon.hits"
      line 1, column 15:
        SELECT 1 FROM becon.hits
                      ^^^^^^^^^^
      did you mean beacon.hits?
    "#);
        assert_snapshot!(ask(&engine, "SELECT 1 FROM beacon.hit").await, @r#"
    there is no table "hit"
      line 1, column 15:
        SELECT 1 FROM beacon.hit
                      ^^^^^^^^^^
      did you mean hits?
    "#);
    });
}

#[test]
fn text_in_double_quotes_says_how_text_is_written() {
    on_a_large_stack(|| async {
        let lake = LakeFixture::new();
        let engine = engine_over(&lake).await;
        assert_snapshot!(ask(&engine, "SELECT hit_id FROM hits WHERE site = \"blog.example\"").await, @r#"
    there is no column "blog.example"
      line 1, column 38:
        SELECT hit_id FROM hits WHERE site = "blog.example"
                                             ^^^^^^^^^^^^^^
      strings take single quotes: 'blog.example'; double quotes are for names
    "#);
    });
}
