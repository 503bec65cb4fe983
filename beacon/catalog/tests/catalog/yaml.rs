//! A YAML parser reads back from the template all that was written into it: SQL, descriptions, names, comments.

use beacon_catalog::{SqlFile, cloudformation_template};
use beacon_core::schema::Schema;
use proptest::prelude::*;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use crate::template::{catalog_of, schema_with};

/// The longest description of a query, which holds its parameters too, and the longest comment of a column.
const MAX_DESCRIPTION: usize = 1024;
const MAX_COMMENT: usize = 255;

/// Pieces of which YAML, JSON, `Fn::Sub` and the tokenizer each treat some differently from other text.
const PIECES: [&str; 38] = [
    "a", "Z", "7", "ü", "語", "😀", " ", "  ", "\t", "\n", "\n\n", "\r", "\r\n", "\u{0}", "\u{7}",
    "\u{1b}", "\u{7f}", "\u{85}", "\u{9b}", "\u{a0}", "\u{2028}", "\u{2029}", "\u{feff}",
    "\u{fffe}", "\"", "'", "\\", "#", " # ", ": ", "- ", "{", "}", "${a}", "|", ">", "%", "---",
];

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12)
            .prop_map(|pieces| pieces.concat()),
        any::<String>(),
    ]
}

/// The text of a header line: it ends where the line does, and white space around it isn't part of it.
fn any_line() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| text.replace('\n', " ").trim().to_owned())
}

#[track_caller]
fn parse(template: &str) -> Value {
    serde_yaml_ng::from_str(template).unwrap_or_else(|error| panic!("{error} in\n{template}"))
}

fn properties<'a>(template: &'a Value, resource: &str) -> &'a Value {
    &template["Resources"][resource]["Properties"]
}

/// The argument of `!Sub`.
#[track_caller]
fn sub(value: &Value) -> &str {
    let Value::Tagged(tagged) = value else {
        panic!("{value:?} has no tag");
    };
    assert!(tagged.tag == "Sub", "{}", tagged.tag);
    tagged.value.as_str().unwrap()
}

/// The names of the columns in a list of Glue's.
#[track_caller]
fn column_names(columns: &Value) -> Vec<&str> {
    let columns = columns.as_sequence().unwrap().iter();
    columns
        .map(|column| column["Name"].as_str().unwrap())
        .collect()
}

/// The JSON that Athena reads from a view.
#[track_caller]
fn view_json(properties: &Value) -> Json {
    let text = &properties["TableInput"]["ViewOriginalText"];
    let Value::Tagged(join) = text else {
        panic!("{text:?} has no tag");
    };
    let json = sub(&join.value[1][1]["Fn::Base64"]);
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}"))
}

#[test]
fn a_parser_reads_the_whole_template() {
    let template = parse(&catalog_of(&Schema::builtin()));
    let resources = template["Resources"].as_mapping().unwrap();
    for (name, resource) in resources {
        assert!(resource["Type"].is_string(), "{name:?}");
    }
    assert!(resources.contains_key("HitsTable") && resources.contains_key("TotalsStatement"));
}

/// `yes`, `no` and `off` are columns that Athena takes, and booleans in YAML 1.1 unless they are quoted.
#[test]
fn names_of_columns_are_strings() {
    let catalog = catalog_of(&schema_with("yes=params.a,off=params.b,_1=params.c"));
    for name in ["yes", "off", "_1"] {
        let quoted = format!("- {{ Name: \"{name}\", Type: ");
        assert_eq!(catalog.matches(&quoted).count(), 2, "{name}");
    }
    let catalog = parse(&catalog);
    for resource in ["HitsTable", "UniqueHitsView"] {
        let table = &properties(&catalog, resource)["TableInput"];
        let names = column_names(&table["StorageDescriptor"]["Columns"]);
        for name in ["yes", "off", "_1"] {
            assert!(names.contains(&name), "{names:?}");
        }
    }
}

proptest! {
    #[test]
    fn queries_come_back(question in any_line(), body in any_text()) {
        let sql = format!("-- question: {question}\n-- parameters: site\n{body}");
        let file = SqlFile { name: "asked", sql: &sql };
        let template = parse(&cloudformation_template(&Schema::builtin(), &[file], &[]).unwrap());

        let query = properties(&template, "AskedQuery");
        prop_assert_eq!(sub(&query["QueryString"]), sql.trim_end().replace("${", "${!"));
        let statement = properties(&template, "AskedStatement");
        for resource in [query, statement] {
            let description = format!("{question} Parameters: site");
            prop_assert!(description.chars().count() <= MAX_DESCRIPTION);
            prop_assert_eq!(&resource["Description"], &Value::from(description));
        }
    }

    #[test]
    fn statements_come_back(select in any_text()) {
        // Quoted, so that no piece begins a comment, which a statement doesn't keep.
        let name = select.replace(['"', '\n', '\r'], " ");
        let sql = format!("-- question: Q\n-- parameters: site\nSELECT 1 AS \"{name}|\"\n\nFROM dual;\n");
        let file = SqlFile { name: "asked", sql: &sql };
        let template = parse(&cloudformation_template(&Schema::builtin(), &[file], &[]).unwrap());
        let statement = properties(&template, "AskedStatement");
        let expected = format!("SELECT 1 AS \"{name}|\"\nFROM dual").replace("${", "${!");
        prop_assert_eq!(sub(&statement["QueryStatement"]), expected);
    }

    #[test]
    fn views_come_back(description in any_line(), select in any_text()) {
        let name = select.replace(['"', '\n', '\r'], " ");
        let sql = format!("-- view: {description}\n-- columns: number bigint\nSELECT 1 AS \"{name}|\"\n  FROM hits");
        let file = SqlFile { name: "v_hits", sql: &sql };
        let template = parse(&cloudformation_template(&Schema::builtin(), &[], &[file]).unwrap());

        let view = properties(&template, "VHitsView");
        let columns = &view["TableInput"]["StorageDescriptor"]["Columns"];
        prop_assert_eq!(column_names(columns), ["number"]);
        let json = view_json(view);
        let table = "\"${Database}\".\"${TablePrefix}${Table}\"";
        let expected = format!("SELECT 1 AS \"{}|\" FROM {table}", name.replace("${", "${!"));
        prop_assert_eq!(json["originalSql"].as_str().unwrap(), expected);
    }

    #[test]
    fn columns_come_back(name in "[a-z_][a-z0-9_]{3,20}", key in any_line()) {
        let key = key.replace(',', " ");
        let key = key.trim();
        prop_assume!(!key.is_empty());
        let schema = schema_with(&format!("x_{name}=params.{key}"));
        let template = parse(&cloudformation_template(&schema, &[], &[]).unwrap());

        let table = &properties(&template, "HitsTable")["TableInput"];
        let columns = &table["StorageDescriptor"]["Columns"];
        let last = columns.as_sequence().unwrap().last().unwrap();
        prop_assert_eq!(&last["Name"], &Value::from(format!("x_{name}")));
        let comment: String = format!("Custom column: params.{key}")
            .chars()
            .filter(|letter| *letter != '`')
            .take(MAX_COMMENT)
            .collect();
        prop_assert_eq!(&last["Comment"], &Value::from(comment));
        prop_assert_eq!(
            column_names(columns),
            schema.columns().map(|column| column.name).collect::<Vec<_>>()
        );
    }
}
