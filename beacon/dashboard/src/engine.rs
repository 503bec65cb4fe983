//! Who answers: what an engine must do for the API, and what an answer is.
//!
//! Athena takes seconds, and a Lambda keeps nothing from one request to the next. So a question is submitted, its
//! engine gives it an id, and everything else is asked by that id.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use beacon_catalog::Question;
use futures::Stream;
use futures::future::BoxFuture;
use serde::{Serialize, Serializer};

/// Rows of an answer at most: what a page shows. A download has all of them.
pub const MAX_ROWS: usize = 10_000;

/// The rows of an answer, some at a time.
pub type Rows = Pin<Box<dyn Stream<Item = Result<Vec<Vec<Value>>, EngineError>> + Send>>;

/// Answers questions over one lake.
pub trait Engine: Send + Sync + 'static {
    /// Its name, as `/api/about` gives it.
    fn name(&self) -> &'static str;

    /// How new the hits are that it sees.
    fn freshness(&self) -> Freshness;

    /// The text that it runs for a question: the file's, or the same with the names of its own tables.
    fn sql(&self, statement: &Statement) -> String {
        statement.question.text().into_owned()
    }

    /// Begins to answer, and gives the id by which it is asked from then on: text of its own choice, which nobody
    /// else sees but signed.
    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>>;

    /// How far it is, after at most `wait` where it is not done; `None` where the id is not known, or no more.
    fn poll<'a>(
        &'a self,
        id: &'a str,
        wait: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>>;

    /// Reads every row of a query that succeeded, beyond [`MAX_ROWS`] too. `statement` is what the query answered.
    fn all_rows<'a>(
        &'a self,
        id: &'a str,
        statement: Statement,
    ) -> BoxFuture<'a, Result<Rows, EngineError>>;

    /// Stops it. False where the id is not known, or no more; one that is done stays as it is.
    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, EngineError>>;

    /// Seconds since the oldest hit came that is not in the lake yet, where that is too long ago.
    fn undelivered_s(&self) -> Option<u64> {
        None
    }

    /// A number that is another one when there may be new hits.
    fn revision(&self) -> u64;

    /// Waits until the revision is another one than `since`.
    fn changed(&self, since: u64) -> BoxFuture<'_, ()>;
}

/// One question with what its `?` take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The question.
    pub question: Question,
    /// The values, in order.
    pub parameters: Vec<String>,
}

/// How new the hits are that an engine sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A hit is seen as soon as it is answered.
    Live,
    /// A hit is seen after so many seconds at most.
    Delayed {
        /// The seconds.
        delay_s: u64,
    },
}

/// Where a question is on its way, and what it took so far.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Where it is.
    pub state: State,
    /// What it took.
    pub statistics: Statistics,
}

/// Where a question is on its way.
#[derive(Debug, Clone)]
pub enum State {
    /// It waits for its turn.
    Queued,
    /// It is being answered.
    Running,
    /// The answer.
    Succeeded(Arc<Answer>),
    /// Why there will be no answer, for the reader.
    Failed(String),
    /// It was stopped.
    Cancelled,
}

impl State {
    /// The word of the API.
    pub fn name(&self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
            State::Succeeded(_) => "succeeded",
            State::Failed(_) => "failed",
            State::Cancelled => "cancelled",
        }
    }

    /// Whether it will change no more.
    pub fn is_final(&self) -> bool {
        !matches!(self, State::Queued | State::Running)
    }
}

/// What an answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// What was read from files; `None` where the engine does not say.
    pub bytes_scanned: Option<u64>,
    /// From submission to the last row, or until now.
    pub took_ms: u64,
    /// Whether it is the answer of an earlier time, since nothing has changed.
    pub reused: bool,
}

/// The rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Their columns.
    pub columns: Vec<Column>,
    /// A value for each column; at most [`MAX_ROWS`].
    pub rows: Vec<Vec<Value>>,
    /// Whether there are more.
    pub truncated: bool,
    /// How many there are in all; `None` where the engine does not say.
    pub row_count: Option<u64>,
    /// What is left out of the answer and why, for whoever may see the whole lake.
    pub warnings: Vec<String>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name in SQL.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
}

/// The types that answers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Text.
    Varchar,
    /// A whole number.
    Bigint,
    /// UTC: text as `yyyy-MM-dd HH:mm:ss.SSS`, of a date its first moment.
    Timestamp,
    /// True or false.
    Boolean,
    /// Another number.
    Double,
}

/// A value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// Text, or a timestamp.
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

/// Why an engine can't do what it was asked; that a statement failed is no such error, but a [`State`].
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Too much is waiting already.
    #[error("too many questions are waiting; ask again in {retry_after_s} s")]
    Busy {
        /// When to ask again.
        retry_after_s: u64,
    },
    /// It can't be asked so, whoever asks.
    #[error("{reason}")]
    Refused {
        /// Why, and what to do.
        reason: String,
    },
    /// The service behind it fails. Its words are for the log.
    #[error("the engine does not answer: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
