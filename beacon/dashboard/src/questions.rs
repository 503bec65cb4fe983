//! The named questions: the files of `athena/queries`, each with a header that says what it asks and which
//! parameters its `?` take, and how those are made from what a person gives.

mod filters;
mod range;
mod spellings;

use beacon_core::schema::CustomSource;
use beacon_core::time::{DAY_MS, HOUR_MS, Hour, format_timestamp};

pub use filters::{Filter, FilterColumn};
pub use range::{RangeError, TimeRange, moment};

/// The files, by name.
const FILES: [(&str, &str); 11] = [
    ("totals", include_str!("../../../athena/queries/totals.sql")),
    (
        "views_per_quarter",
        include_str!("../../../athena/queries/views_per_quarter.sql"),
    ),
    (
        "views_per_day",
        include_str!("../../../athena/queries/views_per_day.sql"),
    ),
    (
        "views_per_hour",
        include_str!("../../../athena/queries/views_per_hour.sql"),
    ),
    (
        "top_pages",
        include_str!("../../../athena/queries/top_pages.sql"),
    ),
    (
        "top_pages_by_source",
        include_str!("../../../athena/queries/top_pages_by_source.sql"),
    ),
    (
        "sources",
        include_str!("../../../athena/queries/sources.sql"),
    ),
    (
        "referrers",
        include_str!("../../../athena/queries/referrers.sql"),
    ),
    (
        "campaigns",
        include_str!("../../../athena/queries/campaigns.sql"),
    ),
    ("events", include_str!("../../../athena/queries/events.sql")),
    ("sites", include_str!("../../../athena/queries/sites.sql")),
];

/// 2147-12-31 23:00 UTC. Written as one number, a later hour is more than SQL's `integer` holds.
const LAST_HOUR_MS: u64 = 5_617_119_600_000;

/// Firehose names a file's partition after the oldest record in it, and buffers for less than an hour: a hit can
/// lie in the hour before its own.
const EARLY_MS: u64 = HOUR_MS;

/// What was sent late (Firehose itself retries for up to a day) lies in a partition after its hits' own.
const LATE_MS: u64 = DAY_MS;

/// What a person gives to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Which hits, by the time they were received.
    pub range: TimeRange,
    /// The site, or [`ALL`].
    pub site: String,
    /// The page, or [`ALL`].
    pub page: String,
    /// The value that an own column must have, if any.
    pub column: Option<ColumnFilter>,
}

/// What a filter that is off binds.
pub const ALL: &str = "*";

/// A filter on an own column, which is a parameter or a header of the hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFilter {
    /// What the column is made from.
    pub source: ColumnSource,
    /// What it must be.
    pub value: String,
}

/// What an own column is made from: for `userid=params.user`, it is the parameter `user`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// A parameter, by its name.
    Parameter(String),
    /// A header, by its name in lower case.
    Header(String),
}

impl From<CustomSource<'_>> for ColumnSource {
    fn from(source: CustomSource<'_>) -> ColumnSource {
        match source {
            CustomSource::Parameter(name) => ColumnSource::Parameter(name.to_owned()),
            CustomSource::Header(name) => ColumnSource::Header(name.to_owned()),
        }
    }
}

impl ColumnSource {
    /// Of the parameter or the header.
    pub fn name(&self) -> &str {
        match self {
            ColumnSource::Parameter(name) | ColumnSource::Header(name) => name,
        }
    }

    fn parameter(&self) -> Option<&str> {
        match self {
            ColumnSource::Parameter(name) => Some(name),
            ColumnSource::Header(_) => None,
        }
    }

    fn header(&self) -> Option<&str> {
        match self {
            ColumnSource::Parameter(_) => None,
            ColumnSource::Header(name) => Some(name),
        }
    }
}

impl Scope {
    /// All hits of a range.
    pub fn of(range: TimeRange) -> Scope {
        Scope {
            range,
            site: ALL.to_owned(),
            page: ALL.to_owned(),
            column: None,
        }
    }
}

/// What a `?` of a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The year of the first partition to be read: Athena leaves out the projected partitions of other years before
    /// it tests the hours, which are an expression to it.
    YearFrom,
    /// The year of the last one.
    YearTo,
    /// The first hour of the partitions to be read, as one number: 2026112105.
    HourFrom,
    /// The last one.
    HourTo,
    /// The first moment.
    ReceivedFrom,
    /// The first moment behind the range.
    ReceivedTo,
    /// The site as records spell it, or `*`.
    Site,
    /// The site as given, or as records of 0.1.0 spell it.
    SiteAlso,
    /// The page as records spell it, or `*`.
    Page,
    /// The page as given, or as records of 0.1.0 spell it.
    PageAlso,
    /// The parameter or header that an own column is made from; `*` where there is no such filter.
    ColumnKey,
    /// The parameter, or `*` where it is a header.
    ColumnParameter,
    /// The header, or `*` where it is a parameter.
    ColumnHeader,
    /// What it must be; `*` where there is no such filter.
    ColumnValue,
}

/// One question: an SQL file and what its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The file's name, by which it is asked.
    pub name: &'static str,
    /// What it asks, as a sentence.
    pub question: &'static str,
    /// What its `?` take, in order.
    pub parameters: Vec<Parameter>,
    /// The file's text, with its header.
    pub sql: &'static str,
    /// Conditions that it has beside those of the file.
    filters: Vec<Filter>,
}

/// All questions, in the order in which they are shown.
pub fn all() -> impl Iterator<Item = Question> {
    FILES.iter().map(|(name, sql)| {
        Question::parse(name, sql)
            .expect("the tests read the header of every file that is built in")
    })
}

/// The question of that name.
pub fn find(name: &str) -> Option<Question> {
    all().find(|question| question.name == name)
}

/// How rows can spell a site that a person gives: as records have it now, and as given or as 0.1.0 had it.
pub fn site_spellings(given: &str) -> [String; 2] {
    let spellings = spellings::site(given);
    [spellings.now, spellings.also]
}

impl Question {
    fn parse(name: &'static str, sql: &'static str) -> Option<Question> {
        let question = header(sql, "question")?;
        let parameters = header(sql, "parameters")?
            .split(',')
            .map(|word| Parameter::parse(word.trim()));
        Some(Question {
            name,
            question,
            parameters: parameters.collect::<Option<_>>()?,
            sql,
            filters: Vec::new(),
        })
    }

    /// The options of `beacon query` that it takes.
    pub fn options(&self) -> Vec<&'static str> {
        let mut options: Vec<&str> = self
            .parameters
            .iter()
            .filter_map(|parameter| parameter.option())
            .collect();
        options.dedup();
        options
    }

    /// The same in the words of the API: `from`, `to`, `site`, `page`, `column`.
    pub fn filters(&self) -> Vec<&'static str> {
        let mut filters: Vec<&str> = self
            .options()
            .into_iter()
            .map(|option| match option {
                "--where" => "column",
                option => option.trim_start_matches('-'),
            })
            .collect();
        filters.dedup();
        filters
    }

    /// The values of its `?`, in order.
    pub fn bind(&self, scope: &Scope) -> Vec<String> {
        self.parameters
            .iter()
            .map(|parameter| parameter.value(scope))
            .chain(
                self.filters
                    .iter()
                    .filter_map(|filter| filter.value.clone()),
            )
            .collect()
    }
}

/// The value of a `-- key: value` line at the top of an SQL file.
fn header(sql: &'static str, key: &str) -> Option<&'static str> {
    sql.lines()
        .map_while(|line| line.strip_prefix("--"))
        .find_map(|line| line.trim_start().strip_prefix(key)?.strip_prefix(':'))
        .map(str::trim)
}

impl Parameter {
    fn parse(word: &str) -> Option<Parameter> {
        Some(match word {
            "year_from" => Parameter::YearFrom,
            "year_to" => Parameter::YearTo,
            "hour_from" => Parameter::HourFrom,
            "hour_to" => Parameter::HourTo,
            "received_from" => Parameter::ReceivedFrom,
            "received_to" => Parameter::ReceivedTo,
            "site" => Parameter::Site,
            "site_also" => Parameter::SiteAlso,
            "page" => Parameter::Page,
            "page_also" => Parameter::PageAlso,
            "column_key" => Parameter::ColumnKey,
            "column_parameter" => Parameter::ColumnParameter,
            "column_header" => Parameter::ColumnHeader,
            "column_value" => Parameter::ColumnValue,
            _ => return None,
        })
    }

    /// The option that sets it; the hours of the partitions come with the range.
    fn option(self) -> Option<&'static str> {
        match self {
            Parameter::YearFrom | Parameter::YearTo | Parameter::HourFrom | Parameter::HourTo => {
                None
            }
            Parameter::ReceivedFrom => Some("--from"),
            Parameter::ReceivedTo => Some("--to"),
            Parameter::Site | Parameter::SiteAlso => Some("--site"),
            Parameter::Page | Parameter::PageAlso => Some("--page"),
            Parameter::ColumnKey
            | Parameter::ColumnParameter
            | Parameter::ColumnHeader
            | Parameter::ColumnValue => Some("--where"),
        }
    }

    fn value(self, scope: &Scope) -> String {
        let TimeRange { from_ms, to_ms } = scope.range;
        let column = |part: fn(&ColumnFilter) -> Option<&str>| {
            let value = scope.column.as_ref().and_then(part);
            value.unwrap_or(ALL).to_owned()
        };
        match self {
            Parameter::YearFrom => first_hour(from_ms).year().to_string(),
            Parameter::YearTo => last_hour(to_ms).year().to_string(),
            Parameter::HourFrom => hour_number(first_hour(from_ms)),
            Parameter::HourTo => hour_number(last_hour(to_ms)),
            Parameter::ReceivedFrom => format_timestamp(from_ms),
            Parameter::ReceivedTo => format_timestamp(to_ms),
            Parameter::Site => spellings::site(&scope.site).now,
            Parameter::SiteAlso => spellings::site(&scope.site).also,
            Parameter::Page => spellings::page(&scope.page).now,
            Parameter::PageAlso => spellings::page(&scope.page).also,
            Parameter::ColumnKey => column(|filter| Some(filter.source.name())),
            Parameter::ColumnParameter => column(|filter| filter.source.parameter()),
            Parameter::ColumnHeader => column(|filter| filter.source.header()),
            Parameter::ColumnValue => column(|filter| Some(&filter.value)),
        }
    }
}

/// The partition in which the first hit of a range can lie.
fn first_hour(from_ms: u64) -> Hour {
    Hour::from_ms(from_ms.saturating_sub(EARLY_MS).min(LAST_HOUR_MS))
}

/// The partition in which the last one can lie.
fn last_hour(to_ms: u64) -> Hour {
    Hour::from_ms(to_ms.saturating_add(LATE_MS).min(LAST_HOUR_MS))
}

/// `year * 1000000 + month * 10000 + day * 100 + hour`: the one place that writes this side of the predicate.
fn hour_number(hour: Hour) -> String {
    format!(
        "{:04}{:02}{:02}{:02}",
        hour.year(),
        hour.month(),
        hour.day(),
        hour.hour()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 05:30 UTC
    const NOW_MS: u64 = 1_795_239_000_000;

    #[test]
    fn partitions_are_read_from_an_hour_before_to_a_day_after() {
        let scope = |from, to| Scope::of(TimeRange::parse(Some(from), Some(to), NOW_MS).unwrap());
        let november = scope("2026-11-01", "2026-11-30");
        assert_eq!(Parameter::HourFrom.value(&november), "2026103123");
        assert_eq!(Parameter::HourTo.value(&november), "2026120200");
        assert_eq!(Parameter::YearFrom.value(&november), "2026");
        assert_eq!(Parameter::YearTo.value(&november), "2026");
        let new_year = scope("2027-01-01 00:30", "2027-01-01 00:45");
        assert_eq!(Parameter::YearFrom.value(&new_year), "2026");
        assert_eq!(Parameter::YearTo.value(&new_year), "2027");
        let december = scope("2026-12-31", "2026-12-31");
        assert_eq!(Parameter::YearTo.value(&december), "2027");
        assert_eq!(Parameter::HourFrom.value(&new_year), "2026123123");
        assert_eq!(Parameter::HourTo.value(&new_year), "2027010200");
        let epoch = scope("1970-01-01", "1970-01-01");
        assert_eq!(Parameter::HourFrom.value(&epoch), "1970010100");
        let last = scope("2147-12-31", "9999-12-31");
        assert_eq!(Parameter::HourFrom.value(&last), "2147123023");
        assert_eq!(Parameter::HourTo.value(&last), "2147123123");
        assert!(Parameter::HourTo.value(&last).parse::<i32>().is_ok());
    }

    #[test]
    fn every_file_is_a_question() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../athena/queries");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .map(|file| file.strip_suffix(".sql").unwrap().to_owned())
            .collect();
        let mut names: Vec<String> = all().map(|question| question.name.to_owned()).collect();
        files.sort();
        names.sort();
        assert_eq!(files, names);
    }

    #[test]
    fn a_header_is_read() {
        let totals = find("totals").unwrap();
        assert_eq!(totals.question, "How much was counted in all?");
        use Parameter::*;
        assert_eq!(
            totals.parameters,
            [
                YearFrom,
                YearTo,
                HourFrom,
                HourTo,
                ReceivedFrom,
                ReceivedTo,
                Site,
                Site,
                SiteAlso,
                Page,
                Page,
                PageAlso,
                ColumnKey,
                ColumnParameter,
                ColumnValue,
                ColumnHeader,
                ColumnValue
            ]
        );
        assert_eq!(
            totals.options(),
            ["--from", "--to", "--site", "--page", "--where"]
        );
        assert_eq!(totals.filters(), ["from", "to", "site", "page", "column"]);
        assert_eq!(find("total"), None);
        assert_eq!(
            Question::parse("bad", "-- question: What?\n-- parameters: user\nSELECT 1"),
            None
        );
        assert_eq!(
            Question::parse("bad", "SELECT 1\n-- question: What?\n-- parameters: site"),
            None
        );
    }

    #[test]
    fn filters_are_bound_or_off() {
        let range = TimeRange {
            from_ms: 0,
            to_ms: 1,
        };
        let mut scope = Scope::of(range);
        let bound = |scope: &Scope| find("sites").unwrap().bind(scope)[6..].join(" ");
        assert_eq!(bound(&scope), "* * * * * * * * * * *");
        scope.site = "a.example".to_owned();
        scope.page = "/".to_owned();
        scope.column = Some(ColumnFilter {
            source: ColumnSource::Parameter("user".to_owned()),
            value: "7".to_owned(),
        });
        assert_eq!(
            bound(&scope),
            "a.example a.example a.example / / / user user 7 * 7"
        );
        scope.column = Some(ColumnFilter {
            source: ColumnSource::Header("accept-language".to_owned()),
            value: "de".to_owned(),
        });
        assert_eq!(
            bound(&scope),
            "a.example a.example a.example / / / accept-language * de accept-language de"
        );
    }
}
