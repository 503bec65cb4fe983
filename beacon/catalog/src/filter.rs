//! Conditions on columns, which a question's WHERE takes beside its own: their text is ours, their value is bound.

/// A referrer on the site itself, `www.` aside, is none. Each comparison in parentheses: without them DataFusion takes
/// what follows for a part of it.
const FOREIGN: &str = "AND (referrer_host IS DISTINCT FROM site) \
     AND (referrer_host IS DISTINCT FROM ('www.' || site)) AND (('www.' || referrer_host) IS DISTINCT FROM site)";
const OWN: &str =
    "OR referrer_host = site OR referrer_host = 'www.' || site OR 'www.' || referrer_host = site";

/// A column that hits are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterColumn {
    /// The site, only to find hits without one: [`crate::Scope`] has a field for a value.
    Site,
    /// The page, likewise.
    Page,
    /// The kind of hit: view, open, click, or a name of the site's own.
    Event,
    /// The host, or the app, that the hit came from; none where it is the site itself.
    Referrer,
    /// The UTM tag of that name; case doesn't matter to any of them.
    UtmSource,
    /// The column `utm_medium`.
    UtmMedium,
    /// The column `utm_campaign`.
    UtmCampaign,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: FilterColumn,
    /// What it must be; `None` where it must be empty.
    pub value: Option<String>,
}

impl FilterColumn {
    /// All of them, in the order in which messages name them.
    pub const ALL: [FilterColumn; 7] = [
        FilterColumn::Site,
        FilterColumn::Page,
        FilterColumn::Event,
        FilterColumn::Referrer,
        FilterColumn::UtmSource,
        FilterColumn::UtmMedium,
        FilterColumn::UtmCampaign,
    ];

    /// Returns the column that the API and addresses call so.
    pub fn parse(name: &str) -> Option<FilterColumn> {
        FilterColumn::ALL
            .into_iter()
            .find(|column| column.name() == name)
    }

    /// Returns its name in the API and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            FilterColumn::Site => "site",
            FilterColumn::Page => "page",
            FilterColumn::Event => "event",
            FilterColumn::Referrer => "referrer",
            FilterColumn::UtmSource => "utm_source",
            FilterColumn::UtmMedium => "utm_medium",
            FilterColumn::UtmCampaign => "utm_campaign",
        }
    }

    fn is_value(self) -> String {
        match self {
            FilterColumn::Site | FilterColumn::Page | FilterColumn::Event => {
                format!("{} = ?", self.name())
            }
            FilterColumn::Referrer => format!("lower(referrer_host) = lower(?) {FOREIGN}"),
            FilterColumn::UtmSource | FilterColumn::UtmMedium | FilterColumn::UtmCampaign => {
                format!("lower({}) = lower(?)", self.name())
            }
        }
    }

    fn is_empty(self) -> String {
        match self {
            FilterColumn::Referrer => format!("(referrer_host IS NULL {OWN})"),
            other => format!("{} IS NULL", other.name()),
        }
    }
}

impl Filter {
    /// Returns the condition in SQL, with a `?` for its value if it has one.
    pub(crate) fn condition(&self) -> String {
        match self.value {
            Some(_) => self.column.is_value(),
            None => self.column.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_names_of_addresses() {
        for column in FilterColumn::ALL {
            assert_eq!(FilterColumn::parse(column.name()), Some(column));
        }
        assert_eq!(FilterColumn::parse("visitor"), None);
    }
}
