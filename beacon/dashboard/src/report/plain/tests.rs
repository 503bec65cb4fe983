use std::sync::Arc;

use beacon_catalog::AgentClasses;

use super::*;
use crate::engine::{Column, ColumnType};
use crate::report::scope::ReportBar;

const DAY_MS: u64 = 86_400_000;
const FIRST_MS: u64 = 1_795_132_800_000;

fn range() -> TimeRange {
    TimeRange {
        from_ms: FIRST_MS,
        to_ms: FIRST_MS + 2 * DAY_MS,
    }
}

fn scope() -> ReportScope {
    let day = |name: &str, from_ms| ReportBar {
        name: name.to_owned(),
        range: TimeRange {
            from_ms,
            to_ms: from_ms + DAY_MS,
        },
    };
    ReportScope {
        range: range(),
        before: None,
        site: Some("a<b".to_owned()),
        page: None,
        column: None,
        agents: AgentClasses::default(),
        zone: "UTC".to_owned(),
        title: "two days".to_owned(),
        bars: vec![day("first", FIRST_MS), day("second", FIRST_MS + DAY_MS)],
    }
}

fn answered(question: &'static str, columns: &[&str], rows: Vec<Vec<Value>>) -> Answered {
    let columns = columns.iter().map(|name| Column {
        name: (*name).to_owned(),
        column_type: ColumnType::Varchar,
    });
    let answer = Answer {
        columns: columns.collect(),
        rows,
        ..Answer::default()
    };
    Answered {
        question,
        range: range(),
        answer: Some(Arc::new(answer)),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn numbers_have_tables_and_the_chart_adds_quarters_up() {
    let quarter = |at_ms: u64, views| {
        vec![
            text(&beacon_core::time::format_timestamp(at_ms)),
            Value::Integer(views),
        ]
    };
    let html = plain(
        &scope(),
        &[
            answered(
                "totals",
                &["visitors", "views", "opens", "opens_at_most"],
                vec![[4, 1_234, 12, 32].map(Value::Integer).to_vec()],
            ),
            answered(
                "views_per_quarter",
                &["quarter", "views"],
                vec![
                    quarter(FIRST_MS + 900_000, 3),
                    quarter(FIRST_MS + DAY_MS, 5),
                    quarter(FIRST_MS + DAY_MS + 900_000, 1_000),
                ],
            ),
            answered(
                "top_pages",
                &["site", "page", "views", "visitors"],
                vec![
                    vec![
                        text("a.example"),
                        text("/<img>"),
                        Value::Integer(7),
                        Value::Integer(2),
                    ],
                    vec![
                        text("a.example"),
                        Value::Null,
                        Value::Integer(1),
                        Value::Integer(0),
                    ],
                ],
            ),
        ],
    );
    assert!(html.contains("<h1>a&lt;b</h1>"), "{html}");
    assert!(
        html.contains("<td>Views</td><td align=\"right\"><b>1,234</b></td>"),
        "{html}"
    );
    assert!(html.contains("<b>12–32</b>"), "{html}");
    assert!(
        html.contains("<td>first</td><td align=\"right\">3</td>"),
        "{html}"
    );
    assert!(
        html.contains("<td>second</td><td align=\"right\">1,005</td>"),
        "{html}"
    );
    assert_eq!(html.matches("<rect ").count(), 2);
    assert!(
        html.contains(
            "<td>a.example /&lt;img&gt;</td><td align=\"right\">2</td><td align=\"right\">7</td>"
        ),
        "{html}"
    );
    assert!(html.contains("<td>a.example Unknown page</td>"), "{html}");
    for refused in ["<script", "style=", "<img"] {
        assert!(!html.contains(refused), "{refused}");
    }
}

#[test]
fn tiles_have_visits_and_their_duration_beside_those_of_the_period_before() {
    let before = TimeRange {
        from_ms: FIRST_MS - 2 * DAY_MS,
        to_ms: FIRST_MS,
    };
    let scope = ReportScope {
        before: Some(before),
        ..scope()
    };
    let columns = ["visits", "single_page_visits", "median_seconds"];
    let row = |visits, single, seconds| {
        vec![vec![
            Value::Integer(visits),
            Value::Integer(single),
            seconds,
        ]]
    };
    let now = answered(
        "visit_totals",
        &columns,
        row(1_234, 7, Value::Double(107.5)),
    );
    let mut earlier = answered("visit_totals", &columns, row(20, 3, Value::Null));
    earlier.range = before;
    let html = plain(&scope, &[now, earlier]);
    let tile = |name, now, before| {
        let numbers =
            format!("<td align=\"right\"><b>{now}</b></td><td align=\"right\">{before}</td>");
        format!("<tr><td>{name}</td>{numbers}</tr>")
    };
    for row in [
        tile("Visits", "1,234", "20"),
        tile("Single-page visits", "7", "3"),
        tile("Visit duration", "1m 48s", "–"),
        // Its query isn't among the answers.
        tile("Visitors", "failed", ""),
    ] {
        assert!(html.contains(&row), "{row} in {html}");
    }
    for (seconds, text) in [(45.4, "45s"), (59.6, "1m 00s"), (3_900.0, "1h 05m")] {
        assert_eq!(duration(seconds), text);
    }
}

#[test]
fn emails_are_the_campaigns_with_opens_or_clicks() {
    let names = [
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "opens",
        "opens_at_most",
        "clicks",
    ];
    let row = |campaign: &str, counts: [i64; 3]| {
        let mut row = vec![text("news"), Value::Null, text(campaign)];
        row.extend(counts.map(Value::Integer));
        row
    };
    let rows = vec![
        row("opened", [0, 2, 0]),
        row("clicked", [0, 0, 1]),
        row("unread", [0, 0, 0]),
    ];
    let html = plain(&scope(), &[answered("campaigns", &names, rows)]);
    assert!(
        html.contains(
            "<td>news (none) opened</td><td align=\"right\">0–2</td><td align=\"right\">0</td>"
        ),
        "{html}"
    );
    assert!(html.contains("news (none) clicked"), "{html}");
    assert!(!html.contains("unread"), "{html}");
}

#[test]
fn a_failed_query_says_so_and_a_long_table_is_cut() {
    let rows = (0..30).map(|index| vec![text(&format!("c{index}")), Value::Integer(30 - index)]);
    let mut countries = answered("countries", &["country", "views"], rows.collect());
    let mut devices = answered("devices", &["device", "views"], Vec::new());
    devices.answer = None;
    let html = plain(
        &scope(),
        &[
            devices,
            std::mem::replace(&mut countries, answered("sites", &[], Vec::new())),
        ],
    );
    assert!(
        html.contains("<h2>Devices</h2>\n<p>This query failed.</p>"),
        "{html}"
    );
    assert!(
        html.contains("<td>c24</td>") && !html.contains("<td>c25</td>"),
        "{html}"
    );
    assert!(html.contains("<p>first 25 of 30</p>"), "{html}");
    // Nothing is said of what wasn't asked.
    assert!(!html.contains("Languages"), "{html}");
}
