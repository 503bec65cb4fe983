//! A request comes in, records and an answer go out.

use bytes::Bytes;
use http::header;
use http::{Method, StatusCode};
use uuid::{Builder, Uuid};

use crate::hit::{Hit, Shared};
use crate::parameters::Parameters;
use crate::record;
use crate::request::{Arrival, MAX_BODY_BYTES, Request};
use crate::response::{self, Prepared};
use crate::route::{Format, Route};
use crate::schema::Schema;
use crate::settings::Settings;
use crate::track::{self, BodyError};

pub use crate::response::{Response, fallback};

/// The value of the column `format` of a POST.
const POST_FORMAT: &str = "post";

const SITE_NOT_ALLOWED: &str = "site not allowed";

/// The beacon of one installation. Made once; answers from any number of threads.
#[derive(Clone, Debug)]
pub struct Beacon {
    settings: Settings,
    schema: Schema,
    prepared: Prepared,
}

/// What a request was, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An image, style sheet or script that counts.
    Pixel,
    /// POST `/track`.
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
    outcome: Outcome,
    response: Response,
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

    fn ignored(kind: Kind, mut response: Response, reason: &'static str) -> Answer {
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
        *method == Method::POST && self.settings.routes.find(path, false) == Some(Route::Track)
    }

    /// Appends zero or more newline-ended JSON records to `out` and says what to answer. Never panics, never
    /// blocks; each record is at most [`record::RECORD_BYTES`] long.
    pub fn handle(&self, request: &Request<'_>, arrival: Arrival<'_>, out: &mut Vec<u8>) -> Answer {
        let route = self
            .settings
            .routes
            .find(request.path, !request.query.is_empty());
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
            Route::Pixel(format) => self.pixel(request, format, arrival, out),
            Route::Track => self.track(request, arrival, out),
            Route::Client => Answer::other(self.prepared.client(request)),
            Route::Robots => Answer::other(response::robots(request)),
            Route::Favicon => Answer::other(response::favicon(request)),
            Route::Health => Answer::other(response::health(request)),
        }
    }

    /// The answer to a POST whose body is longer than [`MAX_BODY_BYTES`].
    pub fn too_large(&self, request: &Request<'_>) -> Answer {
        too_large(request)
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
        let shared = Shared::of(request, &self.settings, format.name(), at_ms);
        if !shared.comes_from_allowed_page() {
            return Answer::ignored(Kind::Pixel, response, SITE_NOT_ALLOWED);
        }
        let parameters = Parameters::of_query(request.query, &self.settings.privacy);
        let start = out.len();
        let hit = shared.hit(&parameters, &parameters, |_| id_of_time(at_ms, random()));
        if !self.write(&hit, out) {
            return Answer::ignored(Kind::Pixel, response, SITE_NOT_ALLOWED);
        }
        if self.settings.debug && parameters.get("debug") == Some("1") {
            return show(request, Kind::Pixel, 1, out, start);
        }
        Answer {
            kind: Kind::Pixel,
            hits: 1,
            outcome: Outcome::Recorded,
            response,
        }
    }

    fn track(&self, request: &Request<'_>, arrival: Arrival<'_>, out: &mut Vec<u8>) -> Answer {
        if request.body.len() > MAX_BODY_BYTES {
            return too_large(request);
        }
        if !is_json_or_text(request) {
            let reason = "content type must be application/json or text/plain";
            return refuse(request, StatusCode::UNSUPPORTED_MEDIA_TYPE, reason);
        }
        let Arrival { at_ms, random } = arrival;
        let shared = Shared::of(request, &self.settings, POST_FORMAT, at_ms);
        let body = String::from_utf8_lossy(request.body);
        let items = match track::items(&body) {
            Ok(items) => items,
            Err(error @ BodyError::TooManyItems) => {
                return refuse(request, StatusCode::PAYLOAD_TOO_LARGE, error.reason());
            }
            Err(error) => return refuse(request, StatusCode::BAD_REQUEST, error.reason()),
        };
        let from_query = Parameters::of_query(request.query, &self.settings.privacy);
        let is_allowed = shared.comes_from_allowed_page();
        let start = out.len();
        let mut hits = 0;
        let mut refused = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let Some(mut parameters) = track::parameters(item, &self.settings.privacy) else {
                refused.push((index, "item is not a JSON object"));
                continue;
            };
            let own_id = parameters.get("id").map(str::to_owned);
            parameters.add_all(&from_query, &self.settings.privacy);
            let hit = shared.hit(&parameters, &from_query, |site| match own_id {
                Some(own_id) => id_of_item(site, &own_id),
                None => id_of_time(at_ms, random()),
            });
            if is_allowed && self.write(&hit, out) {
                hits += 1;
            } else {
                refused.push((index, SITE_NOT_ALLOWED));
            }
        }
        if self.settings.debug && from_query.get("debug") == Some("1") {
            return show(request, Kind::Track, hits, out, start);
        }
        let mut response = answer_items(request, hits, &refused);
        match refused.first() {
            Some((_, reason)) if hits == 0 => Answer::ignored(Kind::Track, response, reason),
            _ => {
                response::say_recorded(&mut response);
                Answer {
                    kind: Kind::Track,
                    hits,
                    outcome: Outcome::Recorded,
                    response,
                }
            }
        }
    }

    /// False, and nothing written, when the hit's site is not allowed.
    fn write(&self, hit: &Hit<'_>, out: &mut Vec<u8>) -> bool {
        let sites = &self.settings.sites;
        if !sites.allow_all() && !hit.site.as_deref().is_some_and(|site| sites.allow(site)) {
            return false;
        }
        record::write(out, &self.schema, hit);
        true
    }
}

/// UUIDv7: ordered by time, random for the rest.
fn id_of_time(at_ms: u64, random: u128) -> Uuid {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&random.to_be_bytes()[6..]);
    Builder::from_unix_timestamp_millis(at_ms, &bytes).into_uuid()
}

/// UUIDv5 of site and id: the same item sent again has the same id, that of another site has another.
fn id_of_item(site: Option<&str>, own_id: &str) -> Uuid {
    let name = format!("{}\0{own_id}", site.unwrap_or_default());
    Uuid::new_v5(&response::NAMESPACE, name.as_bytes())
}

fn too_large(request: &Request<'_>) -> Answer {
    refuse(
        request,
        StatusCode::PAYLOAD_TOO_LARGE,
        "body is larger than 1 MiB",
    )
}

fn refuse(request: &Request<'_>, status: StatusCode, reason: &'static str) -> Answer {
    Answer::ignored(
        Kind::Track,
        response::refused(request, status, reason),
        reason,
    )
}

/// No content type is fine: some beacons send none.
fn is_json_or_text(request: &Request<'_>) -> bool {
    let Some(content_type) = request.headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let Ok(content_type) = content_type.to_str() else {
        return false;
    };
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.is_empty()
        || media_type.eq_ignore_ascii_case("application/json")
        || media_type.eq_ignore_ascii_case("text/plain")
}

/// 204 when all items are good. Else `{"recorded":n,"refused":[{"index":i,"reason":"…"}]}`: with 400 when all are
/// bad, and with 200 when some are, because a client that repeats the whole POST for an error would count the good
/// ones again.
fn answer_items(request: &Request<'_>, hits: usize, refused: &[(usize, &'static str)]) -> Response {
    if refused.is_empty() {
        return response::plain(request, StatusCode::NO_CONTENT, "");
    }
    let mut body = format!("{{\"recorded\":{hits},\"refused\":[").into_bytes();
    for (nth, (index, reason)) in refused.iter().enumerate() {
        let comma = if nth > 0 { "," } else { "" };
        body.extend_from_slice(format!("{comma}{{\"index\":{index},\"reason\":").as_bytes());
        record::write_quoted(&mut body, reason);
        body.push(b'}');
    }
    body.extend_from_slice(b"]}\n");
    let status = if hits > 0 {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    response::with_body(request, status, response::JSON, Bytes::from(body))
}

/// `?debug=1`: the records go to the caller and nowhere else.
fn show(request: &Request<'_>, kind: Kind, hits: usize, out: &mut Vec<u8>, start: usize) -> Answer {
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
