//! One request on its way through the core, the batch and back.

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

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
    Answering, BrokenBody, HostRule, OpenConnection, Received, Refusal, check_host, has_body,
    is_longer_than, read_body,
};

/// How far a request is before its future is polled.
enum Begun {
    Recorded(Recorded),
    /// The same, and a body follows that nobody wants.
    Unread(Recorded, Request<Incoming>),
    /// Its body decides what the route records.
    Wanted(Option<Route>, Request<Incoming>),
    Refused(CoreResponse),
}

/// A request whose records are in the batch, or that has none.
enum Recorded {
    Settled(CoreResponse),
    Waiting(PendingResponse, Rc<Commit>),
}

impl Answering for Worker {
    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        connection: &OpenConnection,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>, BrokenBody>> {
        connection.answers();
        let begun = self.begin(request, peer.ip(), connection);
        async move {
            let response = match begun {
                Begun::Recorded(recorded) => recorded.settle().await,
                Begun::Unread(recorded, request) => {
                    self.settle_unread(recorded, request, connection).await?
                }
                Begun::Wanted(route, request) => {
                    self.read(route, request, peer.ip(), connection).await?
                }
                Begun::Refused(response) => response,
            };
            connection.reads_head();
            Ok(response.map(Full::new))
        }
    }

    fn too_large_head(&self, start: &[u8]) -> Option<Vec<u8>> {
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
    ) -> Begun {
        if let Err(refusal) = check_host(request.version(), request.headers(), HostRule::Any) {
            connection.listener().refuses(refusal);
            return Begun::Refused(self.refuse_host(&request, peer));
        }
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let route = self.service.beacon.route(uri.path(), query);
        if !has_body(&request) {
            return Begun::Recorded(self.record(route, &borrow(&request, &[], peer)));
        }
        if !route.is_some_and(|route| route.wants_body(request.method())) {
            let recorded = self.record(route, &borrow(&request, &[], peer));
            return Begun::Unread(recorded, request);
        }
        if is_longer_than(&request, MAX_BODY_BYTES) {
            connection.listener().refuses(Refusal::BodyTooLarge);
            return Begun::Refused(self.too_large(&request, peer));
        }
        Begun::Wanted(route, request)
    }

    /// Reads a body and appends what it records.
    async fn read(
        &self,
        route: Option<Route>,
        mut request: Request<Incoming>,
        peer: IpAddr,
        connection: &OpenConnection,
    ) -> Result<CoreResponse, BrokenBody> {
        match read_body(request.body_mut(), MAX_BODY_BYTES, connection).await? {
            Received::Whole(body) => {
                let recorded = self.record(route, &borrow(&request, body.bytes(), peer));
                drop(body);
                Ok(recorded.settle().await)
            }
            Received::TooLarge => Ok(self.too_large(&request, peer)),
            Received::NoRoom => Ok(self.no_room(&request, peer)),
        }
    }

    /// Takes a body that nobody wants, because its client reads no answer before it has sent all.
    async fn settle_unread(
        &self,
        recorded: Recorded,
        mut request: Request<Incoming>,
        connection: &OpenConnection,
    ) -> Result<CoreResponse, BrokenBody> {
        let is_long = is_longer_than(&request, MAX_BODY_BYTES);
        let received = match is_long {
            true => Received::TooLarge,
            false => read_body(request.body_mut(), MAX_BODY_BYTES, connection).await?,
        };
        let mut response = recorded.settle().await;
        if !matches!(received, Received::Whole(_)) {
            close_behind(&mut response);
        }
        Ok(response)
    }

    fn record(&self, route: Option<Route>, request: &HitRequest<'_>) -> Recorded {
        let metrics = &self.service.metrics;
        let handled = catch_unwind(AssertUnwindSafe(|| {
            let random = &mut *self.random.borrow_mut();
            let arrival = Arrival {
                at_ms: self.service.clock.now_ms(),
                random: &mut || random.random(),
            };
            self.batches.append(|lines| {
                let beacon = &self.service.beacon;
                beacon.handle_route(route, request, arrival, lines)
            })
        }));
        let Ok((answer, commit)) = handled else {
            tracing::error!("a request made the beacon panic; only its own hit is lost");
            metrics.pixel.received(1);
            metrics.pixel.lost("internal error", 1);
            return Recorded::Settled(fallback_response(request.method));
        };
        let Some(commit) = commit else {
            metrics.pixel.unrecorded(answer.outcome());
            return Recorded::Settled(answer.into_response(Ok(())));
        };
        Recorded::Waiting(answer, commit)
    }

    fn too_large(&self, request: &Request<Incoming>, peer: IpAddr) -> CoreResponse {
        let answer = self.service.beacon.too_large(&borrow(request, &[], peer));
        self.service.metrics.pixel.unrecorded(answer.outcome());
        let mut response = answer.into_response(Ok(()));
        close_behind(&mut response);
        response
    }

    fn no_room(&self, request: &Request<Incoming>, peer: IpAddr) -> CoreResponse {
        const REASON: &str = "too many bodies at once";
        self.service.metrics.pixel.received(1);
        self.service.metrics.pixel.lost(REASON, 1);
        // With the headers that let a page of another site read it.
        let answer = self.service.beacon.too_large(&borrow(request, &[], peer));
        let mut response = answer.into_response(Ok(())).map(|_| Bytes::new());
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        headers.insert(
            X_BEACON,
            HeaderValue::from_static("lost; too many bodies at once"),
        );
        close_behind(&mut response);
        response
    }

    /// 400, as RFC 9112 section 3.2 demands it, and for a pixel's path with its image all the same.
    fn refuse_host(&self, request: &Request<Incoming>, peer: IpAddr) -> CoreResponse {
        let request = borrow(request, &[], peer);
        let mut response = refusal::unrecorded(&self.service.beacon, &request)
            .filter(|answer| answer.kind == RequestKind::Pixel)
            .map_or_else(CoreResponse::default, |pending| {
                pending.into_response(Ok(()))
            });
        *response.status_mut() = StatusCode::BAD_REQUEST;
        let reason = HeaderValue::from_static("ignored; a request has exactly one Host header");
        response.headers_mut().insert(X_BEACON, reason);
        close_behind(&mut response);
        response
    }
}

impl Recorded {
    /// Waits until the records are on disk, or lost.
    async fn settle(self) -> CoreResponse {
        match self {
            Recorded::Settled(response) => response,
            Recorded::Waiting(answer, commit) => match commit.wait().await {
                Ok(()) => answer.into_response(Ok(())),
                Err(lost) => answer.into_response(Err(lost.as_str())),
            },
        }
    }
}

/// What the client still sends is not read.
fn close_behind(response: &mut CoreResponse) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
}

fn borrow<'a>(request: &'a Request<Incoming>, body: &'a [u8], peer: IpAddr) -> HitRequest<'a> {
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
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Arc;

    use beacon_core::Beacon;
    use beacon_core::settings::Settings;
    use beacon_lake::{
        Clock, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, Observer, Spool, SpoolOptions,
    };

    use crate::metrics::Metrics;
    use crate::pixel::{PixelServer, PixelService};

    /// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
    const AT_MS: u64 = 1_795_239_296_789;

    /// The whole answer to a request of this method.
    fn answer(server: &PixelServer, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The clock is the one part that a test can break.
    #[test]
    fn a_panic_costs_the_hit_but_neither_the_image_nor_the_status_of_a_post() {
        let folder = tempfile::tempdir().unwrap();
        let options = SpoolOptions {
            directory: folder.path().to_path_buf(),
            stream: "hits".to_owned(),
            buffer_interval: DEFAULT_BUFFER_INTERVAL,
            buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
            clock: Clock::from_fn(|| AT_MS),
        };
        let spool = Spool::start(&options, Observer::none()).unwrap();
        let settings = Settings::from_lookup(|_| None).unwrap();
        let service = PixelService::new(
            Arc::new(Beacon::new(settings)),
            spool.writer(),
            Arc::new(Metrics::new(folder.path())),
            Clock::from_fn(|| panic!("a bug, for this test")),
        );
        let server = PixelServer::start(([127, 0, 0, 1], 0).into(), 1, &service).unwrap();

        let image = answer(&server, "GET", "/pixel.gif");
        assert!(image.starts_with("HTTP/1.1 200 OK\r\n"), "{image}");
        assert!(image.contains("content-type: image/gif"), "{image}");
        assert!(image.contains("x-beacon: lost; internal error"), "{image}");
        let post = answer(&server, "POST", "/track");
        assert!(
            post.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
            "{post}"
        );
        let lost = "beacon_lost_total{through=\"pixel\",reason=\"internal error\"} 2\n";
        let metrics = service.metrics.text().unwrap();
        assert!(metrics.contains(lost), "{metrics}");
    }
}
