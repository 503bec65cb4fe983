use std::process::Command;

use serde_json::{Value, json};

use super::*;

/// 2026-11-21, UTC.
const FROM_MS: u64 = 1_795_219_200_000;

fn request(fields: Value) -> QueryRequest {
    let mut request =
        json!({"question": "top_pages", "from_ms": FROM_MS, "to_ms": FROM_MS + 2 * DAY_MS});
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    serde_json::from_value(request).unwrap()
}

#[track_caller]
fn check(fields: Value, expected: &str) {
    let line = command(&request(fields));
    assert_eq!(line, format!("beacon query top_pages {expected}"));
}

#[test]
fn a_command_asks_the_same() {
    const DAYS: &str = "--from 2026-11-21 --to 2026-11-22";
    check(json!({}), DAYS);
    check(
        json!({"from_ms": FROM_MS - 3_600_000, "to_ms": FROM_MS + 1}),
        "--from '2026-11-20 23:00' --to '2026-11-21 00:00:00.001'",
    );
    check(
        json!({"site": "blog.example", "page": "*", "column": {"name": "userid", "value": "o'brien"}}),
        &format!(r"{DAYS} --site blog.example --where 'userid=o'\''brien'"),
    );
    check(
        json!({"site": "-x", "agents": ["bot", "scanner"]}),
        &format!("{DAYS} --site=-x --agent bot --agent scanner"),
    );
    check(
        json!({"filters": [
            {"column": "page", "op": "starts_with", "values": ["/blog", "/a b"]},
            {"column": "source", "op": "is_not", "values": ["Google"]},
            {"column": "device", "values": ["phone"]},
            {"column": "country", "op": "is_not_empty"},
            {"column": "event", "value": "open"},
            {"column": "language", "value": null},
        ]}),
        &format!(
            "{DAYS} --filter page.starts=/blog --filter 'page.starts=/a b' --filter source.not=Google --filter device=phone \
             --filter country.empty=no --filter event=open --filter language.empty=yes"
        ),
    );
}

#[test]
fn a_shell_reads_back_what_was_quoted() {
    for text in [
        "",
        "/plain-1.html",
        "o'brien",
        "''",
        "$(rm -rf x) `x` $HOME",
        "a\nb\tc",
        "\"\\!*?[]{}~#&|;<>()",
        "münchen 🎉",
        "\u{7f}\u{1}",
    ] {
        let line = format!("printf %s {}", shell_quoted(text));
        let output = Command::new("sh").args(["-c", &line]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{line}");
    }
}
