use beacon_catalog::{ColumnSource, Operator};
use beacon_core::time::format_timestamp;

use super::*;

/// 2026-11-21 05:30 UTC
const NOW_MS: u64 = 1_795_239_000_000;

fn custom_columns() -> Vec<CustomColumn> {
    vec![CustomColumn {
        name: "userid".to_owned(),
        source: ColumnSource::Parameter("uid".to_owned()),
    }]
}

fn parameters(search: &str) -> Vec<(String, String)> {
    let pairs = search.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[track_caller]
fn address(search: &str) -> Address {
    read(&parameters(search), &custom_columns(), NOW_MS).unwrap()
}

fn filters(address: &Address) -> Vec<String> {
    let texts = address.filters.iter().map(|filter| {
        let operator = filter.op.as_deref().unwrap();
        format!("{} {operator} {}", filter.column, filter.values.join("|"))
    });
    texts.collect()
}

fn days(address: &Address) -> String {
    let minute = |ms| format_timestamp(ms)[..16].to_owned();
    format!(
        "{} .. {}",
        minute(address.range.from_ms),
        minute(address.range.to_ms)
    )
}

#[test]
fn an_address_without_parameters_is_a_week_of_all_sites() {
    let address = address("");
    assert_eq!(days(&address), "2026-11-15 00:00 .. 2026-11-22 00:00");
    assert_eq!(
        (&address.site, &address.agents, address.filters.len()),
        (&None, &None, 0)
    );
}

#[test]
fn an_address_of_the_page_is_read_as_the_page_does() {
    let address = address(
        "period=last-month&zone=Europe/Berlin&compare=year&bars=day&metric=visits&site=blog.example&page=/a&page=/b\
         &source.not=Google&page.starts=/c&country.empty=no&userid=7&prop.plan=pro&by=utm_source",
    );
    assert_eq!(days(&address), "2026-09-30 22:00 .. 2026-10-31 23:00");
    assert_eq!(address.site.as_deref(), Some("blog.example"));
    assert_eq!(
        filters(&address),
        [
            "page is /a",
            "page is /b",
            "source is_not Google",
            "page starts_with /c",
            "country is_not_empty ",
            "userid is 7",
            "prop.plan is pro",
        ]
    );
    assert_eq!(address.by.as_deref(), Some("utm_source"));
    let request = address.request("campaign_tags");
    assert!(request.reads_private());
    assert!(request.statement(&custom_columns()).is_ok());
    assert_eq!(
        request.filters[3].op.as_deref(),
        Some(Operator::StartsWith.name())
    );
}

#[test]
fn two_sites_are_a_filter() {
    let both = address("site=a.example&site=b.example");
    assert_eq!(both.site, None);
    assert_eq!(filters(&both), ["site is a.example", "site is b.example"]);
    assert_eq!(
        filters(&address("site.not=a.example")),
        ["site is_not a.example"]
    );
}

#[test]
fn an_address_of_an_earlier_version_names_a_column_and_its_value() {
    assert_eq!(filters(&address("column=userid&value=7")), ["userid is 7"]);
}

#[test]
fn what_a_form_leaves_as_it_is_filters_nothing() {
    let left = address("site=*&page=&source=");
    assert_eq!(left, address(""));
}

#[test]
fn classes_of_agents_are_named_or_excluded() {
    #[track_caller]
    fn check(search: &str, expected: &[&str]) {
        assert_eq!(address(search).agents.unwrap(), expected, "{search}");
    }
    check("agent=bot&agent=scanner", &["bot", "scanner"]);
    check("agent.not=unknown", &["human"]);
    check(
        "agent.not=human&agent.not=unknown",
        &["bot", "scanner", "prefetch", "mail_proxy"],
    );
    check("agent=bot&agent=human&agent.not=human", &["bot"]);
}

#[test]
fn what_is_not_known_is_quoted() {
    #[track_caller]
    fn check(search: &str, expected: &str) {
        let problem = read(&parameters(search), &custom_columns(), NOW_MS).unwrap_err();
        assert_eq!(problem.status, 422);
        assert_eq!(
            problem.detail,
            format!("This address has a filter that isn't known: {expected}")
        );
    }
    check("visitor=7", "visitor=7");
    check("visitor=", "visitor=");
    check("period=8d", "period=8d");
    check(
        "period=&zone=&bars=&agent=",
        "zone=, period=, bars=, agent=",
    );
    check(
        "period=7d&from=2026-11-01&to=2026-11-02",
        "period=7d, from=2026-11-01, to=2026-11-02",
    );
    check("from=2026-11-01", "from=2026-11-01");
    check(
        "from=2026-11-02&to=2026-11-01",
        "from=2026-11-02, to=2026-11-01",
    );
    check("zone=Berlin", "zone=Berlin");
    check(
        "bars=minute&metric=clicks&compare=never",
        "compare=never, bars=minute, metric=clicks",
    );
    check("period=7d&period=30d", "period more than once");
    check("agent=robot", "agent=robot");
    check("agent.not=robot", "agent.not=robot");
    check("agent.contains=bot", "agent.contains=bot");
    check("agent=bot&agent.not=bot", "agent.not=bot");
    check("page.ends=/x", "page.ends=/x");
    check("page.empty=maybe", "page.empty=maybe");
    check("newsletter=7", "newsletter=7");
    check("column=page&value=/", "column=page");
    check("column=userid", "column=userid");
    check("value=7", "value=7");
    check(
        "visitor=7&page.ends=/x&visitor=7",
        "visitor=7, page.ends=/x",
    );
}
