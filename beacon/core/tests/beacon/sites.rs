//! `BEACON_SITES`.

use beacon_core::beacon::Outcome;
use http::StatusCode;

use crate::visit::{Visit, header};

#[track_caller]
fn check(visit: Visit, expected: bool) {
    let (answer, out) = visit
        .with("BEACON_SITES", "blog.example, *.Shop.example")
        .handle();
    assert_eq!(answer.hits, usize::from(expected));
    assert_eq!(out.is_empty(), !expected);
    if expected {
        assert_eq!(answer.outcome(), Outcome::Recorded);
        return;
    }
    assert_eq!(answer.outcome(), Outcome::Ignored("site not allowed"));
    let response = answer.recorded();
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
