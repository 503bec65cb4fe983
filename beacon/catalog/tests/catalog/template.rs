//! Reads `infra/catalog.yaml` for the tests: a resource, a text or a value at a time.

use beacon_catalog::{QUERIES, VIEWS, cloudformation_template};
use beacon_core::Settings;
use beacon_core::schema::Schema;

/// Names that aren't the defaults.
const NAMES: [(&str, &str); 3] = [
    ("Database", "shop"),
    ("TablePrefix", "tp_"),
    ("Table", "requests"),
];

/// The template of a schema, with the repository's queries and views.
pub(crate) fn catalog_of(schema: &Schema) -> String {
    cloudformation_template(schema, &QUERIES, &VIEWS).unwrap()
}

/// The schema of an installation with `columns` in its BEACON_COLUMNS.
pub(crate) fn schema_with(columns: &str) -> Schema {
    let settings =
        Settings::from_lookup(|name| (name == "BEACON_COLUMNS").then(|| columns.to_owned()));
    settings.unwrap().schema()
}

/// The lines below `  name:`, up to the next resource.
#[track_caller]
pub(crate) fn resource<'a>(catalog: &'a str, name: &str) -> &'a str {
    let (_, behind) = catalog.split_once(&format!("\n  {name}:\n")).unwrap();
    let mut end = 0;
    for line in behind.split_inclusive('\n') {
        if !line.starts_with("    ") && line != "\n" {
            break;
        }
        end += line.len();
    }
    &behind[..end]
}

/// The text of a block scalar below `key`, without its indentation.
#[track_caller]
pub(crate) fn scalar(resource: &str, key: &str) -> String {
    let (_, behind) = resource.split_once(&format!("{key}\n")).unwrap();
    let indent = behind.len() - behind.trim_start_matches(' ').len();
    let mut lines = Vec::new();
    for line in behind.lines() {
        let Some(line) = line
            .split_at_checked(indent)
            .filter(|(space, _)| space.trim().is_empty())
        else {
            break;
        };
        lines.push(line.1);
    }
    lines.join("\n")
}

/// The text after `Fn::Sub`.
pub(crate) fn substituted(text: &str) -> String {
    let mut text = text.to_owned();
    for (name, value) in NAMES {
        text = text.replace(&format!("${{{name}}}"), value);
    }
    assert!(!text.contains("${"), "{text}");
    text
}

/// Name and type of each `- { Name: "site", Type: "string" …` in a list of columns.
pub(crate) fn glue_columns(list: &str) -> Vec<(String, String)> {
    let mut columns = Vec::new();
    for line in list.lines() {
        let Some(column) = line.trim().strip_prefix("- { Name: \"") else {
            continue;
        };
        let (name, rest) = column.split_once("\", Type: \"").unwrap();
        let (ty, _) = rest.split_once('"').unwrap();
        columns.push((name.to_owned(), ty.to_owned()));
    }
    columns
}

/// The value of `key: "value"` or `'key' = 'value'`.
#[track_caller]
pub(crate) fn property<'a>(text: &'a str, key: &str) -> &'a str {
    let line = text
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .find_map(|line| {
            let yaml = line.strip_prefix(&format!("{key}: "));
            yaml.or_else(|| line.strip_prefix(&format!("'{key}' = ")))
        });
    let line = line.unwrap_or_else(|| panic!("{key} is not in {text}"));
    line.trim_start_matches("!Sub ").trim_matches(['"', '\''])
}
