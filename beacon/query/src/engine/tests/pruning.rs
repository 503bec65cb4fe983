//! Files and folders that a statement does not need are not touched.

use beacon_catalog::{Filter, Question, Scope, TimeRange};

use crate::engine::partitions::hours_of_plan;
use crate::engine::testing::{ask, ask_as, engine_over};
use crate::engine::{free_sql, plan, statement};
use crate::output::OutputFormat;
use beacon_lake_fixture::LakeFixture;

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
    let engine = engine_over(&lake).await;
    let found = ask_as(
        &engine,
        &format!("SELECT hit_id FROM hits WHERE {predicate} ORDER BY hit_id"),
        &[],
        OutputFormat::Csv,
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

/// Which hours are listed for a statement, as ours and as free SQL.
async fn check_listed(sql: &str, expected: &str) {
    let engine = engine_over(&LakeFixture::new()).await;
    let ours = statement::parse(sql).unwrap();
    let free = free_sql::read(sql, &engine.tables, &[]).unwrap();
    for statement in [ours, free] {
        let plan = plan::plan(&engine.state, sql, statement, &[])
            .await
            .unwrap();
        let hours = hours_of_plan(&engine.state, &plan, "hits").unwrap();
        let shown = match hours {
            Some(hours) => format!("{} to {}", hours.start(), hours.end()),
            None => "all".to_owned(),
        };
        assert_eq!(shown, expected, "{sql}\n{plan}");
    }
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
async fn a_plan_shows_which_files_are_read() {
    let mut lake = LakeFixture::new();
    lake.parquet("2026-11-20-23", r#"{"hit_id":"a","page":"/"}"#);
    lake.parquet("2026-11-21-00", r#"{"hit_id":"b","page":"/"}"#);
    let engine = engine_over(&lake).await;
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

#[tokio::test]
async fn the_conditions_of_a_question_reach_the_reader_of_the_file() {
    let mut lake = LakeFixture::new();
    lake.parquet("2026-11-21-05", r#"{"hit_id":"a","page":"/"}"#);
    lake.parquet("2026-11-24-00", r#"{"hit_id":"b","page":"/"}"#);
    let engine = engine_over(&lake).await;
    let filters = [
        ("page", "/a"),
        ("page.starts", "/b"),
        ("os.not", "iOS"),
        ("event", "signup"),
        ("language.contains", "de"),
    ];
    let filters = filters.map(|(key, value)| Filter::from_parameter(key, value, &[]).unwrap());
    let question = Question::find("top_pages").unwrap();
    let question = question.limited_to(filters.to_vec());
    let day = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
    let parameters = question.bind(&Scope::new(day));
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let sql = format!("EXPLAIN {}", question.text());
    let plan = ask_as(&engine, &sql, &parameters, OutputFormat::Table).await;
    let scan = plan
        .lines()
        .find(|line| line.contains("DataSourceExec"))
        .unwrap();
    assert!(scan.contains("day=21/hour=05"), "{plan}");
    assert!(!scan.contains("day=24"), "{plan}");
    let (_, read) = scan.split_once("predicate=").unwrap();
    let (predicate, pruning) = read.split_once("pruning_predicate=").unwrap();
    for condition in [
        "event@5 = signup",
        "(page@7 = /a OR page@7 LIKE /b%)",
        "(os@22 IS NULL OR os@22 != iOS)",
        "strpos(lower(language@16), de) > 0",
    ] {
        assert!(predicate.contains(condition), "{condition}: {plan}");
    }
    // The least and the greatest values of a part of a file tell whether it is read.
    for bound in ["event_min", "page_max", "os_null_count"] {
        assert!(pruning.contains(bound), "{bound}: {plan}");
    }
}
