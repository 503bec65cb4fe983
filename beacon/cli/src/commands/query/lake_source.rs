//! The lake that a statement is asked of, with the custom columns that its files have.

use std::path::PathBuf;

use beacon_core::schema::Schema;
use beacon_lake::{Clock, Lake};
use beacon_query::engine::{Engine, QueryError, QueryResult, SqlError, columns};

use super::args::Asked;

/// Files that every SQL looks at for custom columns, of the newest.
const FILES_FOR_COLUMNS: usize = 3;

/// Files that are looked at for a column that the newest don't have.
const MAX_FILES_FOR_COLUMNS: usize = 1_000;

/// A lake, its spool, and the columns that it is read with.
pub(super) struct LakeSource {
    pub(super) lake: Lake,
    pub(super) spool_folder: PathBuf,
    pub(super) schema: Schema,
    pub(super) clock: Clock,
}

impl LakeSource {
    /// Free SQL knows the custom columns that the lake has, whether or not `BEACON_COLUMNS` is set here; questions
    /// name none.
    pub(super) async fn ask(&self, asked: &Asked) -> Result<(Engine, QueryResult), QueryError> {
        let is_sql = asked.heading.is_none();
        let few = if is_sql { FILES_FOR_COLUMNS } else { 0 };
        let engine = self.engine(few, is_sql).await?;
        let error = match engine.query(&asked.sql, &asked.parameters).await {
            Ok(answer) => return Ok((engine, answer)),
            Err(error) => error,
        };
        match &error {
            QueryError::Sql(sql) if sql.unknown_column().is_some() => {}
            _ => return Err(error),
        }
        let engine = self.engine(MAX_FILES_FOR_COLUMNS, is_sql).await?;
        let answer = engine.query(&asked.sql, &asked.parameters).await?;
        Ok((engine, answer))
    }

    async fn engine(&self, files: usize, is_sql: bool) -> Result<Engine, QueryError> {
        let (lake, spool_folder) = (self.lake.clone(), Some(self.spool_folder.clone()));
        let clock = self.clock.clone();
        let engine = if is_sql {
            let spool = Some(self.spool_folder.as_path());
            let columns = columns(&lake, spool, &self.schema, files).await?;
            Engine::with_columns(lake, spool_folder, &columns, clock).await
        } else {
            Engine::new(lake, spool_folder, &self.schema, clock).await
        };
        Ok(engine?)
    }
}

/// Returns both ways to a parameter that isn't a column of any file.
pub(super) fn column_hint(error: &SqlError) -> Option<String> {
    let column = error.unknown_column()?;
    Some(format!(
        "a parameter without a column is read by element_at(params, '{column}'); BEACON_COLUMNS=\"{column}=params.{column}\" \
         makes it a column of the hits that the server records from then on"
    ))
}
