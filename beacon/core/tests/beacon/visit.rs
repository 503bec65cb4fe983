//! One request to a beacon with given settings, as a test writes it down.

use std::fmt;
use std::net::IpAddr;

use beacon_core::settings::{Settings, SettingsError};
use beacon_core::{Arrival, CountryLookup, RangeLookup, Request, SALT_BYTES, Salt};
use beacon_core::{Beacon, PendingResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;

/// 2026-11-21 05:11:07.089 UTC.
pub(crate) const AT_MS: u64 = 1_795_237_867_089;

#[derive(Clone, Debug)]
pub(crate) struct Visit {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
    peer: Option<IpAddr>,
    settings: Vec<(String, String)>,
    at_ms: u64,
    /// A moment of the salt's day, and its bytes.
    salt: Option<(u64, [u8; SALT_BYTES])>,
    countries: Option<Countries>,
    ranges: Option<Ranges>,
}

#[derive(Clone)]
struct Countries(CountryLookup);

impl fmt::Debug for Countries {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("countries")
    }
}

#[derive(Clone)]
struct Ranges(RangeLookup);

impl fmt::Debug for Ranges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ranges")
    }
}

impl Visit {
    /// `target` is a path, perhaps with a query.
    pub(crate) fn new(method: Method, target: &str) -> Visit {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Visit {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            peer: Some("192.0.2.7".parse().unwrap()),
            settings: Vec::new(),
            at_ms: AT_MS,
            salt: None,
            countries: None,
            ranges: None,
        }
    }

    pub(crate) fn get(target: &str) -> Visit {
        Visit::new(Method::GET, target)
    }

    /// As `sendBeacon` sends it.
    pub(crate) fn post(target: &str, body: impl Into<Vec<u8>>) -> Visit {
        Visit {
            body: body.into(),
            ..Visit::new(Method::POST, target)
        }
        .header("content-type", "text/plain;charset=UTF-8")
    }

    /// The same with another method, path and query.
    pub(crate) fn of(self, method: Method, path: &str, query: &str) -> Visit {
        Visit {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            ..self
        }
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Visit {
        self.header_bytes(name, value.as_bytes())
    }

    pub(crate) fn header_bytes(mut self, name: &str, value: &[u8]) -> Visit {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers
            .append(name, HeaderValue::from_bytes(value).unwrap());
        self
    }

    pub(crate) fn without_header(mut self, name: &str) -> Visit {
        self.headers.remove(name);
        self
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Visit {
        self.settings.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Moves the visit to another address, or to none that is known.
    pub(crate) fn from(self, peer: Option<&str>) -> Visit {
        Visit {
            peer: peer.map(|address| address.parse().unwrap()),
            ..self
        }
    }

    /// Moves the visit to another time.
    pub(crate) fn at(self, at_ms: u64) -> Visit {
        Visit { at_ms, ..self }
    }

    /// Gives the beacon a salt of the day of `at_ms`.
    pub(crate) fn salted(self, at_ms: u64, bytes: [u8; SALT_BYTES]) -> Visit {
        Visit {
            salt: Some((at_ms, bytes)),
            ..self
        }
    }

    /// Gives the beacon a table of addresses.
    pub(crate) fn located(self, lookup: CountryLookup) -> Visit {
        Visit {
            countries: Some(Countries(lookup)),
            ..self
        }
    }

    /// Gives the beacon a list of address ranges.
    pub(crate) fn ranged(self, lookup: RangeLookup) -> Visit {
        Visit {
            ranges: Some(Ranges(lookup)),
            ..self
        }
    }

    pub(crate) fn beacon(&self) -> Beacon {
        let settings: Vec<(&str, &str)> = self
            .settings
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let beacon = Beacon::new(settings_of(&settings).unwrap());
        let beacon = match &self.countries {
            Some(Countries(lookup)) => beacon.with_country_lookup(lookup.clone()),
            None => beacon,
        };
        match &self.ranges {
            Some(Ranges(lookup)) => beacon.with_range_lookup(lookup.clone()),
            None => beacon,
        }
    }

    /// The answer before anything is known of its records, and the records' bytes.
    pub(crate) fn handle(&self) -> (PendingResponse, Vec<u8>) {
        self.handle_by(&self.beacon())
    }

    /// The same of another beacon.
    pub(crate) fn handle_by(&self, beacon: &Beacon) -> (PendingResponse, Vec<u8>) {
        let mut random = 0;
        let mut next_random = || {
            random += 1;
            random
        };
        let salt = self.salt.map(|(at_ms, bytes)| Salt::new(at_ms, bytes));
        let mut out = Vec::new();
        let arrival = Arrival {
            at_ms: self.at_ms,
            random: &mut next_random,
            salt: salt.as_ref(),
        };
        let pending = beacon.handle(&self.request(), arrival, &mut out);
        (pending, out)
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
            peer: self.peer,
        }
    }

    pub(crate) fn response(&self) -> Response {
        self.handle().0.into_response(Ok(()))
    }

    /// The one record.
    #[track_caller]
    pub(crate) fn record(&self) -> Value {
        let (pending, out) = self.handle();
        assert_eq!(pending.hits, 1, "{pending:?}");
        serde_json::from_slice(&out).unwrap()
    }

    pub(crate) fn records(&self) -> Vec<Value> {
        let (pending, out) = self.handle();
        let records = read_lines(&out);
        assert_eq!(pending.hits, records.len());
        records
    }

    /// The one record's line.
    pub(crate) fn line(&self) -> String {
        String::from_utf8(self.handle().1).unwrap()
    }
}

pub(crate) fn read_lines(out: &[u8]) -> Vec<Value> {
    let lines = out.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| serde_json::from_slice(line.strip_suffix(b"\n").unwrap()).unwrap())
        .collect()
}

pub(crate) fn settings_of(settings: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::from_lookup(|name| {
        let found = settings.iter().find(|(variable, _)| *variable == name)?;
        Some(found.1.to_owned())
    })
}

#[track_caller]
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}
