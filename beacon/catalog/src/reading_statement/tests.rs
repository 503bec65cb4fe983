use super::*;

#[track_caller]
fn check(sql: &str, expected: Result<&str, &str>) {
    let found = reading_statement(sql).map_err(|error| error.to_string());
    match expected {
        Ok(statement) => assert_eq!(found, Ok(statement)),
        Err(beginning) => {
            let error = found.expect_err(sql);
            assert!(error.starts_with(beginning), "{sql}: {error}");
        }
    }
}

#[test]
fn one_statement_that_reads_is_let_pass() {
    for sql in [
        "SELECT 1",
        "  -- hits\n/* ; DROP */ with x AS (SELECT 1) SELECT * FROM x",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SELECT 'a;b', \"c;d\", 'it''s;' -- ; DROP",
        "show tables",
        "DESCRIBE hits",
    ] {
        check(sql, Ok(sql));
    }
    check("SELECT 1;", Ok("SELECT 1"));
    check("SELECT 1 ; ;\n-- end", Ok("SELECT 1 "));
    check("; SELECT 1", Ok(" SELECT 1"));
}

#[test]
fn everything_else_says_what_to_write() {
    check(
        "",
        Err(
            "there is no SQL to run: a query begins with one of SELECT, WITH, VALUES, TABLE, EXPLAIN, DESCRIBE, DESC, SHOW",
        ),
    );
    check(" -- SELECT 1", Err("there is no SQL to run"));
    check(";", Err("there is no SQL to run"));
    check("SELECT 1; SELECT 2", Err("one statement at a time"));
    check("SELECT 1;;DROP TABLE hits", Err("one statement at a time"));
    for word in [
        "DROP", "INSERT", "CREATE", "UNLOAD", "ALTER", "MSCK", "DELETE", "EXECUTE",
    ] {
        let sql = format!("/* SELECT */ {} something", word.to_lowercase());
        check(&sql, Err(&format!("{word} is refused")));
    }
    check("(DROP TABLE hits)", Err("DROP is refused"));
    check("'SELECT'", Err("'SELECT' is refused"));
}
