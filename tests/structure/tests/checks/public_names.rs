//! Names that a crate publishes twice.

use crate::planted::shared_names;

#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    assert_eq!(shared_names(files).trim_end(), expected);
}

#[test]
fn two_types_of_one_name() {
    check(
        &[
            ("lib.rs", "pub mod a;\nmod b;\npub use b::inner::Kind;\n"),
            ("a.rs", "pub enum Kind {}\n"),
            ("b.rs", "pub mod inner;\n"),
            ("b/inner.rs", "\npub trait Kind {}\n"),
        ],
        "error: planted publishes 2 types named Kind: planted::a::Kind, planted::Kind\n  --> a.rs:1\n  --> b/inner.rs:2",
    );
}

#[test]
fn type_of_another_crate_under_the_same_name() {
    check(
        &[(
            "lib.rs",
            "pub mod a {\n    pub struct Request;\n}\npub use http::Request;\n",
        )],
        "error: planted publishes 2 types named Request: planted::a::Request, planted::Request\n  --> lib.rs:2\n  --> lib.rs:4",
    );
}

#[test]
fn rename_that_meets_another_type() {
    check(
        &[(
            "lib.rs",
            "mod a {\n    pub struct One;\n}\npub mod b {\n    pub struct Two;\n}\npub use a::One as Two;\n",
        )],
        "error: planted publishes 2 types named Two: planted::Two, planted::b::Two\n  --> lib.rs:2\n  --> lib.rs:5",
    );
}

#[test]
fn one_type_by_two_paths_and_names_that_are_not_published() {
    check(
        &[
            (
                "lib.rs",
                "pub mod a;\npub mod b;\nmod c;\npub use a::Kind;\npub use a::*;\n",
            ),
            (
                "a.rs",
                "pub struct Kind;\npub fn record() {}\npub mod record {}\n",
            ),
            (
                "b.rs",
                "pub(crate) enum Kind {}\nenum Format {}\npub use crate::a::Kind as Sort;\npub fn record() {}\n",
            ),
            ("c.rs", "pub enum Kind {}\n"),
        ],
        "",
    );
}
