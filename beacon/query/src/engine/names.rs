//! The names of tables: `hits`, `beacon.hits` and `awsdatacatalog.beacon.hits` are one, as in Athena.

/// The view of deduplicated hits, for free SQL.
pub const VIEW: &str = "unique_hits";

pub(crate) const CATALOG: &str = "awsdatacatalog";
pub(crate) const DATABASE: &str = "beacon";

/// The statement of [`VIEW`].
pub const VIEW_SQL: &str = include_str!("../../../../athena/views/unique_hits.sql");
