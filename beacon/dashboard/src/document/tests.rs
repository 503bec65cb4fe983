use super::*;

const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

const PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$kFAHYpSrmGOcXfQRBDWC6sKYNXHqMJgL6Fs8iGK4q1o";

fn document() -> Document {
    Document {
        keys: vec![KeyRecord {
            id: "0123456789ab".to_owned(),
            name: "Grafana".to_owned(),
            site: None,
            last4: "wxyz".to_owned(),
            created_ms: 1,
            sha256: SecretHash::of("abc"),
        }],
        shares: vec![ShareRecord {
            id: "9876543210ab".to_owned(),
            name: "For Ada".to_owned(),
            site: "münchen.example".to_owned(),
            until_ms: 10,
            created_ms: 2,
            password: Some(PasswordHash::parse(PASSWORD).unwrap()),
            sha256: SecretHash::of("abc"),
        }],
        goals: vec![Goal {
            name: "Sign-ups".to_owned(),
            filters: vec![FilterRequest {
                column: "event".to_owned(),
                op: Some("is".to_owned()),
                values: vec!["signup".to_owned()],
                value: None,
            }],
        }],
        saved: vec![SavedFilter {
            name: "Phones".to_owned(),
            search: "?device=phone".to_owned(),
        }],
        ..Document::default()
    }
}

#[test]
fn a_document_is_read_as_it_was_written() {
    let document = document();
    let text = document.text();
    assert_eq!(Document::parse(Some(&text)).unwrap(), document);
    assert_eq!(Document::parse(None).unwrap(), Document::default());
    // This form is on the disks and in the buckets of users.
    let expected = format!(
        r#"{{
  "version": 1,
  "keys": [
    {{
      "id": "0123456789ab",
      "name": "Grafana",
      "site": null,
      "last4": "wxyz",
      "created_ms": 1,
      "sha256": "{HASH}"
    }}
  ],
  "shares": [
    {{
      "id": "9876543210ab",
      "name": "For Ada",
      "site": "münchen.example",
      "until_ms": 10,
      "created_ms": 2,
      "password": "{PASSWORD}",
      "sha256": "{HASH}"
    }}
  ],
  "goals": [
    {{
      "name": "Sign-ups",
      "filters": [
        {{
          "column": "event",
          "op": "is",
          "values": [
            "signup"
          ]
        }}
      ]
    }}
  ],
  "saved": [
    {{
      "name": "Phones",
      "search": "?device=phone"
    }}
  ]
}}
"#
    );
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = Document::parse(Some(text.as_bytes())).unwrap_err();
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[test]
fn what_is_no_document_of_this_version_is_refused() {
    check_refused("", "it is damaged: EOF");
    check_refused("{}", "it is damaged: it has no version");
    check_refused(r#"{"version": "2"}"#, "it is damaged: it has no version");
    check_refused(
        "[1]",
        "it is damaged: invalid type: sequence, expected a map",
    );
    check_refused(r#"{"version": 0}"#, "it is damaged: there is no version 0");
    check_refused(
        r#"{"version": 2, "anything": {}}"#,
        "its version is 2, and this program knows 1 only",
    );
    check_refused(
        r#"{"version": 1, "links": []}"#,
        "it is damaged: unknown field `links`",
    );
    let text = String::from_utf8(document().text()).unwrap();
    check_refused(
        &text.replace(HASH, "abc"),
        "it is damaged: a sha256 isn't 64 hexadecimal digits",
    );
    check_refused(
        &text.replace(PASSWORD, "correct horse"),
        "it is damaged: it is no argon2id hash",
    );
    check_refused(&text[..text.len() / 2], "it is damaged: EOF");
}

#[test]
fn links_that_have_ended_are_forgotten() {
    let mut document = document();
    document.forget_ended(9);
    assert_eq!(document.shares.len(), 1);
    document.forget_ended(10);
    assert_eq!(document.shares, []);
    assert_eq!(document.keys.len(), 1);
}

#[test]
fn a_name_is_short_and_on_one_line() {
    assert_eq!(name("a key", " Für Ada "), Ok("Für Ada".to_owned()));
    assert_eq!(
        name("a key", "  "),
        Err("the name of a key has 0 characters: give it 1 to 100".to_owned())
    );
    assert_eq!(
        name("a key", &"ä".repeat(101)),
        Err("the name of a key has 101 characters: give it 1 to 100".to_owned())
    );
    assert_eq!(
        name("a key", "a\nb"),
        Err("the name of a key has the control character '\\n': leave it out".to_owned())
    );
}
