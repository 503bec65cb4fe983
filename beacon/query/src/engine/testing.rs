//! An engine over a lake of the tests, and its answers as text.

use beacon_lake::Clock;
use beacon_lake_fixture::{LakeFixture, NOW_MS};

use super::{Engine, QueryError, QueryResult, STACK_BYTES};
use crate::output::{self, OutputFormat};

/// Runs a test as the threads that answer do. The stack of a test's own thread is too small for a statement with the block
/// of visits, without optimisation.
pub(crate) fn on_a_large_stack<F: Future<Output = ()>>(test: impl FnOnce() -> F + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let tested = thread.spawn(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(test());
    });
    if let Err(panic) = tested.unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}

pub(crate) async fn engine_over(lake: &LakeFixture) -> Engine {
    engine_at(lake, Clock::from_fn(|| NOW_MS)).await
}

/// The engine, with another clock than one that stands at [`NOW_MS`].
pub(crate) async fn engine_at(fixture: &LakeFixture, clock: Clock) -> Engine {
    let lake = fixture.lake();
    let spool_folder = lake.default_spool();
    Engine::new(lake, Some(spool_folder), fixture.schema(), clock)
        .await
        .unwrap()
}

/// The answer as it would be printed, or what is wrong.
pub(crate) async fn ask_as(
    engine: &Engine,
    sql: &str,
    parameters: &[&str],
    format: OutputFormat,
) -> String {
    let parameters = texts(parameters);
    printed(engine.query(sql, &parameters).await, format).await
}

/// The answer to free SQL.
pub(crate) async fn ask_free(
    engine: &Engine,
    sql: &str,
    parameters: &[&str],
    format: OutputFormat,
) -> String {
    let parameters = texts(parameters);
    printed(engine.query_free_sql(sql, &parameters).await, format).await
}

fn texts(parameters: &[&str]) -> Vec<String> {
    parameters.iter().map(|value| (*value).to_owned()).collect()
}

async fn printed(answer: Result<QueryResult, QueryError>, format: OutputFormat) -> String {
    let answer = match answer {
        Ok(answer) => answer,
        Err(QueryError::Sql(error)) => return error.to_string(),
        Err(error) => return format!("failed: {error}"),
    };
    let mut out = Vec::new();
    match output::print(answer, format, &mut out).await {
        Ok(_) => String::from_utf8(out).unwrap(),
        Err(error) => format!("failed: {error}"),
    }
}

pub(crate) async fn ask(engine: &Engine, sql: &str) -> String {
    ask_as(engine, sql, &[], OutputFormat::Table).await
}
