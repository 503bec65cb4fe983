use beacon_catalog::{Question, Scope, TimeRange};
use beacon_dashboard::engine::{Answer, MAX_ROWS, Value};
use beacon_lake_fixture::{LakeFixture, three_sources};

use futures::StreamExt;

use super::super::executor::FAILED;
use super::super::query_registry::{EXPIRES_AFTER, MAX_QUERIES};
use super::*;
use crate::engine_fixture::source_over;

const PATIENCE: Duration = Duration::from_secs(60);

async fn over(lake: &LakeFixture) -> LocalEngine {
    LocalEngine::start(source_over(lake), 1).await.unwrap()
}

fn statement(name: &str) -> Statement {
    let question = Question::find(name).unwrap();
    let range = TimeRange {
        from_ms: 1_700_000_000_000,
        to_ms: 4_000_000_000_000,
    };
    Statement {
        parameters: question.bind(&Scope::new(range)),
        question,
    }
}

async fn done(engine: &LocalEngine, id: &str) -> Progress {
    engine.poll(id, PATIENCE).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_cancelled_query_never_runs_and_stays_cancelled() {
    let lake = three_sources();
    let engine = over(&lake).await;
    // All turns are taken, so it waits.
    let turns = engine.executor.turns.acquire_many(2).await.unwrap();
    let id = engine.submit(statement("totals")).await.unwrap();
    let waiting = engine.poll(&id, Duration::ZERO).await.unwrap().unwrap();
    assert_eq!(waiting.state.name(), "queued");
    assert!(engine.cancel(&id).await.unwrap());
    drop(turns);
    assert_eq!(done(&engine, &id).await.state.name(), "cancelled");
    // Its turn went to the next one.
    let next = engine.submit(statement("totals")).await.unwrap();
    assert_eq!(done(&engine, &next).await.state.name(), "succeeded");
    assert!(engine.cancel(&next).await.unwrap());
    assert_eq!(done(&engine, &next).await.state.name(), "succeeded");
    assert!(!engine.cancel("another").await.unwrap());
    assert!(engine.poll("another", PATIENCE).await.unwrap().is_none());
    // Whatever became of them, all turns come back.
    let all = engine.executor.turns.acquire_many(2);
    drop(tokio::time::timeout(PATIENCE, all).await.unwrap().unwrap());
}

#[tokio::test]
async fn what_nothing_has_changed_for_is_not_read_again() {
    let mut lake = three_sources();
    let engine = over(&lake).await;
    let ask = async |name: &str| {
        let id = engine.submit(statement(name)).await.unwrap();
        done(&engine, &id).await.statistics
    };
    let first = ask("sites").await;
    assert!(!first.reused && first.bytes_scanned > Some(0), "{first:?}");
    let again = ask("sites").await;
    assert!(again.reused && again.bytes_scanned == Some(0), "{again:?}");
    assert!(!ask("totals").await.reused);
    lake.parquet(
        "2026-11-21-05",
        r#"{"hit_id":"d","received_at":"2026-11-21 05:00:00.000","site":"c","event":"view"}"#,
    );
    assert!(!ask("sites").await.reused);
}

#[tokio::test]
async fn who_no_longer_asks_is_forgotten() {
    let engine = over(&three_sources()).await;
    let id = engine.submit(statement("totals")).await.unwrap();
    let (progress, _) = engine.watch(&id).unwrap();
    lock(&engine.queries).expire(Instant::now() + EXPIRES_AFTER);
    assert!(engine.poll(&id, PATIENCE).await.unwrap().is_none());
    let state = progress.borrow().state.clone();
    assert!(state.is_final(), "{state:?}");
}

#[tokio::test]
async fn an_answer_that_leaves_files_out_says_so_and_is_not_kept() {
    let mut lake = three_sources();
    lake.garbage("2026-11-21-05");
    let engine = over(&lake).await;
    // The file can be mended without a trace in the list, so that the second is read anew.
    for _ in 0..2 {
        let id = engine.submit(statement("totals")).await.unwrap();
        let progress = done(&engine, &id).await;
        let State::Succeeded(answer) = progress.state else {
            panic!("{:?}", progress.state);
        };
        assert!(!progress.statistics.reused);
        assert_eq!((answer.rows.len(), answer.row_count), (1, Some(1)));
        let [warning] = answer.warnings.as_slice() else {
            panic!("{:?}", answer.warnings);
        };
        assert!(
            warning.ends_with("is left out: it is no Parquet file: move it out of the lake"),
            "{warning}"
        );
    }
    assert_eq!(lock(&engine.executor.logged).len(), 1);
}

#[tokio::test]
async fn a_lake_that_is_gone_fails_the_question_alone() {
    let lake = three_sources();
    let engine = over(&lake).await;
    drop(lake);
    // A failure is no answer to be given again: the second try fails by itself.
    for _ in 0..2 {
        let id = engine.submit(statement("totals")).await.unwrap();
        let progress = done(&engine, &id).await;
        let State::Failed(error) = progress.state else {
            panic!("it read what is not there");
        };
        assert_eq!(error, FAILED);
        assert!(!progress.statistics.reused);
    }
}

#[tokio::test]
async fn answers_give_way_to_new_questions() {
    let engine = over(&three_sources()).await;
    let first = engine.submit(statement("totals")).await.unwrap();
    done(&engine, &first).await;
    for _ in 0..MAX_QUERIES {
        let id = engine.submit(statement("totals")).await.unwrap();
        done(&engine, &id).await;
    }
    assert!(engine.poll(&first, PATIENCE).await.unwrap().is_none());
    // Those that wait don't.
    let turns = engine.executor.turns.acquire_many(2).await.unwrap();
    for _ in 0..MAX_QUERIES {
        engine.submit(statement("totals")).await.unwrap();
    }
    let busy = engine.submit(statement("totals")).await;
    assert!(matches!(busy, Err(EngineError::Busy { .. })), "{busy:?}");
    drop(turns);
}

#[track_caller]
fn answer_of(progress: Progress) -> std::sync::Arc<Answer> {
    match progress.state {
        State::Succeeded(answer) => answer,
        state => panic!("{state:?}"),
    }
}

#[tokio::test]
async fn sql_of_the_owner_is_answered_with_types_and_bytes() {
    let lake = three_sources();
    let engine = over(&lake).await;
    let sql = "SELECT site, count(*) AS hits, CAST(min(received_at) AS date) AS first, map(ARRAY['a'], ARRAY[1]) AS pair \
               FROM unique_hits GROUP BY site ORDER BY site LIMIT 1";
    let id = engine.submit_sql(sql.to_owned()).await.unwrap();
    let progress = done(&engine, &id).await;
    assert!(progress.statistics.bytes_scanned > Some(0));
    let answer = answer_of(progress);
    let types: Vec<_> = answer.columns.iter().map(|one| one.column_type).collect();
    use beacon_dashboard::engine::ColumnType::{Bigint, Date, Varchar};
    assert_eq!(types, [Varchar, Bigint, Date, Varchar]);
    let [
        Value::Text(site),
        Value::Integer(_),
        Value::Text(day),
        Value::Text(pair),
    ] = answer.rows[0].as_slice()
    else {
        panic!("{:?}", answer.rows);
    };
    assert_eq!(
        (site.as_str(), day.as_str(), pair.as_str()),
        ("a.example", "2026-11-20", "{\"a\":1}")
    );
    assert_eq!(answer.row_count, Some(1));
}

#[tokio::test]
async fn sql_that_is_wrong_or_writes_says_where() {
    let lake = three_sources();
    let engine = over(&lake).await;
    let ask = async |sql: &str| {
        let id = engine.submit_sql(sql.to_owned()).await.unwrap();
        match done(&engine, &id).await.state {
            State::Failed(message) => message,
            state => panic!("{state:?}"),
        }
    };
    let wrong = ask("SELECT pge FROM hits").await;
    assert!(
        wrong.starts_with("there is no column pge\n  line 1, column 8:"),
        "{wrong}"
    );
    assert!(wrong.contains("element_at(params, 'pge')"), "{wrong}");
    let other = ask("SELECT hit_id FROM hits\nWHERE hour = '1'").await;
    assert!(
        other.starts_with("integer can't be compared with varchar(1)\n  line 2, column 7:"),
        "{other}"
    );
    let writes = ask("\nDROP TABLE hits").await;
    assert!(
        writes.starts_with("DROP is refused: SQL only reads here"),
        "{writes}"
    );
    assert!(writes.contains("line 2, column 1:"), "{writes}");
    let two = ask("SELECT 1; SELECT 2").await;
    assert!(two.starts_with("one statement at a time"), "{two}");
    // What fails while it runs says why too: the owner may know the files.
    let divided = ask("SELECT 1 / (count(*) - count(*)) FROM hits").await;
    assert!(
        divided.to_lowercase().contains("division by zero"),
        "{divided}"
    );
}

/// Returns a statement for so many hundreds of numbers. A sequence alone has at most 10,000, as in Trino.
fn numbers(hundreds: u32) -> String {
    let last = hundreds - 1;
    format!(
        "SELECT hundreds * 100 + units AS value FROM UNNEST(sequence(0, {last})) AS a(hundreds) \
         CROSS JOIN UNNEST(sequence(0, 99)) AS b(units)"
    )
}

#[tokio::test]
async fn a_long_result_of_sql_is_cut_and_its_download_is_not() {
    let lake = three_sources();
    let engine = over(&lake).await;
    let sql = format!("{} ORDER BY value", numbers(300));
    let id = engine.submit_sql(sql).await.unwrap();
    let answer = answer_of(done(&engine, &id).await);
    assert_eq!((answer.rows.len(), answer.truncated), (MAX_ROWS, true));
    assert_eq!(answer.row_count, None);
    let mut rows = engine.all_rows(&id).await.unwrap().unwrap();
    let mut count = 0;
    while let Some(some) = rows.next().await {
        count += some.unwrap().len();
    }
    assert_eq!(count, 30_000);
    assert!(engine.all_rows("another").await.unwrap().is_none());
}

#[tokio::test]
async fn a_download_of_sql_has_a_longest_time_and_a_largest_size() {
    let lake = three_sources();
    for (time, download_bytes, expected) in [
        (Duration::ZERO, 1 << 30, "it has run for 0 s, which is"),
        (PATIENCE, 100_000, "it has more than 100000 bytes"),
    ] {
        let mut engine = over(&lake).await;
        let executor = Arc::get_mut(&mut engine.executor).unwrap();
        executor.limits.download_bytes = download_bytes;
        executor.limits.time = time;
        let id = engine.submit_sql(numbers(300)).await.unwrap();
        let mut rows = engine.all_rows(&id).await.unwrap().unwrap();
        let error = loop {
            match rows.next().await.expect("the download ended") {
                Ok(_) => {}
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains(expected), "{error}");
        assert!(rows.next().await.is_none());
    }
}

#[tokio::test]
async fn a_download_that_nobody_reads_leaves_its_turn() {
    let lake = three_sources();
    let engine = over(&lake).await;
    let id = engine.submit_sql(numbers(3_000)).await.unwrap();
    answer_of(done(&engine, &id).await);
    let mut rows = engine.all_rows(&id).await.unwrap().unwrap();
    rows.next().await.unwrap().unwrap();
    // One that waits for its turn goes too.
    let waiting = engine.all_rows(&id).await.unwrap().unwrap();
    drop(waiting);
    drop(rows);
    let id = engine.submit_sql("SELECT 1".to_owned()).await.unwrap();
    answer_of(done(&engine, &id).await);
}

#[tokio::test]
async fn sql_waits_for_no_question_and_no_question_for_it() {
    let lake = three_sources();
    let engine = over(&lake).await;
    let turns = engine.executor.turns.acquire_many(2).await.unwrap();
    let sql = engine.submit_sql("SELECT 1".to_owned()).await.unwrap();
    answer_of(done(&engine, &sql).await);
    drop(turns);
    let turns = engine.executor.sql_turns.acquire().await.unwrap();
    let question = engine.submit(statement("totals")).await.unwrap();
    answer_of(done(&engine, &question).await);
    drop(turns);
}

#[tokio::test]
async fn a_count_waits_for_no_question_and_no_question_for_it() {
    let lake = three_sources();
    let engine = over(&lake).await;
    let turns = engine.executor.turns.acquire_many(2).await.unwrap();
    let count = engine.submit_count(statement("totals")).await.unwrap();
    answer_of(done(&engine, &count).await);
    drop(turns);
    let turns = engine.executor.count_turns.acquire().await.unwrap();
    let question = engine.submit(statement("totals")).await.unwrap();
    answer_of(done(&engine, &question).await);
    drop(turns);
}
