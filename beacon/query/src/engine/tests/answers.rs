//! The answers to every question over one small lake, worked out by hand.

use insta::assert_snapshot;

use beacon_catalog::{ColumnFilter, ColumnSource, Question, Scope, TimeRange};

use crate::engine::testing::{ask_as, engine_over, on_a_large_stack};
use crate::output::OutputFormat;
use beacon_lake_fixture::LakeFixture;

/// What lies where, and why it is there. Times are in November 2026.
///
/// | hit | received | site, page | of note |
/// |---|---|---|---|
/// | before | Oct 31 23:59:59.999 | a / | a millisecond before November; filed in the hour before |
/// | first | Nov 1 00:00:00.000 | a / | filed in October's last hour, as Firehose does; delivered twice, a day apart |
/// | second | Nov 1 00:30 | a /talks | from news.example, in both a Parquet and a JSON file |
/// | third | Nov 1 10:00 | a /talks | utm_source=letter over a referrer |
/// | inner | Nov 1 10:59:59.999 | a / | referrer is the site itself |
/// | other | Nov 2 11:00 | b / | page of the same name on another site |
/// | blank | Nov 30 23:59 | a NULL | the browser did not tell the page |
/// | open | Nov 2 09:00 | a /mail | not a view |
/// | click | Nov 2 09:01 | a /talks | not a view; same campaign |
/// | after | Dec 1 00:00:00.000 | a / | the first moment behind November |
fn november() -> LakeFixture {
    let mut lake = LakeFixture::new();
    let first = r#"{"hit_id":"first","received_at":"2026-11-01 00:00:00.000","site":"a.example","event":"view","page":"/"}"#;
    let second = r#"{"hit_id":"second","received_at":"2026-11-01 00:30:00.000","site":"a.example","event":"view","page":"/talks","referrer_host":"news.example"}"#;
    lake.parquet(
        "2026-10-31-23",
        &[r#"{"hit_id":"before","received_at":"2026-10-31 23:59:59.999","site":"a.example","event":"view","page":"/"}"#, first].join("\n"),
    );
    lake.parquet("2026-11-01-00", second);
    lake.json("2026-11-01-00", second);
    lake.parquet("2026-11-02-00", first);
    lake.parquet(
        "2026-11-01-10",
        r#"{"hit_id":"third","received_at":"2026-11-01 10:00:00.000","site":"a.example","event":"view","page":"/talks","referrer_host":"news.example","utm_source":"letter","utm_medium":"email","utm_campaign":"launch"}
{"hit_id":"inner","received_at":"2026-11-01 10:59:59.999","site":"a.example","event":"view","page":"/","referrer_host":"a.example"}"#,
    );
    lake.json(
        "2026-11-02-09",
        r#"{"hit_id":"open","received_at":"2026-11-02 09:00:00.000","site":"a.example","event":"open","page":"/mail","utm_source":"letter","utm_medium":"email","utm_campaign":"launch"}
{"hit_id":"click","received_at":"2026-11-02 09:01:00.000","site":"a.example","event":"click","page":"/talks","utm_source":"letter","utm_medium":"email","utm_campaign":"launch"}
{"hit_id":"other","received_at":"2026-11-02 11:00:00.000","site":"b.example","event":"view","page":"/","referrer_host":"a.example","utm_source":"ads"}"#,
    );
    lake.parquet(
        "2026-11-30-23",
        r#"{"hit_id":"blank","received_at":"2026-11-30 23:59:00.000","site":"a.example","event":"view","page":null}
{"hit_id":"after","received_at":"2026-12-01 00:00:00.000","site":"a.example","event":"view","page":"/"}"#,
    );
    lake
}

async fn answer(lake: &LakeFixture, name: &str, from: &str, to: &str, site: &str) -> String {
    let range = TimeRange::parse(Some(from), Some(to), 0).unwrap();
    let scope = Scope {
        site: site.to_owned(),
        ..Scope::new(range)
    };
    about(lake, name, &scope).await
}

/// The answer about any scope.
async fn about(lake: &LakeFixture, name: &str, scope: &Scope) -> String {
    let question = Question::find(name).unwrap();
    let parameters = question.bind(scope);
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    ask_as(
        &engine_over(lake).await,
        &question.sql,
        &parameters,
        OutputFormat::Csv,
    )
    .await
    .replace('\r', "")
}

async fn of_november(name: &str) -> String {
    answer(&november(), name, "2026-11-01", "2026-11-30", "*").await
}

#[test]
fn totals() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("totals").await,
            "hits,views,visitors,opens,opens_at_most,clicks,pages,sites,first_received_at,last_received_at\n\
         8,6,0,1,1,1,3,2,2026-11-01 00:00:00.000,2026-11-30 23:59:00.000\n",
        );
        assert_eq!(
            answer(
                &november(),
                "totals",
                "2026-11-01",
                "2026-11-30",
                "b.example"
            )
            .await,
            "hits,views,visitors,opens,opens_at_most,clicks,pages,sites,first_received_at,last_received_at\n\
         1,1,0,0,0,0,1,1,2026-11-02 11:00:00.000,2026-11-02 11:00:00.000\n",
        );
    });
}

#[test]
fn views_per_day() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("views_per_day").await,
            "day,views,visitors\n2026-11-01,4,0\n2026-11-02,1,0\n2026-11-30,1,0\n"
        );
    });
}

#[test]
fn views_per_hour() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("views_per_hour").await,
            "hour,views,visitors\n\
         2026-11-01 00:00:00.000,2,0\n\
         2026-11-01 10:00:00.000,2,0\n\
         2026-11-02 11:00:00.000,1,0\n\
         2026-11-30 23:00:00.000,1,0\n",
        );
    });
}

#[test]
fn top_pages() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("top_pages").await,
            "site,page,views,visitors\n\
         a.example,/,2,0\n\
         a.example,/talks,2,0\n\
         a.example,,1,0\n\
         b.example,/,1,0\n",
        );
    });
}

#[test]
fn top_pages_by_source() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("top_pages_by_source").await,
            "site,page,source,views,page_views\n\
         a.example,/,,2,2\n\
         a.example,/talks,letter,1,2\n\
         a.example,/talks,news.example,1,2\n\
         a.example,,,1,1\n\
         b.example,/,ads,1,1\n",
        );
    });
}

#[test]
fn referrers() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("referrers").await,
            "referrer_host,views,visitors,pages,visits\nnews.example,2,0,1,0\na.example,1,0,1,0\n"
        );
    });
}

#[test]
fn campaigns() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("campaigns").await,
            "utm_source,utm_medium,utm_campaign,hits,views,visitors,opens,opens_at_most,clicks,unique_opens,unique_opens_at_most\n\
         letter,email,launch,3,1,0,1,1,1,0,0\n\
         ads,,,1,1,0,0,0,0,0,0\n",
        );
    });
}

#[test]
fn views_per_quarter() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("views_per_quarter").await,
            "quarter,views,visitors\n\
         2026-11-01 00:00:00.000,1,0\n\
         2026-11-01 00:30:00.000,1,0\n\
         2026-11-01 10:00:00.000,1,0\n\
         2026-11-01 10:45:00.000,1,0\n\
         2026-11-02 11:00:00.000,1,0\n\
         2026-11-30 23:45:00.000,1,0\n",
        );
    });
}

#[test]
fn sources() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("sources").await,
            "source,views,visitors,visits\n,3,0,0\nads,1,0,0\nletter,1,0,0\nnews.example,1,0,0\n"
        );
    });
}

#[test]
fn channels() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("channels").await,
            "channel,views,visitors,visits\n\
         Direct / unknown,3,0,0\n\
         Email,1,0,0\n\
         Other campaigns,1,0,0\n\
         Referral,1,0,0\n",
        );
    });
}

#[test]
fn visit_totals() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("visit_totals").await,
            "visits,single_page_visits,median_seconds\n0,0,\n"
        );
    });
}

#[test]
fn sites() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("sites").await,
            "site,views,visitors,hits\na.example,5,0,7\nb.example,1,0,1\n"
        );
    });
}

#[test]
fn events() {
    on_a_large_stack(|| async {
        assert_eq!(
            of_november("events").await,
            "event,site,page,events,events_at_most,visitors\nclick,a.example,/talks,1,1,0\nopen,a.example,/mail,1,1,0\n"
        );
    });
}

#[test]
fn filters_leave_what_is_asked_for() {
    on_a_large_stack(check_filters);
}

/// One hit on the first quarter's last millisecond, one by parameter, one by header, and one by both of another.
async fn check_filters() {
    let mut lake = LakeFixture::new();
    lake.parquet(
        "2026-11-21-05",
        r#"{"hit_id":"1","received_at":"2026-11-21 05:14:59.999","site":"a","event":"view","page":"/","params":{"user":"7"},"headers":{}}
{"hit_id":"2","received_at":"2026-11-21 05:15:00.000","site":"a","event":"view","page":"/b","params":{},"headers":{"user":"7"}}
{"hit_id":"3","received_at":"2026-11-21 05:29:59.999","site":"a","event":"open","page":"/b","params":{"user":"8"},"headers":{"user":"9"}}
{"hit_id":"4","received_at":"2026-11-21 05:30:00.000","site":"b","event":"view","page":"/b"}"#,
    );
    let range = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
    let all = Scope::new(range);
    let page = Scope {
        page: "/b".to_owned(),
        ..all.clone()
    };
    let user = |source: fn(String) -> ColumnSource, value: &str| Scope {
        column: Some(ColumnFilter {
            source: source("user".to_owned()),
            value: value.to_owned(),
        }),
        ..all.clone()
    };
    let (parameter, header) = (ColumnSource::Parameter, ColumnSource::Header);
    // Hits of all questions under each filter: the numbers of rows that they count from.
    for (scope, hits, quarters) in [
        (
            &all,
            "4,3,0,1,1,0",
            "05:00:00.000,1,0 05:15:00.000,1,0 05:30:00.000,1,0",
        ),
        (&page, "3,2,0,1,1,0", "05:15:00.000,1,0 05:30:00.000,1,0"),
        (&user(parameter, "7"), "1,1,0,0,0,0", "05:00:00.000,1,0"),
        (&user(header, "7"), "1,1,0,0,0,0", "05:15:00.000,1,0"),
        (&user(parameter, "8"), "1,0,0,1,1,0", ""),
        (&user(header, "9"), "1,0,0,1,1,0", ""),
        (&user(parameter, "9"), "0,0,0,0,0,0", ""),
        (&user(header, "user"), "0,0,0,0,0,0", ""),
    ] {
        let totals = about(&lake, "totals", scope).await;
        let line = totals.lines().nth(1).unwrap();
        assert!(line.starts_with(&format!("{hits},")), "{scope:?}: {line}");
        let counted: Vec<String> = about(&lake, "views_per_quarter", scope)
            .await
            .lines()
            .skip(1)
            .map(|line| line.replace("2026-11-21 ", ""))
            .collect();
        assert_eq!(counted.join(" "), quarters, "{scope:?}");
    }
    let nobody = user(parameter, "nobody");
    for question in all_questions() {
        let lines = about(&lake, question, &nobody).await.lines().count();
        assert_eq!(
            lines,
            if question.ends_with("totals") { 2 } else { 1 },
            "{question}"
        );
    }
}

fn all_questions() -> impl Iterator<Item = &'static str> {
    Question::all().map(|question| question.name)
}

#[test]
fn a_range_ends_before_its_end() {
    on_a_large_stack(|| async {
        let lake = november();
        let csv = answer(&lake, "totals", "2026-11-01 00:00", "2026-11-01 00:30", "*").await;
        assert!(
            csv.lines().nth(1).unwrap().starts_with("1,1,0,0,0,0,1,1,"),
            "{csv}"
        );
        let csv = answer(&lake, "totals", "2026-10-31", "2026-10-31", "*").await;
        assert!(
            csv.lines()
                .nth(1)
                .unwrap()
                .ends_with(",2026-10-31 23:59:59.999,2026-10-31 23:59:59.999"),
            "{csv}"
        );
    });
}

#[test]
fn an_empty_lake_has_an_answer_to_every_question() {
    on_a_large_stack(|| async {
        let lake = LakeFixture::new();
        let mut shown = String::new();
        for question in Question::all() {
            shown += &answer(&lake, question.name, "2026-11-01", "2026-11-30", "*").await;
        }
        assert_snapshot!(shown, @"
    hits,views,visitors,opens,opens_at_most,clicks,pages,sites,first_received_at,last_received_at
    0,0,0,0,0,0,0,0,,
    visits,single_page_visits,median_seconds
    0,0,
    quarter,views,visitors
    day,views,visitors
    hour,views,visitors
    quarter,visits
    quarter,opens,opens_at_most
    site,page,views,visitors
    site,entry_page,visits,views,visitors
    site,exit_page,visits,views,visitors
    site,page,source,views,page_views
    source,views,visitors,visits
    channel,views,visitors,visits
    referrer_host,views,visitors,pages,visits
    utm_source,utm_medium,utm_campaign,hits,views,visitors,opens,opens_at_most,clicks,unique_opens,unique_opens_at_most
    value,views,visitors
    campaign,message,utm_content,hits,opens,opens_at_most,unique_opens,unique_opens_at_most,clicks
    program,opens,opens_at_most
    event,site,page,events,events_at_most,visitors
    event,times,visitors
    property,times,visitors
    value,times,visitors
    site,views,visitors,hits
    site,day,views,visitors
    browser,views,visitors
    os,views,visitors
    device,views,visitors
    size,views,visitors
    country,views,visitors
    language,views,visitors
    agent,agent_rule,views,opens,hits
    ");
    });
}
