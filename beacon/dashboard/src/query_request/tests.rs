use axum::Json;
use beacon_catalog::ColumnSource;

use super::*;

fn parse(body: &str) -> Result<QueryRequest, Problem> {
    let Json(request) = Json::from_bytes(body.as_bytes())?;
    Ok(request)
}

fn statement(body: &str) -> Result<Vec<String>, String> {
    let columns = [CustomColumn {
        name: "userid".to_owned(),
        source: ColumnSource::Parameter("uid".to_owned()),
    }];
    parse(body)
        .and_then(|request| request.statement(&columns))
        .map(|statement| statement.parameters)
        .map_err(|problem| format!("{} {}", problem.status.as_u16(), problem.detail))
}

#[track_caller]
fn check_refused(body: &str, expected: &str) {
    assert_eq!(statement(body).unwrap_err(), expected);
}

#[test]
fn what_is_asked_is_bound() {
    let body = r#"{"question":"totals","from_ms":1795219200000,"to_ms":1795305600000,"site":"a.example",
            "page":"/talks","column":{"name":"userid","value":"7"}}"#;
    assert_eq!(
        statement(body).unwrap().join(" "),
        "view 2026-11-21 00:00:00.000 human,unknown 2026 2026 2026112023 2026112300 2026-11-21 00:00:00.000 \
             2026-11-22 00:00:00.000 human,unknown,mail_proxy,prefetch human,unknown a.example a.example a.example \
             /talks /talks /talks uid uid 7 * 7"
    );
    let body = r#"{"question":"totals","from_ms":0,"to_ms":1.0,"column":null}"#;
    assert_eq!(statement(body).unwrap()[11..], ["*"; 11]);
}

#[test]
fn classes_of_agents_are_bound() {
    let body = r#"{"question":"totals","from_ms":0,"to_ms":1,"agents":["bot","scanner"]}"#;
    let bound = statement(body).unwrap();
    assert_eq!(bound[2], "bot,scanner");
    assert_eq!(bound[9..11], ["bot,scanner", "bot,scanner"]);
    let body = r#"{"question":"totals","from_ms":0,"to_ms":1,"agents":null}"#;
    assert_eq!(statement(body).unwrap()[10], "human,unknown");
}

/// The values that filters bind behind those of the question.
fn filtered(filters: &str) -> Result<String, String> {
    let body = format!(r#"{{"question":"totals","from_ms":0,"to_ms":1,"filters":[{filters}]}}"#);
    let own = Question::find("totals").unwrap().parameters.len();
    Ok(statement(&body)?.split_off(own).join(" "))
}

#[test]
fn with_a_filter_on_the_event_every_hit_that_meets_it_counts() {
    let body = r#"{"question":"totals","from_ms":0,"to_ms":1,"filters":[{"column":"event","value":"signup"}]}"#;
    assert_eq!(statement(body).unwrap()[0], "*");
}

#[test]
fn filters_have_operators_and_values() {
    #[track_caller]
    fn check(filters: &str, expected: &str) {
        assert_eq!(filtered(filters).unwrap(), expected);
    }
    check(r#"{"column":"os","values":["iOS"]}"#, "iOS");
    check(
        r#"{"column":"os","op":"is_not","values":["iOS","macOS"]}"#,
        "iOS macOS",
    );
    check(
        r#"{"column":"page","op":"starts_with","values":["/a"]},{"column":"page","op":"contains","values":["b"]}"#,
        "/a b",
    );
    check(r#"{"column":"page","op":"is_empty"}"#, "");
    check(r#"{"column":"prop.plan","values":["pro"]}"#, "plan pro");
    check(r#"{"column":"userid","values":["7"]}"#, "uid 7");
    // The older form.
    check(r#"{"column":"os","value":"iOS"}"#, "iOS");
    check(r#"{"column":"os","value":null}"#, "");
}

#[test]
fn filters_that_can_not_be_say_why() {
    #[track_caller]
    fn check(filters: &str, expected: &str) {
        assert_eq!(filtered(filters).unwrap_err(), expected);
    }
    check(
        r#"{"column":"os","op":"like","values":["i"]}"#,
        "422 there is no operator \"like\"; there are is, is_not, contains, starts_with, is_empty, is_not_empty",
    );
    check(
        r#"{"column":"os"}"#,
        "422 the filter on \"os\" has 0 values; is takes 1 to 20",
    );
    check(
        r#"{"column":"os","value":"iOS","values":["iOS"]}"#,
        "422 the filter on \"os\" has value beside op or values: write a list of values, and leave value out",
    );
    check(
        r#"{"column":"os","op":"is_not","value":null}"#,
        "422 the filter on \"os\" has value beside op or values: write a list of values, and leave value out",
    );
    check(
        r#"{"column":"ip","values":["1"]}"#,
        "422 there is no filter on \"ip\"; there are site, page, entry_page, exit_page, event, channel, source, \
         referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, size, country, \
         language, userid, prop.NAME",
    );
}

#[test]
fn custom_columns_and_properties_are_private() {
    let reads_private = |column: &str| {
        let body = format!(
            r#"{{"question":"totals","from_ms":0,"to_ms":1,"filters":[{{"column":"{column}","op":"is_empty"}}]}}"#
        );
        parse(&body).unwrap().reads_private()
    };
    assert!(!reads_private("page"));
    assert!(reads_private("prop.plan"));
    assert!(reads_private("userid"));
}

#[test]
fn what_can_not_be_asked_says_why() {
    check_refused(
        "{",
        "400 the body is not JSON: EOF while parsing an object at line 1 column 1",
    );
    check_refused(
        "{}",
        "422 the body is invalid: missing field `question` at line 1 column 2",
    );
    check_refused(
        r#"{"question":"totals","from_ms":0,"to_ms":1,"sql":"SELECT 1"}"#,
        "422 the body is invalid: sql: unknown field `sql`, expected one of `question`, `from_ms`, `to_ms`, `site`, \
             `page`, `column`, `agents`, `by`, `filters` at line 1 column 48",
    );
    check_refused(
        r#"{"question":"SELECT 1","from_ms":0,"to_ms":1}"#,
        "422 there is no question \"SELECT 1\"; there are totals, visit_totals, views_per_quarter, views_per_day, views_per_hour, visits_per_quarter, opens_per_quarter, top_pages, entry_pages, exit_pages, top_pages_by_source, sources, channels, referrers, campaigns, campaign_tags, messages, read_with, events, event_names, property_names, properties, sites, sites_per_day, browsers, systems, devices, sizes, countries, languages, agents",
    );
    check_refused(
        r#"{"question":"totals","from_ms":0,"to_ms":1.5}"#,
        "422 the body is invalid: to_ms: 1.5 is not a Unix time in whole milliseconds at line 1 column 45",
    );
    check_refused(
        r#"{"question":"totals","from_ms":1,"to_ms":1}"#,
        "422 the time from 1 to 1 can't be: from_ms must be the earlier, and to_ms at most 253402300799999",
    );
    check_refused(
        r#"{"question":"totals","from_ms":0,"to_ms":1,"site":""}"#,
        "422 site has 1 to 1022 characters, or is left out for all",
    );
    check_refused(
        r#"{"question":"totals","from_ms":0,"to_ms":1,"column":{"name":"ip","value":"1"}}"#,
        "422 there is no custom column \"ip\"; there are userid",
    );
    check_refused(
        r#"{"question":"totals","from_ms":0,"to_ms":1,"agents":["human","robot"]}"#,
        "422 unknown agent class \"robot\"; the classes are human, unknown, bot, scanner, prefetch, mail_proxy",
    );
    check_refused(
        r#"{"question":"totals","from_ms":0,"to_ms":1,"agents":[]}"#,
        "422 agents is empty; name at least one of human, unknown, bot, scanner, prefetch, mail_proxy, or omit it to \
             count human and unknown",
    );
}

#[test]
fn an_id_holds_what_was_asked() {
    let key = Key::from_text(&"k".repeat(32)).unwrap();
    let request = parse(r#"{"question":"totals","from_ms":0,"to_ms":1,"site":"a"}"#).unwrap();
    let id = QueryId {
        engine: "7".to_owned(),
        request: request.clone(),
    }
    .text(&key);
    let read = QueryId::parse(&key, &id).unwrap();
    assert_eq!((read.engine.as_str(), read.request), ("7", request));
    assert!(QueryId::parse(&key, "7").is_none());
}
