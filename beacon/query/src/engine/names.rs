//! The names of tables and views: `hits`, `beacon.hits` and `awsdatacatalog.beacon.hits` are one, as in Athena.

use beacon_core::schema::TABLE;

pub(crate) const CATALOG: &str = "awsdatacatalog";
/// The database of the table and the views, which a stack on AWS has too unless it is given another name.
pub const DATABASE: &str = "beacon";

/// A view for free SQL.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// Its statement, with the header of the file.
    pub sql: &'static str,
}

/// The files of `athena/views`.
pub const VIEWS: [View; 2] = [
    View {
        name: "unique_hits",
        sql: include_str!("../../../../athena/views/unique_hits.sql"),
    },
    View {
        name: "visits",
        sql: include_str!("../../../../athena/views/visits.sql"),
    },
];

/// The line of a view's header that names its columns.
const COLUMNS_LINE: &str = "-- columns:";

impl View {
    /// Returns the names of the columns: those of the table for the `*` of the header, and then those that it names.
    pub(crate) fn columns<'a>(&'a self, of_table: &[&'a str]) -> Vec<&'a str> {
        let line = self
            .sql
            .lines()
            .find_map(|line| line.strip_prefix(COLUMNS_LINE))
            .expect("VIEWS is constant, and a test reads the header of each");
        let mut columns = Vec::new();
        for entry in line.split(',').map(str::trim) {
            match entry.split_once(' ') {
                Some((name, _)) => columns.push(name),
                None => columns.extend(of_table),
            }
        }
        columns
    }
}

/// Returns the table and the views, in the order in which messages name them.
pub(crate) fn tables() -> Vec<&'static str> {
    let mut tables = vec![TABLE];
    tables.extend(VIEWS.iter().map(|view| view.name));
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_the_columns_of_its_header() {
        let [unique_hits, visits] = &VIEWS;
        let columns = unique_hits.columns(&["hit_id", "page"]);
        assert_eq!(columns[..4], ["hit_id", "page", "occurrence", "visit_id"]);
        let columns = visits.columns(&["hit_id", "page"]);
        assert_eq!(columns[..3], ["visit_id", "site", "visitor"]);
    }
}
