//! What is generated from the schema and committed is up to date. `BEACON_REGENERATE=1 cargo test -p beacon-core`
//! writes it again.

use std::path::Path;

use beacon_core::catalog::{Ddl, Format, Partitions};
use beacon_core::schema::Schema;
use beacon_core::settings::Settings;

use crate::settings_cases;
use crate::template::catalog_of;
use crate::visit::settings_of;

const DDL: Ddl<'_> = Ddl {
    location: "s3://BUCKET/hits/",
    format: Format::Parquet,
    partitions: Partitions::Projection {
        first_year: 2026,
        last_year: 2035,
    },
};

#[track_caller]
fn check(path: &str, expected: &str) {
    check_part(path, |_| expected.to_owned());
}

/// The part between `<!-- name -->` and `<!-- /name -->`; the rest of the file is written by hand.
#[track_caller]
fn check_section(path: &str, name: &str, expected: &str) {
    check_part(path, |committed| {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (before, rest) = committed.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        format!("{before}{begin}{expected}{end}{after}")
    });
}

#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "asks whether to write instead of to compare; no setting of the beacon"
)]
fn check_part(path: &str, expected: impl FnOnce(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = expected(&committed);
    if std::env::var("BEACON_REGENERATE").is_ok() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    assert!(
        committed == expected,
        "{} is stale: run BEACON_REGENERATE=1 cargo test -p beacon-core",
        path.display()
    );
}

#[test]
fn glue_table() {
    check("glue/hits.json", &Schema::builtin().glue());
}

#[test]
fn athena_ddl() {
    check("athena/ddl/hits.sql", &Schema::builtin().ddl(&DDL));
    let json = Ddl {
        format: Format::Json,
        ..DDL
    };
    check("athena/ddl/hits_json.sql", &Schema::builtin().ddl(&json));
}

#[test]
fn rules_of_settings() {
    let rules = serde_json::to_string_pretty(&Settings::rules()).unwrap();
    check("infra/settings.json", &format!("{rules}\n"));
}

/// Settings, each with what the program says of it, by which the evaluators of the rules are held to the program.
#[test]
fn answers_to_settings() {
    let cases = settings_cases::all();
    let answers: Vec<_> = cases
        .iter()
        .map(|set| {
            let set: Vec<_> = set
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let refused = settings_of(&set).err().map(|error| error.to_string());
            let set: serde_json::Map<_, _> = set
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            serde_json::json!({ "set": set, "refused": refused })
        })
        .collect();
    let refused = answers.iter().filter(|answer| !answer["refused"].is_null());
    assert!(
        refused.count() * 4 > answers.len(),
        "most cases are fine, so they show little"
    );
    let lines: Vec<_> = answers.iter().map(|answer| answer.to_string()).collect();
    check(
        "tests/fixtures/settings.json",
        &format!("[\n{}\n]\n", lines.join(",\n")),
    );
}

#[test]
fn catalog() {
    check("infra/catalog.yaml", &catalog_of(&Schema::builtin()));
}

#[test]
fn tables_of_the_docs() {
    check_section("docs/settings.md", "settings", &Settings::markdown());
    check_section("docs/record.md", "fields", &Schema::builtin().markdown());
}

#[test]
fn own_columns_are_in_everything_that_is_generated() {
    let schema = settings_of(&[("BEACON_COLUMNS", "userid=params.userid")])
        .unwrap()
        .schema();
    let ddl = schema.ddl(&Ddl {
        location: "s3://b/it's/",
        ..DDL
    });
    assert!(ddl.contains("  `userid` string COMMENT 'Custom column: params.userid'\n)"));
    assert!(ddl.contains("LOCATION 's3://b/it\\'s/'"));
    assert!(
        schema
            .markdown()
            .contains("| `userid` | string, null | Custom column: `params.userid` |\n")
    );
    let glue: serde_json::Value = serde_json::from_str(&schema.glue()).unwrap();
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
fn tables_for_the_docs_have_a_row_each() {
    assert_eq!(
        Settings::markdown().lines().count(),
        2 + Settings::VARIABLES.len()
    );
    assert_eq!(
        Schema::builtin().markdown().lines().count(),
        2 + Schema::builtin().columns().count() + 1
    );
}
