//! Tells the ids of SQL from those of named queries, and says whose they can be.

use serde::{Deserialize, Serialize};

use crate::access::Permissions;
use crate::problem::Problem;
use crate::token::{Key, Purpose};

/// The content of the id of SQL that runs. The text is not a part of it: an address could not hold a long one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SqlId {
    /// The id that the engine gave.
    pub(crate) engine: String,
}

impl SqlId {
    /// Returns the signed id, for a URL.
    pub(crate) fn text(&self, key: &Key) -> String {
        key.sign(Purpose::Sql, self)
    }

    /// Reads a signed id. Returns `None` if it isn't one of SQL.
    pub(crate) fn parse(key: &Key, text: &str) -> Option<SqlId> {
        key.open(Purpose::Sql, text)
    }
}

/// Refuses callers who may see a part of the hits only: SQL reads all of them, with all of their columns.
pub(crate) fn check_owner(permit: &Permissions) -> Result<(), Problem> {
    match permit.is_owner() {
        true => Ok(()),
        false => Err(Problem::forbidden(
            "SQL reads all sites with all columns, and is for the dashboard's owner only",
        )),
    }
}
