//! Visitors, opens and classes of agents: by hand in small lakes, and in a larger one against a reference in Rust.

use std::collections::BTreeMap;

use beacon_catalog::{AgentClasses, Filter, FilterColumn, Question, Scope, TimeRange};
use beacon_core::time::{DAY_MS, HOUR_MS, Hour, format_timestamp};
use beacon_lake_fixture::LakeFixture;

use crate::engine::Engine;
use crate::engine::testing::{ask_as, engine_over, on_a_large_stack};
use crate::output::OutputFormat;

const QUARTER_MS: u64 = HOUR_MS / 4;

/// The part of a hit that the questions read.
#[derive(Clone)]
struct Hit {
    id: String,
    received_ms: u64,
    event: &'static str,
    page: Option<&'static str>,
    visitor: Option<String>,
    agent: Option<&'static str>,
    browser: Option<&'static str>,
}

/// A person's view of the page / at a moment as `2026-11-21 05:30`.
fn view(id: &str, received_at: &str, visitor: &str) -> Hit {
    Hit {
        id: id.to_owned(),
        received_ms: beacon_catalog::parse_moment(received_at).unwrap(),
        event: "view",
        page: Some("/"),
        visitor: (!visitor.is_empty()).then(|| visitor.to_owned()),
        agent: Some("human"),
        browser: Some("Firefox"),
    }
}

impl Hit {
    fn json(&self) -> String {
        let text =
            |value: Option<&str>| value.map_or("null".to_owned(), |text| format!("{text:?}"));
        format!(
            r#"{{"hit_id":{:?},"received_at":{:?},"site":"a.example","event":{:?},"page":{},"visitor":{},"agent":{},"agent_rule":{},"browser":{}}}"#,
            self.id,
            format_timestamp(self.received_ms),
            self.event,
            text(self.page),
            text(self.visitor.as_deref()),
            text(self.agent),
            text(
                self.agent
                    .map(|class| format!("2026.11/{class}"))
                    .as_deref()
            ),
            text(self.browser),
        )
    }

    fn class(&self) -> &'static str {
        self.agent.unwrap_or("unknown")
    }

    fn day(&self) -> u64 {
        self.received_ms / DAY_MS
    }
}

/// Each hit in the folder of its hour, and every tenth a second time in the hour after, as Firehose may deliver it.
fn lake_of(hits: &[Hit]) -> LakeFixture {
    let mut hours: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (number, hit) in hits.iter().enumerate() {
        let hour = hit.received_ms / HOUR_MS;
        hours.entry(hour).or_default().push(hit.json());
        if number % 10 == 0 {
            hours.entry(hour + 1).or_default().push(hit.json());
        }
    }
    let mut lake = LakeFixture::new();
    for (hour, rows) in hours {
        let hour = Hour::from_ms(hour * HOUR_MS);
        let name = format!(
            "{}-{:02}-{:02}-{:02}",
            hour.year(),
            hour.month(),
            hour.day(),
            hour.hour()
        );
        lake.parquet(&name, &rows.join("\n"));
    }
    lake
}

/// The scope of a range as people write it.
fn scope(from: &str, to: &str) -> Scope {
    Scope::new(TimeRange::parse(Some(from), Some(to), 0).unwrap())
}

/// The rows of a question, as CSV without its header.
async fn rows(engine: &Engine, name: &str, scope: &Scope, filters: &[Filter]) -> Vec<String> {
    let question = Question::find(name).unwrap().limited_to(filters.to_vec());
    let parameters = question.bind(scope);
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let csv = ask_as(engine, &question.text(), &parameters, OutputFormat::Csv).await;
    let (header, rows) = csv.split_once("\r\n").expect(&csv);
    assert!(
        header.contains("views") || header.contains("events"),
        "{csv}"
    );
    rows.lines().map(str::to_owned).collect()
}

#[track_caller]
fn starts_with(rows: &[String], expected: &str) {
    assert!(rows[0].starts_with(expected), "{rows:?}");
}

#[test]
fn a_visitor_counts_at_its_first_view_of_the_utc_day() {
    on_a_large_stack(|| async {
        let lake = lake_of(&[
            // Came before the range, on the same UTC day.
            view("1", "2026-11-20 22:00", "ann"),
            view("2", "2026-11-20 23:30", "ann"),
            // Came in it, twice.
            view("3", "2026-11-20 23:40", "bob"),
            view("4", "2026-11-20 23:50", "bob"),
            // The same value on another UTC day is another visitor.
            view("5", "2026-11-21 00:10", "bob"),
            // No visitor, and a visitor who only opened an email before.
            view("6", "2026-11-21 00:20", ""),
            Hit {
                event: "open",
                ..view("7", "2026-11-20 22:30", "cem")
            },
            view("8", "2026-11-20 23:59", "cem"),
            // After the range.
            view("9", "2026-11-21 01:00", "dan"),
        ]);
        let engine = engine_over(&lake).await;
        let late = scope("2026-11-20 23:00", "2026-11-21 01:00");
        // Views 2 to 6 and 8; bob twice and cem.
        starts_with(&rows(&engine, "totals", &late, &[]).await, "6,6,3,0,0,");
        assert_eq!(
            rows(&engine, "views_per_quarter", &late, &[]).await,
            [
                "2026-11-20 23:30:00.000,2,1",
                "2026-11-20 23:45:00.000,2,1",
                "2026-11-21 00:00:00.000,1,1",
                "2026-11-21 00:15:00.000,1,0",
            ]
        );
        assert_eq!(
            rows(&engine, "views_per_day", &late, &[]).await,
            ["2026-11-20,4,2", "2026-11-21,2,1"]
        );
        assert_eq!(rows(&engine, "browsers", &late, &[]).await, ["Firefox,6,3"]);
        assert_eq!(
            rows(&engine, "top_pages", &late, &[]).await,
            ["a.example,/,6,3"]
        );
        assert_eq!(
            rows(&engine, "sites", &late, &[]).await,
            ["a.example,6,3,6"]
        );
        // The hours add up to the day.
        let early = scope("2026-11-20", "2026-11-20 23:00");
        starts_with(&rows(&engine, "totals", &early, &[]).await, "2,1,1,1,1,");
        let both = scope("2026-11-20", "2026-11-21 01:00");
        starts_with(&rows(&engine, "totals", &both, &[]).await, "8,7,4,1,1,");
    });
}

/// The value of a visitor is another one on each UTC day: which is the least of them says nothing about the first.
#[test]
fn a_hit_that_was_sent_again_after_midnight_makes_no_other_visitor() {
    on_a_large_stack(|| async {
        let lake = lake_of(&[
            view("1", "2026-11-20 23:30", "m-of-day-20"),
            view("2", "2026-11-20 23:40", "m-of-day-20"),
            view("2", "2026-11-21 00:10", "a-of-day-21"),
            view("3", "2026-11-21 00:20", "a-of-day-21"),
        ]);
        let engine = engine_over(&lake).await;
        let both = scope("2026-11-20", "2026-11-21");
        // hits, views, visitors
        starts_with(&rows(&engine, "totals", &both, &[]).await, "3,3,2,");
        for (question, expected) in [
            ("browsers", "Firefox,3,2"),
            ("top_pages", "a.example,/,3,2"),
            ("views_per_day", "2026-11-20,2,1|2026-11-21,1,1"),
            ("sources", ",3,2,2"),
        ] {
            let found = rows(&engine, question, &both, &[]).await.join("|");
            assert_eq!(found, expected, "{question}");
        }
    });
}

#[test]
fn with_a_filter_on_the_event_its_first_hit_makes_the_visitor() {
    on_a_large_stack(|| async {
        let signup = |id, received_at, visitor| Hit {
            event: "signup",
            ..view(id, received_at, visitor)
        };
        let lake = lake_of(&[
            view("1", "2026-11-21 01:00", "ann"),
            signup("2", "2026-11-21 02:00", "ann"),
            signup("3", "2026-11-21 02:10", "ann"),
            signup("4", "2026-11-21 01:10", "bob"),
            signup("5", "2026-11-21 02:20", "bob"),
            view("6", "2026-11-21 02:30", "cem"),
            signup("7", "2026-11-21 02:40", ""),
        ]);
        let engine = engine_over(&lake).await;
        let range = scope("2026-11-21 02:00", "2026-11-21 03:00");
        let signups = [Filter::is(FilterColumn::Event, "signup")];
        // Conversions are in the column of views: 4, of one visitor who had not signed up before on that day.
        starts_with(&rows(&engine, "totals", &range, &signups).await, "4,4,1,");
        assert_eq!(
            rows(&engine, "sites", &range, &signups).await,
            ["a.example,4,1,4"]
        );
        starts_with(&rows(&engine, "totals", &range, &[]).await, "5,1,1,");
    });
}

fn of_class(id: &str, event: &'static str, agent: Option<&'static str>) -> Hit {
    Hit {
        event,
        agent,
        ..view(id, "2026-11-21 05:00", "")
    }
}

#[test]
fn bots_count_only_when_they_are_named() {
    on_a_large_stack(|| async {
        let lake = lake_of(&[
            of_class("1", "view", Some("human")),
            of_class("2", "view", Some("unknown")),
            // A record of version 0.1.0 has no class.
            of_class("3", "view", None),
            of_class("4", "view", Some("bot")),
            of_class("5", "view", Some("scanner")),
            of_class("6", "open", Some("bot")),
            of_class("7", "open", Some("human")),
            of_class("8", "open", Some("mail_proxy")),
            of_class("9", "open", Some("prefetch")),
        ]);
        let engine = engine_over(&lake).await;
        let people = scope("2026-11-21", "2026-11-21");
        let named = |names: &[&str]| Scope {
            agents: AgentClasses::named(names).unwrap(),
            ..people.clone()
        };
        // hits, views, visitors, opens, opens_at_most
        starts_with(&rows(&engine, "totals", &people, &[]).await, "4,3,0,1,3,");
        let bots = named(&["bot"]);
        starts_with(&rows(&engine, "totals", &bots, &[]).await, "2,1,0,1,1,");
        let unknown = named(&["unknown"]);
        starts_with(&rows(&engine, "totals", &unknown, &[]).await, "2,2,0,0,0,");
        let all = named(&AgentClasses::NAMES);
        starts_with(&rows(&engine, "totals", &all, &[]).await, "9,5,0,4,4,");
        assert_eq!(
            rows(&engine, "events", &people, &[]).await,
            ["open,a.example,/,1,3,0"]
        );
        assert_eq!(
            rows(&engine, "events", &bots, &[]).await,
            ["open,a.example,/,1,1,0"]
        );
        assert_eq!(rows(&engine, "browsers", &bots, &[]).await, ["Firefox,1,0"]);
        // All classes, whatever is named: agent, agent_rule, views, opens, hits.
        for scope in [&people, &bots] {
            assert_eq!(
                rows(&engine, "agents", scope, &[]).await,
                [
                    "bot,2026.11/bot,1,1,2",
                    "human,2026.11/human,1,1,2",
                    "mail_proxy,2026.11/mail_proxy,0,1,1",
                    "prefetch,2026.11/prefetch,0,1,1",
                    "scanner,2026.11/scanner,1,0,1",
                    "unknown,2026.11/unknown,1,0,1",
                    "unknown,,1,0,1",
                ]
            );
        }
    });
}

#[test]
fn campaigns_show_opens_as_a_range() {
    on_a_large_stack(|| async {
        let mut lake = LakeFixture::new();
        let open = |id: usize, agent: &str| {
            format!(
                r#"{{"hit_id":"{id}","received_at":"2026-11-21 05:00:00.000","event":"open","utm_source":"news","agent":"{agent}"}}"#
            )
        };
        let classes = ["human", "mail_proxy", "mail_proxy", "prefetch", "bot"];
        let rows_of_lake: Vec<String> = classes
            .iter()
            .enumerate()
            .map(|(id, class)| open(id, class))
            .collect();
        lake.parquet("2026-11-21-05", &rows_of_lake.join("\n"));
        let engine = engine_over(&lake).await;
        let day = scope("2026-11-21", "2026-11-21");
        let campaigns = rows(&engine, "campaigns", &day, &[]).await;
        // utm_source, utm_medium, utm_campaign, hits, views, then opens and opens_at_most somewhere behind.
        starts_with(&campaigns, "news,,,1,0,");
        assert!(campaigns[0].contains(",1,4,"), "{campaigns:?}");
    });
}

/// Hits of three days from 2026-11-20, of each class, with visitors that come more than once.
fn many_hits() -> Vec<Hit> {
    let first_ms = beacon_catalog::parse_moment("2026-11-20").unwrap();
    let mut state = 7_u64;
    let mut below = move |limit: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let classes = [
        None,
        Some("human"),
        Some("human"),
        Some("human"),
        Some("unknown"),
        Some("bot"),
        Some("mail_proxy"),
        Some("prefetch"),
        Some("scanner"),
    ];
    (0..600)
        .map(|number| {
            let agent = classes[below(classes.len())];
            let visits = matches!(agent, Some("human" | "unknown")) && below(10) > 0;
            Hit {
                id: format!("hit-{number}"),
                received_ms: first_ms + below(3 * 24 * 3_600) as u64 * 1_000,
                event: ["view", "view", "view", "open", "signup"][below(5)],
                page: [Some("/"), Some("/a"), Some("/b"), None][below(4)],
                visitor: visits.then(|| format!("visitor-{}", below(40))),
                agent,
                browser: [Some("Chrome"), Some("Firefox"), None][below(3)],
            }
        })
        .collect()
}

/// Views and visitors of each value of `key`, as the rows of a question.
fn expected<K: Ord + Clone>(
    hits: &[Hit],
    scope: &Scope,
    key: impl Fn(&Hit) -> K,
    row: impl Fn(&K, usize, usize) -> String,
) -> Vec<String> {
    expected_within(hits, scope, key, |_, hit_key| hit_key, row)
}

/// Returns the expected rows where a visitor is first within `key` and stands in the row of `row_of`.
///
/// A visitor is first within its UTC day, for example, and stands in the row of that view's quarter.
fn expected_within<K: Ord + Clone, R: Ord + Clone>(
    hits: &[Hit],
    scope: &Scope,
    key: impl Fn(&Hit) -> K,
    row_of: impl Fn(&Hit, K) -> R,
    row: impl Fn(&R, usize, usize) -> String,
) -> Vec<String> {
    let TimeRange { from_ms, to_ms } = scope.range;
    let classes: Vec<&str> = scope.agents.names().collect();
    let views = hits.iter().filter(|hit| {
        hit.event == "view" && hit.received_ms < to_ms && classes.contains(&hit.class())
    });
    let mut counts: BTreeMap<R, (usize, usize)> = BTreeMap::new();
    let mut firsts: BTreeMap<(K, &str, u64), &Hit> = BTreeMap::new();
    for hit in views {
        if hit.received_ms >= from_ms {
            counts.entry(row_of(hit, key(hit))).or_default().0 += 1;
        }
        if let Some(visitor) = &hit.visitor {
            let first = firsts
                .entry((key(hit), visitor.as_str(), hit.day()))
                .or_insert(hit);
            if hit.received_ms < first.received_ms {
                *first = hit;
            }
        }
    }
    for hit in firsts.into_values() {
        if hit.received_ms >= from_ms {
            counts.entry(row_of(hit, key(hit))).or_default().1 += 1;
        }
    }
    let mut rows: Vec<String> = counts
        .iter()
        .map(|(key, (views, visitors))| row(key, *views, *visitors))
        .collect();
    rows.sort();
    rows
}

#[test]
fn questions_count_as_the_reference_does() {
    on_a_large_stack(|| async {
        let hits = many_hits();
        let lake = lake_of(&hits);
        let engine = engine_over(&lake).await;
        let part = scope("2026-11-20 10:07", "2026-11-22 15:01");
        let machines = Scope {
            agents: AgentClasses::named(&["bot", "human"]).unwrap(),
            ..part.clone()
        };
        let hour = scope("2026-11-21 10:00", "2026-11-21 11:00");
        for scope in [scope("2026-11-20", "2026-11-22"), part, machines, hour] {
            let sorted = async |name| {
                let mut rows = rows(&engine, name, &scope, &[]).await;
                rows.sort();
                rows
            };
            let text = |value: &Option<&'static str>| value.unwrap_or_default();
            assert_eq!(
                sorted("browsers").await,
                expected(
                    &hits,
                    &scope,
                    |hit| hit.browser,
                    |browser, views, visitors| { format!("{},{views},{visitors}", text(browser)) }
                )
            );
            assert_eq!(
                sorted("top_pages").await,
                expected(
                    &hits,
                    &scope,
                    |hit| hit.page,
                    |page, views, visitors| {
                        format!("a.example,{},{views},{visitors}", text(page))
                    }
                )
            );
            assert_eq!(
                sorted("views_per_day").await,
                expected(&hits, &scope, Hit::day, |day, views, visitors| {
                    let day = &format_timestamp(day * DAY_MS)[..10];
                    format!("{day},{views},{visitors}")
                })
            );
            for (name, unit_ms) in [
                ("views_per_quarter", QUARTER_MS),
                ("views_per_hour", HOUR_MS),
            ] {
                let unit = |hit: &Hit, ()| hit.received_ms / unit_ms;
                assert_eq!(
                    sorted(name).await,
                    expected_within(
                        &hits,
                        &scope,
                        |_| (),
                        unit,
                        |number, views, visitors| {
                            format!("{},{views},{visitors}", format_timestamp(number * unit_ms))
                        }
                    )
                );
            }
            let totals = rows(&engine, "totals", &scope, &[]).await;
            let in_all = expected(
                &hits,
                &scope,
                |_| (),
                |(), views, visitors| format!("{views},{visitors}"),
            );
            let cells: Vec<&str> = totals[0].split(',').collect();
            assert_eq!(cells[1..3].join(","), in_all[0]);
        }
    });
}
