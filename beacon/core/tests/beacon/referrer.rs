//! Where a visitor came from.

use serde_json::{Value, json};

use crate::columns::check;
use crate::visit::Visit;

#[test]
fn the_referrer_is_a_parameter() {
    let none = [("referrer", Value::Null), ("referrer_host", Value::Null)];
    check(
        &Visit::get("/hit").header("referer", "https://blog.example/a"),
        &none,
    );
    check(&Visit::get("/hit?ref="), &none);
    let search = [
        ("referrer", json!("https://search.example/a")),
        ("referrer_host", json!("search.example")),
    ];
    check(
        &Visit::get("/hit?ref=https://search.example:443/a?q=x"),
        &[("referrer_host", json!("search.example"))],
    );
    check(
        &Visit::get("/hit?ref=https://Search.example/a?q=x"),
        &search,
    );
    check(
        &Visit::get("/hit?referrer=https://me@search.example/a%23b"),
        &search,
    );
    let newsletter = [
        ("referrer", json!("newsletter")),
        ("referrer_host", Value::Null),
    ];
    check(&Visit::get("/hit?ref=newsletter"), &newsletter);
}

#[track_caller]
fn check_source(target: &str, referrer: Value, source: Value) {
    check(
        &Visit::get(target),
        &[("referrer", referrer), ("referrer_host", source)],
    );
}

#[test]
fn an_app_and_a_host_without_scheme_are_sources() {
    for (text, referrer, source) in [
        (
            "android-app://com.google.android.gm",
            "android-app://com.google.android.gm",
            "android-app://com.google.android.gm",
        ),
        (
            "Android-App://com.Example/https/news.example/a?b",
            "Android-App://com.Example/https/news.example/a",
            "android-app://com.example",
        ),
        (
            "ios-app://544007664/x",
            "ios-app://544007664/x",
            "ios-app://544007664",
        ),
        (
            "chrome-extension://abc/x",
            "chrome-extension://abc/x",
            "chrome-extension://abc",
        ),
        (
            "file:///home/me/a.html",
            "file:///home/me/a.html",
            "file://",
        ),
        (
            "ftp://me:pw@a.example/b",
            "ftp://a.example/b",
            "ftp://a.example",
        ),
        ("news.example", "news.example", "news.example"),
        ("News.example/a?b%23c", "News.example/a", "news.example"),
        ("news.example:8080/a", "news.example:8080/a", "news.example"),
        ("//news.example/", "//news.example/", "news.example"),
        ("//me:pw@news.example/", "//news.example/", "news.example"),
        ("//intranet", "//intranet", "intranet"),
        (
            "xn--mnchen-3ya.example",
            "xn--mnchen-3ya.example",
            "münchen.example",
        ),
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        (
            "https://MÜNCHEN.example./%25c3%25bc",
            "https://münchen.example/ü",
            "münchen.example",
        ),
    ] {
        check_source(&format!("/hit?ref={text}"), json!(referrer), json!(source));
    }
    for name in [
        "newsletter",
        "v1.2",
        "index.html",
        "a b.example",
        "me@a.example",
        "/talks",
    ] {
        check_source(&format!("/hit?ref={name}"), json!(name), Value::Null);
    }
    for nothing in [
        "",
        "about:client",
        "about:blank",
        "data:text/html,x",
        "javascript:x",
        "null",
        "undefined",
        "-",
        "blob:https://a.example/x",
        "mailto:me@a.example",
    ] {
        check_source(&format!("/hit?ref={nothing}"), Value::Null, Value::Null);
    }
}

#[test]
fn a_page_of_the_site_itself_is_no_other_source() {
    for (site, referrer) in [
        ("blog.example", "https://www.blog.example/a"),
        ("www.blog.example", "https://blog.example/a"),
        ("WWW.Blog.example", "blog.example/a"),
    ] {
        let record = Visit::get(&format!("/hit?site={site}&ref={referrer}")).record();
        assert_eq!(record["referrer_host"], record["site"]);
        assert_eq!(record["referrer"], referrer);
    }
    let other = Visit::get("/hit?site=blog.example&ref=https://shop.blog.example/").record();
    assert_eq!(other["referrer_host"], "shop.blog.example");
}

#[test]
fn a_property_named_referrer_is_none_where_ref_is_told() {
    let record = |body: &str| Visit::post("/track", body).record();
    let none = record(r#"{"event":"invite","ref":"","referrer":"https://friend.example/"}"#);
    assert_eq!(none["referrer"], Value::Null);
    assert_eq!(none["params"]["referrer"], "https://friend.example/");
    let other = record(
        r#"{"event":"invite","referrer":"https://friend.example/","ref":"https://a.example/"}"#,
    );
    assert_eq!(other["referrer_host"], "a.example");
}
