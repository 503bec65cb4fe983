//! Custom columns are known from the lake, without the settings of the server that wrote it.

use beacon_core::schema::Schema;
use beacon_core::settings::Settings;
use beacon_lake::Clock;

use crate::engine::testing::ask;
use crate::engine::{Engine, columns};
use beacon_lake_fixture::{LakeFixture, NOW_MS};

fn with_column(name: &str) -> Schema {
    let setting = format!("{name}=params.{name}");
    let lookup = |variable: &str| (variable == "BEACON_COLUMNS").then(|| setting.clone());
    Settings::from_lookup(lookup).unwrap().schema()
}

/// The columns beyond those that every lake has.
async fn found(lake: &LakeFixture, most: usize) -> Vec<String> {
    let known = beacon_lake::arrow_schema(&Schema::builtin());
    let (lake, spool) = (lake.lake(), lake.lake().default_spool());
    let found = columns(&lake, Some(&spool), &Schema::builtin(), most)
        .await
        .unwrap();
    let names = found.fields().iter().map(|field| field.name().clone());
    names
        .filter(|name| known.column_with_name(name).is_none())
        .collect()
}

#[tokio::test]
async fn columns_of_parquet_json_and_spool_are_found() {
    let mut lake = LakeFixture::with_schema(with_column("userid"));
    lake.parquet("2026-11-21-05", r#"{"hit_id":"a","userid":"7"}"#);
    assert_eq!(found(&lake, 1).await, ["userid"]);

    let mut lake = LakeFixture::new();
    lake.json(
        "2026-11-21-05",
        r#"{"hit_id":"a","userid":null,"Odd":"x","number":1,"year":"2026"}"#,
    );
    lake.spool("2026-11-21-05", "{\"hit_id\":\"b\",\"partner\":\"p\"}\n");
    assert_eq!(found(&lake, 1).await, ["partner", "userid"]);
}

/// An older version took the name, which is now that of a column of the views.
#[tokio::test]
async fn a_column_that_the_views_have_too_is_left_to_them() {
    let mut lake = LakeFixture::new();
    lake.json(
        "2026-11-21-05",
        r#"{"hit_id":"a","received_at":"2026-11-21 05:00:00.000","event":"view","utm_source":"hn","source":"x","params":{"source":"x"}}"#,
    );
    assert_eq!(found(&lake, 1).await, [""; 0]);
    let known = columns(&lake.lake(), None, &Schema::builtin(), 1)
        .await
        .unwrap();
    let clock = Clock::from_fn(|| NOW_MS);
    let engine = Engine::with_columns(lake.lake(), None, &known, clock)
        .await
        .unwrap();
    assert_eq!(
        ask(
            &engine,
            "SELECT source, element_at(params, 'source') AS own FROM unique_hits"
        )
        .await,
        "source       own\n-----------  ---\nHacker News  x\n"
    );
}

#[tokio::test]
async fn the_newest_files_are_looked_at_first_and_others_add_nothing() {
    let mut lake = LakeFixture::with_schema(with_column("userid"));
    lake.parquet("2025-01-01-00", r#"{"hit_id":"a","userid":"7"}"#);
    lake.garbage("2026-11-21-04");
    lake.json("2026-11-21-05", r#"{"name":"no hit"}"#);
    assert_eq!(found(&lake, 2).await, [""; 0]);
    assert_eq!(found(&lake, 3).await, ["userid"]);
}

#[tokio::test]
async fn a_column_of_the_lake_is_asked_for_by_its_name() {
    let mut lake = LakeFixture::with_schema(with_column("userid"));
    lake.parquet("2026-11-21-05", r#"{"hit_id":"a","userid":"7"}"#);
    lake.json("2026-11-21-06", r#"{"hit_id":"b","userid":"8"}"#);
    lake.json("2026-11-21-07", r#"{"hit_id":"c"}"#);
    let spool = lake.lake().default_spool();
    let known = columns(&lake.lake(), Some(&spool), &Schema::builtin(), 3)
        .await
        .unwrap();
    let clock = Clock::from_fn(|| NOW_MS);
    let engine = Engine::with_columns(lake.lake(), Some(spool), &known, clock)
        .await
        .unwrap();
    assert_eq!(
        ask(&engine, "SELECT userid, hit_id FROM hits ORDER BY hit_id").await,
        "userid  hit_id\n------  ------\n7       a\n8       b\nNULL    c\n"
    );
}
