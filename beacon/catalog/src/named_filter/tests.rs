use beacon_core::Settings;

use super::*;
use crate::scope::ColumnSource;

fn custom() -> Vec<CustomColumn> {
    vec![CustomColumn {
        name: "userid".to_owned(),
        source: ColumnSource::Parameter("uid".to_owned()),
    }]
}

#[track_caller]
fn check(key: &str, value: &str, column: &FilterColumn, operator: Operator) {
    let filter = Filter::from_parameter(key, value, &custom()).unwrap();
    assert_eq!((&filter.column, filter.operator), (column, operator));
    let values: &[String] = match operator.takes_values() {
        true => &[value.to_owned()],
        false => &[],
    };
    assert_eq!(filter.values, values);
}

#[track_caller]
fn check_refused(key: &str, value: &str, expected: &str) {
    let error = Filter::from_parameter(key, value, &custom()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_parameter_of_the_url_is_a_condition() {
    use Operator::*;
    check("page", "/talks", &FilterColumn::Page, Is);
    check("page.not", "/talks", &FilterColumn::Page, IsNot);
    check("page.contains", "=", &FilterColumn::Page, Contains);
    check("page.starts", "/blog", &FilterColumn::Page, StartsWith);
    check("page.empty", "yes", &FilterColumn::Page, IsEmpty);
    check("page.empty", "no", &FilterColumn::Page, IsNotEmpty);
    let plan = FilterColumn::Property("plan".to_owned());
    check("prop.plan", "pro", &plan, Is);
    check("prop.plan.not", "pro", &plan, IsNot);
    let nested = FilterColumn::Property("user.plan".to_owned());
    check("prop.user.plan", "pro", &nested, Is);
    let user = FilterColumn::Custom(ColumnSource::Parameter("uid".to_owned()));
    check("userid", "7", &user, Is);
    check("userid.empty", "yes", &user, IsEmpty);
}

#[test]
fn what_is_no_condition_says_why() {
    check_refused(
        "visitor",
        "x",
        "there is no filter on \"visitor\"; there are site, page, entry_page, exit_page, event, channel, source, \
         referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, size, country, \
         language, userid, prop.NAME",
    );
    check_refused(
        "page.empty",
        "maybe",
        "page.empty is yes or no, not \"maybe\"",
    );
    check_refused(
        "page.starts",
        "",
        "a value of the filter on \"page\" has 0 characters; it can have 1 to 1022, and page.empty=yes \
         (is_empty in the API) finds hits without one",
    );
    let named = |operator, count| {
        let values = vec!["x".to_owned(); count];
        let error = Filter::named("os", operator, values, &[]).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        named(Operator::Is, 21),
        "the filter on \"os\" has 21 values; is takes 1 to 20"
    );
    assert_eq!(
        named(Operator::Contains, 0),
        "the filter on \"os\" has 0 values; contains takes 1 to 20"
    );
    assert_eq!(
        named(Operator::IsEmpty, 1),
        "the filter on \"os\" has values, and is_empty takes none: leave them out"
    );
    // With its quotes, Athena takes no longer one.
    let longest = "x".repeat(MAX_VALUE_CHARACTERS);
    for key in ["page".to_owned(), format!("prop.{longest}")] {
        assert!(Filter::from_parameter(&key, &longest, &[]).is_ok());
        let long = format!("{key}x");
        let error = Filter::from_parameter(&key, &format!("{longest}x"), &[]);
        assert!(
            error.unwrap_err().to_string().contains("1023 characters"),
            "{long}"
        );
    }
    let long = format!("prop.{longest}x");
    assert!(Filter::from_parameter(&long, "x", &[]).is_err());
}

/// A condition on a custom column of such a name would be one on the built-in column.
#[test]
fn no_custom_column_has_the_name_of_a_filter() {
    for column in FilterColumn::ALL {
        let name = column.name();
        let columns = format!("{name}=params.{name}");
        let settings = Settings::from_lookup(|variable| {
            (variable == "BEACON_COLUMNS").then(|| columns.clone())
        });
        let expected = format!("BEACON_COLUMNS names a column `{name}`");
        let error = settings.expect_err(&name).to_string();
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn conditions_have_limits_together() {
    let one = Filter::is(FilterColumn::Os, "iOS");
    assert_eq!(check_filters(&vec![one.clone(); 32]), Ok(()));
    assert_eq!(
        check_filters(&vec![one; 33]).unwrap_err().to_string(),
        "there are 33 filters, and a query takes 32: join the values of a column in one"
    );
    let long = Filter::is(FilterColumn::Page, &"x".repeat(1022));
    assert_eq!(check_filters(&vec![long.clone(); 4]), Ok(()));
    assert_eq!(
        check_filters(&vec![long; 5]).unwrap_err().to_string(),
        "the values of the filters have 5110 bytes together, and a query takes 4096: leave some out"
    );
}
