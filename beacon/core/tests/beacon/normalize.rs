//! Hosts and paths have one spelling, in records, settings and filters.

use beacon_core::normalize;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::visit::Visit;

#[track_caller]
fn check(spell: fn(&str) -> std::borrow::Cow<'_, str>, text: &str, expected: &str) {
    let spelled = spell(text);
    assert_eq!(spelled, expected, "of {text:?}");
    assert_eq!(spell(&spelled), expected, "spelled twice: {text:?}");
}

#[test]
fn hosts() {
    for (text, expected) in [
        ("blog.example", "blog.example"),
        ("BLOG.Example.", "blog.example"),
        ("a_b.example", "a_b.example"),
        ("münchen.example", "münchen.example"),
        ("MÜNCHEN.EXAMPLE", "münchen.example"),
        ("xn--mnchen-3ya.example", "münchen.example"),
        ("XN--MNCHEN-3YA.EXAMPLE.", "münchen.example"),
        ("mu\u{308}nchen.example", "münchen.example"),
        ("ｂｌｏｇ。example。", "blog.example"),
        ("faß.example", "faß.example"),
        ("xn--fa-hia.example", "faß.example"),
        ("ΠΑΡΆΔΕΙΓΜΑ.example", "παράδειγμα.example"),
        ("пример.испытание", "пример.испытание"),
        ("xn--e1afmkfd.xn--80akhbyknj4f", "пример.испытание"),
        ("例え.テスト", "例え.テスト"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
        // No label of IDNA: in lower case all the same.
        ("XN--A.Example", "xn--a.example"),
        ("My Shöp", "my shöp"),
        (".", ""),
        ("。", ""),
        ("", ""),
    ] {
        check(normalize::host, text, expected);
    }
}

#[test]
fn sites_are_hosts_however_they_are_written() {
    for (text, expected) in [
        ("Blog.example", "blog.example"),
        ("blog.example:443", "blog.example"),
        ("blog.example.:8080", "blog.example"),
        (" blog.example/en?x#y ", "blog.example"),
        ("//blog.example/en", "blog.example"),
        ("https://Blog.example:8080/en", "blog.example"),
        ("https://me@xn--mnchen-3ya.example", "münchen.example"),
        ("[2001:DB8::1]:80", "[2001:db8::1]"),
        ("shop", "shop"),
        ("My Shop", "my shop"),
    ] {
        check(normalize::site, text, expected);
    }
}

/// The table of docs/record.md.
const PAGES: &[(&str, &str)] = &[
    ("/talks", "/talks"),
    ("/%C3%BCber", "/über"),
    ("/%c3%bcber", "/über"),
    ("/über", "/über"),
    ("/two%20words", "/two words"),
    ("/two words", "/two words"),
    ("/%7Eme/%61", "/~me/a"),
    ("/a%2fb", "/a%2Fb"),
    ("/a+b", "/a+b"),
    ("/a%2Bb", "/a%2Bb"),
    ("/a%3fb%23c", "/a%3Fb%23c"),
    ("/%22quoted%22", "/\"quoted\""),
    ("/100%", "/100%25"),
    ("/100%25", "/100%25"),
    ("/%25C3", "/%25C3"),
    ("/%zz", "/%25zz"),
    ("/caf%e9", "/caf%E9"),
    ("/%C3%28", "/%C3%28"),
    ("/end%20", "/end%20"),
    ("/end ", "/end%20"),
    ("/a%0ab", "/a%0Ab"),
    ("/a\tb", "/a%09b"),
    ("/%E2%80%AEgpj.exe", "/%E2%80%AEgpj.exe"),
    ("/a/./b/../c", "/a/c"),
    ("/a/%2E%2E/b", "/b"),
    ("/../a/.", "/a/"),
    ("/.well-known/x", "/.well-known/x"),
    ("home", "home"),
    ("../home", "../home"),
    (" home", "%20home"),
    ("/🎉", "/🎉"),
    ("/%F0%9F%8E%89", "/🎉"),
    ("", ""),
];

#[test]
fn pages() {
    for (text, expected) in PAGES {
        check(normalize::page, text, expected);
    }
    check(normalize::page, "/talks?x=1#y", "/talks");
    check(normalize::page, "https://blog.example", "/");
    check(normalize::page, "https://blog.example/%c3%bc?x", "/ü");
}

#[test]
fn the_docs_have_every_vector() {
    let docs = include_str!("../../../../docs/record.md");
    for (text, expected) in PAGES {
        if text.is_empty() || text.contains(['\t']) || text.ends_with(' ') {
            continue;
        }
        let row = format!("| `{text}` | `{expected}` |\n");
        assert!(docs.contains(&row), "docs/record.md lacks {row}");
    }
}

#[test]
fn urls() {
    for (text, expected) in [
        ("https://blog.example/a", "https://blog.example/a"),
        ("HTTPS://me:pw@Blog.example:443", "https://blog.example/"),
        ("http://blog.example:443/", "http://blog.example:443/"),
        ("http://blog.example:0080/", "http://blog.example/"),
        ("https://blog.example:/a", "https://blog.example/a"),
        (
            "https://XN--MNCHEN-3YA.example./%c3%bc?x#y",
            "https://münchen.example/ü",
        ),
        ("newsletter", "newsletter"),
    ] {
        check(normalize::url, text, expected);
    }
}

#[track_caller]
fn record_of(visit: &Visit) -> (Value, Value, Value) {
    let record = visit.record();
    (
        record["site"].clone(),
        record["url"].clone(),
        record["page"].clone(),
    )
}

#[test]
fn one_page_has_one_row_however_it_is_sent() {
    let expected = (
        json!("münchen.example"),
        json!("https://münchen.example/über uns"),
        json!("/über uns"),
    );
    let encoded = "https://xn--mnchen-3ya.example/%C3%BCber%20uns";
    for visit in [
        Visit::get("/hit?url=https://xn--mnchen-3ya.example/%25C3%25BCber%2520uns"),
        Visit::get("/hit?url=https://M%C3%9CNCHEN.example./%25c3%25bcber%2520uns"),
        Visit::get("/hit?url=https://m%C3%BCnchen.example:443/%C3%BCber+uns"),
        Visit::get("/hit?page=https://xn--mnchen-3ya.example/%25C3%25BCber+uns"),
        Visit::post("/track", format!("{{\"url\":\"{encoded}\"}}")),
        Visit::get("/hit").header("referer", encoded),
        Visit::get("/hit").header("referer", &encoded.replace("%C3", "%c3")),
    ] {
        assert_eq!(record_of(&visit), expected);
    }
}

#[test]
fn a_page_that_is_no_unicode_has_one_row_too() {
    for visit in [
        Visit::get("/hit?page=/caf%e9"),
        Visit::get("/hit?page=/caf%25E9"),
        Visit::post("/track", r#"{"page":"/caf%e9"}"#),
        Visit::get("/hit").header("referer", "https://blog.example/caf%E9"),
    ] {
        assert_eq!(visit.record()["page"], "/caf%E9");
    }
}

#[test]
fn sites_of_a_setting_are_spelled_too() {
    for setting in [
        "münchen.example",
        "MÜNCHEN.example.",
        "xn--mnchen-3ya.example",
        "*.example",
    ] {
        for site in [
            "m%C3%BCnchen.example",
            "M%C3%9CNCHEN.EXAMPLE",
            "xn--mnchen-3ya.example.",
        ] {
            let visit = Visit::get(&format!("/hit?site={site}")).with("BEACON_SITES", setting);
            assert_eq!(
                visit.record()["site"],
                "münchen.example",
                "{setting} {site}"
            );
        }
        let sender = Visit::get("/hit")
            .header("referer", "https://xn--mnchen-3ya.example/a")
            .with("BEACON_SITES", setting);
        assert_eq!(sender.record()["site"], "münchen.example", "{setting}");
    }
}

#[test]
fn the_beacons_own_host_is_spelled_like_that_of_its_pages() {
    let visit = |host: &str| {
        Visit::get("/hit")
            .header("host", host)
            .header("referer", "https://xn--mnchen-3ya.example/")
    };
    for host in ["xn--mnchen-3ya.example", "XN--MNCHEN-3YA.example:443"] {
        assert_eq!(visit(host).record()["page"], "/", "{host}");
    }
    let other_port = visit("xn--mnchen-3ya.example:8080").record();
    assert_eq!(other_port["page"], Value::Null);
    assert_eq!(other_port["host"], "münchen.example:8080");
}

/// What a character becomes, by the words of the rule.
fn slow_letter(letter: char, is_encoded: bool, out: &mut String) {
    let reserved = ":/?#[]@!$&'()*+,;=\\";
    let is_invisible = letter.is_control()
        || "\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\u{fffd}"
            .contains(letter);
    if letter == '%' || is_invisible || is_encoded && reserved.contains(letter) {
        for byte in letter.to_string().bytes() {
            out.push_str(&format!("%{byte:02X}"));
        }
    } else {
        out.push(letter);
    }
}

/// The rule without a thought for speed.
fn slow_page(text: &str) -> String {
    let bytes = text.as_bytes();
    let encoded_at = |at: usize| {
        let digits = text.get(at + 1..at + 3)?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        (bytes.get(at) == Some(&b'%') && is_hex)
            .then(|| u8::from_str_radix(digits, 16).expect("two digits"))
    };
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let Some(first) = encoded_at(at) else {
            let letter = text[at..].chars().next().expect("a boundary");
            slow_letter(letter, false, &mut out);
            at += letter.len_utf8();
            continue;
        };
        let run: Vec<u8> = (0..4).map_while(|nth| encoded_at(at + 3 * nth)).collect();
        let letter = (1..=run.len()).find_map(|length| str::from_utf8(&run[..length]).ok());
        match letter {
            Some(letter) => {
                slow_letter(letter.chars().next().expect("one"), true, &mut out);
                at += 3 * letter.len();
            }
            None => {
                out.push_str(&format!("%{first:02X}"));
                at += 3;
            }
        }
    }
    let encoded = |text: &str| {
        text.bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect::<String>()
    };
    let kept = out.trim_end().len();
    out = format!("{}{}", &out[..kept], encoded(&out[kept..]));
    let blanks = out.len() - out.trim_start().len();
    out = format!("{}{}", encoded(&out[..blanks]), &out[blanks..]);
    if out.starts_with('/') {
        let mut segments: Vec<String> = Vec::new();
        let all: Vec<&str> = out[1..].split('/').collect();
        for (nth, segment) in all.iter().enumerate() {
            match *segment {
                ".." => drop(segments.pop()),
                "." => {}
                name => segments.push(name.to_owned()),
            }
            if nth + 1 == all.len() && (*segment == "." || *segment == "..") {
                segments.push(String::new());
            }
        }
        out = format!("/{}", segments.join("/"));
    }
    out
}

fn messy_path() -> impl Strategy<Value = String> {
    let pieces = [
        "/",
        "/",
        ".",
        "..",
        "%",
        "%2",
        "%2F",
        "%2f",
        "%2e",
        "%20",
        "%C3%BC",
        "%c3",
        "%BC",
        "%e9",
        "%F0%9F%8E%89",
        "%ED%A0%80",
        "%00",
        "%7F",
        "%C2%85",
        "%E2%80%AE",
        "%25",
        "%61",
        "%5C",
        "%22",
        " ",
        "\u{a0}",
        "\u{3000}",
        "\t",
        "\u{85}",
        "ü",
        "🎉",
        "a",
        "~",
        "+",
        "(",
        ")",
        "@",
        ":",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..12)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn paths_agree_with_the_slow_rule(text in messy_path()) {
        let spelled = normalize::page(&text);
        prop_assert_eq!(&*spelled, slow_page(&text));
        prop_assert_eq!(normalize::page(&spelled), &*spelled);
    }

    #[test]
    fn nothing_panics_and_twice_is_once(text in "(xn--|[Xx][Nn]--|[.%/:@?# ]|ß|ü|Ü|。|\u{ad}|\\PC){0,16}") {
        for spell in [normalize::host, normalize::site, normalize::page, normalize::url] {
            let once = spell(&text).into_owned();
            prop_assert_eq!(spell(&once), &*once, "of {:?}", &text);
        }
    }

    #[test]
    fn a_host_and_its_punycode_are_one(text in "[a-zäöüßéа-яα-ω]{1,9}(\\.[a-z]{2,5}){1,2}") {
        let (encoded, result) = idna::uts46::Uts46::new()
            .to_ascii(text.as_bytes(), idna::AsciiDenyList::URL, idna::uts46::Hyphens::Allow, idna::uts46::DnsLength::Ignore)
            .map_or((String::new(), false), |encoded| (encoded.into_owned(), true));
        prop_assume!(result);
        prop_assert_eq!(normalize::host(&text), normalize::host(&encoded));
        prop_assert_eq!(normalize::host(&encoded), text.to_lowercase());
    }
}
