//! Conditions on columns, which a question's WHERE takes beside its own: their text is ours, their value is bound.

use std::borrow::Cow;

use super::Question;

/// The line of a question's WHERE that conditions are written behind. No `?` of the question comes after it, so that
/// the values of conditions are bound behind all others.
const MARKED_LINE: &str =
    "        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)\n";

/// The line of a question's header that names what its `?` take.
const PARAMETERS_LINE: &str = "-- parameters: ";

/// A referrer on the site itself, `www.` aside, is none. Each comparison in parentheses: without them DataFusion takes
/// what follows for a part of it.
const FOREIGN: &str = "AND (referrer_host IS DISTINCT FROM site) \
     AND (referrer_host IS DISTINCT FROM ('www.' || site)) AND (('www.' || referrer_host) IS DISTINCT FROM site)";
const OWN: &str =
    "OR referrer_host = site OR referrer_host = 'www.' || site OR 'www.' || referrer_host = site";

/// A column that hits are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterColumn {
    /// The site, only to find hits without one: [`super::Scope`] has a field for a value.
    Site,
    /// The page, likewise.
    Page,
    /// The kind of hit: view, open, click, or a name of the site's own.
    Event,
    /// The host, or the app, that the hit came from; none where it is the site itself.
    Referrer,
    /// The UTM tag of that name; case doesn't matter to any of them.
    UtmSource,
    /// As its name says.
    UtmMedium,
    /// As its name says.
    UtmCampaign,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: FilterColumn,
    /// What it must be; `None` where it must be empty.
    pub value: Option<String>,
}

impl FilterColumn {
    /// All of them, in the order in which messages name them.
    pub const ALL: [FilterColumn; 7] = [
        FilterColumn::Site,
        FilterColumn::Page,
        FilterColumn::Event,
        FilterColumn::Referrer,
        FilterColumn::UtmSource,
        FilterColumn::UtmMedium,
        FilterColumn::UtmCampaign,
    ];

    /// Returns the column that the API and addresses call so.
    pub fn parse(name: &str) -> Option<FilterColumn> {
        FilterColumn::ALL
            .into_iter()
            .find(|column| column.name() == name)
    }

    /// Returns its name in the API and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            FilterColumn::Site => "site",
            FilterColumn::Page => "page",
            FilterColumn::Event => "event",
            FilterColumn::Referrer => "referrer",
            FilterColumn::UtmSource => "utm_source",
            FilterColumn::UtmMedium => "utm_medium",
            FilterColumn::UtmCampaign => "utm_campaign",
        }
    }

    fn is_value(self) -> String {
        match self {
            FilterColumn::Site | FilterColumn::Page | FilterColumn::Event => {
                format!("{} = ?", self.name())
            }
            FilterColumn::Referrer => format!("lower(referrer_host) = lower(?) {FOREIGN}"),
            FilterColumn::UtmSource | FilterColumn::UtmMedium | FilterColumn::UtmCampaign => {
                format!("lower({}) = lower(?)", self.name())
            }
        }
    }

    fn is_empty(self) -> String {
        match self {
            FilterColumn::Referrer => format!("(referrer_host IS NULL {OWN})"),
            other => format!("{} IS NULL", other.name()),
        }
    }
}

impl Question {
    /// Returns the question limited to the hits that meet all of `filters`.
    #[must_use]
    pub fn limited_to(self, filters: Vec<Filter>) -> Question {
        Question { filters, ..self }
    }

    /// Returns the statement that is run: the file's text, with the conditions that it was limited by.
    pub fn text(&self) -> Cow<'static, str> {
        if self.filters.is_empty() {
            return Cow::Borrowed(self.sql);
        }
        let (before, after) = self
            .sql
            .split_once(MARKED_LINE)
            .expect("a test finds the line in every file");
        let mut sql = format!("{before}{MARKED_LINE}");
        let mut names = String::new();
        for Filter { column, value } in &self.filters {
            let condition = match value {
                Some(_) => column.is_value(),
                None => column.is_empty(),
            };
            sql.push_str(&format!("        AND {condition}\n"));
            if value.is_some() {
                names.push_str(", ");
                names.push_str(column.name());
            }
        }
        sql.push_str(after);
        Cow::Owned(with_names(&sql, &names))
    }
}

/// Adds names to the line of the header that has a word for each `?`.
fn with_names(sql: &str, names: &str) -> String {
    let (before, rest) = sql
        .split_once(PARAMETERS_LINE)
        .expect("every question was read from its header");
    let (line, after) = rest
        .split_once('\n')
        .expect("a header is followed by the question");
    format!("{before}{PARAMETERS_LINE}{line}{names}\n{after}")
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, TimeRange, all, find};
    use super::*;

    fn filter(name: &str, value: Option<&str>) -> Filter {
        Filter {
            column: FilterColumn::parse(name).unwrap(),
            value: value.map(str::to_owned),
        }
    }

    #[test]
    fn every_question_has_the_line_and_no_parameter_behind_it() {
        for question in all() {
            assert_eq!(
                question.sql.matches(MARKED_LINE).count(),
                1,
                "{}",
                question.name
            );
            let (_, after) = question.sql.split_once(MARKED_LINE).unwrap();
            assert!(!after.contains('?'), "{}", question.name);
        }
    }

    #[test]
    fn values_are_bound_and_named_behind_all_others() {
        let filters = [
            filter("event", Some("open")),
            filter("page", None),
            filter("utm_source", Some("News' --")),
        ];
        let plain = find("totals").unwrap();
        let limited = plain.clone().limited_to(filters.to_vec());
        let sql = limited.text();
        let expected = "element_at(headers, ?) = ?)\n        AND event = ?\n        AND page IS NULL\n        \
             AND lower(utm_source) = lower(?)\n";
        assert!(sql.contains(expected), "{sql}");
        assert!(sql.contains("column_value, event, utm_source\n"), "{sql}");
        let scope = Scope::of(TimeRange {
            from_ms: 0,
            to_ms: 1,
        });
        let bound = limited.bind(&scope);
        let statement = sql.lines().filter(|line| !line.starts_with("--"));
        let marks: usize = statement.map(|line| line.matches('?').count()).sum();
        assert_eq!(marks, bound.len());
        let own = plain.parameters.len();
        assert_eq!(bound[own..], ["open", "News' --"]);
        assert_eq!(plain.text(), plain.sql);
        assert_eq!(plain.bind(&scope)[..], bound[..own]);
    }

    #[test]
    fn columns_have_the_names_of_addresses() {
        for column in FilterColumn::ALL {
            assert_eq!(FilterColumn::parse(column.name()), Some(column));
        }
        assert_eq!(FilterColumn::parse("visitor"), None);
    }
}
