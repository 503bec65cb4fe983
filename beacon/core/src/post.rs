//! A POST: the hits of its body, or the one of its query.

use bytes::Bytes;
use http::{StatusCode, header};

use crate::body::{self, Body, BodyError};
use crate::hit_id;
use crate::json_writer::write_quoted;
use crate::limits::MAX_RECORD_BYTES;
use crate::outcome::{DEBUG_IS_OFF, PendingResponse, RequestKind, SITE_NOT_ALLOWED};
use crate::query_params::Parameters;
use crate::request::{Arrival, MAX_BODY_BYTES, Request};
use crate::request_context::RequestContext;
use crate::response::{self, Response};
use crate::routes::Route;
use crate::schema::Schema;
use crate::settings::Settings;
use crate::text::lossy_text;
use crate::track::{self, ItemsError};

/// The value of the column `format` of a POST.
const FORMAT: &str = "post";

const NOTHING: &str = "neither body nor query";

const TOO_LARGE: &str = "body is larger than 1 MiB";

/// Responds to a POST to `/track` or to a pixel's path. To a pixel's path a body is optional and never held against a
/// query.
pub(crate) fn respond(
    settings: &Settings,
    schema: &Schema,
    request: &Request<'_>,
    route: Route,
    arrival: Arrival<'_>,
    out: &mut Vec<u8>,
) -> PendingResponse {
    if request.body.len() > MAX_BODY_BYTES {
        return too_large();
    }
    let Arrival {
        at_ms,
        random,
        salt,
    } = arrival;
    let policy = &settings.policy;
    let text = lossy_text(request.body);
    let is_pixel = route != Route::Track;
    let body = match body::read(&text, request.headers, &policy.privacy) {
        Ok(Body::Empty) if request.query.is_empty() && !is_pixel => {
            return refuse(settings, request, StatusCode::BAD_REQUEST, NOTHING);
        }
        Ok(body) => body,
        Err(_) if is_pixel && !request.query.is_empty() => Body::Empty,
        Err(error) => return refuse(settings, request, status_of(error), error.reason()),
    };
    let context = RequestContext::new(request, policy, FORMAT, at_ms, salt);
    let from_query = Parameters::from_query(request.query, &policy.privacy);
    let start = out.len();
    let mut hits = Hits {
        schema,
        context: &context,
        from_query: &from_query,
        at_ms,
        written: 0,
        refused: Vec::new(),
    };
    match body {
        Body::Empty => hits.add(0, None, MAX_RECORD_BYTES, random, out),
        Body::Fields(fields) => hits.add(0, Some(fields), MAX_RECORD_BYTES, random, out),
        Body::Items(items) => {
            let count = items.len();
            for (index, item) in items.into_iter().enumerate() {
                let limit_bytes = schema.limit_of_item(item.get().len(), count);
                match track::parameters(item, &policy.privacy) {
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
    if asks_for_records && settings.debug {
        let response = response::debug_response(written, out, start);
        return PendingResponse::ignored(RequestKind::Track, response, "debug");
    }
    let mut response = items_response(written, &refused);
    if let Some((_, reason)) = refused.first()
        && written == 0
    {
        return PendingResponse::ignored(RequestKind::Track, response, reason);
    }
    if asks_for_records {
        response::set_outcome(&mut response, "recorded", DEBUG_IS_OFF);
    } else {
        response::set_recorded(&mut response);
    }
    PendingResponse::recorded(RequestKind::Track, written, response)
}

/// Refuses a body that is longer than [`MAX_BODY_BYTES`].
pub(crate) fn too_large() -> PendingResponse {
    let response = response::error(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
    PendingResponse::ignored(RequestKind::Track, response, TOO_LARGE)
}

/// Refuses a body, and shows a command that works here.
fn refuse(
    settings: &Settings,
    request: &Request<'_>,
    status: StatusCode,
    reason: &'static str,
) -> PendingResponse {
    let command = working_command(request, settings.policy.sites.example());
    let response = response::error(status, &format!("{reason}: send one like {command}"));
    PendingResponse::ignored(RequestKind::Track, response, reason)
}

/// Returns a command that records a hit at this address, for `site` if only listed sites count.
fn working_command(request: &Request<'_>, site: Option<&str>) -> String {
    let host = request
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| {
            host.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
        })
        .unwrap_or("localhost:8080");
    // A port or an address is a machine at hand; elsewhere something in front speaks TLS.
    let is_at_hand = host.contains(':') || host == "localhost" || host.starts_with("127.");
    let scheme = if is_at_hand { "http" } else { "https" };
    let site = match site {
        Some(site) => format!("\"site\":\"{site}\","),
        None => String::new(),
    };
    format!(
        "curl -d '{{{site}\"page\":\"/talks\"}}' {scheme}://{host}{}",
        request.path
    )
}

/// The hits of one POST while they are written.
struct Hits<'p> {
    schema: &'p Schema,
    context: &'p RequestContext<'p>,
    from_query: &'p Parameters<'p>,
    at_ms: u64,
    written: usize,
    /// By index, with the reason.
    refused: Vec<(usize, &'static str)>,
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
        let privacy = self.context.privacy();
        let mut parameters = item.unwrap_or_default();
        let item_id = parameters.get("id").map(str::to_owned);
        parameters.add_all(self.from_query, privacy);
        let hit = self
            .context
            .hit(&parameters, self.from_query, |site| match item_id {
                Some(item_id) => hit_id::from_item_id(site, &item_id),
                None => hit_id::from_time(self.at_ms, random()),
            });
        if self.context.record(&hit, self.schema, limit_bytes, out) {
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

/// 204 when all items are good. Else `{"recorded":n,"refused":[{"index":i,"reason":"…"}]}`: with 400 when all are
/// bad, and with 200 when some are, because a client that repeats the whole POST for an error would count the good
/// ones again.
fn items_response(hits: usize, refused: &[(usize, &'static str)]) -> Response {
    if refused.is_empty() {
        return response::text(StatusCode::NO_CONTENT, "");
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
    response::with_body(status, response::JSON, Bytes::from(body))
}
