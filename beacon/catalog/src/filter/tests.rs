use super::*;
use crate::scope::ColumnSource;

fn filter(name: &str, operator: Operator, values: &[&str]) -> Filter {
    Filter {
        column: FilterColumn::parse(name).unwrap(),
        operator,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

#[track_caller]
fn check(filters: &[Filter], sql: &[&str], bound: &str) {
    let conditions = conditions(filters);
    let found: Vec<&str> = conditions
        .iter()
        .map(|condition| condition.sql.as_str())
        .collect();
    assert_eq!(found, sql);
    let values: Vec<&str> = conditions
        .iter()
        .flat_map(|condition| &condition.bound)
        .map(|bound| bound.value.as_str())
        .collect();
    assert_eq!(values.join(" "), bound);
    let marks: usize = sql.iter().map(|text| text.matches('?').count()).sum();
    assert_eq!(values.len(), marks);
}

#[test]
fn each_operator_has_its_text() {
    use Operator::*;
    check(&[filter("event", Is, &["a"])], &["event = ?"], "a");
    check(
        &[filter("event", Is, &["a", "b"])],
        &["event IN (?, ?)"],
        "a b",
    );
    check(
        &[filter("os", IsNot, &["a"])],
        &["(os IS NULL OR os <> ?)"],
        "a",
    );
    check(
        &[filter("os", IsNot, &["a", "b"])],
        &["(os IS NULL OR os NOT IN (?, ?))"],
        "a b",
    );
    check(
        &[filter("page", Contains, &["a"])],
        &["strpos(page, ?) > 0"],
        "a",
    );
    check(
        &[filter("page", StartsWith, &["/a", "/b"])],
        &["(starts_with(page, ?) OR starts_with(page, ?))"],
        "/a /b",
    );
    check(&[filter("page", IsEmpty, &[])], &["page IS NULL"], "");
    check(
        &[filter("page", IsNotEmpty, &[])],
        &["page IS NOT NULL"],
        "",
    );
}

#[test]
fn case_does_not_matter_to_tags_referrers_and_languages() {
    use Operator::*;
    check(
        &[filter("utm_term", Contains, &["A"])],
        &["strpos(lower(utm_term), lower(?)) > 0"],
        "A",
    );
    check(
        &[filter("referrer", Is, &["A", "B"])],
        &["referrer_host IN (lower(?), lower(?))"],
        "A B",
    );
    check(
        &[filter("language", IsNot, &["De"])],
        &["(language IS NULL OR lower(language) <> lower(?))"],
        "De",
    );
}

#[test]
fn the_name_of_a_property_is_bound_as_often_as_it_is_read() {
    use Operator::*;
    let text = "nullif(element_at(params, ?), '')";
    check(
        &[filter("prop.a'b", Is, &["x"])],
        &[&format!("{text} = ?")],
        "a'b x",
    );
    check(
        &[filter("prop.plan", IsNot, &["x", "y"])],
        &[&format!("({text} IS NULL OR {text} NOT IN (?, ?))")],
        "plan plan x y",
    );
    check(
        &[filter("prop.plan", StartsWith, &["x", "y"])],
        &[&format!(
            "(starts_with({text}, ?) OR starts_with({text}, ?))"
        )],
        "plan x plan y",
    );
    let user = FilterColumn::Custom(ColumnSource::Header("x-user".to_owned()));
    check(
        &[Filter::is(user.clone(), "7"), Filter::is_empty(user)],
        &["(nullif(element_at(headers, ?), '') = ? OR nullif(element_at(headers, ?), '') IS NULL)"],
        "x-user 7 x-user",
    );
}

#[test]
fn values_are_joined_by_or_and_exclusions_by_and() {
    use Operator::*;
    check(
        &[
            filter("page", Is, &["/a"]),
            filter("os", Is, &["iOS"]),
            filter("page", IsNot, &["/ü"]),
            filter("page", StartsWith, &["/b"]),
            filter("page", IsNotEmpty, &[]),
        ],
        &[
            "(page = ? OR starts_with(page, ?))",
            "(page IS NULL OR page NOT IN (?, ?))",
            "page IS NOT NULL",
            "os = ?",
        ],
        "/a /b /ü /%C3%BC iOS",
    );
}

#[test]
fn parse_reads_what_name_returns() {
    for operator in Operator::ALL {
        assert_eq!(Operator::parse(operator.name()), Some(operator));
    }
    assert_eq!(Operator::parse("IS"), None);
}
