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
