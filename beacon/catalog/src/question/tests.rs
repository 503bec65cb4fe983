use super::*;
use crate::filter::Operator;
use crate::scope::{ColumnFilter, ColumnSource};
use crate::time_range::TimeRange;

fn filter(name: &str, value: Option<&str>) -> Filter {
    let column = FilterColumn::parse(name).unwrap();
    match value {
        Some(value) => Filter::is(column, value),
        None => Filter::is_empty(column),
    }
}

#[test]
fn every_question_has_the_line_and_no_parameter_behind_it() {
    for question in Question::all() {
        assert_eq!(
            question.sql.matches(MARKED_LINE).count(),
            1,
            "{}",
            question.name
        );
        let (_, after) = question.sql.split_once(MARKED_LINE).unwrap();
        assert!(!after.contains('?'), "{}", question.name);
    }
}

#[test]
fn values_are_bound_and_named_behind_all_others() {
    let filters = [
        filter("event", Some("open")),
        filter("page", None),
        filter("language", Some("News' --")),
    ];
    let plain = Question::find("totals").unwrap();
    let limited = plain.clone().limited_to(filters.to_vec());
    let sql = limited.text();
    let expected = "element_at(headers, ?) = ?)\n        AND event = ?\n        AND page IS NULL\n        \
             AND lower(language) = lower(?)\n";
    assert!(sql.contains(expected), "{sql}");
    assert!(sql.contains("column_value, event, language\n"), "{sql}");
    let scope = Scope::new(TimeRange {
        from_ms: 0,
        to_ms: 1,
    });
    let bound = limited.bind(&scope);
    let statement = sql.lines().filter(|line| !line.starts_with("--"));
    let marks: usize = statement.map(|line| line.matches('?').count()).sum();
    assert_eq!(marks, bound.len());
    let own = plain.parameters.len();
    assert_eq!(bound[own..], ["open", "News' --"]);
    assert_eq!(plain.text(), plain.sql);
    // Every hit that meets the conditions counts.
    assert_eq!(bound[0], "*");
    let unlimited = plain.bind(&scope);
    assert_eq!(unlimited[0], "view");
    assert_eq!(unlimited[1..], bound[1..own]);
}

#[test]
fn a_condition_on_the_event_takes_the_place_of_the_view() {
    let about_views = |filters: Vec<Filter>| {
        let question = Question::find("top_pages").unwrap().limited_to(filters);
        question.text().contains(VIEWS_LINE)
    };
    assert!(about_views(vec![]));
    assert!(about_views(vec![filter("os", None)]));
    assert!(!about_views(vec![filter("event", Some("signup"))]));
    // What happened besides views is no count of views.
    let events = Question::find("events").unwrap();
    let events = events.limited_to(vec![filter("event", Some("signup"))]);
    assert!(events.text().contains("AND event <> 'view'\n"));
}

#[test]
fn no_text_of_a_caller_is_in_the_statement() {
    let name = "x'?\n; --";
    let filters = ["is", "is_not", "contains", "starts_with"].map(|operator| Filter {
        column: FilterColumn::Property(name.to_owned()),
        operator: Operator::parse(operator).unwrap(),
        values: vec![name.to_owned(), "y?".to_owned()],
    });
    let question = Question::find("totals").unwrap();
    let sql = question.limited_to(filters.to_vec()).text().into_owned();
    assert!(!sql.contains("; --") && !sql.contains("y?"), "{sql}");
}

#[test]
fn a_filter_on_a_column_of_the_visit_reads_all_hits_with_their_visits() {
    let scope = Scope::new(TimeRange {
        from_ms: 0,
        to_ms: 1,
    });
    for question in Question::all() {
        let own = question.bind(&scope);
        let limited = question.limited_to(vec![filter("source", Some("X"))]);
        let sql = limited.text();
        let bound = limited.bind(&scope);
        let statement = sql.lines().filter(|line| !line.starts_with("--"));
        let marks: usize = statement.map(|line| line.matches('?').count()).sum();
        assert_eq!(marks, bound.len(), "{}", limited.name);
        assert_eq!(sql.matches("\nWITH ").count(), 1, "{}", limited.name);
        assert_eq!(sql.matches("FROM hits\n").count(), 1, "{}", limited.name);
        assert!(sql.contains("AND source = ?\n"), "{}", limited.name);
        assert_eq!(bound.last().map(String::as_str), Some("X"));
        let before = bound.len() - 1 - own.len();
        assert_eq!(bound[before..bound.len() - 1], own, "{}", limited.name);
        let names = sql
            .lines()
            .find_map(|line| line.strip_prefix("-- parameters: "));
        assert_eq!(
            names.unwrap().split(", ").count(),
            marks,
            "{}",
            limited.name
        );
    }
    let agents = Question::find("agents").unwrap();
    let agents = agents.limited_to(vec![filter("channel", Some("Search"))]);
    assert!(
        agents.bind(&scope)[9].contains("bot"),
        "visits of every class"
    );
}

#[test]
fn a_header_is_read() {
    let totals = Question::find("totals").unwrap();
    assert_eq!(totals.question, "How much was counted in all?");
    use Parameter::*;
    assert_eq!(
        totals.parameters,
        [
            CountedEvent,
            ReceivedFrom,
            Agents,
            YearFrom,
            YearTo,
            HourFrom,
            HourTo,
            DayFrom,
            ReceivedTo,
            OpenAgents,
            Agents,
            Site,
            Site,
            SiteAlso,
            Page,
            Page,
            PageAlso,
            ColumnKey,
            ColumnParameter,
            ColumnValue,
            ColumnHeader,
            ColumnValue
        ]
    );
    assert_eq!(
        totals.options(),
        [
            "--from", "--to", "--site", "--page", "--where", "--filter", "--agent"
        ]
    );
    assert_eq!(
        totals.filters(),
        ["from", "to", "site", "page", "column", "filters", "agents"]
    );
    let agents = Question::find("agents").unwrap();
    assert_eq!(
        agents.filters(),
        ["from", "to", "site", "page", "column", "filters"]
    );
    assert_eq!(Question::find("total"), None);
    assert_eq!(
        Question::parse(&SqlFile {
            name: "bad",
            sql: "-- question: What?\n-- parameters: user\nSELECT 1"
        }),
        None
    );
    assert_eq!(
        Question::parse(&SqlFile {
            name: "bad",
            sql: "SELECT 1\n-- question: What?\n-- parameters: site"
        }),
        None
    );
}

#[test]
fn filters_are_bound_or_off() {
    let range = TimeRange {
        from_ms: 0,
        to_ms: 1,
    };
    let mut scope = Scope::new(range);
    let bound = |scope: &Scope| Question::find("sites").unwrap().bind(scope)[9..].join(" ");
    assert_eq!(bound(&scope), "* * * * * * * * * * *");
    scope.site = "a.example".to_owned();
    scope.page = "/".to_owned();
    scope.column = Some(ColumnFilter {
        source: ColumnSource::Parameter("user".to_owned()),
        value: "7".to_owned(),
    });
    assert_eq!(
        bound(&scope),
        "a.example a.example a.example / / / user user 7 * 7"
    );
    scope.column = Some(ColumnFilter {
        source: ColumnSource::Header("accept-language".to_owned()),
        value: "de".to_owned(),
    });
    assert_eq!(
        bound(&scope),
        "a.example a.example a.example / / / accept-language * de accept-language de"
    );
}
