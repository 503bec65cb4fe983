//! Responds to one request: through the core, the batch, and back.

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use axum::body::Body;
use beacon_core::headers::X_BEACON;
use beacon_core::{
    Arrival, MAX_BODY_BYTES, PendingResponse, Request as HitRequest, RequestKind,
    Response as CoreResponse, Route, fallback_response,
};
use bytes::Bytes;
use http::header::{CONNECTION, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};
use rand::Rng;

use super::batch::Commit;
use super::refusal;
use super::worker::Worker;
use crate::transport::{
    HostRule, HttpService, IncompleteBody, OpenConnection, ReceivedBody, Refusal, RouterTasks,
    check_host, content_length_exceeds, has_body, read_body,
};

/// The state of a request before its future is polled.
enum RequestStage {
    Recorded(CommitState),
    /// Its records are in the batch, and a body follows that nobody wants.
    UnwantedBody(CommitState, Request<Incoming>),
    /// Its body decides what the route records.
    AwaitsBody(Option<Route>, Request<Incoming>),
    Refused(CoreResponse),
}

/// The response to a request, or what it waits for.
enum CommitState {
    Done(CoreResponse),
    Pending(PendingResponse, Rc<Commit>),
    /// It records nothing, and the counts answer it.
    Count(RouterTasks, Box<Request<Body>>),
}

impl HttpService for Worker {
    fn respond(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        connection: &OpenConnection,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>, IncompleteBody>> {
        connection.request_received();
        let begun = self.begin(request, peer.ip(), connection);
        async move {
            let response = match begun {
                RequestStage::Recorded(recorded) => recorded.settle().await,
                RequestStage::UnwantedBody(recorded, request) => {
                    self.settle_after_body(recorded, request, connection)
                        .await?
                }
                RequestStage::AwaitsBody(route, request) => {
                    self.read(route, request, peer.ip(), connection).await?
                }
                RequestStage::Refused(response) => response,
            };
            connection.response_ready();
            Ok(response.map(Full::new))
        }
    }

    fn large_head_response(&self, start: &[u8]) -> Option<Vec<u8>> {
        refusal::image_for_large_head(&self.service.beacon, start)
    }
}

impl Worker {
    /// Appends what the request records, unless that is in its body.
    fn begin(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
        connection: &OpenConnection,
    ) -> RequestStage {
        if let Err(refusal) = check_host(request.version(), request.headers(), HostRule::Any) {
            connection.listener().count_refusal(refusal);
            return RequestStage::Refused(self.refuse_host(&request, peer));
        }
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let route = self.service.beacon.route(uri.path(), query);
        if !has_body(&request) {
            return RequestStage::Recorded(self.record(route, &request, &[], peer));
        }
        if !route.is_some_and(|route| route.wants_body(request.method())) {
            let recorded = self.record(route, &request, &[], peer);
            return RequestStage::UnwantedBody(recorded, request);
        }
        if content_length_exceeds(&request, MAX_BODY_BYTES) {
            connection.listener().count_refusal(Refusal::BodyTooLarge);
            return RequestStage::Refused(self.too_large(&request, peer));
        }
        RequestStage::AwaitsBody(route, request)
    }

    /// Reads a body and appends what it records.
    async fn read(
        &self,
        route: Option<Route>,
        mut request: Request<Incoming>,
        peer: IpAddr,
        connection: &OpenConnection,
    ) -> Result<CoreResponse, IncompleteBody> {
        match read_body(request.body_mut(), MAX_BODY_BYTES, connection).await? {
            ReceivedBody::Whole(body) => {
                let recorded = self.record(route, &request, body.bytes(), peer);
                drop(body);
                Ok(recorded.settle().await)
            }
            ReceivedBody::TooLarge => Ok(self.too_large(&request, peer)),
            ReceivedBody::NoRoom => Ok(self.no_room(&request, peer)),
        }
    }

    /// Reads and drops an unwanted body, because its client reads no response before it has sent all of it.
    async fn settle_after_body(
        &self,
        recorded: CommitState,
        mut request: Request<Incoming>,
        connection: &OpenConnection,
    ) -> Result<CoreResponse, IncompleteBody> {
        let is_long = content_length_exceeds(&request, MAX_BODY_BYTES);
        let received = match is_long {
            true => ReceivedBody::TooLarge,
            false => read_body(request.body_mut(), MAX_BODY_BYTES, connection).await?,
        };
        let mut response = recorded.settle().await;
        if !matches!(received, ReceivedBody::Whole(_)) {
            close_connection(&mut response);
        }
        Ok(response)
    }

    fn record(
        &self,
        route: Option<Route>,
        request: &Request<Incoming>,
        body: &[u8],
        peer: IpAddr,
    ) -> CommitState {
        let metrics = &self.service.metrics;
        let hit = &core_request(request, body, peer);
        let handled = catch_unwind(AssertUnwindSafe(|| {
            let random = &mut *self.random.borrow_mut();
            let at_ms = self.service.clock.now_ms();
            let salts = self.service.salts.as_ref().filter(|_| may_record(route));
            let today = salts.map(|salts| salts.of(at_ms));
            let salt = today.as_ref().map(|today| today.salt(at_ms));
            let arrival = Arrival {
                at_ms,
                random: &mut || random.random(),
                salt: salt.and_then(Result::ok),
            };
            let answered = self.batches.append(|lines| {
                let beacon = &self.service.beacon;
                beacon.handle_route(route, hit, arrival, lines)
            });
            if let Some(Err(reason)) = salt {
                metrics.without_salt(reason, answered.0.hits as u64);
            }
            answered
        }));
        let Ok((answer, commit)) = handled else {
            tracing::error!("a request made the beacon panic; only its own hit is lost");
            metrics.pixel.received(1);
            metrics.pixel.lost("internal error", 1);
            return CommitState::Done(fallback_response(request.method()));
        };
        let Some(commit) = commit else {
            if answer.kind == RequestKind::Count
                && let Some(counts) = &self.service.counts
            {
                return CommitState::Count(counts.clone(), Box::new(without_body(request)));
            }
            metrics.pixel.unrecorded(answer.outcome());
            return CommitState::Done(answer.into_response(Ok(())));
        };
        CommitState::Pending(answer, commit)
    }

    fn too_large(&self, request: &Request<Incoming>, peer: IpAddr) -> CoreResponse {
        let answer = self
            .service
            .beacon
            .too_large(&core_request(request, &[], peer));
        self.service.metrics.pixel.unrecorded(answer.outcome());
        let mut response = answer.into_response(Ok(()));
        close_connection(&mut response);
        response
    }

    fn no_room(&self, request: &Request<Incoming>, peer: IpAddr) -> CoreResponse {
        const REASON: &str = "too many bodies at once";
        self.service.metrics.pixel.received(1);
        self.service.metrics.pixel.lost(REASON, 1);
        // With the headers that let a page of another site read it.
        let answer = self
            .service
            .beacon
            .too_large(&core_request(request, &[], peer));
        let mut response = answer.into_response(Ok(())).map(|_| Bytes::new());
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        headers.insert(
            X_BEACON,
            HeaderValue::from_static("lost; too many bodies at once"),
        );
        close_connection(&mut response);
        response
    }

    /// Returns the 400 that RFC 9112 section 3.2 demands, with the image on a pixel's path.
    fn refuse_host(&self, request: &Request<Incoming>, peer: IpAddr) -> CoreResponse {
        let request = core_request(request, &[], peer);
        let mut response = refusal::unrecorded(&self.service.beacon, &request)
            .filter(|answer| answer.kind == RequestKind::Pixel)
            .map_or_else(CoreResponse::default, |pending| {
                pending.into_response(Ok(()))
            });
        *response.status_mut() = StatusCode::BAD_REQUEST;
        let reason = HeaderValue::from_static("ignored; a request has exactly one Host header");
        response.headers_mut().insert(X_BEACON, reason);
        close_connection(&mut response);
        response
    }
}

impl CommitState {
    /// Waits until the records are on disk, or lost, or for the counts.
    async fn settle(self) -> CoreResponse {
        match self {
            CommitState::Done(response) => response,
            CommitState::Pending(answer, commit) => match commit.wait().await {
                Ok(()) => answer.into_response(Ok(())),
                Err(lost) => answer.into_response(Err(lost.as_str())),
            },
            CommitState::Count(counts, request) => counts.answer(*request, ()).await,
        }
    }
}

/// Returns what the counts look at.
fn without_body(request: &Request<Incoming>) -> Request<Body> {
    let mut head = Request::new(Body::empty());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.uri().clone();
    *head.headers_mut() = request.headers().clone();
    head
}

/// Tells whether requests of a route become hits: only these need a salt.
fn may_record(route: Option<Route>) -> bool {
    matches!(route, Some(Route::Pixel(_) | Route::Track))
}

/// Has the connection closed after the response: the rest of the body is not read.
fn close_connection(response: &mut CoreResponse) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
}

fn core_request<'a>(
    request: &'a Request<Incoming>,
    body: &'a [u8],
    peer: IpAddr,
) -> HitRequest<'a> {
    HitRequest {
        method: request.method(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        headers: request.headers(),
        body,
        peer: Some(peer),
    }
}

#[cfg(test)]
mod tests;
