//! Reads the name of what a query lists the values of: a tag, a property or a custom column.

use crate::parameter::Parameter;
use crate::question::Question;
use crate::scope::{CustomColumn, Subject};
use crate::string_literal::MAX_VALUE_CHARACTERS;

/// The tags of campaigns.
const TAGS: [&str; 5] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
];

/// The tag of a query that names none.
const DEFAULT_TAG: &str = "utm_campaign";

/// Errors in the name of what a query is about. Each message shows what was given, and what can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubjectError {
    /// The query is about nothing that a caller could choose.
    #[error("the question {question} takes no \"by\": leave it out")]
    NotTaken {
        /// The name of the query.
        question: &'static str,
    },
    /// There is no such tag.
    #[error("there is no tag {0:?}; \"by\" can be {tags}", tags = TAGS.join(", "))]
    Tag(String),
    /// The query needs a property, and none is named.
    #[error(
        "the question {question} needs \"by\", the name of a property; property_names lists them"
    )]
    NoProperty {
        /// The name of the query.
        question: &'static str,
    },
    /// The name of the property is too long.
    #[error("the name of a property has at most {most} characters, not {0}", most = MAX_VALUE_CHARACTERS)]
    LongProperty(usize),
    /// There is no such custom column.
    #[error(
        "there is no custom column {name:?}; {}",
        match .known.as_slice() {
            [] => "BEACON_COLUMNS sets none".to_owned(),
            known => format!("\"by\" can be {}", known.join(", ")),
        }
    )]
    Column {
        /// The name that was given.
        name: String,
        /// The names of custom columns.
        known: Vec<String>,
    },
}

impl Question {
    /// Returns true for a query whose subject is a property, which only the owner may see.
    pub fn is_about_properties(&self) -> bool {
        self.takes(Parameter::Property) || self.name == "property_names"
    }

    /// Returns the subject with this name, or the default: `utm_campaign`, or the first custom column.
    ///
    /// # Errors
    /// Returns an error if there is no such subject, or if the query needs or takes none.
    pub fn subject(
        &self,
        by: Option<&str>,
        custom_columns: &[CustomColumn],
    ) -> Result<Option<Subject>, SubjectError> {
        let question = self.name;
        if self.takes(Parameter::Tag) {
            let name = by.unwrap_or(DEFAULT_TAG);
            let tag = TAGS.into_iter().find(|tag| *tag == name);
            let tag = tag.ok_or_else(|| SubjectError::Tag(name.to_owned()))?;
            return Ok(Some(Subject::Tag(tag)));
        }
        if self.takes(Parameter::Property) {
            let name = by
                .filter(|name| !name.is_empty())
                .ok_or(SubjectError::NoProperty { question })?;
            return match name.chars().count() {
                0..=MAX_VALUE_CHARACTERS => Ok(Some(Subject::Property(name.to_owned()))),
                long => Err(SubjectError::LongProperty(long)),
            };
        }
        if !self.counts_values() {
            return match by {
                None => Ok(None),
                Some(_) => Err(SubjectError::NotTaken { question }),
            };
        }
        let column = match by {
            None => custom_columns.first(),
            Some(name) => {
                let column = custom_columns.iter().find(|column| column.name == name);
                Some(column.ok_or_else(|| {
                    SubjectError::Column {
                        name: name.to_owned(),
                        known: custom_columns
                            .iter()
                            .map(|column| column.name.clone())
                            .collect(),
                    }
                })?)
            }
        };
        Ok(column.map(|column| Subject::Column(column.source.clone())))
    }

    /// Returns true for a query that counts the different values of a custom column.
    pub fn counts_values(&self) -> bool {
        self.takes(Parameter::ReaderParameter)
    }

    fn takes(&self, parameter: Parameter) -> bool {
        self.parameters.contains(&parameter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ColumnSource;

    fn subject(question: &str, by: Option<&str>) -> Result<Option<Subject>, String> {
        let columns = ["userid", "plan"].map(|name| CustomColumn {
            name: name.to_owned(),
            source: ColumnSource::Parameter(format!("{name}_sent")),
        });
        let question = Question::find(question).unwrap();
        question
            .subject(by, &columns)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_subject_is_named_or_the_default() {
        let column = |name: &str| {
            let source = ColumnSource::Parameter(name.to_owned());
            Ok(Some(Subject::Column(source)))
        };
        assert_eq!(
            subject("campaign_tags", None),
            Ok(Some(Subject::Tag("utm_campaign")))
        );
        assert_eq!(
            subject("campaign_tags", Some("utm_term")),
            Ok(Some(Subject::Tag("utm_term")))
        );
        assert_eq!(
            subject("properties", Some("plan")),
            Ok(Some(Subject::Property("plan".to_owned())))
        );
        for question in ["messages", "campaigns"] {
            assert_eq!(subject(question, None), column("userid_sent"));
            assert_eq!(subject(question, Some("plan")), column("plan_sent"));
        }
        assert_eq!(subject("totals", None), Ok(None));
        let messages = Question::find("messages").unwrap();
        assert_eq!(messages.subject(None, &[]), Ok(None));
    }

    #[test]
    fn what_is_no_subject_says_why() {
        #[track_caller]
        fn check(question: &str, by: Option<&str>, expected: &str) {
            assert_eq!(subject(question, by).unwrap_err(), expected);
        }
        check(
            "totals",
            Some("plan"),
            "the question totals takes no \"by\": leave it out",
        );
        check(
            "campaign_tags",
            Some("plan"),
            "there is no tag \"plan\"; \"by\" can be utm_source, utm_medium, utm_campaign, utm_term, utm_content",
        );
        check(
            "properties",
            None,
            "the question properties needs \"by\", the name of a property; property_names lists them",
        );
        check(
            "messages",
            Some("ip"),
            "there is no custom column \"ip\"; \"by\" can be userid, plan",
        );
        let none = Question::find("messages").unwrap();
        assert_eq!(
            none.subject(Some("ip"), &[]).unwrap_err().to_string(),
            "there is no custom column \"ip\"; BEACON_COLUMNS sets none"
        );
    }
}
