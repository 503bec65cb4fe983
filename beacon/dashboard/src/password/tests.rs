use super::*;

#[test]
fn a_hash_is_of_its_password_alone() {
    let text = hash("correct horse").unwrap();
    assert!(
        text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{text}"
    );
    let parsed = PasswordHash::parse(&format!("{text}\n")).unwrap();
    assert_eq!(parsed.text(), text);
    assert!(parsed.is_of("correct horse"));
    assert!(!parsed.is_of("correct horse "));
    assert!(!parsed.is_of(""));
    assert_ne!(
        hash("correct horse").unwrap(),
        text,
        "each has its own salt"
    );
}

#[track_caller]
fn check_refused(setting: &str, expected: &str) {
    let error = PasswordHash::parse(setting).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert!(error.contains("beacon dashboard-password"), "{error}");
}

#[test]
fn what_is_no_hash_says_how_to_make_one() {
    check_refused("correct horse", "no argon2id hash");
    check_refused("", "no argon2id hash");
    check_refused(
        "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "its function is argon2i",
    );
    check_refused("$argon2id$v=19$m=19456,t=2,p=1", "salt or hash is missing");
}

#[test]
fn a_new_password_has_a_least_length() {
    assert_eq!(
        hash("geheim").unwrap_err().to_string(),
        "the password has 6 characters: give it 10 or more, since whoever reaches the dashboard can try"
    );
    assert_eq!(
        hash(&"a".repeat(1025)).unwrap_err().to_string(),
        "the password has 1025 bytes: the most is 1024"
    );
}
