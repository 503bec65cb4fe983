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
