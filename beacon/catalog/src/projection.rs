//! Partition projection: Athena works out the folders of the hours instead of looking them up.

use beacon_core::schema::PARTITIONS;

/// The first and the last value of each partition below the year, which all have two digits in a path.
const RANGES: [(&str, &str); 3] = [("month", "1,12"), ("day", "1,31"), ("hour", "0,23")];

/// The table properties for the years of `years` (`2026,2035`) under `location`, which ends with `/`.
///
/// `placeholder` writes the value of a partition in a template: `${year}`, or what becomes it.
pub(crate) fn properties(
    years: &str,
    location: &str,
    placeholder: impl Fn(&str) -> String,
) -> Vec<(String, String)> {
    let mut properties = vec![
        ("projection.enabled".to_owned(), "true".to_owned()),
        ("projection.year.type".to_owned(), "integer".to_owned()),
        ("projection.year.range".to_owned(), years.to_owned()),
    ];
    for (name, range) in RANGES {
        // Without digits the folders of 0 to 9 would be looked for as hour=5, and not be found, without an error.
        for (key, value) in [("type", "integer"), ("range", range), ("digits", "2")] {
            properties.push((format!("projection.{name}.{key}"), value.to_owned()));
        }
    }
    let folders = PARTITIONS.map(|name| format!("{name}={}/", placeholder(name)));
    properties.push((
        "storage.location.template".to_owned(),
        format!("{location}{}", folders.concat()),
    ));
    properties
}
