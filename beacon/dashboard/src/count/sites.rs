//! `BEACON_COUNTS`: the sites whose counts everybody may read.

use beacon_core::{NotASite, Sites};

/// The sites of `BEACON_COUNTS`, as records have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedSites(Sites);

/// Errors in `BEACON_COUNTS`. The message quotes the entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountedSitesError {
    /// An entry is not a site.
    #[error(transparent)]
    NotASite(#[from] NotASite),
    /// An entry stands for several sites.
    #[error("`{entry}` is a pattern: name each site, as `blog.example,shop.example`")]
    Pattern {
        /// The entry.
        entry: String,
    },
    /// There is no entry.
    #[error(
        "there is no site in it: name each site, as `blog.example,shop.example`, or leave it unset"
    )]
    Empty,
}

impl CountedSites {
    /// Reads sites separated by commas.
    ///
    /// # Errors
    /// Returns an error if there is none, for what is not a site, and for a pattern: everybody could ask about sites
    /// that others invent.
    pub fn parse(text: &str) -> Result<CountedSites, CountedSitesError> {
        let sites = Sites::parse(text)?;
        let listed = sites.listed();
        if listed.is_empty() {
            return Err(CountedSitesError::Empty);
        }
        match listed.into_iter().find(|entry| entry.starts_with('*')) {
            Some(entry) => Err(CountedSitesError::Pattern { entry }),
            None => Ok(CountedSites(sites)),
        }
    }

    /// Returns true if everybody may read the counts of the site.
    pub(super) fn contains(&self, site: &str) -> bool {
        self.0.allow(site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_listed_one_by_one() {
        let sites = CountedSites::parse(" blog.example, SHOP.example,,münchen.example ").unwrap();
        for site in ["blog.example", "shop.example", "münchen.example"] {
            assert!(sites.contains(site), "{site}");
        }
        assert!(!sites.contains("other.example"));
        for (wrong, expected) in [
            ("*", "`*` is not a site: write hosts"),
            ("blog.example/x", "`blog.example/x` is not a site"),
            (
                "https://blog.example",
                "`https://blog.example` is not a site",
            ),
            (
                "a.example,*.B.example",
                "`*.b.example` is a pattern: name each site",
            ),
            (" , ", "there is no site in it"),
        ] {
            let error = CountedSites::parse(wrong).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
