//! Asks the engine for the counts of a site and its most viewed pages.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use beacon_catalog::{Question, Scope};
use beacon_core::normalize;

use crate::engine::{Answer, Column, Engine, EngineError, State, Statement, Value};

/// The longest time that one of the two queries behind a count runs.
const MAX_QUERY_TIME: Duration = Duration::from_secs(20);

/// The question about the whole site, and that about each page, the most viewed first.
const TOTALS: &str = "totals";
const TOP_PAGES: &str = "top_pages";

/// The counts of one site in one period: of all pages that an answer has, so that no name of a page, which anybody can
/// invent, makes a query. Those are the [`MAX_ROWS`](crate::engine::MAX_ROWS) most viewed.
#[derive(Debug, Default)]
pub(super) struct SiteCounts {
    pub(super) all: Count,
    /// By a hash of the page: the pages of a site may have long names, which visitors invent.
    pages: HashMap<u64, Count>,
    hasher: RandomState,
}

/// Views and visitors, of people and unclear agents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) views: u64,
    pub(super) visitors: u64,
}

/// Reasons why a site can't be counted, for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum CountError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{question} has not ended within {} s and is cancelled", MAX_QUERY_TIME.as_secs())]
    TooSlow { question: &'static str },
    #[error("{question} has {state}")]
    NoAnswer {
        question: &'static str,
        state: &'static str,
    },
    #[error("the answer to {question} has no column {column}")]
    NoColumn {
        question: &'static str,
        column: &'static str,
    },
}

impl SiteCounts {
    /// Counts the hits of a scope.
    ///
    /// # Errors
    /// Returns an error if a query fails or takes too long; then it is cancelled.
    pub(super) async fn ask(engine: &dyn Engine, scope: &Scope) -> Result<SiteCounts, CountError> {
        let totals = Rows::of(engine, TOTALS, scope).await?;
        let all = match totals.answer.rows.first() {
            Some(total) => totals.count(total)?,
            None => Count::default(),
        };
        let top_pages = Rows::of(engine, TOP_PAGES, scope).await?;
        let page = top_pages.index("page")?;
        let mut counts = SiteCounts {
            all,
            ..SiteCounts::default()
        };
        for row in &top_pages.answer.rows {
            let Some(Value::Text(name)) = row.get(page) else {
                continue;
            };
            let count = top_pages.count(row)?;
            // A page of version 0.1.0 may have another spelling beside that of today.
            let key = counts.key(name);
            let counted = counts.pages.entry(key).or_default();
            counted.views += count.views;
            counted.visitors += count.visitors;
        }
        Ok(counts)
    }

    /// Returns the count of a page, in either spelling; that of a page that is not among the most viewed is 0.
    pub(super) fn page(&self, page: &str) -> Count {
        let counted = self.pages.get(&self.key(page));
        counted.copied().unwrap_or_default()
    }

    fn key(&self, page: &str) -> u64 {
        self.hasher.hash_one(&*normalize::page(page))
    }
}

/// The answer to a question.
struct Rows {
    question: &'static str,
    answer: Arc<Answer>,
}

impl Rows {
    async fn of(
        engine: &dyn Engine,
        name: &'static str,
        scope: &Scope,
    ) -> Result<Rows, CountError> {
        let question = Question::find(name).expect("totals and top_pages are named queries");
        let statement = Statement {
            parameters: question.bind(scope),
            question,
        };
        let id = engine.submit_count(statement).await?;
        let progress = engine.poll(&id, MAX_QUERY_TIME).await?;
        let state = progress.map_or(State::Cancelled, |progress| progress.state);
        if !state.is_final() {
            engine.cancel(&id).await?;
            return Err(CountError::TooSlow { question: name });
        }
        match state {
            State::Succeeded(answer) => Ok(Rows {
                question: name,
                answer,
            }),
            other => Err(CountError::NoAnswer {
                question: name,
                state: other.name(),
            }),
        }
    }

    fn count(&self, row: &[Value]) -> Result<Count, CountError> {
        let number = |name| -> Result<u64, CountError> {
            match row.get(self.index(name)?) {
                Some(Value::Integer(number)) => Ok(u64::try_from(*number).unwrap_or_default()),
                _ => Ok(0),
            }
        };
        Ok(Count {
            views: number("views")?,
            visitors: number("visitors")?,
        })
    }

    fn index(&self, column: &'static str) -> Result<usize, CountError> {
        let named = |known: &Column| known.name == column;
        let found = self.answer.columns.iter().position(named);
        found.ok_or(CountError::NoColumn {
            question: self.question,
            column,
        })
    }
}
