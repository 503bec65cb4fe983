//! The answers to every question over one small lake, worked out by hand.

use insta::assert_snapshot;

use super::{Scope, TimeRange, all, find};
use crate::engine::fixture::{LakeFixture, ask_as};
use crate::output::Format;

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
    let question = find(name).unwrap();
    let range = TimeRange::parse(Some(from), Some(to), 0).unwrap();
    let parameters = question.bind(&Scope {
        range,
        site: site.to_owned(),
    });
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    ask_as(&lake.engine().await, question.sql, &parameters, Format::Csv)
        .await
        .replace('\r', "")
}

async fn of_november(name: &str) -> String {
    answer(&november(), name, "2026-11-01", "2026-11-30", "*").await
}

#[tokio::test]
async fn totals() {
    assert_eq!(
        of_november("totals").await,
        "hits,views,opens,clicks,pages,sites,first_received_at,last_received_at\n\
         8,6,1,1,3,2,2026-11-01 00:00:00.000,2026-11-30 23:59:00.000\n",
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
        "hits,views,opens,clicks,pages,sites,first_received_at,last_received_at\n\
         1,1,0,0,1,1,2026-11-02 11:00:00.000,2026-11-02 11:00:00.000\n",
    );
}

#[tokio::test]
async fn views_per_day() {
    assert_eq!(
        of_november("views_per_day").await,
        "day,views\n2026-11-01,4\n2026-11-02,1\n2026-11-30,1\n"
    );
}

#[tokio::test]
async fn views_per_hour() {
    assert_eq!(
        of_november("views_per_hour").await,
        "hour,views\n\
         2026-11-01 00:00:00.000,2\n\
         2026-11-01 10:00:00.000,2\n\
         2026-11-02 11:00:00.000,1\n\
         2026-11-30 23:00:00.000,1\n",
    );
}

#[tokio::test]
async fn top_pages() {
    assert_eq!(
        of_november("top_pages").await,
        "site,page,views\n\
         a.example,/,2\n\
         a.example,/talks,2\n\
         a.example,,1\n\
         b.example,/,1\n",
    );
}

#[tokio::test]
async fn top_pages_by_source() {
    assert_eq!(
        of_november("top_pages_by_source").await,
        "site,page,source,views,page_views\n\
         a.example,/,,2,2\n\
         a.example,/talks,letter,1,2\n\
         a.example,/talks,news.example,1,2\n\
         a.example,,,1,1\n\
         b.example,/,ads,1,1\n",
    );
}

#[tokio::test]
async fn referrers() {
    assert_eq!(
        of_november("referrers").await,
        "referrer_host,views,pages\nnews.example,2,1\na.example,1,1\n"
    );
}

#[tokio::test]
async fn campaigns() {
    assert_eq!(
        of_november("campaigns").await,
        "utm_source,utm_medium,utm_campaign,hits,views,opens,clicks\n\
         letter,email,launch,3,1,1,1\n\
         ads,,,1,1,0,0\n",
    );
}

#[tokio::test]
async fn a_range_ends_before_its_end() {
    let lake = november();
    let csv = answer(&lake, "totals", "2026-11-01 00:00", "2026-11-01 00:30", "*").await;
    assert!(
        csv.lines().nth(1).unwrap().starts_with("1,1,0,0,1,1,"),
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
}

#[tokio::test]
async fn an_empty_lake_has_an_answer_to_every_question() {
    let lake = LakeFixture::new();
    let mut shown = String::new();
    for question in all() {
        shown += &answer(&lake, question.name, "2026-11-01", "2026-11-30", "*").await;
    }
    assert_snapshot!(shown, @"
    hits,views,opens,clicks,pages,sites,first_received_at,last_received_at
    0,0,0,0,0,0,,
    day,views
    hour,views
    site,page,views
    site,page,source,views,page_views
    referrer_host,views,pages
    utm_source,utm_medium,utm_campaign,hits,views,opens,clicks
    ");
}
