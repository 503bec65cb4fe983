//! Takes a request and gives its records and its response.

use http::Method;

use crate::country::CountryLookup;
use crate::hints;
use crate::hit_id;
use crate::limits::MAX_RECORD_BYTES;
use crate::outcome::{DEBUG_IS_OFF, PendingResponse, RequestKind, SITE_NOT_ALLOWED};
use crate::post;
use crate::preflight;
use crate::query_params::Parameters;
use crate::ranges::RangeLookup;
use crate::request::{Arrival, Request};
use crate::request_context::RequestContext;
use crate::response;
use crate::response_templates::ResponseTemplates;
use crate::routes::{PixelKind, Route};
use crate::schema::Schema;
use crate::settings::{Settings, SettingsError};

const NO_ORIGIN_SECRET: &str = "no origin secret";

/// The beacon of one installation. Made once, it handles requests from any number of threads.
///
/// ```
/// use beacon_core::{Arrival, Beacon, Request, Settings};
/// use http::{HeaderMap, HeaderValue, Method, header};
///
/// let beacon = Beacon::new(Settings::from_lookup(|_variable| None)?);
/// let mut headers = HeaderMap::new();
/// headers.insert(header::REFERER, HeaderValue::from_static("https://blog.example/"));
/// let request = Request {
///     method: &Method::GET,
///     path: "/pixel.gif",
///     query: "page=/talks",
///     headers: &headers,
///     body: b"",
///     peer: None,
/// };
/// let arrival = Arrival {
///     at_ms: 1_795_237_867_089,
///     random: &mut || 0x2a,
///     salt: None,
/// };
/// let mut records = Vec::new();
/// let pending = beacon.handle(&request, arrival, &mut records);
///
/// // One line of JSON, which the caller stores before it sends the response.
/// let record: serde_json::Value = serde_json::from_slice(&records)?;
/// assert_eq!(record["received_at"], "2026-11-21 05:11:07.089");
/// assert_eq!(record["site"], "blog.example");
/// assert_eq!(record["page"], "/talks");
///
/// let response = pending.into_response(Ok(()));
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "image/gif");
/// assert_eq!(response.headers()["x-beacon"], "recorded");
/// assert_eq!(response.body().len(), 43);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Beacon {
    settings: Settings,
    schema: Schema,
    templates: ResponseTemplates,
}

impl Beacon {
    /// Prepares everything that the requests of an installation have in common.
    pub fn new(settings: Settings) -> Beacon {
        Beacon {
            schema: settings.schema(),
            templates: ResponseTemplates::new(),
            settings,
        }
    }

    /// Finds the country of hits in a table of addresses, where no trusted edge says it. Public addresses alone are looked
    /// up; they are kept no longer than that.
    pub fn with_country_lookup(mut self, lookup: CountryLookup) -> Beacon {
        self.settings.policy.countries.lookup = Some(lookup);
        self
    }

    /// Finds the class of a hit's sender by its address, where the headers say no more than a browser, or nothing. The
    /// address is that which `BEACON_TRUST` allows to know; it is kept no longer than that.
    pub fn with_range_lookup(mut self, lookup: RangeLookup) -> Beacon {
        self.settings.policy.ranges.lookup = Some(lookup);
        self
    }

    /// Also has the route [`Route::Count`]. A request that may be answered becomes [`RequestKind::Count`]; all others
    /// are answered here.
    ///
    /// # Errors
    /// Returns an error if `BEACON_PATHS` has the path of counts.
    pub fn with_counts(mut self) -> Result<Beacon, SettingsError> {
        self.settings.routes.add_count()?;
        Ok(self)
    }

    /// Returns the columns of the records.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Finds the route of a request from its path, as received, and its query without `?`. `None` leads to a 404.
    pub fn route(&self, path: &str, query: &str) -> Option<Route> {
        self.settings.routes.find(path, !query.is_empty())
    }

    /// Appends the request's records to `out`, and returns the response to send once they are stored.
    ///
    /// A request has no record, one, or, for a POST, up to 500. A record is one line of JSON that ends with a newline
    /// and is at most [`MAX_RECORD_BYTES`] long. Never panics, and never blocks.
    pub fn handle(
        &self,
        request: &Request<'_>,
        arrival: Arrival<'_>,
        out: &mut Vec<u8>,
    ) -> PendingResponse {
        let route = self.route(request.path, request.query);
        self.handle_route(route, request, arrival, out)
    }

    /// Does the same as [`Beacon::handle`] for a request whose route the caller has found.
    ///
    /// Adapters find the route first, in order to know whether to read the body.
    pub fn handle_route(
        &self,
        route: Option<Route>,
        request: &Request<'_>,
        arrival: Arrival<'_>,
        out: &mut Vec<u8>,
    ) -> PendingResponse {
        let mut pending = self.respond(route, request, arrival, out);
        response::finish(&mut pending.response, request);
        pending
    }

    /// Returns the response to a POST whose body is longer than [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES).
    pub fn too_large(&self, request: &Request<'_>) -> PendingResponse {
        let mut pending = if self.settings.gate.admits(request.headers) {
            post::too_large()
        } else {
            forbidden(request.method, Some(Route::Track))
        };
        response::finish(&mut pending.response, request);
        pending
    }

    /// Responds with everything but what [`response::finish`] adds.
    fn respond(
        &self,
        route: Option<Route>,
        request: &Request<'_>,
        arrival: Arrival<'_>,
        out: &mut Vec<u8>,
    ) -> PendingResponse {
        if !self.settings.gate.admits(request.headers) && route != Some(Route::Health) {
            return forbidden(request.method, route);
        }
        if *request.method == Method::OPTIONS {
            let response = preflight::response(request.headers, route);
            return PendingResponse::not_a_hit(response);
        }
        let Some(route) = route else {
            return PendingResponse::not_a_hit(response::not_found());
        };
        let unpacked = hints::unpack(request.headers, &self.settings.policy.trust);
        let request = &Request {
            headers: unpacked.as_ref().unwrap_or(request.headers),
            ..*request
        };
        if !route.allows(request.method) {
            return PendingResponse::not_a_hit(response::method_not_allowed(route));
        }
        let response = match route {
            Route::Pixel(_) | Route::Track if *request.method == Method::POST => {
                return post::respond(&self.settings, &self.schema, request, route, arrival, out);
            }
            Route::Pixel(kind) => return self.pixel(request, kind, arrival, out),
            Route::Track => response::method_not_allowed(route),
            Route::ClientScript => self.templates.client_script(request.headers),
            Route::Robots => response::robots(self.settings.robots),
            Route::Favicon => response::favicon(),
            Route::Health => response::health(),
            Route::Count => return PendingResponse::count(),
        };
        PendingResponse::not_a_hit(response)
    }

    fn pixel(
        &self,
        request: &Request<'_>,
        kind: PixelKind,
        arrival: Arrival<'_>,
        out: &mut Vec<u8>,
    ) -> PendingResponse {
        let Arrival {
            at_ms,
            random,
            salt,
        } = arrival;
        let mut response = self.templates.pixel(kind, random());
        if *request.method == Method::HEAD {
            return PendingResponse::ignored(RequestKind::Pixel, response, "HEAD");
        }
        let policy = &self.settings.policy;
        let context = RequestContext::new(request, policy, kind.name(), at_ms, salt);
        let parameters = Parameters::from_query(request.query, &policy.privacy);
        let start = out.len();
        let hit = context.hit(&parameters, &parameters, |_site| {
            hit_id::from_time(at_ms, random())
        });
        if !context.record(&hit, &self.schema, MAX_RECORD_BYTES, out) {
            return PendingResponse::ignored(RequestKind::Pixel, response, SITE_NOT_ALLOWED);
        }
        if parameters.get("debug") == Some("1") {
            if self.settings.debug {
                let response = response::debug_response(1, out, start);
                return PendingResponse::ignored(RequestKind::Pixel, response, "debug");
            }
            response::set_outcome(&mut response, "recorded", DEBUG_IS_OFF);
        }
        PendingResponse::recorded(RequestKind::Pixel, 1, response)
    }
}

/// Refuses a request that went round the edge.
fn forbidden(method: &Method, route: Option<Route>) -> PendingResponse {
    let response = response::forbidden();
    let kind = match route {
        Some(Route::Pixel(_) | Route::Track) if *method == Method::POST => RequestKind::Track,
        Some(Route::Pixel(_)) if *method == Method::GET => RequestKind::Pixel,
        _ => return PendingResponse::not_a_hit(response),
    };
    PendingResponse::ignored(kind, response, NO_ORIGIN_SECRET)
}
