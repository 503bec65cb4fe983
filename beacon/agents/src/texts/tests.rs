use super::*;

#[track_caller]
fn check(user_agent: &str, rule: Option<&str>) {
    let found = find(&Folded::new(user_agent)).map(|text| text.rule);
    let expected = rule.map(|rule| format!("{VERSION}/{rule}"));
    assert_eq!(found, expected.as_deref(), "{user_agent:?}");
}

#[test]
fn every_text_of_the_tables_is_found_in_itself() {
    for text in &TEXTS {
        let found = find(&Folded::new(text.text));
        let is_alone = !text.text.starts_with(' ') && !text.text.ends_with(' ');
        if is_alone {
            let found = found.unwrap_or_else(|| panic!("{:?} is not found", text.text));
            assert!(
                found.kind >= text.kind,
                "{:?} is found as {}",
                text.text,
                found.rule
            );
        }
    }
}

#[test]
fn every_rule_is_a_purpose_and_a_name() {
    for text in &TEXTS {
        let (version, rule) = text.rule.split_once('/').unwrap();
        assert_eq!(version, VERSION);
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let parts: Vec<&str> = rule.split('.').collect();
        assert!(parts.len() >= 2, "{rule}");
        for part in parts {
            assert!(!part.is_empty() && part.bytes().all(is_name), "{rule}");
        }
    }
}

#[test]
fn names_differ_by_capitals_and_words_do_not() {
    check("The Googlebot/2.1", Some("search.googlebot"));
    check("a CRAWLer of pages", Some("generic.crawl"));
}

#[test]
fn a_name_beats_a_word_and_the_longer_name_the_shorter() {
    check(
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        Some("search.bingbot"),
    );
    check("Googlebot-Image/1.0", Some("search.googlebot-image"));
}

#[test]
fn a_longer_text_takes_the_meaning_of_a_word_away() {
    check("Linux; Android 10; CUBOT) Chrome", None);
    check("Linux; Android 10; ROBOT) Chrome", Some("generic.bot"));
    check("CamScanner 6", None);
    check("a scanner of things", Some("generic.scan"));
}

#[test]
fn marks_bind_a_text_to_the_ends() {
    check("Viber", Some("preview.viber"));
    check("Mozilla/5.0 (Linux; Android 14) Viber/22", None);
}
