use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: Option<(&str, &str, &str, &str)>) {
    let address = UrlParts::parse(text);
    let parts = address.as_ref().map(|address| {
        (
            address.url().into_owned(),
            address.host().to_owned(),
            address.path,
            address.query,
        )
    });
    let expected =
        expected.map(|(url, host, path, query)| (url.to_owned(), host.to_owned(), path, query));
    assert_eq!(parts, expected);
}

#[test]
fn splits_urls() {
    check(
        "https://a.example/b?c=d#e",
        Some(("https://a.example/b", "a.example", "/b", "c=d")),
    );
    check(
        "https://a.example",
        Some(("https://a.example/", "a.example", "", "")),
    );
    check(
        "https://a.example?c",
        Some(("https://a.example/", "a.example", "", "c")),
    );
    check(
        "https://a.example#c?d",
        Some(("https://a.example/", "a.example", "", "")),
    );
    check(
        "HTTP://A.Example:80/B",
        Some(("http://a.example/B", "a.example", "/B", "")),
    );
    check(
        "https://u:p@a.example/b",
        Some(("https://a.example/b", "a.example", "/b", "")),
    );
    check(
        "https://u@v@a.example/b@c",
        Some(("https://a.example/b@c", "a.example", "/b@c", "")),
    );
    check(
        "http://[2001:db8::1]:8080/",
        Some(("http://[2001:db8::1]:8080/", "[2001:db8::1]", "/", "")),
    );
    check(
        "http://[2001:db8::1]/",
        Some(("http://[2001:db8::1]/", "[2001:db8::1]", "/", "")),
    );
    check(
        " https://a.example/b \n",
        Some(("https://a.example/b", "a.example", "/b", "")),
    );
    check(
        "https://münchen.example/ü",
        Some(("https://münchen.example/ü", "münchen.example", "/ü", "")),
    );
}

#[test]
fn refuses_what_is_none() {
    for text in [
        "",
        "/",
        "a",
        "https:",
        "https://",
        "https:///a",
        "https://?a",
        "https://:80/",
        "ftp://a.example/",
        "android-app://com.example/",
        "//a.example/",
        "about:blank",
        "javascript:alert(1)",
        "null",
        "https://a b/",
        "http://%41/",
        "://",
        "https://u:p@",
    ] {
        check(text, None);
    }
}

proptest! {
    #[test]
    fn agrees_with_the_url_crate(
        text in "https?://([a-z]{1,5}(:[a-z]{0,4})?@)?[a-z]{1,8}(\\.[a-z]{2,5}){0,2}(:[1-9][0-9]{3})?(/[a-zA-Z0-9~_-]{1,5}){0,4}(\\?[a-z=&%0-9/?@:]{0,12})?(#[a-z?#]{0,5})?"
    ) {
        let slow = url::Url::parse(&text).unwrap();
        let address = UrlParts::parse(&text).unwrap();
        prop_assert_eq!(Some(address.host()), slow.host_str());
        prop_assert_eq!(if address.path.is_empty() { "/" } else { address.path }, slow.path());
        prop_assert_eq!(address.query, slow.query().unwrap_or_default());
        let mut bare = slow.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        bare.set_username("").unwrap();
        bare.set_password(None).unwrap();
        prop_assert_eq!(&*address.url(), bare.as_str());
    }

    #[test]
    fn nothing_panics_and_no_url_keeps_a_query(text in "(https?:|//|[@?#/\\\\:.]|\\PC){0,20}") {
        if let Some(address) = UrlParts::parse(&text) {
            prop_assert!(!address.url().contains(['?', '#']));
            prop_assert!(!address.host().contains('@'));
        }
    }
}
