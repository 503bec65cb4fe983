//! `BEACON_COLUMNS`: every mistake is named.

use crate::settings::{check, check_good};

#[test]
fn custom_columns() {
    check_good(&[(
        "BEACON_COLUMNS",
        "userid=params.userid, partner = params.a.b ,ua=headers.user-agent,_x1=params.x,",
    )]);
    for entry in [
        "userid",
        "userid=userid",
        "userid=params.",
        "userid=headers.",
        "userid=headers.a b",
        "x=cookies.a",
    ] {
        check(
            &[("BEACON_COLUMNS", entry)],
            &format!(
                "BEACON_COLUMNS has `{entry}`: write `name=params.parameter` or `name=headers.header-name`"
            ),
        );
    }
    let long = "x".repeat(65);
    for name in ["", "UserId", "1a", "a-b", "a b", "ü", &long] {
        check(
            &[("BEACON_COLUMNS", &format!("{name}=params.a"))],
            &format!(
                "BEACON_COLUMNS names a column `{name}`: use lower-case letters, digits and `_`, no digit first, at most 64 characters"
            ),
        );
    }
    for name in [
        "hit_id",
        "version",
        "visitor",
        "country",
        "signature",
        "year",
        "hour",
        "occurrence",
        "source",
        "visit_id",
        "size",
    ] {
        check(
            &[("BEACON_COLUMNS", &format!("{name}=params.a"))],
            &format!(
                "BEACON_COLUMNS names a column `{name}`, which the table has or reserves: choose another name"
            ),
        );
    }
    for name in [
        "select",
        "table",
        "user",
        "order",
        "end",
        "date",
        "timestamp",
        "group",
    ] {
        check(
            &[("BEACON_COLUMNS", &format!("{name}=params.a"))],
            &format!(
                "BEACON_COLUMNS names a column `{name}`, which is a reserved word in SQL: choose another name"
            ),
        );
    }
    check(
        &[("BEACON_COLUMNS", "a=params.a,a=params.b")],
        "BEACON_COLUMNS names `a` twice: remove one",
    );
    let many: Vec<_> = (0..51).map(|n| format!("c{n}=params.c")).collect();
    check(
        &[("BEACON_COLUMNS", &many.join(","))],
        "BEACON_COLUMNS has 51 columns: at most 50 have room in a record",
    );
}

#[test]
fn a_custom_column_needs_a_header_that_is_kept() {
    let column = (
        "BEACON_COLUMNS",
        "country_code=headers.cloudfront-viewer-country",
    );
    check(
        &[column],
        "BEACON_COLUMNS has `country_code=headers.cloudfront-viewer-country`, but BEACON_PRIVACY=anonymous does not keep \
         that header: add `cloudfront-viewer-country` to BEACON_KEEP_HEADERS",
    );
    check_good(&[column, ("BEACON_KEEP_HEADERS", "CloudFront-Viewer-Country")]);
    check_good(&[column, ("BEACON_PRIVACY", "full")]);
}
