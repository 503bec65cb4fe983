//! An engine that answers at once, or when a test lets it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beacon_dashboard::engine::{
    Answer, Column, ColumnType, Engine, EngineError, Freshness, MAX_ROWS, Progress, Rows, State,
    Statement, Statistics, TableName, Value,
};
use futures::future::BoxFuture;
use tokio::sync::watch;

/// Pages with names that somebody sent.
pub(crate) const PAGES: [&str; 3] = ["/", "=HYPERLINK(\"http://evil.example\")", "a,b"];

pub(crate) struct QueryRef {
    queries: Mutex<HashMap<String, Query>>,
    pub(crate) revision: watch::Sender<u64>,
}

struct Query {
    asked: Asked,
    state: State,
}

enum Asked {
    Question(Statement),
    Sql(String),
}

impl QueryRef {
    pub(crate) fn new() -> QueryRef {
        QueryRef {
            queries: Mutex::default(),
            revision: watch::Sender::new(1),
        }
    }

    /// The parameters of every question that was submitted, by its id.
    pub(crate) fn parameters(&self, id: &str) -> Vec<String> {
        match &self.queries.lock().unwrap()[id].asked {
            Asked::Question(statement) => statement.parameters.clone(),
            Asked::Sql(sql) => panic!("{sql}"),
        }
    }

    /// SQL that was submitted, by its id.
    pub(crate) fn sql(&self, id: &str) -> String {
        match &self.queries.lock().unwrap()[id].asked {
            Asked::Question(statement) => panic!("{statement:?}"),
            Asked::Sql(sql) => sql.clone(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.queries.lock().unwrap().len()
    }

    pub(crate) fn forget(&self) {
        self.queries.lock().unwrap().clear();
    }
}

fn answer() -> Answer {
    let column = |name: &str, column_type| Column {
        name: name.to_owned(),
        column_type,
    };
    let rows = PAGES
        .iter()
        .map(|page| vec![Value::Text((*page).to_owned()), Value::Integer(1)]);
    Answer {
        columns: vec![
            column("page", ColumnType::Varchar),
            column("views", ColumnType::Bigint),
        ],
        rows: rows.collect(),
        row_count: Some(PAGES.len() as u64),
        ..Answer::default()
    }
}

/// More rows than an answer has, and a file that is left out of it.
fn long_answer() -> Answer {
    let rows = (0..MAX_ROWS).map(|number| {
        let page = format!("/{number}");
        vec![Value::Text(page), Value::Integer(1)]
    });
    Answer {
        rows: rows.collect(),
        truncated: true,
        row_count: Some(MAX_ROWS as u64 + 2),
        warnings: vec!["x.parquet is left out".to_owned()],
        ..answer()
    }
}

impl Engine for QueryRef {
    fn name(&self) -> &'static str {
        "datafusion"
    }

    fn table(&self) -> TableName {
        TableName {
            database: "beacon".to_owned(),
            table: "hits".to_owned(),
            has_views: true,
        }
    }

    fn freshness(&self) -> Freshness {
        Freshness::Delayed { delay_s: 300 }
    }

    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        let mut queries = self.queries.lock().unwrap();
        let id = format!("{}", queries.len() + 1);
        let state = match statement.question.name {
            "referrers" => State::Failed("out of memory".to_owned()),
            "campaigns" => State::Running,
            "sources" => State::Succeeded(Arc::new(long_answer())),
            "events" => {
                return Box::pin(std::future::ready(Err(EngineError::Busy {
                    retry_after_s: 5,
                })));
            }
            "sites" => {
                let source = std::io::Error::other("secret of the log");
                return Box::pin(std::future::ready(Err(EngineError::Unavailable(
                    source.into(),
                ))));
            }
            _ => State::Succeeded(Arc::new(answer())),
        };
        let asked = Asked::Question(statement);
        queries.insert(id.clone(), Query { asked, state });
        Box::pin(std::future::ready(Ok(id)))
    }

    fn submit_sql(&self, sql: String) -> BoxFuture<'_, Result<String, EngineError>> {
        let mut queries = self.queries.lock().unwrap();
        let id = format!("{}", queries.len() + 1);
        let state = State::Succeeded(Arc::new(answer()));
        let asked = Asked::Sql(sql);
        queries.insert(id.clone(), Query { asked, state });
        Box::pin(std::future::ready(Ok(id)))
    }

    fn poll<'a>(
        &'a self,
        id: &'a str,
        _: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>> {
        let queries = self.queries.lock().unwrap();
        let progress = queries.get(id).map(|query| Progress {
            state: query.state.clone(),
            statistics: Statistics {
                bytes_scanned: Some(7),
                took_ms: 3,
                reused: false,
            },
        });
        Box::pin(std::future::ready(Ok(progress)))
    }

    fn all_rows<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Rows>, EngineError>> {
        let page = |number: usize| {
            let text = format!("/{number}");
            vec![vec![Value::Text(text), Value::Integer(1)]]
        };
        let rows = futures::stream::iter((0..MAX_ROWS + 2).map(move |number| Ok(page(number))));
        Box::pin(std::future::ready(Ok(Some(Box::pin(rows) as Rows))))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, EngineError>> {
        let mut queries = self.queries.lock().unwrap();
        let known = queries.get_mut(id).map(|query| {
            if !query.state.is_final() {
                query.state = State::Cancelled;
            }
        });
        Box::pin(std::future::ready(Ok(known.is_some())))
    }

    fn undelivered_s(&self) -> Option<u64> {
        Some(7_500)
    }

    fn revision(&self) -> u64 {
        *self.revision.borrow()
    }

    fn changed(&self, since: u64) -> BoxFuture<'_, ()> {
        let mut revision = self.revision.subscribe();
        Box::pin(async move {
            revision
                .wait_for(|revision| *revision != since)
                .await
                .unwrap();
        })
    }
}
