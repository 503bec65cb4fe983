//! The named questions: the files of `athena/queries`, each with a header that says what it asks and which
//! parameters its `?` take, and how those are made from what a person gives.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod dialect;

use beacon_core::time::{Hour, format_timestamp, parse_timestamp};

/// The files, by name.
const FILES: [(&str, &str); 7] = [
    ("totals", include_str!("../../../athena/queries/totals.sql")),
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
        "referrers",
        include_str!("../../../athena/queries/referrers.sql"),
    ),
    (
        "campaigns",
        include_str!("../../../athena/queries/campaigns.sql"),
    ),
];

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

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
    /// The site, or `*` for all.
    pub site: String,
}

/// From a moment on, and before another: Unix time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first millisecond in it.
    pub from_ms: u64,
    /// The first millisecond behind it.
    pub to_ms: u64,
}

/// What a `?` of a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The first hour of the partitions to be read, as one number: 2026112105.
    HourFrom,
    /// The last one.
    HourTo,
    /// The first moment.
    ReceivedFrom,
    /// The first moment behind the range.
    ReceivedTo,
    /// The site, or `*`.
    Site,
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
    /// The statement, with its header.
    pub sql: &'static str,
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

    /// The values of its `?`, in order.
    pub fn bind(&self, scope: &Scope) -> Vec<String> {
        self.parameters
            .iter()
            .map(|parameter| parameter.value(scope))
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
            "hour_from" => Parameter::HourFrom,
            "hour_to" => Parameter::HourTo,
            "received_from" => Parameter::ReceivedFrom,
            "received_to" => Parameter::ReceivedTo,
            "site" => Parameter::Site,
            _ => return None,
        })
    }

    /// The option that sets it; the hours of the partitions come with the range.
    fn option(self) -> Option<&'static str> {
        match self {
            Parameter::HourFrom | Parameter::HourTo => None,
            Parameter::ReceivedFrom => Some("--from"),
            Parameter::ReceivedTo => Some("--to"),
            Parameter::Site => Some("--site"),
        }
    }

    fn value(self, scope: &Scope) -> String {
        let TimeRange { from_ms, to_ms } = scope.range;
        match self {
            Parameter::HourFrom => hour_number(from_ms.saturating_sub(EARLY_MS)),
            Parameter::HourTo => hour_number(to_ms.saturating_add(LATE_MS)),
            Parameter::ReceivedFrom => format_timestamp(from_ms),
            Parameter::ReceivedTo => format_timestamp(to_ms),
            Parameter::Site => scope.site.clone(),
        }
    }
}

/// `year * 1000000 + month * 10000 + day * 100 + hour`: the one place that writes this side of the predicate.
fn hour_number(ms: u64) -> String {
    let hour = Hour::of(ms);
    format!(
        "{:04}{:02}{:02}{:02}",
        hour.year(),
        hour.month(),
        hour.day(),
        hour.hour()
    )
}

/// Why a range of time can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// Neither a date nor a timestamp.
    #[error(
        "{0:?} is not a time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)"
    )]
    NotATime(String),
    /// Nothing lies between the two.
    #[error("the time from {from:?} to {to:?} is empty: the first must be the earlier")]
    Empty {
        /// As given.
        from: String,
        /// As given.
        to: String,
    },
}

impl TimeRange {
    /// The range between two texts, both UTC: of days, the last one is in it; of moments, it is the end. What is
    /// not given makes it the last seven days, today with them.
    pub fn parse(
        from: Option<&str>,
        to: Option<&str>,
        now_ms: u64,
    ) -> Result<TimeRange, RangeError> {
        let to_ms = match to {
            Some(text) => end_ms(text)?,
            None => now_ms - now_ms % DAY_MS + DAY_MS,
        };
        let from_ms = match from {
            Some(text) => start_ms(text)?,
            None => (to_ms - 1).saturating_sub(6 * DAY_MS) / DAY_MS * DAY_MS,
        };
        if from_ms >= to_ms {
            return Err(RangeError::Empty {
                from: format_timestamp(from_ms),
                to: format_timestamp(to_ms),
            });
        }
        Ok(TimeRange { from_ms, to_ms })
    }
}

fn start_ms(text: &str) -> Result<u64, RangeError> {
    // A moment may leave out its end: `2026-11-30`, `2026-11-30 18:30`, `2026-11-30T18:30:00Z`.
    const REST: &str = "0000-00-00 00:00:00.000";
    let moment = text.trim().replacen('T', " ", 1);
    let moment = moment.strip_suffix('Z').unwrap_or(&moment);
    if !matches!(moment.len(), 10 | 16 | 19 | 23) || !moment.is_ascii() {
        return Err(RangeError::NotATime(text.to_owned()));
    }
    parse_timestamp(&format!("{moment}{}", &REST[moment.len()..]))
        .ok_or_else(|| RangeError::NotATime(text.to_owned()))
}

fn end_ms(text: &str) -> Result<u64, RangeError> {
    let is_day = text.trim().len() == 10;
    Ok(start_ms(text)? + if is_day { DAY_MS } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 05:30 UTC
    const NOW_MS: u64 = 1_795_239_000_000;

    #[track_caller]
    fn check_range(from: Option<&str>, to: Option<&str>, expected: &str) {
        let shown = match TimeRange::parse(from, to, NOW_MS) {
            Ok(range) => format!(
                "{} .. {}",
                &format_timestamp(range.from_ms)[..16],
                &format_timestamp(range.to_ms)[..16]
            ),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn days_are_whole_and_moments_are_ends() {
        check_range(
            Some("2026-11-01"),
            Some("2026-11-30"),
            "2026-11-01 00:00 .. 2026-12-01 00:00",
        );
        check_range(
            Some("2026-11-01 06:30"),
            Some("2026-11-30T18:00:00Z"),
            "2026-11-01 06:30 .. 2026-11-30 18:00",
        );
        check_range(
            Some("2024-02-29"),
            Some("2024-02-29"),
            "2024-02-29 00:00 .. 2024-03-01 00:00",
        );
    }

    #[test]
    fn seven_days_are_the_default_today_with_them() {
        check_range(None, None, "2026-11-15 00:00 .. 2026-11-22 00:00");
        check_range(
            Some("2026-11-20"),
            None,
            "2026-11-20 00:00 .. 2026-11-22 00:00",
        );
        check_range(
            None,
            Some("2026-11-10"),
            "2026-11-04 00:00 .. 2026-11-11 00:00",
        );
        check_range(
            None,
            Some("2026-11-10 12:00"),
            "2026-11-04 00:00 .. 2026-11-10 12:00",
        );
    }

    #[test]
    fn what_is_no_time_says_how_to_write_one() {
        let hint =
            "is not a time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)";
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-30",
            "2026-11-30 25:00",
            "30.11.2026",
            "2026-11-30 18",
            "2026-11-3é",
        ] {
            check_range(Some(text), None, &format!("{text:?} {hint}"));
        }
        check_range(
            Some("2026-11-30"),
            Some("2026-11-29"),
            r#"the time from "2026-11-30 00:00:00.000" to "2026-11-30 00:00:00.000" is empty: the first must be the earlier"#,
        );
    }

    #[test]
    fn partitions_are_read_from_an_hour_before_to_a_day_after() {
        let scope = |from, to| Scope {
            range: TimeRange::parse(Some(from), Some(to), NOW_MS).unwrap(),
            site: "*".to_owned(),
        };
        let november = scope("2026-11-01", "2026-11-30");
        assert_eq!(Parameter::HourFrom.value(&november), "2026103123");
        assert_eq!(Parameter::HourTo.value(&november), "2026120200");
        let new_year = scope("2027-01-01 00:30", "2027-01-01 00:45");
        assert_eq!(Parameter::HourFrom.value(&new_year), "2026123123");
        assert_eq!(Parameter::HourTo.value(&new_year), "2027010200");
        let epoch = scope("1970-01-01", "1970-01-01");
        assert_eq!(Parameter::HourFrom.value(&epoch), "1970010100");
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
        use Parameter::{HourFrom, HourTo, ReceivedFrom, ReceivedTo, Site};
        assert_eq!(
            totals.parameters,
            [HourFrom, HourTo, ReceivedFrom, ReceivedTo, Site, Site]
        );
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
}
