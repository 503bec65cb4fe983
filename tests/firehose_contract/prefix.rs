//! The grammar of prefixes: by themselves, for any moment; and as the program's keys.

use beacon_lake::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Prefix};
use beacon_testing::machine;
use uuid::Uuid;

use crate::program::{command, refused as refused_start};
use crate::stream::{AT_MS, Program, hit};

#[track_caller]
fn check_at(at_ms: u64, prefix: &str, expected: &str) {
    let prefix = Prefix::parse(prefix).unwrap();
    assert_eq!(prefix.evaluate(at_ms, Uuid::nil()), expected);
}

#[track_caller]
fn check(prefix: &str, expected: &str) {
    check_at(AT_MS, prefix, expected);
}

#[track_caller]
fn refused(prefix: &str, reason: &str) {
    assert_eq!(Prefix::parse(prefix).unwrap_err().reason, reason);
}

/// P1: fields, alone and together.
#[test]
fn times_are_written_as_java_writes_them() {
    check(DEFAULT_PREFIX, "hits/year=2026/month=11/day=21/hour=05/");
    check(
        "a/!{timestamp:yyyy/MM/dd/HH/mm/ss}/",
        "a/2026/11/21/05/34/56/",
    );
    check("!{timestamp:yyyyMMdd}!{timestamp:HH}-", "2026112105-");
}

/// P1: the turns of days, months and years, and a leap day. 2026-12-28 to 2027-01-03 is the week in which a week
/// year goes wrong.
#[test]
fn prefix_dates_change_at_midnight_utc() {
    let day = "!{timestamp:yyyy-MM-dd HH:mm:ss}";
    check_at(0, day, "1970-01-01 00:00:00");
    check_at(1_709_164_800_000 - 1, day, "2024-02-28 23:59:59");
    check_at(1_709_164_800_000, day, "2024-02-29 00:00:00");
    check_at(1_709_251_200_000, day, "2024-03-01 00:00:00");
    check_at(1_798_761_600_000 - 1, day, "2026-12-31 23:59:59");
    check_at(1_798_761_600_000, day, "2027-01-01 00:00:00");
}

/// P2: text within a time.
#[test]
fn quoted_text_is_literal() {
    check("!{timestamp:'dt='yyyy-MM-dd}/", "dt=2026-11-21/");
    check("!{timestamp:yyyy' o''clock '''HH''}/", "2026 o'clock '05'/");
    check("!{timestamp:''yyyy}", "'2026");
    check(
        "!{timestamp:'year='yyyy'/month='MM}/",
        "year=2026/month=11/",
    );
}

/// P3: what is random, and what stays.
#[test]
fn random_string_is_new_per_object_and_same_per_retry() {
    let prefix = "!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}";
    let prefix = Prefix::parse(prefix).unwrap();
    let first = prefix.evaluate(AT_MS, Uuid::max());
    assert_eq!(first, prefix.evaluate(AT_MS, Uuid::max()));
    assert_ne!(first, prefix.evaluate(AT_MS, Uuid::nil()));
    let parts: Vec<_> = first.split('/').collect();
    assert_ne!(parts[0], parts[1]);
    assert_eq!([parts[0].len(), parts[1].len()], [11, 11]);
    assert!(parts[0].bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

/// P4: of errors.
#[test]
fn an_error_prefix_names_the_error() {
    let parsed =
        |text| Prefix::parse_error_prefix(text).map(|prefix| prefix.evaluate(AT_MS, Uuid::nil()));
    assert_eq!(
        parsed(DEFAULT_ERROR_PREFIX).unwrap(),
        "errors/format-conversion-failed/year=2026/month=11/day=21/hour=05/"
    );
    assert_eq!(parsed("errors/").unwrap(), "errors/");
    for prefix in ["errors/!{timestamp:yyyy}/", "!{firehose:random-string}/"] {
        assert_eq!(
            parsed(prefix).unwrap_err().reason,
            "an error prefix with an expression must contain !{firehose:error-output-type}"
        );
    }
}

/// P5: the default time.
#[test]
fn a_prefix_without_a_time_gets_one_and_no_slash() {
    check("", "2026/11/21/05/");
    check("hits/", "hits/2026/11/21/05/");
    check("hits", "hits2026/11/21/05/");
}

/// P6: lengths, of the setting and of what becomes of it.
#[test]
fn lengths_are_limited() {
    check(
        &"a".repeat(498),
        &format!("{}2026/11/21/05/", "a".repeat(498)),
    );
    refused(
        &"a".repeat(499),
        "it evaluates to 513 characters, at most 512 are allowed",
    );
    refused(
        &"a".repeat(1025),
        "it has 1025 characters, at most 1024 are allowed",
    );
}

/// P1, P2, P4, P7: prefixes that are taken, and those that are refused with the fix, mistakes that other pipelines
/// live with among them. The templates' tests read the same list.
#[test]
fn invalid_prefix_is_refused_with_the_fix() {
    let cases = include_str!("../fixtures/prefixes.json");
    let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
    let taken = cases["taken"].as_array().unwrap();
    let refusals = cases["refused"].as_array().unwrap();
    assert!(taken.len() >= 10 && refusals.len() >= 14);
    for prefix in taken {
        Prefix::parse(prefix.as_str().unwrap()).unwrap();
    }
    for case in refusals {
        refused(
            case["prefix"].as_str().unwrap(),
            case["reason"].as_str().unwrap(),
        );
    }
    check("price=$5!/{a}/", "price=$5!/{a}/2026/11/21/05/");
}

/// P1, P2, P3, P4: the program's keys are what its settings say.
#[test]
fn serve_writes_below_its_prefixes() {
    let hits = format!("tenant-a/{DEFAULT_PREFIX}");
    let errors = "errors/!{firehose:error-output-type}/!{timestamp:'on 'yyyy-MM-dd}/!{firehose:random-string}-!{firehose:random-string}/";
    let program = Program::start(&["--prefix", &hits, "--error-prefix", errors]);
    program.accept(&[hit("1").as_bytes(), b"nonsense"]);
    let objects = program.end();
    let keys = objects.keys();
    let [error, data] = &keys[..] else {
        panic!("two objects, not {keys:?}")
    };
    let parts: Vec<_> = data.split('/').collect();
    let ["tenant-a", "hits", year, month, day, hour, _name] = parts[..] else {
        panic!("{data}")
    };
    for (part, key) in [
        (year, "year=2"),
        (month, "month="),
        (day, "day="),
        (hour, "hour="),
    ] {
        assert!(part.starts_with(key), "{data}");
    }
    let parts: Vec<_> = error.split('/').collect();
    let ["errors", "format-conversion-failed", date, random, _name] = parts[..] else {
        panic!("{error}")
    };
    assert!(date.starts_with("on 2") && date.len() == 13, "{error}");
    let (one, other) = random.split_once('-').unwrap();
    assert_eq!((one.len(), other.len()), (11, 11));
    assert_ne!(one, other);

    let found = machine::command(env!("CARGO_BIN_EXE_beacon"))
        .args(["query", "--output", "json", "--prefix", &hits, "--lake"])
        .arg(&objects.lake)
        .arg("SELECT hit_id FROM hits")
        .output()
        .unwrap();
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(found, serde_json::json!([{"hit_id": "1"}]));
}

/// P8: a prefix whose hits nobody would find stops the start.
#[test]
fn serve_refuses_invalid_prefixes() {
    #[track_caller]
    fn check(arguments: &[&str], expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command.args(arguments);
        let (code, message) = refused_start(command);
        assert_eq!(code, Some(1), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    check(
        &["--prefix", "hits/!{timestamp:yyyy/MM/dd}/"],
        "readers find hits by partition; end it like hits/year=!{timestamp:yyyy}/",
    );
    check(&["--prefix", "hits/"], "readers find hits by partition");
    check(
        &["--prefix", "hits/year=!{timestamp:YYYY}/"],
        "YYYY is the year of the week",
    );
    check(
        &["--error-prefix", "errors/!{timestamp:yyyy}/"],
        "must contain !{firehose:error-output-type}",
    );
    for (flag, prefix, part) in [
        ("--prefix", format!("my~lake/{DEFAULT_PREFIX}"), "my~lake"),
        ("--prefix", format!("/{DEFAULT_PREFIX}"), ""),
        ("--error-prefix", "../errors/".to_owned(), ".."),
    ] {
        let expected =
            format!("the prefix {prefix:?} cannot be used: {part:?} can't be a directory");
        check(&[flag, &prefix], &expected);
    }
}
