//! `BEACON_SITES`.

use beacon_core::Outcome;
use http::StatusCode;

use crate::visit::{Visit, header};

#[track_caller]
fn check(visit: Visit, expected: bool) {
    let (pending, out) = visit
        .with("BEACON_SITES", "blog.example, *.Shop.example")
        .handle();
    assert_eq!(pending.hits, usize::from(expected));
    assert_eq!(out.is_empty(), !expected);
    if expected {
        assert_eq!(pending.outcome(), Outcome::Recorded);
        return;
    }
    assert_eq!(pending.outcome(), Outcome::Ignored("site not allowed"));
    let response = pending.into_response(Ok(()));
    assert_eq!(
        (response.status(), response.body().len()),
        (StatusCode::OK, 43)
    );
    assert_eq!(
        header(&response, "x-beacon"),
        Some("ignored; site not allowed")
    );
}

#[test]
fn the_site_must_be_named() {
    check(Visit::get("/hit?site=blog.example"), true);
    check(Visit::get("/hit?site=BLOG.example:443"), true);
    check(Visit::get("/hit?site=a.shop.example"), true);
    check(Visit::get("/hit?site=a.b.shop.example"), true);
    check(Visit::get("/hit?site=shop.example"), false);
    check(Visit::get("/hit?site=.shop.example"), false);
    check(Visit::get("/hit?site=xshop.example"), false);
    check(Visit::get("/hit?site=www.blog.example"), false);
    check(Visit::get("/hit?site=blog.example.evil.example"), false);
    check(Visit::get("/hit?page=/a"), false);
    check(Visit::get("/hit?url=https://blog.example/a"), true);
}

#[test]
fn the_sending_page_must_be_on_one_of_them() {
    let visit = || Visit::get("/hit?site=blog.example");
    check(visit().header("referer", "https://a.shop.example/b"), true);
    check(visit().header("referer", "https://evil.example/b"), false);
    check(visit().header("origin", "https://evil.example"), false);
    check(
        visit()
            .header("origin", "https://blog.example")
            .header("referer", "https://evil.example/"),
        false,
    );
    check(visit().header("origin", "null"), true);
    check(visit().header("referer", "no url"), true);
    check(
        Visit::get("/hit").header("referer", "https://blog.example/"),
        true,
    );
}

#[test]
fn items_are_judged_one_by_one() {
    let post = |body: &str| Visit::post("/track", body).with("BEACON_SITES", "blog.example");
    let mixed = post(r#"[{"site":"blog.example"},{"site":"evil.example"}]"#);
    assert_eq!(mixed.records().len(), 1);
    let response = mixed.response();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        &response.body()[..],
        b"{\"recorded\":1,\"refused\":[{\"index\":1,\"reason\":\"site not allowed\"}]}\n"
    );
    let foreign = post(r#"{"site":"blog.example"}"#)
        .header("origin", "https://evil.example")
        .response();
    assert_eq!(foreign.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        header(&foreign, "x-beacon"),
        Some("ignored; site not allowed")
    );
}

#[test]
fn an_email_is_opened_on_whatever_page_the_reader_uses() {
    let open = |site: &str| Visit::get(&format!("/hit?event=open&site={site}"));
    let webmail = |visit: Visit| visit.header("referer", "https://webmail.example/inbox");
    check(webmail(open("blog.example")), true);
    check(webmail(open("a.shop.example")), true);
    check(
        webmail(open("blog.example")).header("origin", "https://webmail.example"),
        true,
    );
    check(
        webmail(Visit::get("/hit?event=Open&amp;site=blog.example")),
        true,
    );
    check(webmail(open("evil.example")), false);
    check(webmail(Visit::get("/hit?event=open")), false);
    check(
        webmail(Visit::get("/hit?event=opened&site=blog.example")),
        false,
    );
    check(webmail(Visit::get("/hit?site=blog.example")), false);
}

#[test]
fn a_canonical_link_to_another_site_takes_no_view_away() {
    let canonical = "/hit?url=https://original.example/post";
    check(
        Visit::get(canonical).header("referer", "https://blog.example/"),
        true,
    );
    check(
        Visit::get(canonical).header("referer", "https://other.example/"),
        false,
    );
    let site = |visit: Visit| visit.record()["site"].clone();
    let script = |origin: &str| {
        let body = r#"{"url":"https://original.example/post"}"#;
        site(Visit::post("/track", body).header("origin", origin))
    };
    assert_eq!(script("https://blog.example"), "blog.example");
    assert_eq!(script("https://www.original.example"), "original.example");
    for unnamed in ["null", "http://localhost:3000", "http://127.0.0.1"] {
        assert_eq!(script(unnamed), "original.example", "{unnamed}");
    }
    // A reader of feeds shows an image of the site's own.
    let feed = Visit::get(canonical).header("referer", "https://reader.example/");
    assert_eq!(site(feed), "original.example");
    let named = r#"{"url":"https://original.example/post","site":"original.example"}"#;
    let named = Visit::post("/track", named).header("origin", "https://blog.example");
    assert_eq!(site(named), "original.example");
}
