use super::*;

#[track_caller]
fn check(spellings: Spellings, now: &str, also: &str) {
    assert_eq!((&*spellings.now, &*spellings.also), (now, also));
}

#[test]
fn a_page_is_found_in_both_spellings() {
    check(page("/talks"), "/talks", "/talks");
    check(page("/café"), "/café", "/caf%C3%A9");
    check(page("/caf%C3%A9"), "/café", "/caf%C3%A9");
    check(page("/caf%c3%a9"), "/café", "/caf%c3%a9");
    check(page("/au lait"), "/au lait", "/au%20lait");
    check(page("/a%2Fb"), "/a%2Fb", "/a%2Fb");
    check(
        page("https://blog.example/x?y"),
        "/x",
        "https://blog.example/x?y",
    );
    check(page(ALL), "*", "*");
    check(page("?"), "?", "?");
}

#[test]
fn a_site_is_found_in_both_spellings() {
    check(site("blog.example"), "blog.example", "blog.example");
    check(site("Blog.example"), "blog.example", "Blog.example");
    check(
        site("münchen.example"),
        "münchen.example",
        "xn--mnchen-3ya.example",
    );
    check(
        site("xn--mnchen-3ya.example"),
        "münchen.example",
        "xn--mnchen-3ya.example",
    );
    check(
        site("https://blog.example/en"),
        "blog.example",
        "https://blog.example/en",
    );
    check(site(ALL), "*", "*");
}

#[test]
fn a_value_that_would_be_too_long_to_bind_stays_as_given() {
    let long = format!("/{}", "é".repeat(400));
    check(page(&long), &long, &long);
}
