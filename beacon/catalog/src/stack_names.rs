//! The names in the stack of the catalogue: of tables and views, which its parameters set, and its logical ids.

use beacon_core::schema::TABLE;

use crate::error::CatalogError;
use crate::sql_file::SqlFile;

/// What the tables are called in the stack: by parameters, and so in the form that `Fn::Sub` fills in.
pub(crate) struct StackNames<'a> {
    pub(crate) views: &'a [SqlFile<'a>],
}

impl StackNames<'_> {
    /// The stack's name of the table or view that the SQL files call `word`: `${TablePrefix}unique_${Table}`.
    pub(crate) fn table(&self, word: &str) -> Option<String> {
        let known = word == TABLE || self.views.iter().any(|view| view.name == word);
        known.then(|| format!("${{TablePrefix}}{}", word.replace(TABLE, "${Table}")))
    }
}

/// A name that a prepared statement, a named query and a view may all have.
pub(crate) fn check_name(name: &str) -> Result<(), CatalogError> {
    let begins_well = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    let goes_on_well = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !begins_well || !goes_on_well || !(2..=128).contains(&name.len()) {
        return Err(CatalogError::Name {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// `top_pages` as `TopPages`.
pub(crate) fn logical_id(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}
