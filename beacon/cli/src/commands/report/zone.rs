//! Time zones by name, and the days of their clocks.

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
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

/// Returns the day that the zone's clock shows at a moment; the last one of the calendar where that is past it.
pub(super) fn day_of(zone: Tz, at_ms: u64) -> NaiveDate {
    i64::try_from(at_ms)
        .ok()
        .and_then(|at_ms| zone.timestamp_millis_opt(at_ms).single())
        .map_or(NaiveDate::MAX, |moment| moment.date_naive())
}

/// Returns the first moment of a day: midnight, the first of two, or, where the clock jumps over it, the jump. `None`
/// before 1970 and past the calendar's end.
pub(super) fn start_of(zone: Tz, day: NaiveDate) -> Option<u64> {
    let mut shown = day.and_time(NaiveTime::MIN);
    // A clock may leave out a whole day, as that of Apia did.
    let end = shown.checked_add_signed(TimeDelta::days(2))?;
    while shown < end {
        if let Some(moment) = zone.from_local_datetime(&shown).earliest() {
            return u64::try_from(moment.timestamp_millis()).ok();
        }
        shown += TimeDelta::minutes(1);
    }
    None
}

#[cfg(test)]
mod tests {
    use beacon_core::time::format_timestamp;

    use super::*;

    #[track_caller]
    fn check_name(text: &str, expected: Result<&str, &str>) {
        let named = parse(text);
        let named = named
            .as_ref()
            .map(|zone| zone.name())
            .map_err(String::as_str);
        assert_eq!(named, expected);
    }

    #[test]
    fn zones_are_names_of_the_list() {
        check_name("UTC", Ok("UTC"));
        check_name("Europe/Berlin", Ok("Europe/Berlin"));
        check_name("europe/berlin", Ok("Europe/Berlin"));
        check_name("Etc/GMT+2", Ok("Etc/GMT+2"));
        check_name(
            "America/Argentina/Buenos_Aires",
            Ok("America/Argentina/Buenos_Aires"),
        );
    }

    #[test]
    fn another_name_is_refused_with_the_likest() {
        check_name(
            "Berlin",
            Err("there is no time zone \"Berlin\"; did you mean Europe/Berlin?"),
        );
        check_name(
            "new york",
            Err("there is no time zone \"new york\"; did you mean America/New_York?"),
        );
        check_name(
            "Germany/Berlin",
            Err("there is no time zone \"Germany/Berlin\"; did you mean Europe/Berlin?"),
        );
        check_name(
            "Europe/Berln",
            Err("there is no time zone \"Europe/Berln\"; did you mean Europe/Berlin?"),
        );
        check_name(
            "Katmandu",
            Err("there is no time zone \"Katmandu\"; did you mean Asia/Katmandu?"),
        );
        for text in ["", " ", "<b>", "+02:00", "7"] {
            let hint = format!(
                "there is no time zone {text:?}: use an IANA name, as Europe/Berlin, Asia/Kathmandu or UTC"
            );
            check_name(text, Err(&hint));
        }
    }

    #[track_caller]
    fn check_start(zone: &str, day: &str, expected: &str) {
        let zone = parse(zone).unwrap();
        let start_ms = start_of(zone, day.parse().unwrap()).unwrap();
        assert_eq!(&format_timestamp(start_ms)[..16], expected, "{zone} {day}");
        let shown = day_of(zone, start_ms).to_string();
        assert!(shown.as_str() >= day, "{shown}");
        assert!(day_of(zone, start_ms - 1).to_string().as_str() < day);
    }

    #[test]
    fn days_begin_when_the_clock_shows_them() {
        check_start("UTC", "2026-11-21", "2026-11-21 00:00");
        check_start("Europe/Berlin", "2026-10-25", "2026-10-24 22:00");
        check_start("Europe/Berlin", "2026-10-26", "2026-10-25 23:00");
        check_start("Asia/Kathmandu", "2026-11-21", "2026-11-20 18:15");
        check_start("America/St_Johns", "2026-11-01", "2026-11-01 02:30");
        check_start("America/St_Johns", "2026-11-02", "2026-11-02 03:30");
        check_start("Australia/Lord_Howe", "2026-10-05", "2026-10-04 13:00");
        // The clock jumps over midnight, shows it twice, and leaves out a day.
        check_start("Asia/Beirut", "2026-03-29", "2026-03-28 22:00");
        check_start("America/Havana", "2026-11-01", "2026-11-01 04:00");
        check_start("Pacific/Apia", "2011-12-30", "2011-12-30 10:00");
    }
}
