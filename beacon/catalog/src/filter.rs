//! Adds conditions to the WHERE of a named query. The SQL of a condition is fixed, and its value is bound.

/// A referrer on the site itself, with or without `www.`, doesn't count as one. Each comparison has parentheses, because
/// DataFusion would otherwise take the rest of the line as its right side.
const FOREIGN: &str = "AND (referrer_host IS DISTINCT FROM site) \
     AND (referrer_host IS DISTINCT FROM ('www.' || site)) AND (('www.' || referrer_host) IS DISTINCT FROM site)";
const OWN: &str =
    "OR referrer_host = site OR referrer_host = 'www.' || site OR 'www.' || referrer_host = site";

/// A column that a [`Filter`] can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterColumn {
    /// The column `site`, only to find hits without one: [`crate::Scope`] has a field for a value.
    Site,
    /// The column `page`, likewise.
    Page,
    /// The column `event`: view, open, click, or the name of a custom event.
    Event,
    /// The host or app that the hit came from. A hit from the site itself has none. Case doesn't matter.
    Referrer,
    /// The column `utm_source`. Case doesn't matter.
    UtmSource,
    /// The column `utm_medium`. Case doesn't matter.
    UtmMedium,
    /// The column `utm_campaign`. Case doesn't matter.
    UtmCampaign,
    /// The column `browser`.
    Browser,
    /// The column `os`.
    Os,
    /// The column `device`.
    Device,
    /// The column `country`.
    Country,
    /// The column `language`. Case doesn't matter.
    Language,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: FilterColumn,
    /// The value that hits must have, or `None` for hits without one.
    pub value: Option<String>,
}

impl FilterColumn {
    /// All columns, in the order in which messages name them.
    pub const ALL: [FilterColumn; 12] = [
        FilterColumn::Site,
        FilterColumn::Page,
        FilterColumn::Event,
        FilterColumn::Referrer,
        FilterColumn::UtmSource,
        FilterColumn::UtmMedium,
        FilterColumn::UtmCampaign,
        FilterColumn::Browser,
        FilterColumn::Os,
        FilterColumn::Device,
        FilterColumn::Country,
        FilterColumn::Language,
    ];

    /// Returns the column with this name in the dashboard's API and URLs, or `None` if there is none.
    pub fn parse(name: &str) -> Option<FilterColumn> {
        FilterColumn::ALL
            .into_iter()
            .find(|column| column.name() == name)
    }

    /// Returns the name of the column in the dashboard's API and URLs.
    pub fn name(self) -> &'static str {
        match self {
            FilterColumn::Site => "site",
            FilterColumn::Page => "page",
            FilterColumn::Event => "event",
            FilterColumn::Referrer => "referrer",
            FilterColumn::UtmSource => "utm_source",
            FilterColumn::UtmMedium => "utm_medium",
            FilterColumn::UtmCampaign => "utm_campaign",
            FilterColumn::Browser => "browser",
            FilterColumn::Os => "os",
            FilterColumn::Device => "device",
            FilterColumn::Country => "country",
            FilterColumn::Language => "language",
        }
    }

    fn is_value(self) -> String {
        match self {
            FilterColumn::Site
            | FilterColumn::Page
            | FilterColumn::Event
            | FilterColumn::Browser
            | FilterColumn::Os
            | FilterColumn::Device
            | FilterColumn::Country => format!("{} = ?", self.name()),
            FilterColumn::Referrer => format!("lower(referrer_host) = lower(?) {FOREIGN}"),
            FilterColumn::UtmSource
            | FilterColumn::UtmMedium
            | FilterColumn::UtmCampaign
            | FilterColumn::Language => format!("lower({}) = lower(?)", self.name()),
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
    fn parse_reads_what_name_returns() {
        for column in FilterColumn::ALL {
            assert_eq!(FilterColumn::parse(column.name()), Some(column));
        }
        assert_eq!(FilterColumn::parse("visitor"), None);
    }
}
