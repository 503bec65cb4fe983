//! Writes the properties of partition projection, by which Athena computes the hours' directories.
//!
//! <https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html>

use beacon_core::schema::PARTITIONS;

/// The range of each partition below the year. All have two digits in a path.
const RANGES: [(&str, &str); 3] = [("month", "1,12"), ("day", "1,31"), ("hour", "0,23")];

/// Returns the table properties for a range of years (`2026,2035`) and a `location` that ends with `/`.
///
/// `placeholder` writes the value of a partition in a template: `${year}`, or text that `Fn::Sub` turns into that.
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
        // Without digits Athena would look for hour=5 instead of hour=05, and find nothing, without an error.
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
