use proptest::prelude::*;

use super::*;

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36";

fn verdicts(input: &[u8]) -> Vec<Value> {
    let mut output = Vec::new();
    print_verdicts(BufReader::new(input), &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    let lines = output.split_terminator('\n');
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Checks the classes and the rules without their version.
#[track_caller]
fn check(input: &[u8], expected: &[(&str, &str)]) {
    let verdicts = verdicts(input);
    let text = |verdict: &Value, name: &str| verdict[name].as_str().unwrap().to_owned();
    let found: Vec<(String, String)> = verdicts
        .iter()
        .map(|verdict| (text(verdict, "agent"), text(verdict, "agent_rule")))
        .collect();
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(class, rule)| {
            let rule = format!("{}/{rule}", beacon_agents::VERSION);
            ((*class).to_owned(), rule)
        })
        .collect();
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(input));
}

#[test]
fn fields_are_in_the_order_of_the_columns() {
    let mut output = Vec::new();
    print_verdicts(BufReader::new(CHROME.as_bytes()), &mut output).unwrap();
    let expected = format!(
        "{{\"agent\":\"human\",\"agent_rule\":\"{}/browser\",\"browser\":\"Chrome\",\"os\":\"Windows\",\"device\":\"desktop\"}}\n",
        beacon_agents::VERSION
    );
    assert_eq!(String::from_utf8(output).unwrap(), expected);
}

#[test]
fn each_line_has_its_answer() {
    check(b"", &[]);
    check(b"\n", &[("bot", "generic.bare")]);
    check(
        b"curl/8.5.0\n\nMozilla/5.0",
        &[
            ("bot", "library.curl"),
            ("bot", "generic.bare"),
            ("mail_proxy", "mail.apple-privacy"),
        ],
    );
    check(
        b"curl/8.5.0\r\nMozilla/5.0\r\n",
        &[
            ("bot", "library.curl"),
            ("mail_proxy", "mail.apple-privacy"),
        ],
    );
    check(
        b"\xff\xfe words\nGooglebot/2.1 \xff",
        &[("unknown", "other"), ("bot", "search.googlebot")],
    );
}

#[test]
fn objects_are_headers_and_other_json_is_a_user_agent() {
    let prefetch = format!("{{\"user-agent\":\"{CHROME}\",\"sec-purpose\":\"prefetch\"}}");
    check(prefetch.as_bytes(), &[("prefetch", "prefetch.sec-purpose")]);
    check(
        b" {\"User-Agent\": \"curl/8.5.0\"} ",
        &[("bot", "library.curl")],
    );
    check(b"{}", &[("bot", "generic.bare")]);
    check(b"{\"user-agent\":null}", &[("bot", "generic.bare")]);
    check(b"{\"user-agent\":7}", &[("bot", "generic.bare")]);
    check(
        b"[]\n7\n{\"user-agent\":\"Mozilla/5.0\"",
        &[
            ("unknown", "other"),
            ("bot", "generic.product"),
            ("bot", "generic.agent"),
        ],
    );
}

#[test]
fn absent_headers_count_only_in_whole_requests() {
    let some = format!("{{\"user-agent\":\"{CHROME}\"}}");
    check(some.as_bytes(), &[("human", "browser")]);
    let whole = format!(
        "{{\"host\":\"b.example\",\"x-forwarded-proto\":\"https\",\"user-agent\":\"{CHROME}\"}}"
    );
    check(
        whole.as_bytes(),
        &[("bot", "contradiction.no-fetch-metadata")],
    );
}

#[test]
fn a_line_longer_than_is_read_is_one_line() {
    let mut input = vec![b'a'; 3 << 20];
    input.extend(b"\ncurl/8.5.0\n");
    let verdicts = verdicts(&input);
    assert_eq!(verdicts.len(), 2);
    assert_eq!(verdicts[1]["agent"], "bot");
    let full = vec![b'a'; usize::try_from(MOST_LINE_BYTES).unwrap()];
    assert_eq!(self::verdicts(&full).len(), 1);
}

proptest! {
    #[test]
    fn any_line_in_is_a_line_out(bytes in proptest::collection::vec(
        prop_oneof![4 => any::<u8>(), 1 => Just(b'\n'), 1 => Just(b'{'), 1 => Just(b'"')],
        0..400,
    )) {
        let ended = bytes.iter().filter(|byte| **byte == b'\n').count();
        let open = usize::from(bytes.last().is_some_and(|byte| *byte != b'\n'));
        prop_assert_eq!(verdicts(&bytes).len(), ended + open);
    }

    #[test]
    fn any_headers_are_one_line(headers in proptest::collection::btree_map(
        prop_oneof![Just("user-agent".to_owned()), Just("sec-purpose".to_owned()), ".*"],
        ".*",
        0..4,
    )) {
        let line = serde_json::to_string(&headers).unwrap();
        prop_assert_eq!(verdicts(line.as_bytes()).len(), 1);
    }
}
