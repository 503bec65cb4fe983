//! The rules of an installation that decide what becomes a hit and what a record keeps.

use crate::privacy::Privacy;
use crate::sites::Sites;
use crate::trust::Trust;

/// What may be kept, whose word counts, and whose hits are recorded.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) privacy: Privacy,
    pub(crate) trust: Trust,
    pub(crate) sites: Sites,
}
