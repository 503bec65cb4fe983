//! Code without a cycle, which must pass.

use crate::planted::cycles;

#[track_caller]
fn check(files: &[(&str, &str)]) {
    assert_eq!(cycles(files), "");
}

#[test]
fn parent_that_declares_its_child() {
    check(&[
        ("lib.rs", "mod child;\npub struct Limit;\n"),
        ("child.rs", "use super::Limit;\npub struct Child(Limit);\n"),
    ]);
}

#[test]
fn parent_that_exports_its_child() {
    check(&[
        (
            "lib.rs",
            "mod child;\npub use child::{Child, grand::*};\npub(crate) use self::child::f;\npub struct Limit;\n",
        ),
        (
            "child.rs",
            "use super::Limit;\npub mod grand;\npub struct Child(Limit);\npub(crate) fn f() {}\n",
        ),
        ("child/grand.rs", "pub struct Grand(crate::Limit);\n"),
    ]);
}

#[test]
fn children_that_reach_each_other_through_their_parent_one_way() {
    check(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;\n"),
        ("a.rs", "pub struct A;\n"),
        (
            "b.rs",
            "use super::A;\nuse super::a;\npub struct B(A);\nfn f() -> a::A { a::A }\n",
        ),
    ]);
}

#[test]
fn comments_links_and_texts() {
    check(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        (
            "a.rs",
            "//! See [`crate::b::B`].\n/// As [B](super::b::B).\npub struct A;\n// super::b::B\nfn f() { println!(\"super::b::B {}\", \"crate::b::B\"); }\n",
        ),
        ("b.rs", "pub struct B(super::a::A);\n"),
    ]);
}

#[test]
fn fields_variables_and_arguments_named_like_an_item() {
    check(&[
        (
            "lib.rs",
            "mod child;\npub use child::{lines, page};\npub struct Limit { page: u8 }\nfn f(lines: u8, hit: Limit) -> u8 { info!(page = 1, lines = lines, x = hit.page, y = hit . page); let page = lines; page }\n",
        ),
        (
            "child.rs",
            "pub fn lines() {}\npub fn page() -> super::Limit { todo!() }\n",
        ),
    ]);
}

#[test]
fn item_of_a_function_named_like_an_item_of_a_child() {
    check(&[
        (
            "lib.rs",
            "mod child;\npub use child::Row;\npub struct Limit;\nfn f() { struct Row; let _: Row = Row; }\n",
        ),
        ("child.rs", "pub struct Row(super::Limit);\n"),
    ]);
}

#[test]
fn paths_that_lead_out_of_the_crate() {
    check(&[
        ("lib.rs", "mod http;\nmod a;\n"),
        (
            "a.rs",
            "use ::http::Request;\npub struct A(Request, ::http::Response, std::fmt::Error);\nfn f() { vec![::http::get(), <u8 as http::X>::get()]; }\n",
        ),
        (
            "http.rs",
            "pub struct Request;\npub struct Response;\nfn f(_: super::a::A) {}\n",
        ),
    ]);
}

#[test]
fn visibility_within_a_module() {
    check(&[
        ("lib.rs", "mod parent;\n"),
        (
            "parent.rs",
            "mod child;\npub(in crate::parent) fn f() { child::g() }\n",
        ),
        (
            "parent/child.rs",
            "pub(in crate::parent) fn g() {}\npub(super) fn h() {}\n",
        ),
    ]);
}

#[test]
fn test_that_looks_at_what_it_tests() {
    check(&[
        ("lib.rs", "mod a;\n#[cfg(test)]\nmod fixture;\n"),
        (
            "a.rs",
            "pub struct A;\n#[cfg(test)]\nmod tests {\n    use super::*;\n    use crate::fixture::fixture;\n    #[test]\n    fn t() { let _: A = fixture(); }\n}\n",
        ),
        (
            "fixture.rs",
            "use crate::a::A;\npub fn fixture() -> A { A }\n",
        ),
    ]);
}

#[test]
fn module_imported_for_a_path_through_it() {
    // `x` uses only what `engine::other` defines: `engine` itself may use `x`.
    check(&[
        ("lib.rs", "mod engine;\n"),
        (
            "engine.rs",
            "mod other;\nmod x;\npub fn start() { x::run() }\n",
        ),
        ("engine/other.rs", "pub fn help() {}\n"),
        (
            "engine/x.rs",
            "use crate::engine;\npub fn run() { engine::other::help() }\n",
        ),
    ]);
}
