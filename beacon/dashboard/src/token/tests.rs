use super::*;

fn key(letter: &str) -> Key {
    Key::from_text(&letter.repeat(MIN_KEY_CHARACTERS)).unwrap()
}

#[test]
fn a_token_is_opened_by_its_key_for_its_purpose() {
    let token = key("a").sign(Purpose::Share, &("a.example", 7));
    let open = |key: &Key, purpose, token: &str| key.open::<(String, u64)>(purpose, token);
    assert_eq!(
        open(&key("a"), Purpose::Share, &token),
        Some(("a.example".to_owned(), 7))
    );
    assert_eq!(open(&key("b"), Purpose::Share, &token), None);
    assert_eq!(open(&key("a"), Purpose::Session, &token), None);
    assert_eq!(open(&key("a"), Purpose::Query, &token), None);
}

#[test]
fn a_token_that_was_changed_is_none() {
    let token = key("a").sign(Purpose::Session, &1_795_239_000_000_u64);
    let open = |token: &str| key("a").open::<u64>(Purpose::Session, token);
    assert_eq!(open(&token), Some(1_795_239_000_000));
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(open(&changed), None, "{changed}");
    }
    for cut in 0..token.len() {
        assert_eq!(open(&token[..cut]), None, "cut to {cut}");
    }
    assert_eq!(open(&format!("{token}A")), None);
    assert_eq!(open(""), None);
    assert_eq!(open("é.é"), None);
}

#[test]
fn keys_are_long_and_new() {
    assert_eq!(
        Key::from_text(" secret ").unwrap_err().to_string(),
        "the key has 6 characters and needs 32: make one with `openssl rand -hex 32`"
    );
    let (one, other) = (Key::generate().unwrap(), Key::generate().unwrap());
    assert_ne!(one, other);
    Key::from_text(&one).unwrap();
    assert_eq!(format!("{:?}", key("a")), "Key");
}
