//! `BEACON_COUNTS`: the sites whose counts everybody may read.

use beacon_core::normalize;

/// The sites of `BEACON_COUNTS`, as records have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedSites(Vec<String>);

/// Errors in `BEACON_COUNTS`. The message quotes the entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountedSitesError {
    /// An entry is not a site.
    #[error("{0:?} is not a site: name each site, as blog.example,shop.example")]
    NotASite(String),
    /// There is no entry.
    #[error(
        "there is no site in it: name each site, as blog.example,shop.example, or leave it unset"
    )]
    Empty,
}

impl CountedSites {
    /// Reads sites separated by commas.
    ///
    /// # Errors
    /// Returns an error if there is none, or for a pattern: everybody could ask about sites that others invent.
    pub fn parse(text: &str) -> Result<CountedSites, CountedSitesError> {
        let mut sites = Vec::new();
        for entry in text.split(',').map(str::trim) {
            if entry.is_empty() {
                continue;
            }
            let site = normalize::site(entry).into_owned();
            if site.is_empty() || site.contains(['*', '/', ' ', '?', '#']) {
                return Err(CountedSitesError::NotASite(entry.to_owned()));
            }
            sites.push(site);
        }
        match sites.is_empty() {
            true => Err(CountedSitesError::Empty),
            false => Ok(CountedSites(sites)),
        }
    }

    /// Returns true if everybody may read the counts of the site.
    pub(super) fn contains(&self, site: &str) -> bool {
        self.0.iter().any(|known| known == site)
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
            ("*", "\"*\" is not a site: name each site"),
            ("a.example,*.b.example", "\"*.b.example\" is not a site"),
            (" , ", "there is no site in it"),
        ] {
            let error = CountedSites::parse(wrong).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
