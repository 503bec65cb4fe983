//! The parameters that core reads by name are beacon's own: `athena/queries/property_names.sql` doesn't list them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const QUERY: &str = include_str!("../../../../athena/queries/property_names.sql");

/// Parameters of beacon's clients that only the SQL reads.
const READ_BY_SQL: [&str; 2] = ["click_id", "vw"];

/// Collects the names in calls such as `parameters.get("page")`.
fn read_by_name(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_by_name(&path, names);
            continue;
        }
        // Tests beside the code read other names too.
        if path.ends_with("tests.rs") || path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let code = fs::read_to_string(&path).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| !line.contains("headers")) {
            for call in [".get(\"", ".first(\""] {
                let calls = line.split(call).skip(1);
                names.extend(calls.filter_map(|rest| Some(rest.split_once("\")")?.0.to_owned())));
            }
        }
    }
}

#[test]
fn no_parameter_of_its_own_is_listed_as_a_property() {
    let mut own: BTreeSet<String> = READ_BY_SQL.map(str::to_owned).into();
    read_by_name(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut own);
    let (_, list) = QUERY.split_once("property NOT IN (").unwrap();
    let (list, _) = list.split_once(')').unwrap();
    let left_out: BTreeSet<String> = list
        .split('\'')
        .skip(1)
        .step_by(2)
        // A parameter without a name is none.
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(left_out, own);
    assert!(QUERY.contains("NOT starts_with(lower(property), 'utm_')"));
}
