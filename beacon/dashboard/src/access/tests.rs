use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
        .collect()
}

#[track_caller]
fn check_local(host: &str, expected: bool) {
    let headers = headers(&[("host", host)]);
    assert_eq!(is_local(&headers), expected, "{host}");
    assert_eq!(Access::Open.check_host(&headers).is_ok(), expected);
}

#[test]
fn an_open_dashboard_answers_to_names_of_this_machine() {
    check_local("127.0.0.1:8081", true);
    check_local("127.0.0.1", true);
    check_local("localhost:8081", true);
    check_local("LocalHost", true);
    check_local("a.localhost:1", true);
    check_local("[::1]:8081", true);
    check_local("127.8.9.1:1", true);
    check_local("rebound.example:8081", false);
    check_local("localhost.example", false);
    check_local("127.0.0.1.example:8081", false);
    check_local("192.168.0.7:8081", false);
    check_local("[2001:db8::1]:8081", false);
    check_local("", false);
    assert!(Access::Open.check_host(&HeaderMap::new()).is_err());
    let check = |name, value| {
        let headers = headers(&[("host", "localhost"), (name, value)]);
        Access::Open.check_host(&headers).is_ok()
    };
    assert!(!check("x-forwarded-for", "192.0.2.1"));
    assert!(!check("origin", "https://stats.example"));
    assert!(!check("origin", "null"));
    assert!(check("origin", "http://localhost:8081"));
    assert!(check("origin", "http://[::1]:8081"));
}

#[track_caller]
fn check_posted(pairs: &[(&'static str, &str)], expected: bool) {
    let headers = headers(pairs);
    assert_eq!(
        check_origin(&Method::POST, &headers).is_ok(),
        expected,
        "{pairs:?}"
    );
    assert_eq!(check_origin(&Method::DELETE, &headers).is_ok(), expected);
    assert_eq!(check_origin(&Method::GET, &headers), Ok(()));
}

#[test]
fn only_our_own_page_changes_something() {
    let host = ("host", "stats.example");
    check_posted(&[host], true);
    check_posted(&[host, ("origin", "https://stats.example")], true);
    check_posted(&[host, ("sec-fetch-site", "same-origin")], true);
    check_posted(&[host, ("sec-fetch-site", "none")], true);
    check_posted(&[host, ("sec-fetch-site", "cross-site")], false);
    check_posted(&[host, ("sec-fetch-site", "same-site")], false);
    check_posted(&[host, ("origin", "https://evil.example")], false);
    check_posted(&[host, ("origin", "https://stats.example:8443")], false);
    check_posted(&[host, ("origin", "null")], false);
    check_posted(&[("origin", "https://stats.example")], false);
}

#[test]
fn the_cookie_is_found_among_others() {
    let headers = headers(&[("cookie", "a=1; beacon_session=x.y; beacon_session_2=z")]);
    let found: Vec<&str> = cookies(&headers, SESSION_COOKIE).collect();
    assert_eq!(found, ["x.y"]);
}
