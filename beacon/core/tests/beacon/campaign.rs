//! The campaign whose link was followed.

use serde_json::{Value, json};

use crate::columns::check;
use crate::visit::Visit;

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
fn a_link_without_a_campaign_names_its_source_by_ref_or_source() {
    let hunt = [("utm_source", json!("producthunt"))];
    for target in [
        "/hit?url=https://a.example/?ref%3Dproducthunt",
        "/hit?url=https://a.example/?source%3Dproducthunt",
        "/hit?url=https://a.example/?SOURCE%3Dproducthunt",
        "/hit?url=https://a.example/?source%3Dlate%26ref%3Dproducthunt",
        "/hit?url=https://a.example/?ref%3D%26source%3Dproducthunt",
        "/hit?url=https://a.example/?utm_source%3D%26amp;ref%3Dproducthunt",
        "/hit?url=https://a.example/%23/talks?ref%3Dproducthunt",
        "/hit?url=https://a.example/?source%3Dlate%23x?ref%3Dproducthunt",
        "/hit?page=/talks?ref%3Dproducthunt%26utm_medium%3Dsocial",
    ] {
        check(&Visit::get(target), &hunt);
    }
    let image = Visit::get("/hit").header("referer", "https://a.example/talks?ref=producthunt");
    check(&image, &[hunt[0].clone(), ("page", json!("/talks"))]);
    for target in [
        "/hit?url=https://a.example/?ref%3Dlate%26utm_source%3Dproducthunt",
        "/hit?url=https://a.example/?ref%3Dlate%23utm_source%3Dproducthunt",
        "/hit?utm_source=producthunt&url=https://a.example/?ref%3Dlate",
    ] {
        check(&Visit::get(target), &hunt);
    }
    // The beacon's own `ref` is the referrer, and its `source` any parameter.
    let own = Visit::get("/hit?page=/a&ref=news.example&source=x");
    check(
        &own,
        &[
            ("utm_source", Value::Null),
            ("referrer_host", json!("news.example")),
        ],
    );
    let address = Visit::get("/hit?page=/a?ref%3Dhttps://me@news.example/a?mail%3Dme");
    check(&address, &[("utm_source", json!("https://news.example/a"))]);
}
