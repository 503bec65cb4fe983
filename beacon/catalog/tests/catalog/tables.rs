//! Tests rules of `infra/catalog.yaml` that no linter knows: of projection, of formats, and of the views that Athena
//! stores.

use beacon_catalog::{Ddl, Partitions, TableFormat, create_table};
use beacon_core::schema::{ColumnType, PARTITIONS, Schema};
use beacon_core::time::Hour;
use serde_json::Value;

use crate::template::{
    catalog_of, glue_columns, property, resource, scalar, schema_with, substituted,
};

/// The longest text of a view in Glue, and the largest template in a bucket that CloudFormation takes.
const MAX_VIEW_BYTES: usize = 409_600;
const MAX_TEMPLATE_BYTES: usize = 1_000_000;

#[track_caller]
fn check_projection(text: &str, years: &str, location: &str, placeholder: impl Fn(&str) -> String) {
    assert_eq!(property(text, "projection.enabled"), "true");
    for (name, range, digits) in [
        ("year", years, None),
        ("month", "1,12", Some("2")),
        ("day", "1,31", Some("2")),
        ("hour", "0,23", Some("2")),
    ] {
        assert!(PARTITIONS.contains(&name));
        assert_eq!(
            property(text, &format!("projection.{name}.type")),
            "integer"
        );
        assert_eq!(property(text, &format!("projection.{name}.range")), range);
        match digits {
            Some(digits) => {
                assert_eq!(property(text, &format!("projection.{name}.digits")), digits);
            }
            None => assert!(!text.contains(&format!("projection.{name}.digits"))),
        }
    }
    let mut template = property(text, "storage.location.template").to_owned();
    for (name, value) in PARTITIONS.iter().zip(["2026", "11", "21", "05"]) {
        template = template.replace(&placeholder(name), value);
    }
    // 2026-11-21 05:00 UTC: where the lake and the stream put it.
    let hour = Hour::from_ms(1_795_237_200_000).partition_path();
    assert_eq!(template, format!("{location}{hour}/"));
}

#[test]
fn projection_finds_the_directories_of_the_lake() {
    let catalog = catalog_of(&Schema::builtin());
    let table = resource(&catalog, "HitsTable");
    let (_, parameters) = table.split_once("Parameters: !If\n").unwrap();
    let branches: Vec<&str> = parameters.split("          - ").collect();
    let [_, condition, projected, crawled, ..] = branches[..] else {
        panic!("{parameters}");
    };
    assert_eq!(condition, "Projected\n");
    check_projection(
        projected,
        "${FirstYear},${LastYear}",
        "s3://${Bucket}/${Prefix}",
        |name| format!("${{!{name}}}"),
    );
    assert_eq!(
        crawled.split_whitespace().collect::<Vec<_>>().join(" "),
        "EXTERNAL: \"TRUE\" classification: !Ref Format PartitionKeys:"
    );
}

#[test]
fn ddl_projects_or_does_not() {
    let location = "s3://b/hits/";
    for format in TableFormat::ALL {
        let ddl = |partitions| {
            create_table(
                &Schema::builtin(),
                &Ddl {
                    location,
                    format,
                    partitions,
                },
            )
        };
        let projected = ddl(Partitions::Projection {
            first_year: 2026,
            last_year: 2027,
        });
        check_projection(&projected, "2026,2027", location, |name| {
            format!("${{{name}}}")
        });
        let registered = ddl(Partitions::Registered);
        assert!(!registered.contains("projection") && !registered.contains("template"));
        for text in [projected, registered] {
            assert_eq!(property(&text, "classification"), format.name());
            assert!(
                text.contains(
                    "\nPARTITIONED BY (`year` int, `month` int, `day` int, `hour` int)\n"
                )
            );
            // Athena takes one statement, without its end.
            assert!(
                text.ends_with(
                    ")
"
                ),
                "{text}"
            );
        }
    }
}

#[test]
fn each_format_has_its_serde() {
    let catalog = catalog_of(&Schema::builtin());
    let storage = resource(&catalog, "HitsTable");
    for (format, serde, properties) in [
        (
            TableFormat::Parquet,
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            &[][..],
        ),
        (
            TableFormat::Orc,
            "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
            &[("orc.column.index.access", "FALSE")],
        ),
        (
            TableFormat::Json,
            "org.openx.data.jsonserde.JsonSerDe",
            &[
                ("case.insensitive", "FALSE"),
                ("ignore.malformed.json", "TRUE"),
            ],
        ),
    ] {
        let ddl = create_table(
            &Schema::builtin(),
            &Ddl {
                location: "s3://b/hits/",
                format,
                partitions: Partitions::Registered,
            },
        );
        assert!(
            ddl.contains(&format!("ROW FORMAT SERDE '{serde}'\n")),
            "{ddl}"
        );
        assert!(catalog.contains(&format!("      SerializationLibrary: {serde}\n")));
        for (key, value) in properties {
            assert_eq!(property(&ddl, key), *value);
            assert!(
                storage.contains(&format!("{key}: \"{value}\"\n")),
                "{storage}"
            );
        }
    }
}

/// Name, type in Trino and type in Hive of each column of `SELECT * FROM` the table.
fn table_columns(schema: &Schema) -> Vec<(String, &'static str, &'static str)> {
    let mut columns = Vec::new();
    for column in schema.columns() {
        let (trino, hive) = match column.ty {
            ColumnType::Text => ("varchar", "string"),
            ColumnType::Timestamp => ("timestamp(3)", "timestamp"),
            ColumnType::Boolean => ("boolean", "boolean"),
            ColumnType::TextMap => ("map(varchar,varchar)", "map<string,string>"),
        };
        columns.push((column.name.to_owned(), trino, hive));
    }
    columns.extend(PARTITIONS.map(|name| (name.to_owned(), "integer", "int")));
    columns
}

/// Name, type in Trino and type in Hive of each column of the view of visits.
fn visits_columns() -> Vec<(String, &'static str, &'static str)> {
    let text = |name: &str| (name.to_owned(), "varchar", "string");
    let mut columns = ["visit_id", "site", "visitor"].map(text).to_vec();
    for name in ["started_at", "ended_at"] {
        columns.push((name.to_owned(), "timestamp(3)", "timestamp"));
    }
    for name in ["views", "events"] {
        columns.push((name.to_owned(), "bigint", "bigint"));
    }
    columns.extend(
        [
            "entry_page",
            "exit_page",
            "source",
            "channel",
            "referrer",
            "referrer_host",
        ]
        .map(text),
    );
    columns.extend(
        [
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "utm_term",
            "utm_content",
            "click_id",
        ]
        .map(text),
    );
    columns.extend(["browser", "os", "device", "country", "language"].map(text));
    columns
}

/// Checks the columns of a view, in Glue and in the text that Athena reads, and returns its statement.
#[track_caller]
fn check_view(view: &str, expected: &[(String, &str, &str)]) -> String {
    let (_, columns) = view.split_once("\n          Columns:\n").unwrap();
    let in_glue: Vec<(String, String)> = expected
        .iter()
        .map(|(name, _, hive)| (name.clone(), (*hive).to_owned()))
        .collect();
    assert_eq!(glue_columns(columns), in_glue);

    // YAML folds the lines.
    let json = substituted(&scalar(view, "- Fn::Base64: !Sub >-")).replace('\n', " ");
    assert!(json.len() * 4 / 3 < MAX_VIEW_BYTES);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["catalog"], "awsdatacatalog");
    assert_eq!(json["schema"], "shop");
    let in_view: Vec<_> = json["columns"].as_array().unwrap().iter().collect();
    assert_eq!(in_view.len(), expected.len());
    for (column, (name, trino, _)) in in_view.iter().zip(expected) {
        assert_eq!(
            (&column["name"], &column["type"]),
            (&Value::from(name.as_str()), &Value::from(*trino))
        );
    }
    json["originalSql"].as_str().unwrap().to_owned()
}

#[track_caller]
fn check_columns(schema: &Schema) {
    let catalog = catalog_of(schema);
    let mut expected = table_columns(schema);
    let hive = |columns: &[(String, &str, &str)]| -> Vec<(String, String)> {
        let columns = columns.iter();
        columns
            .map(|(name, _, hive)| (name.clone(), (*hive).to_owned()))
            .collect()
    };
    let table = resource(&catalog, "HitsTable");
    let (keys, columns) = table.split_once("\n          Columns:\n").unwrap();
    let in_table = [glue_columns(columns), glue_columns(keys)].concat();
    assert_eq!(in_table, hive(&expected));

    expected.push(("occurrence".to_owned(), "bigint", "bigint"));
    let of_visit = ["visit_id", "source", "channel", "entry_page", "exit_page"];
    expected.extend(of_visit.map(|name| (name.to_owned(), "varchar", "string")));
    let view = resource(&catalog, "UniqueHitsView");
    let statement = check_view(view, &expected);
    let names: Vec<&str> = expected.iter().map(|(name, _, _)| name.as_str()).collect();
    let once = "WITH chosen_hits AS ( SELECT * FROM ( SELECT *, row_number() OVER ( PARTITION BY hit_id ORDER BY \
                received_at NULLS LAST, year NULLS LAST, month NULLS LAST, day NULLS LAST, hour NULLS LAST ) \
                AS occurrence FROM \"shop\".\"tp_requests\" WHERE hit_id IS NOT NULL ) AS numbered WHERE occurrence = 1 ),";
    assert!(statement.starts_with(once), "{statement}");
    let list = format!(" SELECT {} FROM visited_hits", names.join(", "));
    assert!(statement.ends_with(&list), "{statement}");
    assert_eq!(substituted(property(view, "Name")), "tp_unique_requests");

    let view = resource(&catalog, "VisitsView");
    let statement = check_view(view, &visits_columns());
    assert!(statement.starts_with(once), "{statement}");
    assert!(statement.ends_with(" FROM visited_hits GROUP BY visit_id"));
    assert_eq!(substituted(property(view, "Name")), "tp_visits");
    assert!(catalog.len() < MAX_TEMPLATE_BYTES);
}

#[test]
fn table_and_view_have_the_schemas_columns() {
    check_columns(&Schema::builtin());
    let own = schema_with("userid=params.userid,partner=params.thirdpartyname,_x=headers.accept");
    check_columns(&own);
    let most: Vec<String> = (0..50)
        .map(|index| format!("{:_>62}{index:02}=params.a", ""))
        .collect();
    check_columns(&schema_with(&most.join(",")));
}

#[test]
fn a_custom_column_is_in_table_and_view_only() {
    let catalog = catalog_of(&schema_with("userid=params.user's \"id\""));
    assert!(catalog.contains(
        r#"- { Name: "userid", Type: "string", Comment: "Custom column: params.user's \"id\"" }"#
    ));
    // In the view: its list, its JSON, its storage descriptor.
    let named = catalog
        .lines()
        .filter(|line| line.contains("userid") && !line.starts_with('#'));
    assert_eq!(named.count(), 4);
}
