//! What questions count as one and as two: sources in two spellings, a site's own links, pairs of site and page.

use beacon_catalog::{Question, Scope, TimeRange};

use crate::engine::testing::{ask_as, engine_over, on_a_large_stack};
use crate::output::OutputFormat;
use beacon_lake_fixture::LakeFixture;

const HOUR: &str = "2026-11-21-05";

/// A view whose other columns are `columns`, as JSON without its braces.
fn view(hit_id: usize, columns: &str) -> String {
    hit(hit_id, "view", columns)
}

fn hit(hit_id: usize, event: &str, columns: &str) -> String {
    format!(
        r#"{{"hit_id":"{hit_id}","received_at":"2026-11-21 05:00:00.000","event":"{event}",{columns}}}"#
    )
}

fn lake_of(rows: &[String]) -> LakeFixture {
    let mut lake = LakeFixture::new();
    lake.parquet(HOUR, &rows.join("\n"));
    lake
}

async fn check(question: &str, rows: &[String], expected: &str) {
    let range = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
    let question = Question::find(question).unwrap();
    let parameters = question.bind(&Scope::new(range));
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let lake = lake_of(rows);
    let engine = engine_over(&lake).await;
    let csv = ask_as(&engine, &question.sql, &parameters, OutputFormat::Csv).await;
    let csv = csv.replace('\r', "");
    let (_names, rows) = csv.split_once('\n').unwrap_or(("", &csv));
    assert_eq!(rows.trim_end(), expected, "{}", question.name);
}

#[test]
fn a_source_in_two_spellings_is_one_row() {
    on_a_large_stack(|| async {
        let rows = [
            view(
                1,
                r#""site":"a.example","page":"/","utm_source":"LinkedIn""#,
            ),
            view(
                2,
                r#""site":"a.example","page":"/","utm_source":"linkedin""#,
            ),
            view(
                3,
                r#""site":"a.example","page":"/","utm_source":"LINKEDIN","utm_medium":"Social""#,
            ),
            view(
                4,
                r#""site":"a.example","page":"/","referrer_host":"News.example""#,
            ),
            view(
                5,
                r#""site":"a.example","page":"/","referrer_host":"news.example""#,
            ),
        ];
        check("sources", &rows, "LinkedIn,3,0,0\nnews.example,2,0,0").await;
        check(
            "top_pages_by_source",
            &rows,
            "a.example,/,LinkedIn,3,5\na.example,/,news.example,2,5",
        )
        .await;
        check("referrers", &rows, "news.example,2,0,1,0").await;
        check(
            "campaigns",
            &rows,
            "linkedin,,,2,2,0,0,0,0,0,0\nlinkedin,social,,1,1,0,0,0,0,0,0",
        )
        .await;
    });
}

#[test]
fn a_site_does_not_refer_to_itself_www_aside() {
    on_a_large_stack(|| async {
        let rows = [
            view(
                1,
                r#""site":"blog.example","page":"/","referrer_host":"www.blog.example""#,
            ),
            view(
                2,
                r#""site":"www.blog.example","page":"/","referrer_host":"blog.example""#,
            ),
            view(
                3,
                r#""site":"blog.example","page":"/","referrer_host":"blog.example""#,
            ),
            // Other hosts, and a view that names no site.
            view(
                4,
                r#""site":"blog.example","page":"/","referrer_host":"shop.blog.example""#,
            ),
            view(
                5,
                r#""site":"blog.example","page":"/","referrer_host":"wwwblog.example""#,
            ),
            view(
                6,
                r#""site":null,"page":"/","referrer_host":"www.blog.example""#,
            ),
        ];
        check(
            "referrers",
            &rows,
            "shop.blog.example,1,0,1,0\nwww.blog.example,1,0,1,0\nwwwblog.example,1,0,1,0",
        )
        .await;
        check(
            "sources",
            &rows,
            ",3,0,0\nblog.example,1,0,0\nshop.blog.example,1,0,0\nwwwblog.example,1,0,0",
        )
        .await;
        check(
            "top_pages_by_source",
            &rows,
            "blog.example,/,,2,4\n\
         blog.example,/,shop.blog.example,1,4\n\
         blog.example,/,wwwblog.example,1,4\n\
         www.blog.example,/,,1,1\n\
         ,/,blog.example,1,1",
        )
        .await;
    });
}

#[test]
fn pairs_of_site_and_page_are_counted_as_pairs() {
    on_a_large_stack(|| async {
        let rows = [
            view(1, r#""site":"a","page":"b/x","referrer_host":"n""#),
            view(2, r#""site":"ab","page":"/x","referrer_host":"n""#),
            view(3, r#""site":null,"page":"ab/x","referrer_host":"n""#),
            view(4, r#""site":"","page":"ab/x","referrer_host":"n""#),
            view(5, r#""site":"a","page":"b/x","referrer_host":"n""#),
            // No page is no page, and an open views none.
            view(6, r#""site":"a","page":null,"referrer_host":"n""#),
            hit(7, "open", r#""site":"c","page":"/mail""#),
        ];
        check(
            "totals",
            &rows,
            "7,6,0,1,1,0,4,4,2026-11-21 05:00:00.000,2026-11-21 05:00:00.000",
        )
        .await;
        check("referrers", &rows, "n,6,0,4,0").await;
    });
}

#[test]
fn a_site_with_opens_alone_is_listed() {
    on_a_large_stack(|| async {
        let rows = [
            hit(1, "open", r#""site":"mail.example""#),
            hit(2, "open", r#""site":"mail.example""#),
            hit(3, "signup", r#""site":"shop.example""#),
            view(4, r#""site":"blog.example""#),
        ];
        check(
            "sites",
            &rows,
            "blog.example,1,0,1\nmail.example,0,0,2\nshop.example,0,0,1",
        )
        .await;
    });
}

/// More rows than any list of 0.1.0 had, each site with one page, one source, one campaign and one event.
#[test]
fn no_list_ends_early() {
    on_a_large_stack(|| async {
        const ROWS: usize = 1_040;
        let mut rows = Vec::new();
        for number in 0..ROWS {
            let columns = format!(
                r#""site":"s{number}","page":"/{number}","utm_source":"u{number}","referrer_host":"r{number}""#
            );
            rows.push(view(2 * number, &columns));
            rows.push(hit(2 * number + 1, "open", &columns));
        }
        let lake = lake_of(&rows);
        let engine = engine_over(&lake).await;
        let range = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
        for name in [
            "top_pages",
            "top_pages_by_source",
            "sources",
            "referrers",
            "campaigns",
            "events",
            "sites",
        ] {
            let question = Question::find(name).unwrap();
            let parameters = question.bind(&Scope::new(range));
            let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
            let csv = ask_as(&engine, &question.sql, &parameters, OutputFormat::Csv).await;
            assert_eq!(csv.lines().count(), 1 + ROWS, "{name}");
        }
    });
}
