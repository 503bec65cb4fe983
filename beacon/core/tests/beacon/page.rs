//! The page that a hit is about, and its site.

use serde_json::{Value, json};

use crate::columns::check;
use crate::visit::Visit;

#[track_caller]
fn check_place(target: &str, referer: Option<&str>, expected: (Value, Value, Value)) {
    let mut visit = Visit::get(target).header("host", "stats.example");
    if let Some(referer) = referer {
        visit = visit.header("referer", referer);
    }
    let (site, url, page) = expected;
    check(&visit, &[("site", site), ("url", url), ("page", page)]);
}

#[test]
fn the_page_is_what_parameters_say() {
    let url = || json!("https://blog.example/a");
    let site = || json!("blog.example");
    check_place(
        "/hit?page=/talks",
        None,
        (Value::Null, Value::Null, json!("/talks")),
    );
    check_place(
        "/hit?page=/talks?x=1%23y",
        None,
        (Value::Null, Value::Null, json!("/talks")),
    );
    check_place(
        "/hit?page=home",
        None,
        (Value::Null, Value::Null, json!("home")),
    );
    check_place(
        "/hit?page=/talks&site=Blog.example:80",
        None,
        (site(), Value::Null, json!("/talks")),
    );
    check_place(
        "/hit?page=/talks",
        Some("https://blog.example/"),
        (site(), Value::Null, json!("/talks")),
    );
    check_place(
        "/hit?page=https://blog.example/a?b=c",
        None,
        (site(), url(), json!("/a")),
    );
    check_place(
        "/hit?url=https%3A%2F%2Fblog.example%2Fa%3Fb",
        None,
        (site(), url(), json!("/a")),
    );
    check_place(
        "/hit?url=https://u:p@Blog.example/a",
        None,
        (site(), url(), json!("/a")),
    );
    check_place(
        "/hit?url=https://blog.example",
        None,
        (site(), json!("https://blog.example/"), json!("/")),
    );
    check_place(
        "/hit?url=https://blog.example/a&page=/b",
        None,
        (site(), url(), json!("/b")),
    );
    check_place(
        "/hit?url=/b&page=https://blog.example/a",
        None,
        (site(), url(), json!("/a")),
    );
    check_place(
        "/hit?url=https://blog.example/a&site=other",
        None,
        (json!("other"), url(), json!("/a")),
    );
    check_place(
        "/hit?site=https://blog.example/a",
        None,
        (site(), Value::Null, Value::Null),
    );
    check_place(
        "/hit?site=[2001:db8::1]:80",
        None,
        (json!("[2001:db8::1]"), Value::Null, Value::Null),
    );
    check_place(
        "/hit?url=&page=&site=",
        None,
        (Value::Null, Value::Null, Value::Null),
    );
    check_place(
        "/hit?page=%3Fa",
        None,
        (Value::Null, Value::Null, Value::Null),
    );
}

#[test]
fn the_page_is_else_what_the_referer_says() {
    let site = || json!("blog.example");
    let page = "https://blog.example/a?b#c";
    check_place(
        "/hit",
        Some(page),
        (site(), json!("https://blog.example/a"), json!("/a")),
    );
    check_place(
        "/hit?userid=1",
        Some(page),
        (site(), json!("https://blog.example/a"), json!("/a")),
    );
    check_place(
        "/hit",
        Some("https://blog.example/"),
        (site(), Value::Null, Value::Null),
    );
    check_place(
        "/hit",
        Some("https://blog.example"),
        (site(), Value::Null, Value::Null),
    );
    check_place(
        "/hit",
        Some("https://blog.example/?a"),
        (site(), json!("https://blog.example/"), json!("/")),
    );
    let own = json!("https://stats.example/");
    check_place(
        "/hit",
        Some("https://stats.example/"),
        (json!("stats.example"), own, json!("/")),
    );
    check_place(
        "/hit",
        Some("https://stats.example:8080/"),
        (json!("stats.example"), Value::Null, Value::Null),
    );
    for none in [
        "",
        "no url",
        "about:client",
        "android-app://com.example/",
        "https://",
        "\u{fe}",
    ] {
        check_place("/hit", Some(none), (Value::Null, Value::Null, Value::Null));
    }
    let invalid = Visit::get("/hit").header_bytes("referer", b"https://blog.example/\xff");
    check(&invalid, &[("site", Value::Null), ("page", Value::Null)]);
}

#[test]
fn an_origin_without_referer_is_a_site() {
    let visit = Visit::get("/hit?page=/a").header("origin", "https://blog.example");
    check(
        &visit,
        &[("site", json!("blog.example")), ("page", json!("/a"))],
    );
    let opaque = Visit::get("/hit").header("origin", "null");
    check(&opaque, &[("site", Value::Null)]);
}

#[test]
fn a_referer_of_the_same_origin_is_whole() {
    let home = |header: &str| {
        Visit::get("/hit")
            .header("host", "127.0.0.1:8080")
            .header("referer", "https://blog.example/")
            .header("sec-fetch-site", header)
    };
    let page = ("page", json!("/"));
    let url = ("url", json!("https://blog.example/"));
    check(
        &home("same-origin"),
        &[page, url, ("site", json!("blog.example"))],
    );
    for other in ["same-site", "cross-site", "none"] {
        check(&home(other), &[("page", Value::Null), ("url", Value::Null)]);
    }
}
