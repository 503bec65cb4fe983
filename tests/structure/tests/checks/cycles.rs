//! Planted cycles, each found and named.

use crate::planted::cycles;

#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    assert_eq!(cycles(files).trim_end(), expected);
}

const BOTH: &str = "error: 2 modules of planted are in a cycle: a, b\n  --> ";

#[track_caller]
fn check_siblings(a: &str, b: &str, expected: &str) {
    let expected = format!("{BOTH}{}", expected.replace('\n', "\n  --> "));
    check(
        &[("lib.rs", "mod a;\nmod b;\n"), ("a.rs", a), ("b.rs", b)],
        &expected,
    );
}

#[test]
fn use_of_a_sibling_through_super() {
    check_siblings(
        "use super::b::B;\npub struct A(B);\n",
        "\nuse super::a::A;\npub struct B;\nfn f(_: A) {}\n",
        "a.rs:1: a imports b by super::b::B\nb.rs:2: b imports a by super::a::A",
    );
}

#[test]
fn full_path_without_use() {
    check_siblings(
        "pub fn f() -> usize {\n    crate::b::g()\n}\n",
        "pub fn g() -> usize { let h: fn() -> usize = super::a::f; h() }\n",
        "a.rs:2: a imports b by crate::b::g\nb.rs:1: b imports a by super::a::f",
    );
}

#[test]
fn path_in_a_type_a_pattern_a_bound_and_an_implementation() {
    for line in [
        "pub struct S { field: Vec<crate::b::B> }",
        "fn f(x: u8) { match x { crate::b::LIMIT => {} _ => {} } }",
        "fn f<T: crate::b::Kind>() {}",
        "impl crate::b::B {}",
        "fn f() { let _ = crate::b::B {}; }",
        "fn f() { let _ = <crate::b::B as Default>::default(); }",
        "fn f() { g::<crate::b::B>(); }",
        "#[serde(with = \"crate::b\")] struct S;",
        "#[serde(default = \"crate::b::parse\")] struct S;",
        "#[arg(value_parser = crate::b::parse)] struct S;",
    ] {
        let b = "use super::a::A;\npub struct B {}\npub const LIMIT: u8 = 1;\npub trait Kind {}\npub fn parse() {}\npub fn serialize() {}\nfn f(_: A) {}\n";
        let found = cycles(&[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", &format!("pub struct A;\n{line}\n")),
            ("b.rs", b),
        ]);
        assert!(
            found.contains("a.rs:2: a imports b by crate::b"),
            "{line}: {found}"
        );
    }
}

#[test]
fn child_imports_its_parent_and_the_parent_calls_the_child() {
    check(
        &[
            ("lib.rs", "mod spool;\n"),
            (
                "spool.rs",
                "mod writer;\npub struct Error;\npub fn open() { writer::start() }\n",
            ),
            (
                "spool/writer.rs",
                "use super::Error;\npub fn start() -> Error { Error }\n",
            ),
        ],
        "error: 2 modules of planted are in a cycle: spool, spool::writer\n  \
         --> spool.rs:3: spool imports spool::writer by writer::start\n  \
         --> spool/writer.rs:1: spool::writer imports spool by super::Error",
    );
}

#[test]
fn parent_imports_its_child_by_use() {
    check(
        &[
            (
                "lib.rs",
                "mod child;\nuse child::Child;\npub struct Root(Child);\n",
            ),
            (
                "child/mod.rs",
                "pub struct Child;\nfn f(_: crate::Root) {}\n",
            ),
        ],
        "error: 2 modules of planted are in a cycle: child, crate\n  \
         --> lib.rs:2: crate imports child by child::Child\n  \
         --> child/mod.rs:2: child imports crate by crate::Root",
    );
}

#[test]
fn reexport_leads_to_the_child_that_defines_the_item() {
    check(
        &[
            ("lib.rs", "mod a;\nmod parent;\n"),
            ("a.rs", "use crate::parent::Item;\npub struct A(Item);\n"),
            ("parent.rs", "mod child;\npub use child::Item;\n"),
            (
                "parent/child.rs",
                "pub struct Item;\nfn f(_: crate::a::A) {}\n",
            ),
        ],
        "error: 2 modules of planted are in a cycle: a, parent::child\n  \
         --> a.rs:1: a imports parent::child by crate::parent::Item\n  \
         --> parent/child.rs:2: parent::child imports a by crate::a::A",
    );
}

#[test]
fn parent_uses_an_item_of_the_child_that_it_exports() {
    check(
        &[
            (
                "lib.rs",
                "mod child;\npub use child::Child;\npub struct Limit;\npub fn f(_: Child) {}\n",
            ),
            ("child.rs", "pub struct Child(super::Limit);\n"),
        ],
        "error: 2 modules of planted are in a cycle: child, crate\n  \
         --> lib.rs:4: crate imports child by Child\n  \
         --> child.rs:1: child imports crate by super::Limit",
    );
}

#[test]
fn reexport_of_a_sibling_is_an_import() {
    check_siblings(
        "pub use crate::b::B;\npub struct A;\n",
        "pub struct B(crate::a::A);\n",
        "a.rs:1: a imports b by crate::b::B\nb.rs:1: b imports a by crate::a::A",
    );
}

#[test]
fn group_with_a_rename() {
    check_siblings(
        "use crate::{\n    b::{self as other, B as Renamed},\n    c,\n};\npub struct A(Renamed);\nfn f() { other::g() }\n",
        "use crate::{a::{A as One}};\npub struct B;\npub fn g() {}\nfn f(_: One) {}\n",
        "a.rs:2: a imports b by crate::b::B\nb.rs:1: b imports a by crate::a::A",
    );
}

#[test]
fn module_imported_under_another_name() {
    check_siblings(
        "use super::b as other;\npub fn f() { other::g() }\n",
        "use super::a;\npub fn g() { a::f() }\n",
        "a.rs:2: a imports b by other::g\nb.rs:2: b imports a by a::f",
    );
}

#[test]
fn path_among_the_tokens_of_a_macro() {
    check_siblings(
        "pub fn f() -> Vec<u8> {\n    vec![1, if true { super::b::g() } else { 2 }]\n}\n",
        "use super::a;\npub fn g() -> u8 { 1 }\nfn h() { println!(\"{:?} {}\", a::f().len(), 1); }\n",
        "a.rs:2: a imports b by super::b::g\nb.rs:3: b imports a by a::f",
    );
}

#[test]
fn name_among_the_tokens_of_a_macro_that_a_glob_brings() {
    check_siblings(
        "use super::b::*;\npub struct A;\nfn f() { assert_eq!(LIMIT, 1); }\n",
        "use super::a::*;\npub const LIMIT: u8 = 1;\nfn f(_: A) {}\n",
        "a.rs:3: a imports b by LIMIT\nb.rs:3: b imports a by A",
    );
}

#[test]
fn glob_from_which_only_a_trait_can_come() {
    check_siblings(
        "use super::b::*;\npub struct A;\nfn f() { 1.doubled(); }\n",
        "pub trait Doubled {}\nfn f(_: super::a::A) {}\n",
        "a.rs:1: a imports b by super::b::*\nb.rs:2: b imports a by super::a::A",
    );
}

#[test]
fn macro_of_the_crate() {
    check_siblings(
        "macro_rules! one { () => { $crate::b::g() } }\npub(crate) use one;\n",
        "use super::a::one;\npub fn g() { one!() }\n",
        "a.rs:1: a imports b by crate::b::g\nb.rs:1: b imports a by super::a::one",
    );
}

#[test]
fn use_within_a_function() {
    check_siblings(
        "pub fn f() {\n    use super::b::g;\n    g()\n}\n",
        "pub fn g() {\n    crate::a::f()\n}\n",
        "a.rs:2: a imports b by super::b::g\nb.rs:2: b imports a by crate::a::f",
    );
}

#[test]
fn inline_module_and_module_at_a_path() {
    check(
        &[
            (
                "src/main.rs",
                "mod a {\n    pub(crate) fn f() { super::far::g() }\n}\n#[path = \"../other/far_away.rs\"]\nmod far;\nfn main() {}\n",
            ),
            (
                "other/far_away.rs",
                "mod near;\npub(crate) fn g() { crate::a::f() }\n",
            ),
            ("other/near.rs", "\n"),
        ],
        "error: 2 modules of planted are in a cycle: a, far\n  \
         --> src/main.rs:2: a imports far by super::far::g\n  \
         --> other/far_away.rs:2: far imports a by crate::a::f",
    );
}

#[test]
fn longer_cycle_is_shown_by_its_shortest_way() {
    check(
        &[(
            "lib.rs",
            "mod a { pub use super::b::B as A; }\nmod b { pub struct B(super::c::C); }\nmod c { pub struct C(crate::d::D); }\nmod d { pub struct D(super::b::B, super::e::E); }\nmod e { pub struct E; fn f(_: super::d::D) {} }\n",
        )],
        "error: 4 modules of planted are in a cycle: b, c, d, e\n  \
         --> lib.rs:4: d imports e by super::e::E\n  \
         --> lib.rs:5: e imports d by super::d::D",
    );
}

#[test]
fn code_that_imports_its_own_test() {
    check(
        &[(
            "lib.rs",
            "pub struct Disk {\n    #[cfg(test)]\n    model: model::Model,\n}\n#[cfg(test)]\nmod model {\n    use super::Disk;\n    pub struct Model;\n    fn f(_: Disk) {}\n}\n",
        )],
        "error: 2 modules of planted are in a cycle: crate, model\n  \
         --> lib.rs:3: crate imports model by model::Model\n  \
         --> lib.rs:7: model imports crate by super::Disk",
    );
}
