//! The catalog and the DDL that `beacon schema` prints.

use std::path::Path;

use beacon_testing::machine;

#[test]
fn schema_prints_custom_columns() {
    for (form, expected) in [
        ("catalog", "{\"name\":\"userid\",\"type\":\"varchar\"}"),
        ("ddl", "CREATE EXTERNAL TABLE"),
        ("glue", "\"Name\": \"userid\""),
        ("arrow", "userid: Utf8\n"),
        ("markdown", "| `userid` |"),
    ] {
        let output = machine::command(env!("CARGO_BIN_EXE_beacon"))
            .args(["schema", form])
            .env("BEACON_COLUMNS", "userid=params.userid")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.contains("userid"),
            "{form}: {text}"
        );
        assert!(text.contains(expected), "{form}: {text}");
    }
}

#[test]
fn schema_prints_the_committed_catalog_and_ddl() {
    for (arguments, file) in [
        (&["catalog"][..], "infra/catalog.yaml"),
        (&["ddl"], "athena/ddl/hits.sql"),
        (&["ddl", "--format", "json"], "athena/ddl/hits_json.sql"),
    ] {
        let (text, error) = schema(arguments);
        assert_eq!(error, "");
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(file);
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(
            text == committed,
            "{file} is not what {arguments:?} prints:\n{text}"
        );
    }
}

#[test]
fn schema_ddl_takes_location_format_and_years() {
    let (text, _) = schema(&[
        "ddl",
        "--location=s3://b/x/",
        "--format=orc",
        "--first-year=2025",
        "--last-year=2026",
    ]);
    for part in [
        "'org.apache.hadoop.hive.ql.io.orc.OrcSerde'",
        "LOCATION 's3://b/x/'",
        "'projection.year.range' = '2025,2026'",
        "'storage.location.template' = 's3://b/x/year=${year}/",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let (text, _) = schema(&["ddl", "--partitions=registered"]);
    assert!(
        text.ends_with("\nTBLPROPERTIES (\n  'classification' = 'parquet'\n)\n"),
        "{text}"
    );

    let (text, error) = schema(&["ddl", "--location=s3://b/x"]);
    assert_eq!(text, "");
    assert!(
        error.contains("a location ends with /: write s3://b/x/"),
        "{error}"
    );
    let (text, error) = schema(&["ddl", "--first-year=2030", "--last-year=2029"]);
    assert_eq!(text, "");
    assert!(
        error.contains("--first-year 2030 is after --last-year 2029"),
        "{error}"
    );
}

/// Returns the standard output and standard error of `beacon schema`.
fn schema(arguments: &[&str]) -> (String, String) {
    let output = machine::command(env!("CARGO_BIN_EXE_beacon"))
        .arg("schema")
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.success(), output.stderr.is_empty());
    (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}
