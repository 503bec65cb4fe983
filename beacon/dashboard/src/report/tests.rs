use std::future::{pending, ready};
use std::sync::Arc;

use beacon_core::Settings;
use futures::future::BoxFuture;

use beacon_catalog::AgentClasses;

use super::*;
use crate::access::Access;
use crate::engine::{Freshness, Progress, Rows, Statistics, TableName};
use crate::token::Key;

#[test]
fn the_page_has_the_lines_once_each_and_in_order() {
    for line in [STYLE_LINE, SCRIPT_LINE, ICON_LINE, BODY_LINE] {
        assert_eq!(INDEX.matches(line).count(), 1, "{line}");
    }
    assert!(INDEX.find(STYLE_LINE) < INDEX.find(SCRIPT_LINE));
    for end in ["</script", "<!--"] {
        assert!(!SCRIPT.contains(end), "{end}");
    }
    assert!(!STYLE.contains("</style"));
}

#[test]
fn a_report_is_one_file_that_asks_nobody() {
    let html = html(
        r#"{"page":"</script><script>alert(1)"}"#,
        "<h1>All sites</h1>",
    );
    assert!(html.contains("<div id=\"dashboard\">\n<h1>All sites</h1>\n</div>"));
    assert!(html.contains(r#"{"page":"\u003c/script>\u003cscript>alert(1)"}"#));
    assert_eq!(html.matches("</script>").count(), 2);
    for gone in [STYLE_LINE, SCRIPT_LINE, ICON_LINE, BODY_LINE] {
        assert!(!html.contains(gone), "{gone}");
    }
    assert!(html.contains(&sha256(SCRIPT)));
    assert!(html.find("Content-Security-Policy") < html.find("<style>"));
}

#[test]
fn every_question_is_asked_and_long_times_in_slices() {
    let day_ms = 24 * 60 * 60 * 1000;
    let range = |from: u64, to: u64| TimeRange {
        from_ms: from * day_ms,
        to_ms: to * day_ms,
    };
    let week = asked(range(1000, 1007), Some(range(993, 1000)));
    // All but those about properties.
    let questions = Question::all().filter(|question| !question.is_about_properties());
    let questions = questions.count();
    assert_eq!(week.len(), questions + 3);
    assert!(!week.iter().any(|(name, _)| *name == "properties"));
    assert!(week.contains(&("totals", range(993, 1000))));
    assert!(week.contains(&("visit_totals", range(993, 1000))));
    assert!(week.contains(&("sources", range(993, 1000))));
    let first = asked(range(3, 10), None);
    assert_eq!(first.len(), questions);
    let quarters: Vec<_> = asked(range(1000, 1250), None)
        .into_iter()
        .filter(|(name, _)| *name == "views_per_quarter")
        .map(|(_, range)| range)
        .collect();
    assert_eq!(
        quarters,
        [range(1000, 1100), range(1100, 1200), range(1200, 1250)]
    );
}

#[test]
fn a_report_counts_the_classes_that_it_names() {
    let range = TimeRange {
        from_ms: 0,
        to_ms: 1,
    };
    let mut scope = ReportScope {
        range,
        before: None,
        site: None,
        page: None,
        column: None,
        agents: AgentClasses::default(),
        zone: "UTC".to_owned(),
        title: String::new(),
        bars: Vec::new(),
    };
    let classes = |scope: &ReportScope| {
        let asked = statement("totals", range, scope, &[]).unwrap();
        let parameters = asked.parameters.into_iter();
        parameters
            .filter(|value| value.contains("bot") || value.contains("human"))
            .collect::<Vec<_>>()
    };
    assert_eq!(scope.named_agents(), None);
    assert!(classes(&scope).contains(&"human,unknown,mail_proxy,prefetch".to_owned()));
    scope.agents = AgentClasses::named(&["bot", "scanner"]).unwrap();
    assert_eq!(scope.named_agents(), Some(vec!["bot", "scanner"]));
    let counted = classes(&scope);
    assert!(!counted.is_empty());
    assert!(counted.iter().all(|value| value == "bot,scanner"));
}

/// Answers every question with nothing.
struct Nothing;

impl Engine for Nothing {
    fn name(&self) -> &'static str {
        "nothing"
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

    fn submit(&self, _: Statement) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(ready(Ok("1".to_owned())))
    }

    fn submit_sql(&self, _: String) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(ready(Ok("1".to_owned())))
    }

    fn poll<'a>(
        &'a self,
        _: &'a str,
        _: Duration,
    ) -> BoxFuture<'a, Result<Option<Progress>, EngineError>> {
        Box::pin(ready(Ok(Some(Progress {
            state: State::Succeeded(Arc::default()),
            statistics: Statistics::default(),
        }))))
    }

    fn all_rows<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Rows>, EngineError>> {
        Box::pin(ready(Ok(None)))
    }

    fn cancel<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<bool, EngineError>> {
        Box::pin(ready(Ok(false)))
    }

    fn revision(&self) -> u64 {
        0
    }

    fn changed(&self, _: u64) -> BoxFuture<'_, ()> {
        Box::pin(pending())
    }
}

#[tokio::test]
async fn a_report_of_one_site_names_no_other() {
    let settings = Settings::from_lookup(|name| {
        (name == "BEACON_SITES").then(|| "blog.example,*.secret.example".to_owned())
    });
    let config = Config {
        settings: settings.unwrap(),
        endpoint: None,
        access: Access::Open,
        key: Key::from_text(&"k".repeat(32)).unwrap(),
        clock: Box::new(|| 1_795_239_000_000),
    };
    let scope = ReportScope {
        range: TimeRange {
            from_ms: 1_794_700_800_000,
            to_ms: 1_795_305_600_000,
        },
        before: None,
        site: Some("blog.example".to_owned()),
        page: None,
        column: None,
        agents: AgentClasses::default(),
        zone: "UTC".to_owned(),
        title: "Report".to_owned(),
        bars: Vec::new(),
    };
    let html = make(&config, &Nothing, &scope).await.unwrap().html;
    let (_, data) = html
        .split_once(r#"<script id="beacon-report" type="application/json">"#)
        .unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    let report: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(report["request"]["site"], "blog.example");
    assert_eq!(report["about"]["sql"], false);
    for field in ["sites", "sites_are_open"] {
        assert!(report["about"].get(field).is_none(), "{field}");
    }
    assert!(!data.contains("secret.example"), "{data}");
}
