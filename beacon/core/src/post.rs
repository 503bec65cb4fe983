//! A POST: the hits of its body, or the one of its query.

use bytes::Bytes;
use http::StatusCode;
use uuid::Uuid;

use crate::beacon::{
    Answer, Beacon, DEBUG_IS_OFF, Kind, Outcome, SITE_NOT_ALLOWED, id_of_time, show,
};
use crate::body::{self, Body, BodyError};
use crate::json::write_quoted;
use crate::query_params::Parameters;
use crate::record;
use crate::request::{Arrival, MAX_BODY_BYTES, Request};
use crate::request_context::Shared;
use crate::response::{self, Response};
use crate::routes::Route;
use crate::text::text_of;
use crate::track::{self, ItemsError};

/// The value of the column `format` of a POST.
const FORMAT: &str = "post";

const NOTHING: &str = "neither body nor query";

/// The hits of one POST while they are written.
struct Hits<'p> {
    beacon: &'p Beacon,
    shared: &'p Shared<'p>,
    from_query: &'p Parameters<'p>,
    at_ms: u64,
    written: usize,
    /// By index, with the reason.
    refused: Vec<(usize, &'static str)>,
}

impl Beacon {
    /// Answers a POST to `/track` or to a pixel's path. To a pixel's path a body is optional and never held against a
    /// query.
    pub(crate) fn post(
        &self,
        request: &Request<'_>,
        route: Route,
        arrival: Arrival<'_>,
        out: &mut Vec<u8>,
    ) -> Answer {
        if request.body.len() > MAX_BODY_BYTES {
            return self.too_large(request);
        }
        let Arrival { at_ms, random } = arrival;
        let privacy = &self.settings.policy.privacy;
        let text = text_of(request.body);
        let is_pixel = route != Route::Track;
        let body = match body::read(&text, request.headers, privacy) {
            Ok(Body::Empty) if request.query.is_empty() && !is_pixel => {
                return self.refuse(request, StatusCode::BAD_REQUEST, NOTHING);
            }
            Ok(body) => body,
            Err(_) if is_pixel && !request.query.is_empty() => Body::Empty,
            Err(error) => return self.refuse(request, status_of(error), error.reason()),
        };
        let shared = Shared::of(request, &self.settings.policy, FORMAT, at_ms);
        let from_query = Parameters::of_query(request.query, privacy);
        let start = out.len();
        let mut hits = Hits {
            beacon: self,
            shared: &shared,
            from_query: &from_query,
            at_ms,
            written: 0,
            refused: Vec::new(),
        };
        match body {
            Body::Empty => hits.add(0, None, record::RECORD_BYTES, random, out),
            Body::Fields(fields) => hits.add(0, Some(fields), record::RECORD_BYTES, random, out),
            Body::Items(items) => {
                let count = items.len();
                for (index, item) in items.into_iter().enumerate() {
                    let limit_bytes = self.schema.limit_of_item(item.get().len(), count);
                    match track::parameters(item, privacy) {
                        Ok(item) => hits.add(index, Some(item), limit_bytes, random, out),
                        Err(error) => hits.refused.push((index, error.reason())),
                    }
                }
            }
        }
        let Hits {
            written, refused, ..
        } = hits;
        let asks_for_records = from_query.get("debug") == Some("1");
        if asks_for_records && self.settings.debug {
            return show(request, Kind::Track, written, out, start);
        }
        let mut response = answer_items(request, written, &refused);
        match refused.first() {
            Some((_, reason)) if written == 0 => Answer::ignored(Kind::Track, response, reason),
            _ => {
                if asks_for_records {
                    response::say_outcome(&mut response, "recorded", DEBUG_IS_OFF);
                } else {
                    response::say_recorded(&mut response);
                }
                Answer {
                    kind: Kind::Track,
                    hits: written,
                    outcome: Outcome::Recorded,
                    response,
                }
            }
        }
    }

    /// Refuses a body, and shows a call that works here.
    fn refuse(&self, request: &Request<'_>, status: StatusCode, reason: &'static str) -> Answer {
        let call = response::working_call(request, self.settings.policy.sites.example());
        let error = format!("{reason}: send one like {call}");
        let response = response::refused(request, status, reason, &error);
        Answer::ignored(Kind::Track, response, reason)
    }
}

impl Hits<'_> {
    /// Adds the hit of an item, or that of the query alone. Only an item has an id of its own: that of a query may name
    /// what it likes.
    fn add(
        &mut self,
        index: usize,
        item: Option<Parameters<'_>>,
        limit_bytes: usize,
        random: &mut dyn FnMut() -> u128,
        out: &mut Vec<u8>,
    ) {
        let privacy = &self.beacon.settings.policy.privacy;
        let mut parameters = item.unwrap_or_default();
        let own_id = parameters.get("id").map(str::to_owned);
        parameters.add_all(self.from_query, privacy);
        let hit = self
            .shared
            .hit(&parameters, self.from_query, |site| match own_id {
                Some(own_id) => id_of_item(site, &own_id),
                None => id_of_time(self.at_ms, random()),
            });
        if self.beacon.write(self.shared, &hit, limit_bytes, out) {
            self.written += 1;
        } else {
            self.refused.push((index, SITE_NOT_ALLOWED));
        }
    }
}

fn status_of(error: BodyError) -> StatusCode {
    match error {
        BodyError::Items(ItemsError::TooManyItems) => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// UUIDv5 of site and id: the same item sent again has the same id, that of another site has another.
fn id_of_item(site: Option<&str>, own_id: &str) -> Uuid {
    let name = format!("{}\0{own_id}", site.unwrap_or_default());
    Uuid::new_v5(&response::NAMESPACE, name.as_bytes())
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
        write_quoted(&mut body, reason);
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
