//! Writes conditions for the WHERE of a named query. The SQL of a condition is fixed, and its texts are bound.

use crate::filter_column::FilterColumn;

/// A condition on a column.
///
/// Conditions on one column are joined as people mean them: those that name values by OR, those that exclude values by
/// AND. Conditions on several columns are joined by AND.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: FilterColumn,
    /// The comparison with the values.
    pub operator: Operator,
    /// The values, of which one must compare; none for the operators that take none.
    pub values: Vec<String>,
}

/// The comparison of a [`Filter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The column is one of the values.
    Is,
    /// The column is none of the values, or empty.
    IsNot,
    /// One of the values is in the column.
    Contains,
    /// The column begins with one of the values.
    StartsWith,
    /// The column is NULL.
    IsEmpty,
    /// The column isn't NULL.
    IsNotEmpty,
}

/// A condition in SQL, with what is bound to each `?`.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    pub(crate) sql: String,
    pub(crate) bound: Vec<Bound>,
}

/// The value of a `?`, with the word that names it in the header of the statement.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) word: &'static str,
    pub(crate) value: String,
}

/// The word that names the key of a property or a custom column.
const KEY: &str = "key";

impl Operator {
    /// All operators, in the order in which messages name them.
    pub const ALL: [Operator; 6] = [
        Operator::Is,
        Operator::IsNot,
        Operator::Contains,
        Operator::StartsWith,
        Operator::IsEmpty,
        Operator::IsNotEmpty,
    ];

    /// Returns the operator with this name in the dashboard's API, or `None` if there is none.
    pub fn parse(name: &str) -> Option<Operator> {
        Operator::ALL
            .into_iter()
            .find(|operator| operator.name() == name)
    }

    /// Returns the name of the operator in the dashboard's API.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Is => "is",
            Operator::IsNot => "is_not",
            Operator::Contains => "contains",
            Operator::StartsWith => "starts_with",
            Operator::IsEmpty => "is_empty",
            Operator::IsNotEmpty => "is_not_empty",
        }
    }

    /// Returns true for an operator that compares with values.
    pub fn takes_values(self) -> bool {
        !matches!(self, Operator::IsEmpty | Operator::IsNotEmpty)
    }

    /// Returns true for an operator that leaves hits out. Conditions with it are joined by AND.
    fn excludes(self) -> bool {
        matches!(self, Operator::IsNot | Operator::IsNotEmpty)
    }
}

impl Filter {
    /// Returns the condition that the column is `value`.
    pub fn is(column: FilterColumn, value: &str) -> Filter {
        Filter {
            column,
            operator: Operator::Is,
            values: vec![value.to_owned()],
        }
    }

    /// Returns the condition that the column is empty.
    pub fn is_empty(column: FilterColumn) -> Filter {
        Filter {
            column,
            operator: Operator::IsEmpty,
            values: Vec::new(),
        }
    }

    fn condition(&self) -> Condition {
        let mut condition = Condition::default();
        match self.operator {
            Operator::Is => self.is_one_of(&mut condition, "=", "IN"),
            Operator::IsNot => {
                condition.push("(");
                self.push_value(&mut condition);
                condition.push(" IS NULL OR ");
                self.is_one_of(&mut condition, "<>", "NOT IN");
                condition.push(")");
            }
            Operator::Contains => self.any_value(&mut condition, "strpos(", ") > 0"),
            Operator::StartsWith => self.any_value(&mut condition, "starts_with(", ")"),
            Operator::IsEmpty => {
                self.push_value(&mut condition);
                condition.push(" IS NULL");
            }
            Operator::IsNotEmpty => {
                self.push_value(&mut condition);
                condition.push(" IS NOT NULL");
            }
        }
        condition
    }

    /// Writes the column's value.
    fn push_value(&self, condition: &mut Condition) {
        condition.push(self.column.value());
        self.bind_key(condition);
    }

    fn bind_key(&self, condition: &mut Condition) {
        if let Some(key) = self.column.key() {
            condition.bind(KEY, key);
        }
    }

    /// Writes `page = ?`, or `page IN (?, ?)` for several values.
    fn is_one_of(&self, condition: &mut Condition, one: &str, several: &str) {
        let (column, mark) = self.column.compared();
        let values: Vec<String> = self
            .values
            .iter()
            .flat_map(|value| self.column.spellings(value))
            .collect();
        condition.push(&column);
        self.bind_key(condition);
        match values.len() {
            1 => condition.push(&format!(" {one} {mark}")),
            count => {
                let marks = vec![mark; count].join(", ");
                condition.push(&format!(" {several} ({marks})"));
            }
        }
        for value in values {
            condition.bind(self.column.word(), &value);
        }
    }

    /// Writes `strpos(page, ?) > 0` for each value, joined by OR.
    fn any_value(&self, condition: &mut Condition, before: &str, after: &str) {
        let (column, mark) = self.column.compared();
        let mut alternatives = Vec::with_capacity(self.values.len());
        for value in &self.values {
            let mut alternative = Condition::default();
            alternative.push(&format!("{before}{column}, {mark}{after}"));
            self.bind_key(&mut alternative);
            alternative.bind(self.column.word(), value);
            alternatives.push(alternative);
        }
        condition.append(any(alternatives));
    }
}

/// Returns the conditions to join by AND: one for what each column may be, and one for each exclusion.
pub(crate) fn conditions(filters: &[Filter]) -> Vec<Condition> {
    let mut columns: Vec<&FilterColumn> = Vec::new();
    for filter in filters {
        if !columns.contains(&&filter.column) {
            columns.push(&filter.column);
        }
    }
    let mut conditions = Vec::new();
    for column in columns {
        let of_column = filters.iter().filter(|filter| filter.column == *column);
        let (excluding, including): (Vec<&Filter>, Vec<&Filter>) =
            of_column.partition(|filter| filter.operator.excludes());
        if !including.is_empty() {
            let alternatives = including.into_iter().map(Filter::condition);
            conditions.push(any(alternatives.collect()));
        }
        conditions.extend(excluding.into_iter().map(Filter::condition));
    }
    conditions
}

/// Joins conditions by OR.
fn any(alternatives: Vec<Condition>) -> Condition {
    let is_one = alternatives.len() == 1;
    let mut joined = Condition::default();
    if !is_one {
        joined.push("(");
    }
    for (index, alternative) in alternatives.into_iter().enumerate() {
        if index > 0 {
            joined.push(" OR ");
        }
        joined.append(alternative);
    }
    if !is_one {
        joined.push(")");
    }
    joined
}

impl Condition {
    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn bind(&mut self, word: &'static str, value: &str) {
        self.bound.push(Bound {
            word,
            value: value.to_owned(),
        });
    }

    fn append(&mut self, other: Condition) {
        self.sql.push_str(&other.sql);
        self.bound.extend(other.bound);
    }
}

#[cfg(test)]
mod tests;
