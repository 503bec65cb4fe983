use super::*;
use beacon_core::schema::Schema;

/// Checks the number of rows, and the lines that are refused.
#[track_caller]
fn check(lines: &str, rows: usize, refused: &[&str]) {
    let schema = crate::arrow_schema(&Schema::builtin());
    let (mut found, mut left) = (0, vec![]);
    convert(
        lines.as_bytes(),
        &schema,
        &mut |batch, lines| {
            assert_eq!(batch.num_rows(), lines.len());
            found += batch.num_rows();
        },
        &mut |line, _| left.push(String::from_utf8_lossy(line).into_owned()),
    );
    assert_eq!(
        (found, left),
        (rows, refused.iter().map(|&line| line.to_owned()).collect()),
        "{lines}"
    );
}

#[test]
fn a_bad_line_takes_no_other_with_it() {
    check("", 0, &[]);
    check("{}\n{\"page\":null,\"x\":[1,{}]}\n", 2, &[]);
    check(
        "{\"page\":\"a\"}\nnot json\n{\"page\":\"b\"}\n",
        2,
        &["not json"],
    );
    check(
        "{\"page\":{}}\n{}\n{\"received_at\":\"x\"}\n",
        1,
        &["{\"page\":{}}", "{\"received_at\":\"x\"}"],
    );
    check(
        "{\"page\":7}\n{\"truncated\":\"true\"}\n",
        1,
        &["{\"truncated\":\"true\"}"],
    );
}

#[test]
fn a_line_is_one_object() {
    check("{}{}\n{}\n", 1, &["{}{}"]);
    check("{\"page\":\n\"a\"}\n{}\n", 1, &["{\"page\":", "\"a\"}"]);
    check("{} {\n{}\n", 1, &["{} {"]);
}

#[test]
fn many_lines_are_many_batches() {
    let lines = "{}\n".repeat(2 * BATCH_ROWS + 1);
    check(&lines, 2 * BATCH_ROWS + 1, &[]);
    check(&format!("{lines}x\n{lines}"), 4 * BATCH_ROWS + 2, &["x"]);
}
