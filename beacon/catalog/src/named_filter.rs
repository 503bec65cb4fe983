//! Reads conditions by the names that callers give: those of the dashboard's API, of its URL, and of `beacon query`.

use crate::filter::{Filter, Operator};
use crate::filter_column::FilterColumn;
use crate::scope::CustomColumn;
use crate::string_literal::MAX_VALUE_CHARACTERS;

/// The most values of a condition.
const MAX_VALUES: usize = 20;

/// The most conditions of a query.
const MAX_FILTERS: usize = 32;

/// The most bytes of all values together. A query's id has them, and CloudFront takes URLs of 8,192 bytes.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>
const MAX_BYTES: usize = 4096;

/// The endings of a parameter's name in a URL, with the operators that they stand for. No ending stands for `is`.
const ENDINGS: [(&str, Operator); 3] = [
    (".not", Operator::IsNot),
    (".contains", Operator::Contains),
    (".starts", Operator::StartsWith),
];

/// The ending for [`Operator::IsEmpty`], with the value `yes`, or [`Operator::IsNotEmpty`], with `no`.
const EMPTY: &str = ".empty";

/// Errors of a condition that a caller names. Each message shows what was given, and what can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// No column has this name.
    #[error("there is no filter on {name:?}; there are {}", .known.join(", "))]
    Column {
        /// The name that was given.
        name: String,
        /// The names that can be given.
        known: Vec<String>,
    },
    /// No operator has this name.
    #[error("there is no operator {0:?}; there are {names}", names = Operator::ALL.map(Operator::name).join(", "))]
    Operator(String),
    /// The operator takes values, and there are none or too many.
    #[error(
        "the filter on {column:?} has {count} values; {operator} takes 1 to {most}",
        most = MAX_VALUES
    )]
    Values {
        /// The name of the column.
        column: String,
        /// The name of the operator.
        operator: &'static str,
        /// The number of values that were given.
        count: usize,
    },
    /// The operator takes no values.
    #[error("the filter on {column:?} has values, and {operator} takes none: leave them out")]
    NoValues {
        /// The name of the column.
        column: String,
        /// The name of the operator.
        operator: &'static str,
    },
    /// A value is empty or too long.
    #[error(
        "a value of the filter on {column:?} has {characters} characters; it can have 1 to {most}, and {column}.empty=yes \
         (is_empty in the API) finds hits without one",
        most = MAX_VALUE_CHARACTERS
    )]
    Length {
        /// The name of the column.
        column: String,
        /// The length that was given.
        characters: usize,
    },
    /// The value of `page.empty` is neither `yes` nor `no`.
    #[error("{key} is yes or no, not {value:?}")]
    YesOrNo {
        /// The name of the parameter.
        key: String,
        /// The value that was given.
        value: String,
    },
    /// There are too many conditions.
    #[error(
        "there are {0} filters, and a query takes {most}: join the values of a column in one",
        most = MAX_FILTERS
    )]
    Count(usize),
    /// The values are too long for an id.
    #[error(
        "the values of the filters have {0} bytes together, and a query takes {most}: leave some out",
        most = MAX_BYTES
    )]
    Bytes(usize),
}

impl FilterColumn {
    /// Returns the column with this name in the dashboard's API and URLs, which may be a custom one.
    ///
    /// # Errors
    /// Returns an error with the names of all columns if there is none.
    pub fn find(name: &str, custom_columns: &[CustomColumn]) -> Result<FilterColumn, FilterError> {
        if let Some(column) = FilterColumn::parse(name) {
            return Ok(column);
        }
        if let Some(custom) = custom_columns.iter().find(|custom| custom.name == name) {
            return Ok(FilterColumn::Custom(custom.source.clone()));
        }
        let built_in = FilterColumn::ALL.map(|column| column.name().into_owned());
        let custom = custom_columns.iter().map(|custom| custom.name.clone());
        let mut known: Vec<String> = built_in.into_iter().chain(custom).collect();
        known.push("prop.NAME".to_owned());
        Err(FilterError::Column {
            name: name.to_owned(),
            known,
        })
    }
}

impl Filter {
    /// Returns the condition with these names and values.
    ///
    /// # Errors
    /// Returns an error if there is no such column, or if the operator doesn't take such values.
    pub fn named(
        column: &str,
        operator: Operator,
        values: Vec<String>,
        custom_columns: &[CustomColumn],
    ) -> Result<Filter, FilterError> {
        let found = FilterColumn::find(column, custom_columns)?;
        if !operator.takes_values() && !values.is_empty() {
            return Err(FilterError::NoValues {
                column: column.to_owned(),
                operator: operator.name(),
            });
        }
        if operator.takes_values() && !(1..=MAX_VALUES).contains(&values.len()) {
            return Err(FilterError::Values {
                column: column.to_owned(),
                operator: operator.name(),
                count: values.len(),
            });
        }
        for value in values.iter().map(String::as_str).chain(found.key()) {
            let characters = value.chars().count();
            if !(1..=MAX_VALUE_CHARACTERS).contains(&characters) {
                return Err(FilterError::Length {
                    column: column.to_owned(),
                    characters,
                });
            }
        }
        Ok(Filter {
            column: found,
            operator,
            values,
        })
    }

    /// Reads a parameter of the dashboard's URL, such as `page.starts` with the value `/blog`.
    ///
    /// ```
    /// use beacon_catalog::{Filter, FilterColumn, Operator};
    ///
    /// let blog = Filter::from_parameter("page.starts", "/blog", &[])?;
    /// assert_eq!((blog.column, blog.operator), (FilterColumn::Page, Operator::StartsWith));
    /// assert_eq!(Filter::from_parameter("os", "iOS", &[])?, Filter::is(FilterColumn::Os, "iOS"));
    /// # Ok::<(), beacon_catalog::FilterError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the name isn't that of a condition, or if the value can't be one.
    pub fn from_parameter(
        key: &str,
        value: &str,
        custom_columns: &[CustomColumn],
    ) -> Result<Filter, FilterError> {
        if let Some(column) = key.strip_suffix(EMPTY) {
            let operator = match value {
                "yes" => Operator::IsEmpty,
                "no" => Operator::IsNotEmpty,
                other => {
                    return Err(FilterError::YesOrNo {
                        key: key.to_owned(),
                        value: other.to_owned(),
                    });
                }
            };
            return Filter::named(column, operator, Vec::new(), custom_columns);
        }
        let values = vec![value.to_owned()];
        for (ending, operator) in ENDINGS {
            if let Some(column) = key.strip_suffix(ending) {
                return Filter::named(column, operator, values, custom_columns);
            }
        }
        Filter::named(key, Operator::Is, values, custom_columns)
    }
}

/// Checks that a query can have all of these conditions.
///
/// # Errors
/// Returns an error if there are too many of them, or if their values are too long together.
pub fn check_filters(filters: &[Filter]) -> Result<(), FilterError> {
    if filters.len() > MAX_FILTERS {
        return Err(FilterError::Count(filters.len()));
    }
    let bytes = filters.iter().flat_map(|filter| {
        let values = filter.values.iter().map(String::as_str);
        values.chain(filter.column.key()).map(str::len)
    });
    let bytes: usize = bytes.sum();
    if bytes > MAX_BYTES {
        return Err(FilterError::Bytes(bytes));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
