//! The views of free SQL: each hit once with its visit, and each visit.

use insta::assert_snapshot;

use crate::engine::testing::{ask, engine_over, on_a_large_stack};
use beacon_lake_fixture::LakeFixture;

/// Hits of a day in November: id, time of day, visitor, and other columns as JSON.
fn lake_of(hits: &[(&str, &str, &str, &str)]) -> LakeFixture {
    let mut lake = LakeFixture::new();
    for (hit_id, time, visitor, columns) in hits {
        let visitor = match *visitor {
            "" => String::new(),
            visitor => format!(r#""visitor":"{visitor}","#),
        };
        let row = format!(
            r#"{{"hit_id":"{hit_id}","received_at":"2026-11-{time}.000","site":"a.example",{visitor}{columns}}}"#
        );
        lake.parquet(&format!("2026-11-{}", &time[..5].replace(' ', "-")), &row);
    }
    lake
}

fn reading() -> LakeFixture {
    lake_of(&[
        (
            "1",
            "20 23:50:00",
            "ann",
            r#""event":"view","page":"/","referrer":"https://news.ycombinator.com/item","referrer_host":"news.ycombinator.com""#,
        ),
        (
            "2",
            "20 23:58:00",
            "ann",
            r#""event":"view","page":"/talks","referrer":"https://a.example/","referrer_host":"a.example""#,
        ),
        // The next UTC day is another visit, whatever the gap.
        (
            "3",
            "21 00:01:00",
            "ann",
            r#""event":"view","page":"/about","utm_source":"Letter","utm_medium":"email""#,
        ),
        // 30 minutes later is the same visit, and a millisecond more would not be.
        (
            "4",
            "21 00:31:00",
            "ann",
            r#""event":"signup","page":"/signup","utm_source":"ads""#,
        ),
        (
            "5",
            "21 01:01:01",
            "ann",
            r#""event":"view","page":null,"params":{"click_id":"gclid"}"#,
        ),
        // The first view decides, not the event before it.
        ("6", "21 09:00:00", "bob", r#""event":"ping","page":"/b""#),
        (
            "7",
            "21 09:00:01",
            "bob",
            r#""event":"view","page":"/a","referrer_host":"www.example.org""#,
        ),
        // In no visit, with sources of their own.
        (
            "8",
            "21 09:00:02",
            "bob",
            r#""event":"open","page":"/mail","utm_source":"letter","utm_medium":"email""#,
        ),
        (
            "9",
            "21 09:00:03",
            "",
            r#""event":"view","page":"/","referrer_host":"www.google.co.uk""#,
        ),
    ])
}

#[test]
fn unique_hits_have_the_source_and_the_pages_of_their_visits() {
    on_a_large_stack(|| async {
        let lake = reading();
        let engine = engine_over(&lake).await;
        let sql = "SELECT hit_id, visit_id, source, channel, entry_page, exit_page, occurrence FROM unique_hits ORDER BY hit_id";
        assert_snapshot!(ask(&engine, sql).await, @r"
    hit_id  visit_id  source       channel      entry_page  exit_page  occurrence
    ------  --------  -----------  -----------  ----------  ---------  ----------
    1       1         Hacker News  Social       /           /talks              1
    2       1         Hacker News  Social       /           /talks              1
    3       3         letter       Email        /about      /about              1
    4       3         letter       Email        /about      /about              1
    5       5         NULL         Paid search  NULL        NULL                1
    6       6         example.org  Referral     /a          /a                  1
    7       6         example.org  Referral     /a          /a                  1
    8       NULL      letter       Email        NULL        NULL                1
    9       NULL      Google       Search       NULL        NULL                1
    ");
    });
}

#[test]
fn a_visit_has_the_fields_of_its_first_view() {
    on_a_large_stack(|| async {
        let lake = reading();
        let engine = engine_over(&lake).await;
        let sql = "SELECT visit_id, visitor, started_at, ended_at, views, events, entry_page, exit_page, source, channel FROM visits ORDER BY visit_id";
        assert_snapshot!(ask(&engine, sql).await, @r"
    visit_id  visitor  started_at               ended_at                 views  events  entry_page  exit_page  source       channel
    --------  -------  -----------------------  -----------------------  -----  ------  ----------  ---------  -----------  -----------
    1         ann      2026-11-20 23:50:00.000  2026-11-20 23:58:00.000      2       0  /           /talks     Hacker News  Social
    3         ann      2026-11-21 00:01:00.000  2026-11-21 00:31:00.000      1       1  /about      /about     letter       Email
    5         ann      2026-11-21 01:01:01.000  2026-11-21 01:01:01.000      1       0  NULL        NULL       NULL         Paid search
    6         bob      2026-11-21 09:00:00.000  2026-11-21 09:00:01.000      1       1  /a          /a         example.org  Referral
    ");
        let sql = "SELECT visit_id, referrer, referrer_host, utm_source, utm_medium, click_id FROM visits ORDER BY visit_id";
        assert_snapshot!(ask(&engine, sql).await, @r"
    visit_id  referrer                           referrer_host         utm_source  utm_medium  click_id
    --------  ---------------------------------  --------------------  ----------  ----------  --------
    1         https://news.ycombinator.com/item  news.ycombinator.com  NULL        NULL        NULL
    3         NULL                               NULL                  Letter      email       NULL
    5         NULL                               NULL                  NULL        NULL        gclid
    6         NULL                               www.example.org       NULL        NULL        NULL
    ");
    });
}

#[test]
fn a_view_has_no_other_columns_than_it_names() {
    on_a_large_stack(|| async {
        let lake = LakeFixture::new();
        let engine = engine_over(&lake).await;
        let of_table = ask(&engine, "SHOW COLUMNS FROM hits").await.lines().count();
        let of_view = ask(&engine, "SHOW COLUMNS FROM unique_hits").await;
        assert_eq!(of_view.lines().count(), of_table + 6, "{of_view}");
        let of_visits = ask(&engine, "SHOW COLUMNS FROM visits").await;
        assert!(!of_visits.contains("source_known"), "{of_visits}");
    });
}

/// Visits cost sorting, which a statement that doesn't name their columns goes without.
#[test]
fn visits_that_a_statement_does_not_name_cost_nothing() {
    on_a_large_stack(|| async {
        let lake = reading();
        let engine = engine_over(&lake).await;
        let windows = async |columns: &str| {
            let sql = format!("EXPLAIN SELECT {columns} FROM unique_hits WHERE event = 'view'");
            let plan = ask(&engine, &sql).await;
            let (_, physical) = plan.split_once("physical_plan").unwrap();
            physical.matches("WindowAggExec").count()
        };
        assert_eq!(windows("count(*) AS views, min(page) AS page").await, 1);
        assert!(windows("count(DISTINCT visit_id) AS visits").await > 1);
    });
}

/// Each text, by what it is a source of and through which channel.
async fn sources_of(columns: &[&str]) -> String {
    let hits: Vec<String> = (0..columns.len())
        .map(|index| format!("{index:03}"))
        .collect();
    let hits: Vec<(&str, &str, &str, &str)> = hits
        .iter()
        .zip(columns)
        .map(|(hit_id, columns)| (hit_id.as_str(), "21 09:00:00", "", *columns))
        .collect();
    let lake = lake_of(&hits);
    let sql = "SELECT source, channel FROM unique_hits ORDER BY hit_id";
    ask(&engine_over(&lake).await, sql).await
}

#[test]
fn a_source_is_found_by_host_name_alias_and_app() {
    on_a_large_stack(|| async {
        let by_host = |host: &str| format!(r#""event":"view","referrer_host":"{host}""#);
        let by_tag = |source: &str| {
            format!(r#""event":"view","utm_source":"{source}","referrer_host":"bing.com""#)
        };
        let hits = [
            by_host("www.google.com"),
            by_host("google.de"),
            by_host("news.google.co.uk"),
            by_host("google.com.au"),
            by_host("notgoogle.com"),
            by_host("google.com.evil.example"),
            by_host("mail.google.com"),
            by_host("docs.google.com"),
            by_host("m.facebook.com"),
            by_host("facebook.com"),
            by_host("old.reddit.com"),
            by_host("yahoo.co.jp"),
            by_host("mail.yandex.ru"),
            by_host("yandex.com.tr"),
            by_host("android-app://com.slack"),
            by_host("android-app://com.unknown"),
            by_host("www.blog.example"),
            by_host("www.a.example"),
            by_tag("HN"),
            by_tag("Hacker News"),
            by_tag("Twitter"),
            by_tag("www.Own.example"),
            by_tag("chatgpt.com"),
        ];
        let hits: Vec<&str> = hits.iter().map(String::as_str).collect();
        assert_snapshot!(sources_of(&hits).await, @r"
    source                     channel
    -------------------------  ----------------
    Google                     Search
    Google                     Search
    Google                     Search
    Google                     Search
    notgoogle.com              Referral
    google.com.evil.example    Referral
    Gmail                      Email
    Google Docs                Referral
    Facebook                   Social
    Facebook                   Social
    Reddit                     Social
    Yahoo                      Search
    Yandex Mail                Email
    Yandex                     Search
    Slack                      Social
    android-app://com.unknown  Referral
    blog.example               Referral
    NULL                       Direct / unknown
    Hacker News                Social
    Hacker News                Social
    X                          Social
    www.own.example            Other campaigns
    ChatGPT                    AI assistants
    ");
    });
}

#[test]
fn the_first_rule_of_a_channel_decides() {
    on_a_large_stack(|| async {
        let hits = [
            r#""event":"view","utm_medium":"CPC","referrer_host":"bing.com""#,
            r#""event":"view","params":{"click_id":"msclkid"},"referrer_host":"example.org""#,
            r#""event":"view","params":{"click_id":"gclid"},"referrer_host":"facebook.com""#,
            r#""event":"view","params":{"click_id":"fbclid"},"referrer_host":"example.org""#,
            r#""event":"view","utm_source":"ig","utm_medium":"paid-social""#,
            r#""event":"view","utm_source":"x.example","utm_medium":"cpm""#,
            r#""event":"view","referrer_host":"ad.doubleclick.net""#,
            r#""event":"view","utm_source":"x.example","utm_medium":"retargeting""#,
            r#""event":"view","utm_source":"x.example","utm_medium":"Newsletter""#,
            r#""event":"view","utm_source":"newsletter""#,
            r#""event":"view","utm_source":"x.example","utm_medium":"partner""#,
            r#""event":"view","utm_source":"x.example","utm_medium":"organic""#,
            r#""event":"view","utm_source":"x.example","utm_medium":"sm""#,
            r#""event":"view","utm_term":"pixel""#,
            r#""event":"view""#,
        ];
        assert_snapshot!(sources_of(&hits).await, @r"
    source       channel
    -----------  ----------------
    Bing         Paid search
    example.org  Paid search
    Facebook     Social
    example.org  Referral
    Instagram    Paid social
    x.example    Display ads
    Google Ads   Display ads
    x.example    Other ads
    x.example    Email
    newsletter   Email
    x.example    Affiliates
    x.example    Search
    x.example    Social
    NULL         Other campaigns
    NULL         Direct / unknown
    ");
    });
}
