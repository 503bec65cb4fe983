//! A request comes in, records and an answer go out.

use bytes::Bytes;
use http::{Method, StatusCode};
use uuid::{Builder, Uuid};

use crate::hit::Hit;
use crate::query_params::Parameters;
use crate::record;
use crate::request::{Arrival, Request};
use crate::request_context::Shared;
use crate::response::{self, Prepared};
use crate::routes::{Format, Route};
use crate::schema::Schema;
use crate::settings::Settings;

pub use crate::response::{Response, fallback};

/// Why a hit is none: its site is not in `BEACON_SITES`, or the page that sent it is not.
pub(crate) const SITE_NOT_ALLOWED: &str = "site not allowed";

const TOO_LARGE: &str = "body is larger than 1 MiB";

const NO_ORIGIN_SECRET: &str = "no origin secret";

/// What `X-Beacon` says beside `recorded` to a caller who waits for the record.
pub(crate) const DEBUG_IS_OFF: &str = "debug=1 needs BEACON_DEBUG=on";

/// The beacon of one installation. Made once; answers from any number of threads.
#[derive(Clone, Debug)]
pub struct Beacon {
    pub(crate) settings: Settings,
    pub(crate) schema: Schema,
    prepared: Prepared,
}

/// What a request was, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An image, style sheet or script that counts.
    Pixel,
    /// A POST, to `/track` or a pixel's path.
    Track,
    /// Anything that is never a hit.
    Other,
}

/// What became of a request, as far as the core decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There are records to be kept.
    Recorded,
    /// It could have been a hit, but is none, for this reason.
    Ignored(&'static str),
    /// It never was one.
    NotAHit,
}

/// What to answer, once it is known what became of the records.
#[derive(Debug)]
#[must_use = "a request wants an answer"]
pub struct Answer {
    /// What the request was.
    pub kind: Kind,
    /// How many records were appended.
    pub hits: usize,
    pub(crate) outcome: Outcome,
    pub(crate) response: Response,
}

impl Answer {
    /// What became of the request, if its records can be kept.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The answer when all records are safe, or when there are none.
    pub fn recorded(self) -> Response {
        self.response
    }

    /// The answer when the records could not be kept: the image comes back all the same, a POST gets 503. `reason`
    /// is a few words for `X-Beacon`. Without records it is [`Answer::recorded`].
    pub fn lost(self, reason: &'static str) -> Response {
        let mut response = self.response;
        if self.hits == 0 {
            return response;
        }
        if self.kind == Kind::Track {
            response::ask_again(&mut response);
        }
        response::say_outcome(&mut response, "lost", reason);
        response
    }

    fn other(response: Response) -> Answer {
        Answer {
            kind: Kind::Other,
            hits: 0,
            outcome: Outcome::NotAHit,
            response,
        }
    }

    pub(crate) fn ignored(kind: Kind, mut response: Response, reason: &'static str) -> Answer {
        response::say_outcome(&mut response, "ignored", reason);
        Answer {
            kind,
            hits: 0,
            outcome: Outcome::Ignored(reason),
            response,
        }
    }
}

impl Beacon {
    /// Prepares what every answer needs.
    pub fn new(settings: Settings) -> Beacon {
        Beacon {
            schema: settings.columns(),
            prepared: Prepared::new(),
            settings,
        }
    }

    /// The columns of its records.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Whether an adapter should read the body: of no other request it is looked at.
    pub fn wants_body(&self, method: &Method, path: &str) -> bool {
        *method == Method::POST
            && self
                .settings
                .routes
                .find(path, true)
                .is_some_and(|route| route.answers(method))
    }

    /// Appends zero or more newline-ended JSON records to `out` and says what to answer. Never panics, never
    /// blocks; each record is at most [`record::RECORD_BYTES`] long.
    pub fn handle(&self, request: &Request<'_>, arrival: Arrival<'_>, out: &mut Vec<u8>) -> Answer {
        let route = self
            .settings
            .routes
            .find(request.path, !request.query.is_empty());
        if !self.settings.gate.admits(request.headers) && route != Some(Route::Health) {
            return forbidden(request, route);
        }
        if *request.method == Method::OPTIONS {
            return Answer::other(response::preflight(request, route));
        }
        let Some(route) = route else {
            return Answer::other(response::not_found(request));
        };
        if !route.answers(request.method) {
            return Answer::other(response::method_not_allowed(request, route));
        }
        match route {
            Route::Pixel(_) | Route::Track if *request.method == Method::POST => {
                self.post(request, route, arrival, out)
            }
            Route::Pixel(format) => self.pixel(request, format, arrival, out),
            Route::Track => Answer::other(response::method_not_allowed(request, route)),
            Route::Client => Answer::other(self.prepared.client(request)),
            Route::Robots => Answer::other(response::robots(request)),
            Route::Favicon => Answer::other(response::favicon(request)),
            Route::Health => Answer::other(response::health(request)),
        }
    }

    /// The answer to a POST whose body is longer than [`MAX_BODY_BYTES`](crate::request::MAX_BODY_BYTES).
    pub fn too_large(&self, request: &Request<'_>) -> Answer {
        if !self.settings.gate.admits(request.headers) {
            return forbidden(request, Some(Route::Track));
        }
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        let response = response::refused(request, status, TOO_LARGE, TOO_LARGE);
        Answer::ignored(Kind::Track, response, TOO_LARGE)
    }

    fn pixel(
        &self,
        request: &Request<'_>,
        format: Format,
        arrival: Arrival<'_>,
        out: &mut Vec<u8>,
    ) -> Answer {
        let response = self.prepared.pixel(request, format, (arrival.random)());
        if *request.method == Method::HEAD {
            return Answer::ignored(Kind::Pixel, response, "HEAD");
        }
        let Arrival { at_ms, random } = arrival;
        let shared = Shared::of(request, &self.settings.policy, format.name(), at_ms);
        let parameters = Parameters::of_query(request.query, &self.settings.policy.privacy);
        let start = out.len();
        let hit = shared.hit(&parameters, &parameters, |_| id_of_time(at_ms, random()));
        if !self.write(&shared, &hit, record::RECORD_BYTES, out) {
            return Answer::ignored(Kind::Pixel, response, SITE_NOT_ALLOWED);
        }
        let mut response = response;
        if parameters.get("debug") == Some("1") {
            if self.settings.debug {
                return show(request, Kind::Pixel, 1, out, start);
            }
            response::say_outcome(&mut response, "recorded", DEBUG_IS_OFF);
        }
        Answer {
            kind: Kind::Pixel,
            hits: 1,
            outcome: Outcome::Recorded,
            response,
        }
    }

    /// Appends the record of a hit, at most `limit_bytes` long. False, and nothing written, when the hit is not allowed.
    pub(crate) fn write(
        &self,
        shared: &Shared<'_>,
        hit: &Hit<'_>,
        limit_bytes: usize,
        out: &mut Vec<u8>,
    ) -> bool {
        if !shared.allows(hit) {
            return false;
        }
        record::write(out, &self.schema, hit, limit_bytes);
        true
    }
}

/// The answer to a request that went round the edge.
fn forbidden(request: &Request<'_>, route: Option<Route>) -> Answer {
    let response = response::forbidden(request);
    let kind = match route {
        Some(Route::Pixel(_) | Route::Track) if *request.method == Method::POST => Kind::Track,
        Some(Route::Pixel(_)) if *request.method == Method::GET => Kind::Pixel,
        _ => return Answer::other(response),
    };
    Answer::ignored(kind, response, NO_ORIGIN_SECRET)
}

/// UUIDv7: ordered by time, random for the rest.
pub(crate) fn id_of_time(at_ms: u64, random: u128) -> Uuid {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&random.to_be_bytes()[6..]);
    Builder::from_unix_timestamp_millis(at_ms, &bytes).into_uuid()
}

/// `?debug=1`: the records go to the caller and nowhere else.
pub(crate) fn show(
    request: &Request<'_>,
    kind: Kind,
    hits: usize,
    out: &mut Vec<u8>,
    start: usize,
) -> Answer {
    let records = Bytes::copy_from_slice(&out[start..]);
    out.truncate(start);
    let content_type = if hits == 1 {
        response::JSON
    } else {
        response::NDJSON
    };
    Answer::ignored(
        kind,
        response::with_body(request, StatusCode::OK, content_type, records),
        "debug",
    )
}
