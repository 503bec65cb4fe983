use super::*;

#[track_caller]
fn check(accepted: &str, expected: bool) {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
    assert_eq!(takes_gzip(&headers), expected, "{accepted}");
}

#[test]
fn gzip_is_sent_to_who_takes_it() {
    check("gzip, deflate, br, zstd", true);
    check("br;q=1.0, GZIP;q=0.5", true);
    check("*", true);
    check("gzip;q=0, identity", false);
    check("gzip;q=0, *", false);
    check("*, gzip;q=0", false);
    check("*;q=0, gzip", true);
    check("*;q=0", false);
    check("gzip; Q=0.000, *;q=1", false);
    check("x-gzip", true);
    check("identity, br, *;q=0.1", true);
    check("br", false);
    check("", false);
    assert!(!takes_gzip(&HeaderMap::new()));
}
