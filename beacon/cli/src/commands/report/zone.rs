//! Time zones by name.

use chrono_tz::{TZ_VARIANTS, Tz};

/// From this likeness on (0 to 1, of Jaro and Winkler) a name is taken for a misspelt one.
const LEAST_LIKENESS: f64 = 0.87;

/// The most names that a suggestion has.
const MOST_SUGGESTED: usize = 3;

/// Returns the zone of that IANA name, however its letters are cased.
///
/// # Errors
/// Returns what is wrong with the name and, where one is like it, the zone that may be meant.
pub(super) fn parse(text: &str) -> Result<Tz, String> {
    let is_named = |zone: &&Tz| zone.name().eq_ignore_ascii_case(text);
    if let Some(zone) = TZ_VARIANTS.iter().find(is_named) {
        return Ok(*zone);
    }
    Err(match suggested(text).as_slice() {
        [] => format!(
            "there is no time zone {text:?}: use an IANA name, as Europe/Berlin, Asia/Kathmandu or UTC"
        ),
        names => format!(
            "there is no time zone {text:?}; did you mean {}?",
            names.join(" or ")
        ),
    })
}

/// Zones of that city, else those whose names are most like it.
fn suggested(text: &str) -> Vec<&'static str> {
    let asked = text.trim().replace(' ', "_").to_ascii_lowercase();
    if asked.is_empty() {
        return Vec::new();
    }
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let of_city = names().filter(|name| city(name).eq_ignore_ascii_case(city(&asked)));
    let found: Vec<&str> = of_city.take(MOST_SUGGESTED).collect();
    if !found.is_empty() {
        return found;
    }
    let likeness = |name: &str| {
        let name = name.to_ascii_lowercase();
        let whole = strsim::jaro_winkler(&name, &asked);
        whole.max(strsim::jaro_winkler(city(&name), &asked))
    };
    let likest = names()
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    likest.into_iter().map(|(_, name)| name).collect()
}

/// `Berlin` of `Europe/Berlin`.
fn city(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests;
