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
mod tests;
