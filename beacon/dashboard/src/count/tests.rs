//! `/count` over an engine whose answers are known.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use futures::future::{BoxFuture, ready};
use http::Request;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::*;
use crate::engine::{
    Answer, Column, ColumnType, EngineError, Freshness, Progress, Rows, State as QueryState,
    Statement, Statistics, TableName, Value,
};

/// 2026-11-21 05:30 UTC
const NOW_MS: u64 = 1_795_239_000_000;

/// Only the turn of counts is taken, and no rows but those of an answer are read.
struct FakeEngine {
    asked: Mutex<Vec<Statement>>,
    cancelled: Mutex<Vec<String>>,
    fails: AtomicBool,
    panics: AtomicBool,
    is_slow: AtomicBool,
    /// Polls wait while it has no permit.
    open: Semaphore,
}

impl FakeEngine {
    fn answer(&self, id: &str) -> Answer {
        let asked = self.asked.lock().unwrap();
        let index: usize = id.parse().unwrap();
        let column = |name: &str, column_type| Column {
            name: name.to_owned(),
            column_type,
        };
        let number = |number| Value::Integer(number);
        let (columns, rows) = match asked[index].question.name {
            "totals" => (
                vec![
                    column("hits", ColumnType::Bigint),
                    column("views", ColumnType::Bigint),
                    column("visitors", ColumnType::Bigint),
                ],
                vec![vec![number(9_999), number(1_234), number(56)]],
            ),
            "top_pages" => {
                let row = |page: &str, views| {
                    let site = Value::Text("blog.example".to_owned());
                    vec![site, Value::Text(page.to_owned()), number(views), number(2)]
                };
                let unknown = vec![Value::Null, Value::Null, number(100), number(1)];
                (
                    vec![
                        column("site", ColumnType::Varchar),
                        column("page", ColumnType::Varchar),
                        column("views", ColumnType::Bigint),
                        column("visitors", ColumnType::Bigint),
                    ],
                    vec![row("/", 40), row("/über", 3), unknown, row("/%C3%BCber", 4)],
                )
            }
            other => panic!("{other} is not asked for a count"),
        };
        Answer {
            columns,
            rows,
            truncated: true,
            ..Answer::default()
        }
    }
}

impl Engine for FakeEngine {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn table(&self) -> TableName {
        TableName {
            database: "beacon".to_owned(),
            table: "hits".to_owned(),
            has_views: true,
        }
    }

    fn freshness(&self) -> Freshness {
        Freshness::Live
    }

    fn submit(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        panic!("{} takes a turn of the page", statement.question.name)
    }

    fn submit_count(&self, statement: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(statement);
        Box::pin(ready(Ok((asked.len() - 1).to_string())))
    }

    fn submit_sql(&self, sql: String) -> BoxFuture<'_, Result<String, EngineError>> {
        panic!("{sql} is nobody's count")
    }

    fn poll<'a>(
        &'a self,
        id: &'a str,
        _: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>> {
        Box::pin(async move {
            drop(self.open.acquire().await.unwrap());
            assert!(!self.panics.load(Ordering::SeqCst), "a bug, for this test");
            let state = if self.fails.load(Ordering::SeqCst) {
                QueryState::Failed("secret".to_owned())
            } else if self.is_slow.load(Ordering::SeqCst) {
                QueryState::Running
            } else {
                QueryState::Succeeded(Arc::new(self.answer(id)))
            };
            let statistics = Statistics::default();
            Ok(Some(Progress { state, statistics }))
        })
    }

    fn all_rows<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Rows>, EngineError>> {
        panic!("all rows of {id} are more than memory should have")
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, EngineError>> {
        self.cancelled.lock().unwrap().push(id.to_owned());
        Box::pin(ready(Ok(true)))
    }

    fn revision(&self) -> u64 {
        1
    }

    fn changed(&self, _: u64) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }
}

#[derive(Clone)]
struct Counter {
    app: Router,
    engine: Arc<FakeEngine>,
    now_ms: Arc<AtomicU64>,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Counter {
    fn new() -> Counter {
        Counter::with_patience(PATIENCE)
    }

    fn with_patience(patience: Duration) -> Counter {
        let engine = Arc::new(FakeEngine {
            asked: Mutex::default(),
            cancelled: Mutex::default(),
            fails: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            is_slow: AtomicBool::new(false),
            open: Semaphore::new(1),
        });
        let now_ms = Arc::new(AtomicU64::new(NOW_MS));
        let clock = Arc::clone(&now_ms);
        let sites = CountedSites::parse("blog.example").unwrap();
        let clock = Box::new(move || clock.load(Ordering::SeqCst));
        Counter {
            app: router(Counts {
                sites,
                cache: Arc::new(CountCache::new(engine.clone(), clock, patience)),
            }),
            engine,
            now_ms,
        }
    }

    fn pass_ms(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Has the queries wait.
    fn close(&self) {
        self.engine.open.forget_permits(1);
    }

    fn asked(&self) -> usize {
        self.engine.asked.lock().unwrap().len()
    }

    async fn call(&self, method: &str, query: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/stats/count?{query}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(head.headers["access-control-allow-origin"], "*");
        Reply {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, query: &str) -> Reply {
        self.call("GET", query, &[]).await
    }

    #[track_caller]
    fn check(reply: &Reply, status: u16, body: &str) {
        assert_eq!((reply.status.as_u16(), reply.body.as_str()), (status, body));
    }
}

#[tokio::test]
async fn a_site_and_its_pages_are_counted() {
    let counter = Counter::new();
    Counter::check(
        &counter.get("site=blog.example").await,
        200,
        r#"{"site":"blog.example","page":null,"period":"all","metric":"views","count":1234}"#,
    );
    Counter::check(
        &counter
            .get("site=https://BLOG.example/&page=/&period=all&metric=visitors&format=json")
            .await,
        200,
        r#"{"site":"blog.example","page":"/","period":"all","metric":"visitors","count":2}"#,
    );
    // Both spellings of rows, and both of who asks.
    for page in ["/%C3%BCber", "/%25C3%25BCber"] {
        let query = format!("site=blog.example&page={page}&format=text");
        Counter::check(&counter.get(&query).await, 200, "7");
    }
    Counter::check(
        &counter
            .get("site=blog.example&page=/none&format=text")
            .await,
        200,
        "0",
    );
    let badge = counter.get("site=blog.example&format=svg").await;
    assert_eq!(badge.headers["content-type"], "image/svg+xml");
    assert_eq!(
        badge.headers["cross-origin-resource-policy"],
        "cross-origin"
    );
    assert!(badge.body.contains("<title>1,234 views</title>"));
    // All of these are one question about the site and one about its pages.
    assert_eq!(counter.asked(), 2);
    let asked = counter.engine.asked.lock().unwrap();
    for statement in asked.iter() {
        assert!(statement.parameters.contains(&"human,unknown".to_owned()));
        assert!(statement.parameters.contains(&"blog.example".to_owned()));
    }
}

#[tokio::test]
async fn a_count_is_kept_for_a_minute_and_by_browsers_too() {
    let counter = Counter::new();
    let first = counter.get("site=blog.example&period=7d").await;
    assert_eq!(first.headers["cache-control"], "public, max-age=60");
    counter.pass_ms(59_999);
    counter.get("site=blog.example&period=7d").await;
    assert_eq!(counter.asked(), 2);
    counter.pass_ms(1);
    let tag = first.headers["etag"].to_str().unwrap();
    let again = counter
        .call(
            "GET",
            "site=blog.example&period=7d",
            &[("if-none-match", tag)],
        )
        .await;
    assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));
    assert_eq!(again.headers["cache-control"], "public, max-age=60");
    assert_eq!(counter.asked(), 4);
    let head = counter
        .call("HEAD", "site=blog.example&period=7d", &[])
        .await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    assert_eq!(head.headers["etag"], first.headers["etag"]);
    assert_eq!(head.headers["content-length"], first.body.len().to_string());
}

#[tokio::test]
async fn a_count_over_long_periods_is_kept_for_ten_minutes() {
    for period in ["all", "year", "12m"] {
        let counter = Counter::new();
        let query = format!("site=blog.example&period={period}");
        counter.get(&query).await;
        counter.pass_ms(599_999);
        counter.get(&query).await;
        assert_eq!(counter.asked(), 2, "{period}");
        counter.pass_ms(1);
        counter.get(&query).await;
        assert_eq!(counter.asked(), 4, "{period}");
    }
}

#[tokio::test]
async fn only_named_sites_and_known_parameters_are_asked() {
    let counter = Counter::new();
    for (query, status, expected) in [
        (
            "site=other.example",
            404,
            "other.example is not a site that BEACON_COUNTS names",
        ),
        ("", 400, "missing field `site`"),
        (
            "site=blog.example&period=8d",
            400,
            "there is no period \\\"8d\\\"; there are today, ",
        ),
        (
            "site=blog.example&metric=opens",
            400,
            "unknown variant `opens`, expected `views` or `visitors`",
        ),
        (
            "site=blog.example&format=png",
            400,
            "unknown variant `png`, expected one of `json`, `svg`, `text`",
        ),
        (
            "site=blog.example&from=2026-11-01",
            400,
            "unknown field `from`, expected one of `site`, `page`, `period`, `metric`, `format`",
        ),
        (
            "site=blog.example&page=/&page=/a",
            400,
            "duplicate field `page`",
        ),
    ] {
        let reply = counter.get(query).await;
        assert_eq!(reply.status.as_u16(), status, "{query}");
        assert!(reply.body.contains(expected), "{query}: {}", reply.body);
    }
    assert_eq!(counter.asked(), 0);
}

#[tokio::test]
async fn what_fails_says_nothing_and_an_older_count_stays() {
    let counter = Counter::new();
    let query = "site=blog.example&period=7d&format=text";
    Counter::check(&counter.get(query).await, 200, "1234");
    counter.engine.fails.store(true, Ordering::SeqCst);
    counter.pass_ms(60_000);
    Counter::check(&counter.get(query).await, 200, "1234");
    // A count that is too old is none.
    counter.pass_ms(3_540_000);
    let failed = counter.get(query).await;
    assert_eq!(failed.status.as_u16(), 503);
    assert_eq!(failed.headers["retry-after"], "10");
    assert!(!failed.body.contains("secret"));
}

#[tokio::test]
async fn a_failure_is_remembered_for_ten_seconds() {
    for is_panic in [false, true] {
        let counter = Counter::new();
        let fails = match is_panic {
            true => &counter.engine.panics,
            false => &counter.engine.fails,
        };
        fails.store(true, Ordering::SeqCst);
        for passed_ms in [0, 9_999] {
            counter.pass_ms(passed_ms);
            let failed = counter.get("site=blog.example").await;
            assert_eq!(failed.status.as_u16(), 503);
            assert_eq!(counter.asked(), 1);
        }
        fails.store(false, Ordering::SeqCst);
        counter.pass_ms(1);
        let counted = counter.get("site=blog.example&format=text").await;
        Counter::check(&counted, 200, "1234");
    }
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_cancelled() {
    let counter = Counter::new();
    counter.engine.is_slow.store(true, Ordering::SeqCst);
    let failed = counter.get("site=blog.example").await;
    assert_eq!(failed.status.as_u16(), 503);
    assert_eq!(*counter.engine.cancelled.lock().unwrap(), ["0"]);
}

#[tokio::test]
async fn a_count_that_nobody_waits_for_is_there_for_the_next() {
    let counter = Counter::with_patience(Duration::from_millis(20));
    counter.close();
    let late = counter.get("site=blog.example&format=text").await;
    assert_eq!(late.status.as_u16(), 503);
    counter.engine.open.add_permits(1);
    let mut counted = counter.get("site=blog.example&format=text").await;
    while counted.status.as_u16() == 503 {
        counted = counter.get("site=blog.example&format=text").await;
    }
    Counter::check(&counted, 200, "1234");
    assert_eq!(counter.asked(), 2);
}

#[tokio::test]
async fn only_a_few_requests_wait_and_they_wait_for_one_query() {
    let counter = Counter::new();
    counter.close();
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let counter = counter.clone();
            tokio::spawn(async move { counter.get("site=blog.example&format=text").await })
        })
        .collect();
    tokio::task::yield_now().await;
    for period in ["all", "today"] {
        let query = format!("site=blog.example&period={period}");
        assert_eq!(counter.get(&query).await.status.as_u16(), 503);
    }
    counter.engine.open.add_permits(1);
    for waiting in waiting {
        Counter::check(&waiting.await.unwrap(), 200, "1234");
    }
    assert_eq!(counter.asked(), 2);
}
