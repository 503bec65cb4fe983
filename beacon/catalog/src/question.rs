//! The named queries: the files of `athena/queries`, each with a header that says what it asks and which parameters
//! its `?` take.

use std::borrow::Cow;

use crate::filter::Filter;
use crate::parameter::Parameter;
use crate::scope::Scope;
use crate::sql_file::{QUERIES, SqlFile};

/// The line of a question's WHERE that conditions are written behind. No `?` of the question comes after it, so that
/// the values of conditions are bound behind all others.
const MARKED_LINE: &str =
    "        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)\n";

/// The line of a question's header that names what its `?` take.
const PARAMETERS_LINE: &str = "-- parameters: ";

/// One question: an SQL file and what its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The file's name, by which it is asked.
    pub name: &'static str,
    /// What it asks, as a sentence.
    pub question: &'static str,
    /// What its `?` take, in order.
    pub parameters: Vec<Parameter>,
    /// The file's text, with its header.
    pub sql: &'static str,
    /// Conditions that it has beside those of the file.
    filters: Vec<Filter>,
}

impl Question {
    /// Returns all questions, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = Question> {
        QUERIES.iter().map(|file| {
            Question::parse(file).expect("the tests read the header of every file that is built in")
        })
    }

    /// Returns the question of that name.
    pub fn find(name: &str) -> Option<Question> {
        Question::all().find(|question| question.name == name)
    }

    fn parse(file: &SqlFile<'static>) -> Option<Question> {
        let parameters = file
            .header("parameters")?
            .split(',')
            .map(|word| Parameter::parse(word.trim()));
        Some(Question {
            name: file.name,
            question: file.header("question")?,
            parameters: parameters.collect::<Option<_>>()?,
            sql: file.sql,
            filters: Vec::new(),
        })
    }

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
        for filter in &self.filters {
            sql.push_str(&format!("        AND {}\n", filter.condition()));
            if filter.value.is_some() {
                names.push_str(", ");
                names.push_str(filter.column.name());
            }
        }
        sql.push_str(after);
        Cow::Owned(with_names(&sql, &names))
    }

    /// The options of `beacon query` that it takes.
    pub fn options(&self) -> Vec<&'static str> {
        let mut options: Vec<&str> = self
            .parameters
            .iter()
            .filter_map(|parameter| parameter.option())
            .collect();
        options.dedup();
        options
    }

    /// The same in the words of the API: `from`, `to`, `site`, `page`, `column`.
    pub fn filters(&self) -> Vec<&'static str> {
        let mut filters: Vec<&str> = self
            .options()
            .into_iter()
            .map(|option| match option {
                "--where" => "column",
                option => option.trim_start_matches('-'),
            })
            .collect();
        filters.dedup();
        filters
    }

    /// The values of its `?`, in order.
    pub fn bind(&self, scope: &Scope) -> Vec<String> {
        self.parameters
            .iter()
            .map(|parameter| parameter.value(scope))
            .chain(
                self.filters
                    .iter()
                    .filter_map(|filter| filter.value.clone()),
            )
            .collect()
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
    use super::*;
    use crate::filter::FilterColumn;
    use crate::scope::{ColumnFilter, ColumnSource};
    use crate::time_range::TimeRange;

    fn filter(name: &str, value: Option<&str>) -> Filter {
        Filter {
            column: FilterColumn::parse(name).unwrap(),
            value: value.map(str::to_owned),
        }
    }

    #[test]
    fn every_question_has_the_line_and_no_parameter_behind_it() {
        for question in Question::all() {
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
        let plain = Question::find("totals").unwrap();
        let limited = plain.clone().limited_to(filters.to_vec());
        let sql = limited.text();
        let expected = "element_at(headers, ?) = ?)\n        AND event = ?\n        AND page IS NULL\n        \
             AND lower(utm_source) = lower(?)\n";
        assert!(sql.contains(expected), "{sql}");
        assert!(sql.contains("column_value, event, utm_source\n"), "{sql}");
        let scope = Scope::new(TimeRange {
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
    fn a_header_is_read() {
        let totals = Question::find("totals").unwrap();
        assert_eq!(totals.question, "How much was counted in all?");
        use Parameter::*;
        assert_eq!(
            totals.parameters,
            [
                YearFrom,
                YearTo,
                HourFrom,
                HourTo,
                ReceivedFrom,
                ReceivedTo,
                Site,
                Site,
                SiteAlso,
                Page,
                Page,
                PageAlso,
                ColumnKey,
                ColumnParameter,
                ColumnValue,
                ColumnHeader,
                ColumnValue
            ]
        );
        assert_eq!(
            totals.options(),
            ["--from", "--to", "--site", "--page", "--where"]
        );
        assert_eq!(totals.filters(), ["from", "to", "site", "page", "column"]);
        assert_eq!(Question::find("total"), None);
        assert_eq!(
            Question::parse(&SqlFile {
                name: "bad",
                sql: "-- question: What?\n-- parameters: user\nSELECT 1"
            }),
            None
        );
        assert_eq!(
            Question::parse(&SqlFile {
                name: "bad",
                sql: "SELECT 1\n-- question: What?\n-- parameters: site"
            }),
            None
        );
    }

    #[test]
    fn filters_are_bound_or_off() {
        let range = TimeRange {
            from_ms: 0,
            to_ms: 1,
        };
        let mut scope = Scope::new(range);
        let bound = |scope: &Scope| Question::find("sites").unwrap().bind(scope)[6..].join(" ");
        assert_eq!(bound(&scope), "* * * * * * * * * * *");
        scope.site = "a.example".to_owned();
        scope.page = "/".to_owned();
        scope.column = Some(ColumnFilter {
            source: ColumnSource::Parameter("user".to_owned()),
            value: "7".to_owned(),
        });
        assert_eq!(
            bound(&scope),
            "a.example a.example a.example / / / user user 7 * 7"
        );
        scope.column = Some(ColumnFilter {
            source: ColumnSource::Header("accept-language".to_owned()),
            value: "de".to_owned(),
        });
        assert_eq!(
            bound(&scope),
            "a.example a.example a.example / / / accept-language * de accept-language de"
        );
    }
}
