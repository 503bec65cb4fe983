use beacon_core::settings::Settings;
use clap::Parser;

use super::*;

#[derive(Debug, Parser)]
struct Command {
    #[command(flatten)]
    query: QueryArgs,
}

/// 2026-11-21 05:30 UTC
const NOW_MS: u64 = 1_795_239_000_000;

fn schema() -> Schema {
    let lookup = |name: &str| (name == "BEACON_COLUMNS").then(|| "userid=params.uid".to_owned());
    Settings::from_lookup(lookup).unwrap().schema()
}

fn asked(arguments: &[&str], stdin: &str) -> Result<Asked, String> {
    let command = Command::try_parse_from(["query"].iter().chain(arguments))
        .map_err(|error| error.kind().to_string())?;
    command
        .query
        .asked(NOW_MS, &schema(), &mut stdin.as_bytes())
        .map_err(|error| format!("{error:#}"))
}

#[track_caller]
fn check_refused(arguments: &[&str], expected: &str) {
    assert_eq!(asked(arguments, "").unwrap_err(), expected);
}

#[test]
fn the_sql_to_print_is_whole() {
    let asked = asked(&["sources", "--filter", "os=iOS", "--print-sql"], "").unwrap();
    assert!(
        asked
            .sql
            .starts_with("-- question: Where did the views come from?\n")
    );
    assert!(asked.sql.contains("\nWITH chosen_hits AS ("));
    assert!(asked.sql.contains("        AND os = ?\n"));
    assert!(!asked.sql.contains("-- visits:"));
}

#[test]
fn a_question_is_asked_by_name() {
    let asked = asked(
        &[
            "views_per_day",
            "--from",
            "2026-11-01",
            "--to",
            "2026-11-30",
            "--site",
            "example.com",
            "--page",
            "/talks",
            "--where",
            "userid=a=b",
            "--agent",
            "bot",
            "--agent",
            "scanner",
        ],
        "",
    )
    .unwrap();
    assert!(
        asked
            .sql
            .starts_with("-- question: How many views did each day have?")
    );
    assert_eq!(
        asked.parameters,
        [
            "2026-11-01 00:00:00.000",
            "2026",
            "2026",
            "2026103123",
            "2026120200",
            "2026-11-01 00:00:00.000",
            "2026-12-01 00:00:00.000",
            "bot,scanner",
            "example.com",
            "example.com",
            "example.com",
            "/talks",
            "/talks",
            "/talks",
            "uid",
            "uid",
            "a=b",
            "*",
            "a=b"
        ],
    );
    assert_eq!(
        asked.heading.as_deref(),
        Some(
            "How many views did each day have? 2026-11-01 00:00 to 2026-12-01 00:00 UTC, example.com, page /talks, uid=a=b, agents bot, scanner"
        ),
    );
}

#[test]
fn filters_are_those_of_the_dashboards_address() {
    let asked = asked(
        &[
            "top_pages",
            "--filter",
            "page.starts=/a=b",
            "--filter",
            "userid.empty=no",
            "--filter",
            "page=/talks",
        ],
        "",
    )
    .unwrap();
    assert!(asked.sql.contains(
        "        AND (starts_with(page, ?) OR page = ?)\n        AND nullif(element_at(params, ?), '') IS NOT NULL\n"
    ));
    let own = Question::find("top_pages").unwrap().parameters.len();
    assert_eq!(asked.parameters[own..], ["/a=b", "/talks", "uid"]);
    assert!(
        asked
            .heading
            .unwrap()
            .ends_with(", all sites, page.starts=/a=b, userid.empty=no, page=/talks")
    );
    check_refused(
        &["totals", "--filter", "page"],
        r#"--filter "page" must be a column and its value, for example page=/talks or page.starts=/blog"#,
    );
    check_refused(
        &["totals", "--filter", "page.empty="],
        r#"--filter "page.empty=": page.empty is yes or no, not """#,
    );
    check_refused(
        &["SELECT 1", "--filter", "page=/"],
        "--from, --to, --site, --page, --where, --filter, --agent and --by are for a named question; in SQL write ? and give --param",
    );
}

#[test]
fn the_default_is_a_week_of_all_sites() {
    let heading = asked(&["totals"], "").unwrap().heading.unwrap();
    assert_eq!(
        heading,
        "How much was counted in all? 2026-11-15 00:00 to 2026-11-22 00:00 UTC, all sites"
    );
}

#[test]
fn sql_is_an_argument_or_standard_input() {
    let sql = asked(&["SELECT ?, ?", "--param", "-1", "--param", "b"], "").unwrap();
    assert_eq!(
        sql,
        Asked {
            sql: "SELECT ?, ?".to_owned(),
            parameters: vec!["-1".to_owned(), "b".to_owned()],
            heading: None,
            scope: None,
            filters: vec![],
        }
    );
    assert_eq!(asked(&["-"], "SELECT 1\n").unwrap().sql, "SELECT 1\n");
}

#[test]
fn what_does_not_fit_together_is_refused() {
    check_refused(
        &["top_page"],
        r#"there is no question "top_page"; did you mean top_pages?"#,
    );
    check_refused(
        &["visitors"],
        r#"there is no question "visitors"; there are totals, visit_totals, views_per_quarter, views_per_day, views_per_hour, visits_per_quarter, opens_per_quarter, top_pages, entry_pages, exit_pages, top_pages_by_source, sources, channels, referrers, campaigns, campaign_tags, messages, read_with, events, event_names, property_names, properties, sites, sites_per_day, browsers, systems, devices, sizes, countries, languages, agents"#,
    );
    check_refused(
        &["totals", "--param", "1"],
        "--param is for SQL; a question takes --from, --to, --site, --page, --where, --filter, --agent and --by",
    );
    check_refused(
        &["SELECT 1", "--site", "a"],
        "--from, --to, --site, --page, --where, --filter, --agent and --by are for a named question; in SQL write ? and give --param",
    );
    check_refused(
        &["SELECT 1", "--agent", "bot"],
        "--from, --to, --site, --page, --where, --filter, --agent and --by are for a named question; in SQL write ? and give --param",
    );
    check_refused(
        &["totals", "--agent", "robot"],
        "one of the values isn't valid for an argument",
    );
    check_refused(
        &["agents", "--agent", "bot"],
        "the question agents counts all classes of agents; leave out --agent",
    );
    check_refused(
        &["totals", "--where", "userid"],
        r#"--where "userid" must be a custom column and its value, for example userid=7"#,
    );
    check_refused(
        &["totals", "--where", "ip=::1"],
        r#"--where "ip=::1": there is no custom column "ip"; BEACON_COLUMNS has userid"#,
    );
    check_refused(
        &["totals", "--from", "tomorrow"],
        r#""tomorrow" is not a valid time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)"#,
    );
    check_refused(
        &["SELECT 1", "--print-sql"],
        "--print-sql is for a named question: `beacon query --list` lists them",
    );
    check_refused(&[], "one or more required arguments were not provided");
    check_refused(
        &["--list", "totals"],
        "an argument cannot be used with one or more of the other specified arguments",
    );
}
