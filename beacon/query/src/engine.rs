//! SQL over a lake: DataFusion, taught the dialect that the files under `athena/` are written in (Trino's, which
//! is Athena's), and held to reading.
//!
//! Suggested reading order: this file → `session` → `statement` → `free_sql` → `plan` → `table` → `pinned` → `partitions` → `year_bounds` →
//! `parquet_file` → `rows` → `faults` → `query_result` → `trino_text`, then `sql_error`, `element_at` and `string_min`.

mod element_at;
mod faults;
mod free_sql;
mod lake_columns;
mod names;
mod parquet_file;
mod partitions;
mod pinned;
mod plan;
mod query_result;
mod rows;
mod session;
mod sql_error;
mod statement;
mod string_min;
mod table;
mod tokens;
mod trino_text;
mod year_bounds;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::{Schema as ArrowSchema, TimestampMillisecondType};
use arrow::temporal_conversions::as_datetime;
use beacon_core::schema::{Schema, TABLE};
use beacon_core::time::Hour;
use beacon_lake::{Clock, Lake, LakeError, Snapshot};
use datafusion::common::DataFusionError;
use datafusion::execution::SessionState;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;

pub use lake_columns::{columns, file_columns};
pub use names::{DATABASE, VIEWS, View};
pub use query_result::{ExecutionError, QueryResult, Warnings};
pub use sql_error::{Position, SqlError, nearest};

use pinned::PinnedSnapshot;
use statement::ReadStatement;
use table::HitsTable;

/// Stack of a thread that plans SQL. The engine walks a statement's tree by calling itself, and a question with every
/// condition needs more than the 2 MiB that a thread usually has, without optimisation. Only what is used takes memory.
pub const STACK_BYTES: usize = 32 << 20;

/// Runs statements over one lake.
///
/// Make one and keep it: tables, views and functions are registered once, and each statement lists the files anew.
pub struct Engine {
    lake: Lake,
    spool_folder: Option<PathBuf>,
    state: SessionState,
    hits: Arc<HitsTable>,
    /// What free SQL can name.
    tables: free_sql::Tables,
    clock: Clock,
}

/// How often a statement is asked anew because files went away under it: delivery and erasure replace some.
const MAX_RELISTINGS: usize = 3;

/// Errors of [`Engine::query`].
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The statement is wrong or is not allowed; its message says how to write it.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The lake or the spool can't be listed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The engine failed while it ran a valid statement.
    #[error(transparent)]
    Engine(#[from] ExecutionError),
}

impl Engine {
    /// Creates an engine over `lake` and, where this machine has one, its spool.
    ///
    /// `schema` names the columns: what older files lack is NULL, what files have beyond it is not shown. `clock` says
    /// when a statement starts, which is its `now()`.
    ///
    /// # Errors
    /// Returns an error if the lake's URL can't be registered.
    pub async fn new(
        lake: Lake,
        spool_folder: Option<PathBuf>,
        schema: &Schema,
        clock: Clock,
    ) -> Result<Engine, ExecutionError> {
        let columns = beacon_lake::arrow_schema(schema);
        Engine::with_columns(lake, spool_folder, &columns, clock).await
    }

    /// Creates an engine like [`Engine::new`] with the columns given, as [`columns`] finds them in a lake.
    ///
    /// # Errors
    /// Returns an error if the lake's URL can't be registered.
    pub async fn with_columns(
        lake: Lake,
        spool_folder: Option<PathBuf>,
        columns: &ArrowSchema,
        clock: Clock,
    ) -> Result<Engine, ExecutionError> {
        Engine::with_memory(lake, spool_folder, columns, clock, None).await
    }

    /// Creates an engine like [`Engine::with_columns`]. A statement fails that would hold more than `memory_bytes` of rows
    /// at a time, `None` for no limit; before that it moves to temporary files what can be moved.
    ///
    /// # Errors
    /// Returns an error if the lake's URL can't be registered.
    pub async fn with_memory(
        lake: Lake,
        spool_folder: Option<PathBuf>,
        columns: &ArrowSchema,
        clock: Clock,
        memory_bytes: Option<usize>,
    ) -> Result<Engine, ExecutionError> {
        let store_url = ObjectStoreUrl::parse(lake.url())?;
        let (state, hits, tables) = session::start(&lake, store_url, columns, memory_bytes).await?;
        Ok(Engine {
            lake,
            spool_folder,
            state,
            hits,
            tables,
            clock,
        })
    }

    /// The state of one statement, which has its own `now()`: an engine lives longer than a day.
    fn started(&self) -> SessionState {
        let mut state = self.state.clone();
        state.mark_start_execution();
        let now_ms = i64::try_from(self.clock.now_ms()).unwrap_or(i64::MAX);
        state.execution_props_mut().query_execution_start_time =
            as_datetime::<TimestampMillisecondType>(now_ms).map(|now| now.and_utc());
        state
    }

    /// Runs one statement that reads, and returns its rows as they are computed.
    ///
    /// `parameters` are bound to its `?` in order, as strings of 1 to 1,022 characters. The files are listed once,
    /// before the first row; a hit that is acknowledged before the call is in the result.
    ///
    /// # Errors
    /// Returns [`QueryError::Sql`] for a statement that is wrong or that writes, [`QueryError::Lake`] if the lake or the
    /// spool can't be listed, and [`QueryError::Engine`] if a valid statement fails.
    ///
    /// # Examples
    /// ```
    /// use beacon_core::schema::Schema;
    /// use beacon_lake::{Clock, Lake};
    /// use beacon_query::engine::Engine;
    /// use beacon_query::output::{self, OutputFormat};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let folder = tempfile::tempdir()?;
    /// let location = folder.path().to_str().ok_or("a name in UTF-8")?;
    /// let lake = Lake::open(location, std::iter::empty())?;
    /// let now_ms = 1_795_239_000_000;
    /// let clock = Clock::from_fn(move || now_ms);
    /// let engine = Engine::new(lake, None, &Schema::builtin(), clock).await?;
    ///
    /// let sql = "SELECT count(*) AS hits FROM hits WHERE event = ?";
    /// let result = engine.query(sql, &["view".to_owned()]).await?;
    /// let mut csv = Vec::new();
    /// output::print(result, OutputFormat::Csv, &mut csv).await?;
    /// assert_eq!(csv, b"hits\r\n0\r\n");
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    pub async fn query(&self, sql: &str, parameters: &[String]) -> Result<QueryResult, QueryError> {
        self.plan(sql, parameters).await?.run().await
    }

    /// Runs free SQL, as [`Engine::query`] runs ours: answered as Athena answers it, or refused with the place and the
    /// reason. A parameter is a text, as the literal in its place would be.
    ///
    /// # Errors
    /// Returns the errors of [`Engine::query`], and [`QueryError::Sql`] for what isn't on the list of `beacon-trino`.
    ///
    /// # Examples
    /// ```
    /// use beacon_core::schema::Schema;
    /// use beacon_lake::{Clock, Lake};
    /// use beacon_query::engine::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let folder = tempfile::tempdir()?;
    /// # let lake = Lake::open(folder.path().to_str().ok_or("a name in UTF-8")?, std::iter::empty())?;
    /// # let engine = Engine::new(lake, None, &Schema::builtin(), Clock::from_fn(|| 1_795_239_000_000)).await?;
    /// let refused = engine.query_free_sql("SELECT page FROM hits WHERE hour = '1'", &[]).await;
    /// let message = refused.err().ok_or("Trino refuses it")?.to_string();
    /// assert!(message.starts_with("integer can't be compared with varchar(1)"));
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    pub async fn query_free_sql(
        &self,
        sql: &str,
        parameters: &[String],
    ) -> Result<QueryResult, QueryError> {
        let statement = free_sql::read(sql, &self.tables, parameters)?;
        // The parameters stand in a rewritten statement.
        let parameters = match statement.parameters {
            0 => &[],
            _ => parameters,
        };
        self.plan_statement(sql, statement, parameters)
            .await?
            .run()
            .await
    }

    /// Plans a statement and lists its files, as the first half of [`Engine::query`].
    ///
    /// # Errors
    /// Returns the errors of [`Engine::query`] that show before the first row.
    pub async fn plan(
        &self,
        sql: &str,
        parameters: &[String],
    ) -> Result<PlannedQuery<'_>, QueryError> {
        let statement = statement::parse(sql)?;
        self.plan_statement(sql, statement, parameters).await
    }

    async fn plan_statement(
        &self,
        sql: &str,
        statement: ReadStatement,
        parameters: &[String],
    ) -> Result<PlannedQuery<'_>, QueryError> {
        let state = self.started();
        let plan = plan::plan(&state, sql, statement, parameters).await?;
        let hours =
            partitions::hours_of_plan(&state, &plan, TABLE).map_err(ExecutionError::from)?;
        let snapshot = self.list(hours.clone()).await?;
        Ok(PlannedQuery {
            engine: self,
            state,
            plan,
            hours,
            snapshot,
        })
    }

    async fn list(&self, hours: Option<RangeInclusive<Hour>>) -> Result<Snapshot, LakeError> {
        beacon_lake::snapshot(&self.lake, self.spool_folder.as_deref(), hours).await
    }
}

/// A planned statement, with the list of files that it reads.
pub struct PlannedQuery<'a> {
    engine: &'a Engine,
    state: SessionState,
    plan: LogicalPlan,
    hours: Option<RangeInclusive<Hour>>,
    snapshot: Snapshot,
}

impl PlannedQuery<'_> {
    /// Returns a hash of the files that changes when one is added, removed, extended or replaced.
    ///
    /// With the same statement and parameters, the same hash means the same result.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for file in &self.snapshot.spool {
            (file.path(), file.len()).hash(&mut hasher);
        }
        for file in &self.snapshot.data {
            let meta = &file.meta;
            (
                meta.location.as_ref(),
                meta.size,
                &meta.e_tag,
                meta.last_modified,
            )
                .hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Runs the statement up to its first rows.
    ///
    /// A file that can't be read is left out whole, and the result's warnings name it; one that turns out damaged after
    /// the first rows ends the result with an error.
    ///
    /// # Errors
    /// Returns an error if the lake can't be listed again, or if the statement fails.
    pub async fn run(mut self) -> Result<QueryResult, QueryError> {
        let mut relistings = 0;
        loop {
            let pinned = Arc::new(PinnedSnapshot::new(self.snapshot.clone()));
            let begun = self.begin(&pinned).await;
            if pinned.has_vanished() && relistings < MAX_RELISTINGS {
                relistings += 1;
                self.snapshot = self.engine.list(self.hours.clone()).await?;
                continue;
            }
            let error = match begun {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let is_found = faults::is_of_a_file(&error)
                && self
                    .engine
                    .hits
                    .find_damaged(&self.state, pinned.all_opened())
                    .await
                    .map_err(ExecutionError::from)?;
            if !is_found {
                return Err(ExecutionError::from(error).into());
            }
        }
    }

    async fn begin(&self, pinned: &Arc<PinnedSnapshot>) -> Result<QueryResult, DataFusionError> {
        let mut state = self.state.clone();
        state.config_mut().set_extension(Arc::clone(pinned));
        let plan = state
            .query_planner()
            .create_physical_plan(&self.plan, &state)
            .await?;
        let rows = execute_stream(Arc::clone(&plan), state.task_ctx())?;
        QueryResult::begin(rows, plan, Arc::clone(pinned)).await
    }
}
