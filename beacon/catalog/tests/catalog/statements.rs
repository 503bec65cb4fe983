//! Tests that the statements of `infra/catalog.yaml` are the named queries, and which files are refused.

use beacon_catalog::{CatalogError, Question, Scope, SqlFile, TimeRange, cloudformation_template};
use beacon_core::schema::Schema;

use crate::template::{catalog_of, glue_columns, property, resource, scalar, substituted};

#[test]
fn statements_are_the_queries_with_the_stacks_names() {
    let catalog = catalog_of(&Schema::builtin());
    for question in Question::all() {
        let file = SqlFile {
            name: question.name,
            sql: &question.sql,
        };
        let id: String = file.name.split('_').map(capitalised).collect();
        let query = resource(&catalog, &format!("{id}Query"));
        let query_string = scalar(query, "QueryString: !Sub |-");
        assert_eq!(
            query_string.replace("\"${TablePrefix}${Table}\"", "hits"),
            file.sql.trim_end()
        );
        assert!(query_string.contains("FROM \"${TablePrefix}${Table}\""));
        assert_eq!(property(query, "Name"), file.name);

        let statement = resource(&catalog, &format!("{id}Statement"));
        let query_statement = scalar(statement, "QueryStatement: !Sub |-");
        let (comments, code): (Vec<&str>, Vec<&str>) =
            file.sql.lines().partition(|line| line.starts_with("--"));
        assert_eq!(
            query_statement.replace("\"${Database}\".\"${TablePrefix}${Table}\"", "hits"),
            code.iter()
                .map(|line| line.trim())
                .collect::<Vec<_>>()
                .join("\n")
        );
        assert!(substituted(&query_statement).contains("FROM \"shop\".\"tp_requests\""));
        let parameters = comments
            .iter()
            .find_map(|line| line.strip_prefix("-- parameters: "))
            .unwrap();
        assert_eq!(
            query_statement.matches('?').count(),
            parameters.split(',').count()
        );
        assert_eq!(property(statement, "StatementName"), file.name);
        for resource in [query, statement] {
            let description = property(resource, "Description");
            assert!(
                description.ends_with(&format!("? Parameters: {parameters}")),
                "{description}"
            );
        }
    }
}

/// The example of docs/aws.md is for all pages of one day.
#[test]
fn the_documents_execute_a_statement_with_its_values() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/aws.md");
    let text = std::fs::read_to_string(document).unwrap();
    let (_, rest) = text.split_once("EXECUTE top_pages USING ").unwrap();
    let (values, _) = rest.split_once("\n```").unwrap();
    // Between two quotes is a value, then a comma.
    let values: Vec<&str> = values.split('\'').skip(1).step_by(2).collect();

    let day = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
    let top_pages = Question::find("top_pages").unwrap();
    assert_eq!(values, top_pages.bind(&Scope::new(day)));
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

#[test]
fn queries_may_read_a_view() {
    let question = SqlFile {
        name: "counted",
        sql: "-- question: How many?\n-- parameters: site\nSELECT count(*) AS hits\nFROM unique_hits\nWHERE site = ?",
    };
    let view = SqlFile {
        name: "unique_hits",
        sql: "-- view: Each once\n-- columns: hit_id varchar, hits bigint\nSELECT hit_id, 1 AS hits FROM hits",
    };
    let catalog = cloudformation_template(&Schema::builtin(), &[question], &[view]).unwrap();
    let statement = scalar(
        resource(&catalog, "CountedStatement"),
        "QueryStatement: !Sub |-",
    );
    assert_eq!(
        substituted(&statement),
        "SELECT count(*) AS hits\nFROM \"shop\".\"tp_unique_requests\"\nWHERE site = ?"
    );
    let view = resource(&catalog, "UniqueHitsView");
    assert!(view.contains("\"originalSql\":\"SELECT hit_id, 1 AS hits FROM "));
    assert_eq!(glue_columns(view).len(), 2);
}

#[track_caller]
fn check_refused(question: Option<(&str, &str)>, view: Option<(&str, &str)>, expected: &str) {
    let file = |(name, sql)| SqlFile { name, sql };
    let questions: Vec<SqlFile<'_>> = question.map(file).into_iter().collect();
    let views: Vec<SqlFile<'_>> = view.map(file).into_iter().collect();
    let error: CatalogError =
        cloudformation_template(&Schema::builtin(), &questions, &views).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn files_without_a_valid_name_and_header_are_refused() {
    check_refused(
        Some(("totals", "SELECT 1")),
        None,
        "totals.sql has no header line -- question: at its top",
    );
    check_refused(
        Some((
            "totals",
            "-- question: What?\nSELECT 1\n-- parameters: site",
        )),
        None,
        "totals.sql has no header line -- parameters: at its top",
    );
    check_refused(
        Some((
            "totals",
            &format!("-- question: {}\n-- parameters: site", "a".repeat(1024)),
        )),
        None,
        "totals.sql: question and parameters together are longer than 1024 characters",
    );
    check_refused(
        Some(("Top pages", "SELECT 1")),
        None,
        "\"Top pages\" can't name an SQL file: use 2 to 128 of a to z, 0 to 9 and _, a letter first",
    );
    check_refused(
        None,
        Some(("v_hits", "-- view: A view\nSELECT 1")),
        "v_hits.sql has no header line -- columns: at its top",
    );
    check_refused(
        None,
        Some((
            "v_hits",
            "-- view: A view\n-- columns: *, number int\nSELECT *, 1 AS number FROM hits",
        )),
        "v_hits.sql has \"number int\" in its -- columns: line; write * for all columns of the table, or a name \
         and a type of Trino, as in occurrence bigint",
    );
    check_refused(
        None,
        Some((
            "v_hits",
            "-- view: A view\n-- columns: *, site varchar\nSELECT * FROM hits",
        )),
        "v_hits.sql names its column site twice in its -- columns: line; * has all columns of the table",
    );
}
