//! A lake to ask, with the custom columns that its files have.

use std::path::PathBuf;

use beacon_core::schema::Schema;
use beacon_lake::{Clock, Lake};
use beacon_query::engine::{Engine, QueryError, QueryResult, SqlError, columns};

/// Files that every SQL looks at for custom columns, of the newest.
const FILES_FOR_COLUMNS: usize = 3;

/// Files that are looked at for a column that the newest don't have.
const MAX_FILES_FOR_COLUMNS: usize = 1_000;

/// A lake, its spool, and the columns that it is read with.
#[derive(Clone)]
pub(crate) struct LakeSource {
    pub(crate) lake: Lake,
    pub(crate) spool_folder: PathBuf,
    pub(crate) schema: Schema,
    pub(crate) clock: Clock,
}

impl LakeSource {
    /// Runs free SQL, which knows the custom columns that the lake has, whether or not `BEACON_COLUMNS` is set here. It
    /// fails if it holds more than `memory_bytes` of rows at a time. Returns the engine that ran it, and its rows.
    ///
    /// # Errors
    /// Returns the errors of [`Engine::query_free_sql`].
    pub(crate) async fn run_sql(
        &self,
        sql: &str,
        parameters: &[String],
        memory_bytes: Option<usize>,
    ) -> Result<(Engine, QueryResult), QueryError> {
        let engine = self.sql_engine(FILES_FOR_COLUMNS, memory_bytes).await?;
        let error = match engine.query_free_sql(sql, parameters).await {
            Ok(answer) => return Ok((engine, answer)),
            Err(error) => error,
        };
        match &error {
            QueryError::Sql(sql) if sql.unknown_column().is_some() => {}
            _ => return Err(error),
        }
        let engine = self.sql_engine(MAX_FILES_FOR_COLUMNS, memory_bytes).await?;
        let answer = engine.query_free_sql(sql, parameters).await?;
        Ok((engine, answer))
    }

    /// Returns an engine for named queries, which name no custom column.
    ///
    /// # Errors
    /// Returns the errors of [`Engine::new`].
    pub(crate) async fn engine(&self) -> Result<Engine, QueryError> {
        let (lake, spool_folder) = (self.lake.clone(), Some(self.spool_folder.clone()));
        Ok(Engine::new(lake, spool_folder, &self.schema, self.clock.clone()).await?)
    }

    async fn sql_engine(
        &self,
        files: usize,
        memory_bytes: Option<usize>,
    ) -> Result<Engine, QueryError> {
        let (lake, spool_folder) = (self.lake.clone(), Some(self.spool_folder.clone()));
        let spool = Some(self.spool_folder.as_path());
        let columns = columns(&lake, spool, &self.schema, files).await?;
        let clock = self.clock.clone();
        Ok(Engine::with_memory(lake, spool_folder, &columns, clock, memory_bytes).await?)
    }
}

/// Returns both ways to a parameter that isn't a column of any file.
pub(crate) fn column_hint(error: &SqlError) -> Option<String> {
    let column = error.unknown_column()?;
    Some(format!(
        "a parameter without a column is read by element_at(params, '{column}'); BEACON_COLUMNS=\"{column}=params.{column}\" \
         makes it a column of the hits that the server records from then on"
    ))
}
