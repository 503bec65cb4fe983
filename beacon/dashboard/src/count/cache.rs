//! Keeps the counts of a site and a period for a minute: of all its pages at once, so that no name of a page, which
//! anybody can invent, makes a query.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use beacon_catalog::{Question, Scope};
use beacon_core::normalize;
use futures::StreamExt;
use http::StatusCode;
use tokio::sync::Mutex as TurnMutex;

use crate::engine::{Answer, Column, Engine, EngineError, State, Statement, Value};
use crate::period::Period;
use crate::problem::Problem;
use crate::zone::Tz;

/// The greatest age of a count, in milliseconds.
const MAX_AGE_MS: u64 = 60_000;

/// The longest wait for one of the two queries behind a count.
const MAX_WAIT: Duration = Duration::from_secs(20);

/// Seconds after which to try again if the queries failed.
const RETRY_AFTER_S: u64 = 10;

/// The question about the whole site, and that about each page.
const TOTALS: &str = "totals";
const TOP_PAGES: &str = "top_pages";

/// The counts that were asked for. There are no more than periods times the sites of `BEACON_COUNTS`.
pub(super) struct CountCache {
    engine: Arc<dyn Engine>,
    entries: Mutex<HashMap<(String, &'static str), Entry>>,
}

/// Counts of a site and a period. Whoever has the turn asks, and the others wait.
type Entry = Arc<TurnMutex<Option<Kept>>>;

struct Kept {
    at_ms: u64,
    counts: Arc<SiteCounts>,
}

/// The counts of one site in one period.
#[derive(Debug, Default)]
pub(super) struct SiteCounts {
    pub(super) all: Count,
    pages: HashMap<String, Count>,
}

/// Views and visitors, of people and unclear agents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) views: u64,
    pub(super) visitors: u64,
}

impl SiteCounts {
    /// Returns the count of a page, in either spelling; that of a page that nobody viewed is 0.
    pub(super) fn page(&self, page: &str) -> Count {
        let counted = self.pages.get(&*normalize::page(page));
        counted.copied().unwrap_or_default()
    }
}

impl CountCache {
    pub(super) fn new(engine: Arc<dyn Engine>) -> CountCache {
        CountCache {
            engine,
            entries: Mutex::default(),
        }
    }

    /// Returns the counts of a site that `BEACON_COUNTS` names, in a period by its name.
    pub(super) async fn get(
        &self,
        site: &str,
        period: &'static str,
        now_ms: u64,
    ) -> Result<Arc<SiteCounts>, Problem> {
        let entry = self.entry(site, period);
        let (engine, site) = (Arc::clone(&self.engine), site.to_owned());
        // Whoever hangs up leaves the count to those who come next, instead of having them ask again.
        let counted = tokio::spawn(async move {
            let mut kept = entry.lock().await;
            if let Some(kept) = &*kept
                && now_ms < kept.at_ms + MAX_AGE_MS
            {
                return Ok(Arc::clone(&kept.counts));
            }
            match ask(&*engine, &site, period, now_ms).await {
                Ok(counts) => {
                    let counts = Arc::new(counts);
                    *kept = Some(Kept {
                        at_ms: now_ms,
                        counts: Arc::clone(&counts),
                    });
                    Ok(counts)
                }
                Err(problem) => match &*kept {
                    Some(kept) => Ok(Arc::clone(&kept.counts)),
                    None => Err(problem),
                },
            }
        });
        counted.await.unwrap_or_else(|_| Err(not_now()))
    }

    fn entry(&self, site: &str, period: &'static str) -> Entry {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry((site.to_owned(), period)).or_default())
    }
}

async fn ask(
    engine: &dyn Engine,
    site: &str,
    period: &str,
    now_ms: u64,
) -> Result<SiteCounts, Problem> {
    let range = Period::named(period).and_then(|period| period.range(Tz::UTC, now_ms));
    let range = range.ok_or_else(not_now)?;
    let scope = Scope {
        site: site.to_owned(),
        ..Scope::new(range)
    };
    let (_, totals) = run(engine, TOTALS, &scope).await?;
    let mut counts = SiteCounts::default();
    if let [total] = totals.rows.as_slice() {
        counts.all = count(&totals.columns, total)?;
    }
    let (id, pages) = run(engine, TOP_PAGES, &scope).await?;
    if !pages.truncated {
        counts.add(&pages.columns, &pages.rows)?;
        return Ok(counts);
    }
    let mut rows = engine.all_rows(&id).await?.ok_or_else(not_now)?;
    while let Some(some) = rows.next().await {
        counts.add(&pages.columns, &some?)?;
    }
    Ok(counts)
}

/// Runs a named query to its end. Returns its id and its answer.
async fn run(
    engine: &dyn Engine,
    name: &str,
    scope: &Scope,
) -> Result<(String, Arc<Answer>), Problem> {
    let question = Question::find(name).expect("totals and top_pages are named queries");
    let statement = Statement {
        parameters: question.bind(scope),
        question,
    };
    let id = engine.submit(statement).await?;
    match engine.poll(&id, MAX_WAIT).await? {
        Some(progress) => match progress.state {
            State::Succeeded(answer) => Ok((id, answer)),
            _ => Err(not_now()),
        },
        None => Err(not_now()),
    }
}

impl SiteCounts {
    fn add(&mut self, columns: &[Column], rows: &[Vec<Value>]) -> Result<(), Problem> {
        let page = index(columns, "page")?;
        for row in rows {
            let Some(Value::Text(page)) = row.get(page) else {
                continue;
            };
            let page = normalize::page(page).into_owned();
            let count = count(columns, row)?;
            // A page of version 0.1.0 may have another spelling beside that of today.
            let counted = self.pages.entry(page).or_default();
            counted.views += count.views;
            counted.visitors += count.visitors;
        }
        Ok(())
    }
}

fn count(columns: &[Column], row: &[Value]) -> Result<Count, Problem> {
    let number = |name| -> Result<u64, Problem> {
        match row.get(index(columns, name)?) {
            Some(Value::Integer(number)) => Ok(u64::try_from(*number).unwrap_or_default()),
            _ => Ok(0),
        }
    };
    Ok(Count {
        views: number("views")?,
        visitors: number("visitors")?,
    })
}

fn index(columns: &[Column], name: &str) -> Result<usize, Problem> {
    let found = columns.iter().position(|column| column.name == name);
    found.ok_or_else(|| {
        let error = format!("the answer has no column {name}");
        Problem::from(EngineError::Unavailable(error.into()))
    })
}

fn not_now() -> Problem {
    Problem {
        retry_after_s: Some(RETRY_AFTER_S),
        ..Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the hits can't be counted now: try again",
        )
    }
}
