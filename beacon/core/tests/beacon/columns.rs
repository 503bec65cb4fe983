//! What lands in which column.

use serde_json::{Value, json};

use crate::visit::Visit;

#[track_caller]
fn check(visit: &Visit, expected: &[(&str, Value)]) {
    let record = visit.record();
    for (column, expected) in expected {
        assert_eq!(&record[*column], expected, "{column} of {record:#}");
    }
}

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
fn the_title_is_title_or_name() {
    check(
        &Visit::get("/hit?title=A+talk"),
        &[("title", json!("A talk"))],
    );
    check(
        &Visit::get("/hit?name=A+talk"),
        &[("title", json!("A talk"))],
    );
    check(
        &Visit::get("/hit?name=b&title=a"),
        &[("title", json!("a")), ("event", json!("view"))],
    );
    check(&Visit::get("/hit"), &[("title", Value::Null)]);
}

#[test]
fn the_event_is_a_view_unless_it_says_otherwise() {
    check(&Visit::get("/hit"), &[("event", json!("view"))]);
    check(&Visit::get("/hit?event="), &[("event", json!("view"))]);
    check(&Visit::get("/hit?event=open"), &[("event", json!("open"))]);
}

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

#[test]
fn a_campaign_is_read_wherever_a_link_carries_it() {
    let both = [("utm_source", json!("a")), ("utm_medium", json!("b"))];
    for target in [
        "/hit?UTM_SOURCE=a&Utm_Medium=b",
        "/hit?utm_source=&UTM_Source=a&utm_medium=b",
        "/hit?utm_source=a&amp;utm_medium=b",
        "/hit?url=https://a.example/talks%23x?utm_source=a%26utm_medium=b",
        "/hit?url=https://a.example/%23/talks?utm_source=a%26utm_medium=b",
        "/hit?url=https://a.example/%23utm_source=a%26utm_medium=b",
        "/hit?url=https://a.example/?UTM_SOURCE=a%26utm%255Fmedium=b",
        "/hit?url=https://a.example/?utm_source=a%26amp;amp;utm_medium=b",
        "/hit?url=https://a.example/?utm_source=a%23x?utm_source=c%26utm_medium=b",
        "/hit?page=/talks%23x?utm_source=a%26utm_medium=b",
        "/hit?page=%23/talks?utm_source=a%26utm_medium=b",
        "/hit?page=%23!/talks?utm_source=a%26utm_medium=b",
    ] {
        check(&Visit::get(target), &both);
    }
    for route in ["%23/talks?utm_source=a", "%23!/talks?x", "/talks%23x?y"] {
        check(
            &Visit::get(&format!("/hit?page={route}")),
            &[("page", json!("/talks"))],
        );
    }
}

#[test]
fn an_escaped_ampersand_separates() {
    let open = [
        ("site", json!("a")),
        ("page", json!("/x")),
        ("event", json!("open")),
    ];
    check(&Visit::get("/hit?site=a&amp;page=/x&amp;event=open"), &open);
    check(
        &Visit::get("/hit?site=a&amp;amp;page=/x&amp%3Bevent=open"),
        &open,
    );
}

#[test]
fn the_campaign_is_the_beacons_own_else_that_of_the_page() {
    let mail = [("utm_source", json!("mail")), ("utm_medium", json!("a b"))];
    check(&Visit::get("/hit?utm_source=mail&utm_medium=a+b"), &mail);
    check(
        &Visit::get(
            "/hit?url=https://a.example/?utm_source%3Dmail%26utm_medium%3Da%2Bb%23utm_term=x",
        ),
        &mail,
    );
    check(
        &Visit::get("/hit?page=/a?utm_source%3Dmail%26utm_medium%3Da%2520b"),
        &mail,
    );
    check(
        &Visit::get("/hit?utm_medium=a+b&page=/a?utm_source%3Dmail%26utm_medium%3Dc"),
        &mail,
    );
    let referer = "https://a.example/b?x&utm_source=mail&utm_medium=a%20b&utm_source=late";
    check(&Visit::get("/hit").header("referer", referer), &mail);
    check(
        &Visit::get("/hit?page=/a").header("referer", referer),
        &mail,
    );
    check(
        &Visit::get("/hit?page=/a"),
        &[("utm_source", Value::Null), ("utm_content", Value::Null)],
    );
    let rest = [
        ("utm_campaign", json!("c")),
        ("utm_term", json!("d")),
        ("utm_content", json!("e")),
    ];
    check(
        &Visit::get("/hit?utm_campaign=c&utm_term=d&utm_content=e"),
        &rest,
    );
}

#[test]
fn the_language_is_the_first_tag() {
    for (accepted, expected) in [
        ("de-CH,de;q=0.9", json!("de-CH")),
        (" en ;q=1", json!("en")),
        ("*", Value::Null),
        ("", Value::Null),
        (",de", Value::Null),
    ] {
        check(
            &Visit::get("/hit").header("accept-language", accepted),
            &[("language", expected)],
        );
    }
    check(&Visit::get("/hit"), &[("language", Value::Null)]);
}

#[test]
fn host_path_and_format_are_those_of_the_request() {
    let visit = Visit::get("/pixel.png?a").header("host", "Stats.example:8080");
    let expected = [
        ("host", json!("stats.example:8080")),
        ("path", json!("/pixel.png")),
        ("format", json!("png")),
    ];
    check(&visit, &expected);
    check(
        &Visit::get("/hit"),
        &[("host", json!("")), ("format", json!("gif"))],
    );
    check(&Visit::get("/pixel.css"), &[("format", json!("css"))]);
    check(&Visit::get("/pixel.js"), &[("format", json!("js"))]);
    check(&Visit::post("/track", "{}"), &[("format", json!("post"))]);
}

#[test]
fn parameters_are_kept_as_they_came() {
    let visit =
        Visit::get("/trackingpixel?userid=42&thirdpartyname=acme&userid=43&=x&empty=&b%00=%0A%22");
    let expected =
        json!({"userid": "42", "thirdpartyname": "acme", "": "x", "empty": "", "b\0": "\n\""});
    check(&visit, &[("params", expected)]);
    let rebuilt = json!("userid=42&thirdpartyname=acme&userid=43&=x&empty=&b%00=%0A%22");
    check(&visit, &[("query_string", rebuilt)]);
    let raw = json!("userid=42&thirdpartyname=acme&userid=43&=x&empty=&b%00=%0A%22");
    check(
        &visit.with("BEACON_PRIVACY", "full"),
        &[("query_string", raw)],
    );
    check(
        &Visit::get("/hit"),
        &[("params", json!({})), ("query_string", json!(""))],
    );
}

#[test]
fn own_columns_come_from_parameters_and_headers() {
    let visit = Visit::get("/hit?userid=42&thirdpartyname=")
        .header("user-agent", "Mozilla")
        .with(
            "BEACON_COLUMNS",
            "userid=params.userid, partner=params.thirdpartyname,ua=headers.User-Agent,x=params.x",
        );
    let expected = [
        ("userid", json!("42")),
        ("partner", Value::Null),
        ("ua", json!("Mozilla")),
        ("x", Value::Null),
    ];
    check(&visit, &expected);
    let nested = Visit::post("/track", r#"{"user":{"plan":"free"}}"#)
        .with("BEACON_COLUMNS", "plan=params.user.plan");
    check(&nested, &[("plan", json!("free"))]);
}

#[test]
fn keys_stand_in_the_order_of_the_schema() {
    let visit = Visit::get("/hit?b=1&a=2").with("BEACON_COLUMNS", "zeta=params.a,alpha=params.b");
    let line = visit.line();
    let schema = visit.beacon().schema().clone();
    let mut at = 0;
    for column in schema.columns() {
        let key = format!("\"{}\":", column.name);
        let found = line[at..]
            .find(&key)
            .unwrap_or_else(|| panic!("{key} is not behind byte {at} of {line}"));
        at += found + key.len();
    }
    assert!(
        line.ends_with(",\"zeta\":\"2\",\"alpha\":\"1\"}\n"),
        "{line}"
    );
}
