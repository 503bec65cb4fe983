//! The rules of an installation that decide what becomes a hit and what a record keeps.

use crate::privacy::Privacy;
use crate::sites::Sites;
use crate::trust::Trust;

/// The rules for the parts of a request to keep, for trusted headers, and for the sites that count.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) privacy: Privacy,
    pub(crate) trust: Trust,
    pub(crate) sites: Sites,
}
