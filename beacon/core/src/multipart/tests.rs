use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(body: &str, expected: Option<&[(&str, &str)]>) {
    let read = fields(body, "XX", &Privacy::parse(Some("full"), "").unwrap());
    let read = read.map(|parameters| {
        parameters
            .iter()
            .map(|parameter| (parameter.name.to_string(), parameter.value.to_string()))
            .collect::<Vec<_>>()
    });
    let expected = expected.map(|pairs| {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<Vec<_>>()
    });
    assert_eq!(read, expected);
}

const FIELD: &str = "--XX\r\ncontent-disposition: form-data; name=\"page\"\r\n\r\n/talks\r\n";

#[test]
fn fields_are_read_and_files_left_out() {
    check(&format!("{FIELD}--XX--\r\n"), Some(&[("page", "/talks")]));
    check(
        &format!("before\r\n{FIELD}--XX-- "),
        Some(&[("page", "/talks")]),
    );
    check(
        &format!(
            "{FIELD}--XX\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name=title\r\n\r\ntwo\r\nlines\r\n\r\n--XX--"
        ),
        Some(&[("page", "/talks"), ("title", "two\r\nlines\r\n")]),
    );
    check(
        &format!(
            "--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b;c\"\r\n\r\n\0\0\r\n{FIELD}--XX--"
        ),
        Some(&[("page", "/talks")]),
    );
    check(
        "--XX\nContent-Disposition: form-data; name=\"a\"\n\nb\n--XX--\n",
        Some(&[("a", "b")]),
    );
    check(
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--XXY\r\n--XX--\r\n",
        Some(&[("a", "--XXY")]),
    );
    check("--XX--", Some(&[]));
}

#[test]
fn what_has_no_end_is_none() {
    check("", None);
    check(FIELD, None);
    check("--YY\r\n\r\n--YY--", None);
}

#[test]
fn attributes_stand_behind_semicolons() {
    let read = |header| attributes(header).collect::<Vec<_>>();
    assert_eq!(read("multipart/form-data"), []);
    assert_eq!(read("a; boundary=x"), [("boundary", "x")]);
    assert_eq!(
        read("a;charset ; b=\"c;d=e\" ;f = g "),
        [("b", "c;d=e"), ("f", "g")]
    );
    assert_eq!(read("a; b=\"c"), [("b", "c")]);
}

proptest! {
    #[test]
    fn nothing_panics(body in "(--XX|--|\r\n|\n|content-disposition: form-data|; name=|;|=|\"|\\PC){0,30}") {
        let _ = fields(&body, "XX", &Privacy::parse(None, "").unwrap());
        attributes(&body).for_each(drop);
    }
}
