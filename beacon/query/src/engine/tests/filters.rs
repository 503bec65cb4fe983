//! Conditions that the dashboard joins to a question: each finds the hits of the row that it comes from.

use beacon_catalog::{Filter, FilterColumn, Question, Scope, TimeRange};

use crate::engine::testing::{ask_as, engine_over, on_a_large_stack};
use crate::output::OutputFormat;
use beacon_lake_fixture::LakeFixture;

const HOUR: &str = "2026-11-21-05";

const HITS: [&str; 9] = [
    r#""event":"view","site":"a.example","page":"/","referrer_host":"News.example""#,
    r#""event":"view","site":"a.example","page":"/","referrer_host":"android-app://com.google.android.gm""#,
    r#""event":"view","site":"a.example","page":"/","referrer_host":"a.example""#,
    r#""event":"view","site":"a.example","page":"/","referrer_host":"www.a.example""#,
    r#""event":"view","site":"www.b.example","page":"/","referrer_host":"b.example""#,
    r#""event":"view","site":"b.example","page":"/","referrer_host":"a.example""#,
    r#""event":"open","site":"a.example","page":"/mail","utm_source":"News","utm_medium":"email""#,
    r#""event":"open","site":"a.example","utm_source":"NEWS","utm_medium":"email","utm_campaign":"Issue 12""#,
    r#""event":"click","page":"/mail""#,
];

fn lake() -> LakeFixture {
    let rows: Vec<String> = HITS
        .iter()
        .enumerate()
        .map(|(index, columns)| {
            format!(r#"{{"hit_id":"{index}","received_at":"2026-11-21 05:00:00.000",{columns}}}"#)
        })
        .collect();
    let mut lake = LakeFixture::new();
    lake.parquet(HOUR, &rows.join("\n"));
    lake
}

fn filter(column: FilterColumn, value: Option<&str>) -> Filter {
    match value {
        Some(value) => Filter::is(column, value),
        None => Filter::is_empty(column),
    }
}

/// The CSV of a question of that day, limited by conditions.
async fn answer(question: &str, filters: Vec<Filter>) -> String {
    let range = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
    let question = Question::find(question).unwrap().limited_to(filters);
    let parameters = question.bind(&Scope::new(range));
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let lake = lake();
    ask_as(
        &engine_over(&lake).await,
        &question.text(),
        &parameters,
        OutputFormat::Csv,
    )
    .await
}

async fn check(filters: Vec<Filter>, expected: &str) {
    let shown = format!("{filters:?}");
    let csv = answer("totals", filters).await;
    let hits = csv.lines().nth(1).and_then(|row| row.split(',').next());
    assert_eq!(hits, Some(expected), "{shown}");
}

#[test]
fn a_condition_finds_the_hits_of_its_row() {
    on_a_large_stack(ask_for_the_hits_of_each_row);
}

async fn ask_for_the_hits_of_each_row() {
    use FilterColumn::*;
    check(vec![], "9").await;
    check(vec![filter(Event, Some("open"))], "2").await;
    check(vec![filter(Event, Some("Open"))], "0").await;
    check(vec![filter(Site, None)], "1").await;
    check(vec![filter(Page, None)], "1").await;
    check(vec![filter(Referrer, Some("news.example"))], "1").await;
    let app = "android-app://com.google.android.gm";
    check(vec![filter(Referrer, Some(app))], "1").await;
    // Not the site's own, `www.` aside.
    check(vec![filter(Referrer, Some("a.example"))], "1").await;
    check(vec![filter(Referrer, Some("www.a.example"))], "0").await;
    check(vec![filter(Referrer, Some("b.example"))], "0").await;
    check(vec![filter(Referrer, None)], "6").await;
    // In any case.
    check(vec![filter(UtmSource, Some("news"))], "2").await;
    check(vec![filter(UtmMedium, Some("EMAIL"))], "2").await;
    check(vec![filter(UtmCampaign, Some("issue 12"))], "1").await;
    check(
        vec![
            filter(UtmSource, Some("news")),
            filter(UtmMedium, Some("email")),
            filter(UtmCampaign, None),
        ],
        "1",
    )
    .await;
    check(vec![filter(Event, Some("click")), filter(Site, None)], "1").await;
    // By the name of the source, and by the channel.
    check(vec![filter(Source, Some("Gmail"))], "1").await;
    check(vec![filter(Source, Some("news"))], "2").await;
    check(vec![filter(Source, None)], "4").await;
    check(vec![filter(Channel, Some("Email"))], "3").await;
    check(vec![filter(Channel, Some("Referral"))], "2").await;
    check(vec![filter(Channel, None)], "0").await;
    // No hit has a visitor, and so none is in a visit.
    check(vec![filter(EntryPage, None)], "9").await;
    check(vec![filter(ExitPage, Some("/"))], "0").await;
}

#[test]
fn every_question_takes_every_condition() {
    on_a_large_stack(ask_every_question_with_every_condition);
}

async fn ask_every_question_with_every_condition() {
    let filters = |value: Option<&str>| {
        FilterColumn::ALL
            .map(|column| filter(column, value))
            .to_vec()
    };
    for question in Question::all() {
        for value in [Some("it's"), None] {
            let csv = answer(question.name, filters(value)).await;
            let rows = csv.lines().count();
            // Totals count nothing, the others list nothing.
            let expected = if question.name.ends_with("totals") {
                2
            } else {
                1
            };
            assert!(rows <= expected, "{}: {csv}", question.name);
        }
    }
}
