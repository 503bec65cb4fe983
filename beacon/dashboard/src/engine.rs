//! Defines what an engine must do for the API, and the results that it returns.
//!
//! Athena takes seconds, and a Lambda keeps nothing from one request to the next. So a query is submitted, its engine
//! gives it an id, and everything else is requested by that id.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use beacon_catalog::Question;
use futures::Stream;
use futures::future::BoxFuture;
use serde::{Serialize, Serializer};

/// The maximum number of rows of a result that is polled. A download has all rows.
pub const MAX_ROWS: usize = 10_000;

/// A stream of the rows of a result, in batches; each row has a value for each column.
pub type Rows = Pin<Box<dyn Stream<Item = Result<Vec<Vec<Value>>, EngineError>> + Send>>;

/// Runs named queries, and SQL of the dashboard's owner, over one lake.
///
/// A statement that fails is no error of these methods but [`State::Failed`].
pub trait Engine: Send + Sync + 'static {
    /// Returns its name, which `/api/about` shows.
    fn name(&self) -> &'static str;

    /// Returns the table of hits, as SQL names it.
    fn table(&self) -> TableName;

    /// Returns how soon a query sees a new hit.
    fn freshness(&self) -> Freshness;

    /// Returns the SQL that it runs: the text of the query's file, or the same with the engine's names of tables.
    fn sql(&self, statement: &Statement) -> String {
        statement.question.text().into_owned()
    }

    /// Starts a query and returns its id, which may be any string; clients get it signed.
    ///
    /// # Errors
    /// Returns [`EngineError::Busy`] if too many queries are waiting, [`EngineError::Refused`] for values that the
    /// engine can't take, and [`EngineError::Unavailable`] if its service fails.
    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>>;

    /// Starts a query for `/count`, which strangers cause: an engine with few turns runs it in one of its own, so that
    /// the page's queries don't wait for it.
    ///
    /// # Errors
    /// Returns the errors of [`Engine::submit`].
    fn submit_count(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        self.submit(statement)
    }

    /// Starts the SQL of the dashboard's owner and returns an id as [`Engine::submit`] does. SQL that writes is refused,
    /// now or as [`State::Failed`], whose message may quote the SQL and name files.
    ///
    /// # Errors
    /// Returns the errors of [`Engine::submit`], and [`EngineError::Refused`] for SQL that the engine doesn't run.
    fn submit_sql(&self, sql: String) -> BoxFuture<'_, Result<String, EngineError>>;

    /// Returns the progress of a query as soon as it is final, or after `wait`. `None` stands for an unknown id.
    ///
    /// # Errors
    /// Returns [`EngineError::Unavailable`] if the engine's service fails.
    fn poll<'a>(
        &'a self,
        id: &'a str,
        wait: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>>;

    /// Reads every row of a query that succeeded, also those after [`MAX_ROWS`]. `None` stands for an unknown id.
    ///
    /// # Errors
    /// Returns an error if the result is gone or the engine's service fails; so may the stream.
    fn all_rows<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Rows>, EngineError>>;

    /// Stops a query, or leaves it as it is if it is final. Returns false for an unknown id.
    ///
    /// # Errors
    /// Returns [`EngineError::Unavailable`] if the engine's service fails.
    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, EngineError>>;

    /// Returns the age in seconds of the oldest undelivered hit if it is overdue, else `None`.
    fn undelivered_s(&self) -> Option<u64> {
        None
    }

    /// Returns a counter that changes whenever new hits may be visible.
    fn revision(&self) -> u64;

    /// Waits until [`Engine::revision`] differs from `since`.
    fn changed(&self, since: u64) -> BoxFuture<'_, ()>;
}

/// The table of hits in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The database, which Glue has too.
    pub database: String,
    /// The table, with the prefix that a stack may give it.
    pub table: String,
    /// True if SQL can also read the views `unique_hits` and `visits`.
    pub has_views: bool,
}

/// A named query with the values of its `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The named query.
    pub question: Question,
    /// The values, in the order of the `?`.
    pub parameters: Vec<String>,
}

/// The time after which an engine sees a new hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A hit is visible once the client has its response.
    Live,
    /// A hit is visible after some time.
    Delayed {
        /// The maximum delay, in seconds.
        delay_s: u64,
    },
}

/// The state of a query, and what it has taken so far.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The state.
    pub state: State,
    /// Bytes and time.
    pub statistics: Statistics,
}

/// The state of a query.
#[derive(Debug, Clone)]
pub enum State {
    /// The query waits for its turn.
    Queued,
    /// The query runs.
    Running,
    /// The query is done; this is its result.
    Succeeded(Arc<Answer>),
    /// The query failed; the message is for the reader.
    Failed(String),
    /// The query was stopped.
    Cancelled,
}

impl State {
    /// Returns the API's name of the state.
    pub fn name(&self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
            State::Succeeded(_) => "succeeded",
            State::Failed(_) => "failed",
            State::Cancelled => "cancelled",
        }
    }

    /// Returns true if the state can't change any more.
    pub fn is_final(&self) -> bool {
        !matches!(self, State::Queued | State::Running)
    }
}

/// The bytes and the time that a query took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Bytes read from files; `None` if the engine doesn't report them.
    pub bytes_scanned: Option<u64>,
    /// Milliseconds from submission to the last row, or until now.
    pub took_ms: u64,
    /// True if the result is that of an earlier query, because nothing has changed since.
    pub reused: bool,
}

/// The result of a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a value for each column; at most [`MAX_ROWS`].
    pub rows: Vec<Vec<Value>>,
    /// True if there are more rows than these.
    pub truncated: bool,
    /// The number of all rows; `None` if the engine doesn't report it.
    pub row_count: Option<u64>,
    /// The files that the result leaves out, and why. Guests must not see these names.
    pub warnings: Vec<String>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name in SQL.
    pub name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Text, and every type that has no other name here.
    Varchar,
    /// A whole number.
    Bigint,
    /// UTC, as `yyyy-MM-dd HH:mm:ss.SSS`.
    Timestamp,
    /// A day, as `yyyy-MM-dd`.
    Date,
    /// True or false.
    Boolean,
    /// Another number.
    Double,
}

/// A value of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// Text, a timestamp, a date, or a value of a type that is none of [`ColumnType`].
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Double(f64),
    /// True or false.
    Boolean(bool),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Double(number) => serializer.serialize_f64(*number),
            Value::Boolean(value) => serializer.serialize_bool(*value),
        }
    }
}

/// Errors of an engine. A statement that failed is a [`State`] instead.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Too many queries are waiting.
    #[error("too many questions are waiting; ask again in {retry_after_s} s")]
    Busy {
        /// Seconds after which to try again.
        retry_after_s: u64,
    },
    /// The engine can't run the query with these values.
    #[error("{reason}")]
    Refused {
        /// The reason, and what to do.
        reason: String,
    },
    /// The engine's service fails. The source is for the log only.
    #[error("the engine does not answer: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
