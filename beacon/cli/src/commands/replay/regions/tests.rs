use super::*;

fn parts(text: &[u8]) -> Vec<(u64, Content)> {
    let mut regions = Regions::new(text);
    std::iter::from_fn(|| regions.next().unwrap())
        .map(|region| (region.line, region.content))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(u64, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(line, part)| (*line, Content::Text(part.as_bytes().to_vec())))
        .collect();
    assert_eq!(parts(text.as_bytes()), expected, "{text}");
}

#[test]
fn lines_are_parts_but_for_json_and_csv_that_go_on() {
    check("a\nb\n\nc", &[(1, "a\n"), (2, "b\n"), (3, "\n"), (4, "c")]);
    check(
        "x {\n\"a\":[\n1]}\ny",
        &[(1, "x {\n\"a\":[\n1]}\n"), (4, "y")],
    );
    check("x [\nnot json\n", &[(1, "x [\nnot json\n")]);
    check("1,\"a\nb\"\n2\n", &[(1, "1,\"a\nb\"\n"), (3, "2\n")]);
    check("\"a\nb\"c\nd\n", &[(1, "\"a\nb\"c\n"), (3, "d\n")]);
    check("", &[]);
}

#[test]
fn a_long_document_is_cut_between_its_members() {
    let member = format!("{{\"a\":\"{}\"}}", "x".repeat(1000));
    let text = format!(
        "{{\"events\":[{}]}}\nend\n",
        vec![member.as_str(); 20_000].join(",")
    );
    let parts = parts(text.as_bytes());
    assert!(parts.len() > 3);
    let mut whole = 0;
    for (line, part) in &parts[..parts.len() - 1] {
        let Content::Text(part) = part else {
            panic!("skipped")
        };
        assert_eq!(*line, 1);
        assert!(part.len() <= CUT_BYTES + READ_BYTES);
        whole += std::str::from_utf8(part).unwrap().matches(&member).count();
    }
    assert_eq!(whole, 20_000);
    assert_eq!(parts.last().unwrap().0, 2);
}

#[test]
fn a_line_without_a_place_to_cut_is_skipped_and_the_rest_is_read() {
    let long = "x".repeat(MAX_PART_BYTES + 2 * READ_BYTES);
    for line in [
        long.clone(),
        format!("{{\"a\":[\"{long}"),
        format!("[1,{{\"a\":\"{long}\"}}]"),
    ] {
        let text = format!("a\n{line}\nb\n");
        let parts = parts(text.as_bytes());
        assert_eq!(parts[0], (1, Content::Text(b"a\n".to_vec())));
        assert!(
            parts.contains(&(2, Content::TooLong(line.len() as u64))),
            "{}",
            parts.len()
        );
        assert_eq!(parts.last().unwrap(), &(3, Content::Text(b"b\n".to_vec())));
    }
}
