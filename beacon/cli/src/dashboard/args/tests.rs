use super::*;

#[test]
fn an_address_or_off() {
    let parse = |text: &str| text.parse::<Listen>().map(|listen| listen.to_string());
    assert_eq!(parse("off").unwrap(), "off");
    assert_eq!(parse("[::1]:80").unwrap(), "[::1]:80");
    assert_eq!(parse("8081").unwrap(), "127.0.0.1:8081");
    let refused = parse("on").unwrap_err();
    assert!(
        refused.starts_with("no port from 0 to 65535 at its end; ")
            && refused.ends_with("; off shows none"),
        "{refused}"
    );
}

#[test]
fn an_endpoint_can_be_pasted() {
    assert_eq!(
        parse_endpoint("https://b.example/").unwrap(),
        "https://b.example"
    );
    assert_eq!(
        parse_endpoint("http://b.example:8080/stats").unwrap(),
        "http://b.example:8080/stats"
    );
    for wrong in [
        "b.example",
        "https://",
        "ftp://b.example",
        "https://b.example/\"",
    ] {
        assert_eq!(
            parse_endpoint(wrong).unwrap_err(),
            "an endpoint is http:// or https:// with a host, as https://b.example",
            "{wrong}"
        );
    }
}
