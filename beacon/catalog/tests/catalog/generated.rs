//! Tests that the committed files which are generated from the schema are up to date.
//! `BEACON_REGENERATE=1 cargo test -p beacon-catalog` writes them again.

use beacon_catalog::{
    Ddl, Partitions, TableFormat, create_table, fields_markdown, glue_table_input,
};
use beacon_core::schema::Schema;
use beacon_generated_files::{check, check_section};

use crate::template::{catalog_of, schema_with};

const DDL: Ddl<'_> = Ddl {
    location: "s3://BUCKET/hits/",
    format: TableFormat::Parquet,
    partitions: Partitions::Projection {
        first_year: 2026,
        last_year: 2035,
    },
};

#[test]
fn glue_table() {
    check("glue/hits.json", &glue_table_input(&Schema::builtin()));
}

#[test]
fn athena_ddl() {
    let schema = Schema::builtin();
    check("athena/ddl/hits.sql", &create_table(&schema, &DDL));
    let json = Ddl {
        format: TableFormat::Json,
        ..DDL
    };
    check("athena/ddl/hits_json.sql", &create_table(&schema, &json));
}

#[test]
fn catalog() {
    check("infra/catalog.yaml", &catalog_of(&Schema::builtin()));
}

#[test]
fn fields_in_the_docs() {
    check_section(
        "docs/record.md",
        "fields",
        &fields_markdown(&Schema::builtin()),
    );
}

#[test]
fn custom_columns_are_in_all_generated_files() {
    let schema = schema_with("userid=params.userid");
    let ddl = create_table(
        &schema,
        &Ddl {
            location: "s3://b/it's/",
            ..DDL
        },
    );
    assert!(ddl.contains("  `userid` string COMMENT 'Custom column: params.userid'\n)"));
    assert!(ddl.contains("LOCATION 's3://b/it\\'s/'"));
    assert!(
        fields_markdown(&schema)
            .contains("| `userid` | string, null | Custom column: `params.userid` |\n")
    );
    let glue: serde_json::Value = serde_json::from_str(&glue_table_input(&schema)).unwrap();
    let columns = glue["StorageDescriptor"]["Columns"].as_array().unwrap();
    assert_eq!(columns.last().unwrap()["Name"], "userid");
    assert_eq!(columns.len(), Schema::builtin().columns().count() + 1);
}

#[test]
fn comments_are_not_cut() {
    for column in Schema::builtin().columns() {
        assert!(
            column.meaning.len() <= 255,
            "Glue takes 255 characters for {}",
            column.name
        );
    }
}

#[test]
fn the_table_for_the_docs_has_a_row_for_each_field() {
    assert_eq!(
        fields_markdown(&Schema::builtin()).lines().count(),
        2 + Schema::builtin().columns().count() + 1
    );
}
