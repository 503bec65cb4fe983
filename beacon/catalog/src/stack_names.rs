//! Names the tables, views and logical ids in the stack of the catalog.

use beacon_core::schema::TABLE;

use crate::error::CatalogError;
use crate::sql_file::SqlFile;

/// The names of tables and views in the stack. `Fn::Sub` fills in the parameters that they depend on.
pub(crate) struct StackNames<'a> {
    pub(crate) views: &'a [SqlFile<'a>],
}

impl StackNames<'_> {
    /// Returns the name, such as `${TablePrefix}unique_${Table}`, of the table or view `word`.
    pub(crate) fn table(&self, word: &str) -> Option<String> {
        let known = word == TABLE || self.views.iter().any(|view| view.name == word);
        known.then(|| format!("${{TablePrefix}}{}", word.replace(TABLE, "${Table}")))
    }
}

/// Checks that a prepared statement, a named query and a view may all have this name.
///
/// # Errors
/// Returns [`CatalogError::Name`] if it has other characters or another length.
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

/// Returns the logical id of a name: `TopPages` for `top_pages`.
pub(crate) fn logical_id(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}
