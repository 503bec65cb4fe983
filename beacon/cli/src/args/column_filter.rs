//! `--where COLUMN=VALUE`.

use anyhow::bail;
use beacon_catalog::ColumnFilter;
use beacon_core::schema::Schema;

/// Reads `userid=7`, and finds the parameter or header that `userid` is made from.
///
/// # Errors
/// Returns an error if there is no `=`, or if `schema` has no such custom column.
pub(crate) fn column_filter(text: &str, schema: &Schema) -> anyhow::Result<ColumnFilter> {
    let Some((name, value)) = text.split_once('=') else {
        bail!("--where {text:?} must be a custom column and its value, for example userid=7");
    };
    let columns: Vec<_> = schema.custom_columns().collect();
    let Some((_, source)) = columns.iter().find(|(column, _)| *column == name) else {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        match names.as_slice() {
            [] => bail!(
                "--where {text:?}: there are no custom columns; add one with BEACON_COLUMNS=\"{name}=params.{name}\""
            ),
            names => bail!(
                "--where {text:?}: there is no custom column {name:?}; BEACON_COLUMNS has {}",
                names.join(", ")
            ),
        }
    };
    Ok(ColumnFilter {
        source: (*source).into(),
        value: value.to_owned(),
    })
}
