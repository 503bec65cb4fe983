//! Reads the named queries, which are the files of `athena/queries`. The header of each has its question and the
//! parameters of its `?`; one about visits also has the block of visits.

use std::borrow::Cow;

use crate::filter::{self, Bound, Condition, Filter};
use crate::filter_column::FilterColumn;
use crate::parameter::Parameter;
use crate::scope::Scope;
use crate::sql_file::{QUERIES, SqlFile};
use crate::visited_hits;

/// The line of the WHERE after which filters are inserted. No `?` of the file comes after it, so the values of filters
/// are bound after all others.
const MARKED_LINE: &str =
    "        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)\n";

/// The line behind [`MARKED_LINE`] of a query about views. A condition on the event takes its place.
const VIEWS_LINE: &str = "        AND event = 'view'\n";

/// The line of a query about custom events.
const EVENTS_LINE: &str = "        AND event NOT IN ('view', 'open', 'click')\n";

/// The options of `beacon query` that parameters can have, in the order in which lists show them.
const OPTIONS: [&str; 8] = [
    "--from", "--to", "--site", "--page", "--where", FILTER, "--agent", "--by",
];

/// The option that every named query takes.
const FILTER: &str = "--filter";

/// A named query: an SQL file, its header, and the filters that a caller has added.
///
/// The text has only `?` for values, so that no value becomes part of the SQL.
///
/// ```
/// use beacon_catalog::{Filter, FilterColumn, Question, Scope, TimeRange};
///
/// let opens = Filter::is(FilterColumn::Event, "open");
/// let totals = Question::find("totals").expect("totals is a named query").limited_to(vec![opens]);
/// assert!(totals.text().contains("AND event = ?"));
///
/// let scope = Scope::new(TimeRange { from_ms: 0, to_ms: 86_400_000 });
/// let values = totals.bind(&scope);
/// assert_eq!(values.last().map(String::as_str), Some("open"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name of the query: that of its file, without `.sql`.
    pub name: &'static str,
    /// The question that the query answers, as a sentence.
    pub question: &'static str,
    /// The parameters of the text's `?`, in order.
    pub parameters: Vec<Parameter>,
    /// The whole text, with its header and without filters: the file, with the block of visits if it is about those.
    pub sql: Cow<'static, str>,
    /// Conditions in addition to those of the text.
    filters: Vec<Filter>,
}

impl Question {
    /// Returns all named queries, in the order in which lists show them.
    pub fn all() -> impl Iterator<Item = Question> {
        QUERIES.iter().map(|file| {
            Question::parse(file)
                .expect("QUERIES is constant, and a test reads the header of every file in it")
        })
    }

    /// Returns the named query `name`, or `None` if there is none.
    pub fn find(name: &str) -> Option<Question> {
        let file = QUERIES.iter().find(|file| file.name == name)?;
        Question::parse(file)
    }

    fn parse(file: &SqlFile<'static>) -> Option<Question> {
        let sql = visited_hits::composed(file).ok()?;
        let text = SqlFile {
            name: file.name,
            sql: &sql,
        };
        let parameters = text
            .header("parameters")?
            .split(',')
            .map(|word| Parameter::parse(word.trim()))
            .collect::<Option<_>>()?;
        Some(Question {
            name: file.name,
            question: file.header("question")?,
            parameters,
            sql,
            filters: Vec::new(),
        })
    }

    /// Limits the query to hits that meet `filters`, which replace earlier ones. [`Filter`] says how they are joined.
    ///
    /// With a condition on the event, a query that counts views counts the hits that meet the conditions instead, and
    /// visitors at the first of them.
    #[must_use]
    pub fn limited_to(self, filters: Vec<Filter>) -> Question {
        Question { filters, ..self }
    }

    /// Returns true if a filter is on a column of the visit, and the text reads the hits without their visits.
    fn needs_visits(&self) -> bool {
        let mut filters = self.filters.iter();
        filters.any(|filter| filter.column.is_of_visit()) && !visited_hits::is_in(&self.sql)
    }

    fn is_about_events(&self) -> bool {
        let mut filters = self.filters.iter();
        filters.any(|filter| filter.column == FilterColumn::Event)
    }

    fn conditions(&self) -> Vec<Condition> {
        filter::conditions(&self.filters)
    }

    /// Returns the statement to run: the text of the file with the filters. [`Question::bind`] has a value for each `?`.
    ///
    /// With a filter on a column of the visit, such as its source, the statement reads all hits with the columns of their
    /// visits, so that the filter finds every hit of a visit.
    pub fn text(&self) -> Cow<'_, str> {
        if self.filters.is_empty() {
            return Cow::Borrowed(&self.sql);
        }
        let (before, after) = self
            .sql
            .split_once(MARKED_LINE)
            .expect("QUERIES is constant, and a test finds the line in every file of it");
        let events = after
            .strip_prefix(VIEWS_LINE)
            .or_else(|| after.strip_prefix(EVENTS_LINE));
        let after = match events {
            Some(after) if self.is_about_events() => after,
            _ => after,
        };
        let mut sql = format!("{before}{MARKED_LINE}");
        let mut names_before = String::new();
        let mut names = String::new();
        for Condition { sql: text, bound } in self.conditions() {
            sql.push_str(&format!("        AND {text}\n"));
            for Bound { word, .. } in bound {
                names.push_str(", ");
                names.push_str(word);
            }
        }
        sql.push_str(after);
        if self.needs_visits() {
            sql = visited_hits::before(&sql);
            for (name, _) in visited_hits::parameters(&self.parameters) {
                names_before.push_str(name);
                names_before.push_str(", ");
            }
        }
        Cow::Owned(visited_hits::with_names(&sql, &names_before, &names))
    }

    /// Returns the options of `beacon query` that the query takes, such as `--site`.
    pub fn options(&self) -> Vec<&'static str> {
        let takes = |option: &&str| {
            let mut options = self.parameters.iter().map(|parameter| parameter.option());
            *option == FILTER || options.any(|taken| taken == Some(*option))
        };
        OPTIONS.into_iter().filter(takes).collect()
    }

    /// Returns the same as names of the dashboard's API: `from`, `to`, `site`, `page`, `column`, `filters`,
    /// `agents`, `by`.
    pub fn filters(&self) -> Vec<&'static str> {
        let options = self.options().into_iter();
        let names = options.map(|option| match option {
            "--where" => "column",
            FILTER => "filters",
            "--agent" => "agents",
            option => option.trim_start_matches('-'),
        });
        names.collect()
    }

    /// Returns the value of each `?` of [`Question::text`], in order.
    pub fn bind(&self, scope: &Scope) -> Vec<String> {
        let of_visits = match self.needs_visits() {
            true => visited_hits::parameters(&self.parameters),
            false => Vec::new(),
        };
        let of_filters = self.conditions().into_iter();
        let of_filters = of_filters.flat_map(|condition| condition.bound);
        of_visits
            .iter()
            .map(|(_, parameter)| parameter)
            .chain(&self.parameters)
            .map(|parameter| parameter.value(scope, self.is_about_events()))
            .chain(of_filters.map(|bound| bound.value))
            .collect()
    }
}

#[cfg(test)]
mod tests;
