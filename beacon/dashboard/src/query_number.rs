//! Numbers in the query string of a request.

use crate::problem::Problem;

/// Returns a whole number of the query string, or 0 if it is not given.
///
/// # Errors
/// Returns a problem with status 400 if the value is no whole number from `least` to `most`.
pub(crate) fn number(
    query: Option<&str>,
    name: &str,
    least: u64,
    most: u64,
) -> Result<u64, Problem> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut value = 0;
    for (key, text) in pairs {
        if key != name {
            continue;
        }
        value = match text.parse() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                return Err(Problem::bad_request(format!(
                    "{name} is {text:?}: it must be a whole number from {least} to {most}"
                )));
            }
        };
    }
    Ok(value)
}
