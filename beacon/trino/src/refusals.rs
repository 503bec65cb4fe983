//! What a refusal says: the place, the reason, and what works, for each kind of refusal.

use std::collections::BTreeMap;

use crate::{Type, check_and_rewrite};

#[track_caller]
fn check(sql: &str, expected: &str) {
    let columns = vec![
        ("page".to_owned(), Type::Varchar(None)),
        ("hour".to_owned(), Type::Integer),
        ("received_at".to_owned(), Type::Timestamp(3)),
        (
            "params".to_owned(),
            Type::Map(Box::new(Type::Varchar(None)), Box::new(Type::Varchar(None))),
        ),
    ];
    let tables = BTreeMap::from([("hits".to_owned(), columns)]);
    let refusal =
        check_and_rewrite(sql, &tables, &["beacon"], &[]).expect_err("the statement is refused");
    assert_eq!(refusal.to_string(), expected);
}

#[test]
fn a_comparison_of_two_types() {
    check(
        "SELECT page FROM hits\nWHERE hour = '1'",
        "line 2, column 7: integer can't be compared with varchar(1): CAST(… AS integer)",
    );
    check(
        "SELECT 1 FROM hits WHERE received_at > '2026-11-01'",
        "line 1, column 26: timestamp(3) can't be compared with varchar(10): TIMESTAMP '2026-11-26 10:00:00', or CAST(… AS timestamp)",
    );
}

#[test]
fn a_function_of_another_engine() {
    check(
        "SELECT nvl(page, '') FROM hits",
        "line 1, column 8: the function nvl is not on the list of what is answered as Trino answers it: coalesce(value, other)",
    );
}

#[test]
fn a_function_with_other_types() {
    check(
        "SELECT lower(hour) FROM hits",
        "line 1, column 8: lower does not take (integer): lower(varchar) -> varchar",
    );
}

#[test]
fn an_operator_with_other_types() {
    check(
        "SELECT page + 1 FROM hits",
        "line 1, column 8: + can't be taken of varchar and integer: CAST(… AS bigint) or CAST(… AS double)",
    );
}

#[test]
fn a_cast_that_there_is_not() {
    check(
        "SELECT CAST(hour AS date) FROM hits",
        "line 1, column 13: integer can't be cast to date: CAST(from_unixtime(seconds) AS date)",
    );
}

#[test]
fn a_condition_that_is_none() {
    check(
        "SELECT 1 FROM hits WHERE hour",
        "line 1, column 26: a condition is a boolean, and this is integer: a comparison, such as <> 0",
    );
}

#[test]
fn an_alias_where_there_is_none() {
    check(
        "SELECT page AS p, count(*) AS n FROM hits GROUP BY p",
        "line 1, column 52: there is no column p: the columns here are page, hour, received_at, params; an alias of SELECT can be named in ORDER BY only, text stands in single quotes",
    );
}

#[test]
fn a_table_that_there_is_not() {
    check(
        "SELECT 1 FROM beacon.events",
        "line 1, column 15: there is no table beacon.events: the tables are hits",
    );
}

#[test]
fn a_literal_that_is_none() {
    check(
        "SELECT DATE '26.11.2026'",
        "line 1, column 13: '26.11.2026' is not a date: DATE '2026-11-26'",
    );
}

#[test]
fn a_time_zone_that_there_is_not() {
    check(
        "SELECT received_at AT TIME ZONE 'Nowhere/City' FROM hits",
        "line 1, column 33: there is no time zone 'Nowhere/City': a name such as 'Europe/Berlin', or an offset such as '+05:30'",
    );
}

#[test]
fn a_clause_of_another_engine() {
    check(
        "SELECT page FROM hits LIMIT 5 OFFSET 2",
        "line 1, column 38: OFFSET stands before LIMIT in Trino: OFFSET 10 LIMIT 5",
    );
}

#[test]
fn a_statement_that_writes() {
    check(
        "DROP TABLE hits",
        "only queries are answered: SELECT, WITH or VALUES",
    );
}

#[test]
fn text_that_is_no_sql() {
    check(
        "SELECT FROM WHERE",
        "line 1, column 13: expected an expression, found: FROM",
    );
}

#[test]
fn try_around_what_hides_a_failure() {
    check(
        "SELECT try(coalesce(CAST(page AS bigint), 0)) FROM hits",
        "line 1, column 26: try around coalesce of something that can fail is not answered: try around that part alone",
    );
}

/// Whatever is nested or chained, the stack holds it, or the statement is refused.
#[test]
fn a_statement_that_is_too_deep() {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    thread.spawn(check_depths).unwrap().join().unwrap();
}

/// The stack of the threads that read SQL.
const STACK_BYTES: usize = 32 << 20;

fn check_depths() {
    let chain = |part: &str, times: usize| format!("SELECT 1{}", part.repeat(times));
    let wrapped = |open: &str, close: &str, times: usize| {
        format!("SELECT {}1{}", open.repeat(times), close.repeat(times))
    };
    for sql in [
        chain(" + 1", 5_000),
        chain(" || 'a'", 5_000),
        chain(" IS NULL", 5_000),
        chain(" UNION ALL SELECT 1", 5_000),
        chain(" AT TIME ZONE 'UTC'", 5_000),
        wrapped("(", ")", 5_000),
        wrapped("(1 + 1 + (", "))", 90),
        wrapped("abs(", ")", 5_000),
        wrapped("NOT ", "", 5_000),
        wrapped("- ", "", 5_000),
        wrapped("CASE WHEN true THEN ", " END", 5_000),
        wrapped("(SELECT ", ")", 5_000),
        wrapped("ARRAY[", "]", 5_000),
        format!("SELECT concat('a'{})", ", 'a'".repeat(5_000)),
    ] {
        let refusal = check_and_rewrite(&sql, &BTreeMap::new(), &[], &[]);
        assert!(refusal.is_err(), "{}", &sql[..60]);
    }
    check(
        &chain(" + 1", 201),
        "line 1, column 810: more than 200 operators follow each other here: IN for many values, or a query in WITH",
    );
}
