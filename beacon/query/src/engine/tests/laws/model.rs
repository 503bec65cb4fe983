//! Counts hits, visitors and visits in plain Rust, as docs/queries.md defines them: what the SQL is compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::conditions;
use beacon_catalog::{ColumnSource, Filter, FilterColumn};
use beacon_core::time::{DAY_MS, HOUR_MS, format_timestamp};

/// The longest gap within a visit.
const GAP_MS: u64 = HOUR_MS / 2;

/// The classes that count.
const COUNTED: [&str; 2] = ["human", "unknown"];

/// A way to come to a site: the columns of a hit, and the source and the channel that they stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Origin {
    pub(super) utm_source: Option<&'static str>,
    pub(super) utm_medium: Option<&'static str>,
    utm_campaign: Option<&'static str>,
    utm_term: Option<&'static str>,
    utm_content: Option<&'static str>,
    pub(super) referrer_host: Option<&'static str>,
    source: Option<&'static str>,
    channel: &'static str,
}

const fn origin(
    utm_source: Option<&'static str>,
    utm_medium: Option<&'static str>,
    referrer_host: Option<&'static str>,
    source: Option<&'static str>,
    channel: &'static str,
) -> Origin {
    Origin {
        utm_source,
        utm_medium,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
        referrer_host,
        source,
        channel,
    }
}

const DIRECT: Origin = origin(None, None, None, None, "Direct / unknown");

/// No origin is that of a hit on the site itself: [`Hit::origin`] takes care of those.
pub(super) const ORIGINS: [Origin; 8] = [
    DIRECT,
    origin(
        None,
        None,
        Some("www.google.co.uk"),
        Some("Google"),
        "Search",
    ),
    origin(Some("HN"), None, None, Some("Hacker News"), "Social"),
    origin(
        None,
        None,
        Some("news.ycombinator.com"),
        Some("Hacker News"),
        "Social",
    ),
    Origin {
        utm_campaign: Some("Issue 12"),
        utm_content: Some("Top"),
        ..origin(
            Some("Letter"),
            Some("Email"),
            Some("bing.com"),
            Some("letter"),
            "Email",
        )
    },
    Origin {
        utm_term: Some("Pixel"),
        ..origin(
            Some("google"),
            Some("cpc"),
            None,
            Some("Google"),
            "Paid search",
        )
    },
    origin(
        None,
        None,
        Some("www.other.example"),
        Some("other.example"),
        "Referral",
    ),
    origin(
        None,
        None,
        Some("www.a.example"),
        Some("a.example"),
        "Referral",
    ),
];

/// Browser, system, country and language of a reader, and the parameters of a hit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reader {
    browser: Option<&'static str>,
    os: Option<&'static str>,
    country: Option<&'static str>,
    language: Option<&'static str>,
    pub(super) parameters: &'static [(&'static str, &'static str)],
}

pub(super) const READERS: [Reader; 5] = [
    Reader {
        browser: None,
        os: None,
        country: None,
        language: None,
        parameters: &[],
    },
    Reader {
        browser: Some("Firefox"),
        os: Some("Linux"),
        country: Some("DE"),
        language: Some("de-DE"),
        parameters: &[("plan", "pro"), ("vw", "m"), ("uid", "7")],
    },
    Reader {
        browser: Some("Safari"),
        os: Some("iOS"),
        country: Some("GB"),
        language: Some("en-GB"),
        parameters: &[("plan", ""), ("vw", "huge"), ("uid", "8")],
    },
    Reader {
        browser: Some("Chrome"),
        os: Some("Android"),
        country: Some("DE"),
        language: Some("DE"),
        parameters: &[("plan", "Pro"), ("vw", "s")],
    },
    Reader {
        browser: Some("Firefox"),
        os: Some("Windows"),
        country: None,
        language: Some("en"),
        parameters: &[("plan", "free"), ("vw", ""), ("UTM_Id", "1"), ("", "none")],
    },
];

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    pub(super) id: String,
    pub(super) received_at_ms: u64,
    pub(super) site: &'static str,
    pub(super) visitor: Option<&'static str>,
    pub(super) event: &'static str,
    pub(super) page: Option<&'static str>,
    pub(super) origin: Origin,
    pub(super) agent: Option<&'static str>,
    pub(super) device: Option<&'static str>,
    pub(super) reader: Reader,
}

impl Hit {
    /// The record, as a line of JSON.
    pub(super) fn line(&self) -> String {
        let parameters: BTreeMap<_, _> = self.reader.parameters.iter().copied().collect();
        serde_json::json!({
            "hit_id": self.id,
            "received_at": format_timestamp(self.received_at_ms),
            "site": self.site,
            "visitor": self.visitor,
            "event": self.event,
            "page": self.page,
            "utm_source": self.origin.utm_source,
            "utm_medium": self.origin.utm_medium,
            "utm_campaign": self.origin.utm_campaign,
            "utm_term": self.origin.utm_term,
            "utm_content": self.origin.utm_content,
            "referrer_host": self.origin.referrer_host,
            "agent": self.agent,
            "device": self.device,
            "browser": self.reader.browser,
            "os": self.reader.os,
            "country": self.reader.country,
            "language": self.reader.language,
            "params": parameters,
        })
        .to_string()
    }

    fn day(&self) -> u64 {
        self.received_at_ms / DAY_MS
    }

    fn parameter(&self, name: &str) -> Option<&'static str> {
        let mut parameters = self.reader.parameters.iter();
        let (_, value) = parameters.find(|(known, _)| *known == name)?;
        (!value.is_empty()).then_some(value)
    }

    pub(super) fn counts(&self) -> bool {
        COUNTED.contains(&self.agent.unwrap_or("unknown"))
    }

    /// The origin, where a referrer on the site itself is none.
    fn origin(&self) -> Origin {
        let own = self
            .origin
            .referrer_host
            .and_then(|host| host.strip_prefix("www."));
        match own == Some(self.site) {
            true => DIRECT,
            false => self.origin,
        }
    }
}

/// A hit with what it has from its visit.
#[derive(Debug, Clone)]
pub(super) struct Visited<'a> {
    pub(super) hit: &'a Hit,
    origin: Origin,
    /// The number of the visit and its first moment.
    pub(super) visit: Option<(usize, u64)>,
    entry_page: Option<&'static str>,
    exit_page: Option<&'static str>,
}

impl Visited<'_> {
    pub(super) fn value(&self, column: &FilterColumn) -> Option<String> {
        let text = match column {
            FilterColumn::Site => Some(self.hit.site),
            FilterColumn::Page => self.hit.page,
            FilterColumn::Event => Some(self.hit.event),
            FilterColumn::Device => self.hit.device,
            FilterColumn::Source => self.origin.source,
            FilterColumn::Channel => Some(self.origin.channel),
            FilterColumn::Referrer => self.origin.referrer_host,
            FilterColumn::UtmSource => self.origin.utm_source,
            FilterColumn::UtmMedium => self.origin.utm_medium,
            FilterColumn::UtmCampaign => self.origin.utm_campaign,
            FilterColumn::UtmTerm => self.origin.utm_term,
            FilterColumn::UtmContent => self.origin.utm_content,
            FilterColumn::EntryPage => self.entry_page,
            FilterColumn::ExitPage => self.exit_page,
            FilterColumn::Browser => self.hit.reader.browser,
            FilterColumn::Os => self.hit.reader.os,
            FilterColumn::Country => self.hit.reader.country,
            FilterColumn::Language => self.hit.reader.language,
            FilterColumn::Size => {
                let size = self.hit.parameter("vw");
                size.filter(|size| ["s", "m", "l", "xl"].contains(size))
            }
            FilterColumn::Property(name) => self.hit.parameter(name),
            FilterColumn::Custom(ColumnSource::Parameter(name)) => self.hit.parameter(name),
            FilterColumn::Custom(ColumnSource::Header(_)) => None,
        };
        text.map(str::to_owned)
    }

    pub(super) fn meets(&self, filters: &[Filter]) -> bool {
        conditions::are_met(filters, |column| self.value(column))
    }
}

/// Returns the opens that count, at most. They are in no visit.
pub(super) fn opens(hits: &[Hit]) -> Vec<Visited<'_>> {
    let opens = hits.iter().filter(|hit| {
        let class = hit.agent.unwrap_or("unknown");
        hit.event == "open" && (hit.counts() || ["mail_proxy", "prefetch"].contains(&class))
    });
    opens
        .map(|hit| Visited {
            hit,
            origin: hit.origin(),
            visit: None,
            entry_page: None,
            exit_page: None,
        })
        .collect()
}

/// Returns the hits that count, each with its visit. `hits` has each once.
pub(super) fn visited(hits: &[Hit]) -> Vec<Visited<'_>> {
    let mut readers: BTreeMap<(&str, &str, u64), Vec<&Hit>> = BTreeMap::new();
    let mut found = Vec::new();
    for hit in hits.iter().filter(|hit| hit.counts()) {
        match hit.visitor {
            Some(visitor) if !["open", "click"].contains(&hit.event) => {
                readers
                    .entry((hit.site, visitor, hit.day()))
                    .or_default()
                    .push(hit);
            }
            _ => found.push(Visited {
                hit,
                origin: hit.origin(),
                visit: None,
                entry_page: None,
                exit_page: None,
            }),
        }
    }
    let mut number = 0;
    for mut hits in readers.into_values() {
        hits.sort_by_key(|hit| (hit.received_at_ms, &hit.id));
        let visits = hits.chunk_by(|one, next| next.received_at_ms - one.received_at_ms <= GAP_MS);
        for visit in visits {
            number += 1;
            let mut views = visit.iter().filter(|hit| hit.event == "view");
            let (entry, exit) = (views.clone().next(), views.next_back());
            let first = entry.unwrap_or(&visit[0]);
            found.extend(visit.iter().map(|hit| Visited {
                hit,
                origin: first.origin(),
                visit: Some((number, visit[0].received_at_ms)),
                entry_page: entry.and_then(|hit| hit.page),
                exit_page: exit.and_then(|hit| hit.page),
            }));
        }
    }
    found
}

/// Views and visitors.
pub(super) type Counts = (u64, u64);

/// Counts views and visitors of a range, of the hits that meet the filters and `also`.
///
/// With a condition on the event, all of them count, else the views.
pub(super) fn counts(
    hits: &[Visited<'_>],
    range: &Range<u64>,
    filters: &[Filter],
    also: impl Fn(&Visited<'_>) -> bool,
) -> Counts {
    let is_about_events = filters
        .iter()
        .any(|filter| filter.column == FilterColumn::Event);
    let day_from = range.start - range.start % DAY_MS;
    let mut views = 0;
    let mut first_at: BTreeMap<(&str, u64), u64> = BTreeMap::new();
    for visited in hits {
        let hit = visited.hit;
        let is_read = (day_from..range.end).contains(&hit.received_at_ms);
        let is_counted = is_about_events || hit.event == "view";
        if !is_read || !is_counted || !visited.meets(filters) || !also(visited) {
            continue;
        }
        views += u64::from(hit.received_at_ms >= range.start);
        if let Some(visitor) = hit.visitor {
            let first = first_at
                .entry((visitor, hit.day()))
                .or_insert(hit.received_at_ms);
            *first = hit.received_at_ms.min(*first);
        }
    }
    let visitors = first_at
        .values()
        .filter(|first| **first >= range.start)
        .count();
    (views, u64::try_from(visitors).unwrap())
}

/// Counts views and visitors by the values of a column, without values that nobody viewed.
pub(super) fn rows(
    hits: &[Visited<'_>],
    range: &Range<u64>,
    filters: &[Filter],
    column: &FilterColumn,
) -> BTreeMap<Option<String>, Counts> {
    let values: BTreeSet<_> = hits.iter().map(|visited| visited.value(column)).collect();
    values
        .into_iter()
        .map(|value| {
            let counts = counts(hits, range, filters, |visited| {
                visited.value(column) == value
            });
            (value, counts)
        })
        .filter(|(_, (views, _))| *views > 0)
        .collect()
}

/// Counts visits and those of a single page, and returns the median of seconds with them.
pub(super) fn visit_totals(
    hits: &[Visited<'_>],
    range: &Range<u64>,
    filters: &[Filter],
) -> (u64, u64, Option<f64>) {
    let mut visits: BTreeMap<usize, Vec<&Visited<'_>>> = BTreeMap::new();
    for visited in hits {
        match visited.visit {
            Some((number, started_at)) if range.contains(&started_at) => {
                visits.entry(number).or_default().push(visited);
            }
            _ => {}
        }
    }
    visits.retain(|_, hits| hits.iter().any(|visited| visited.meets(filters)));
    let is_single = |hits: &&Vec<&Visited<'_>>| hits.len() == 1 && hits[0].hit.event == "view";
    let single = visits.values().filter(is_single).count();
    let mut seconds: Vec<u64> = visits
        .values()
        .filter(|hits| hits.len() > 1)
        .map(|hits| {
            let at = hits.iter().map(|visited| visited.hit.received_at_ms / 1000);
            at.clone().max().unwrap() - at.min().unwrap()
        })
        .collect();
    seconds.sort_unstable();
    let middle = seconds.len() / 2;
    #[expect(clippy::cast_precision_loss, reason = "seconds of a day are exact")]
    let median = match seconds.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(seconds[middle] as f64),
        _ => Some((seconds[middle - 1] + seconds[middle]) as f64 / 2.0),
    };
    let count = |count: usize| u64::try_from(count).unwrap();
    (count(visits.len()), count(single), median)
}
