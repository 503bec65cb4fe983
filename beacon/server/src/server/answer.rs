//! One request on its way through the core, the batch and back.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use beacon_core::request::{Arrival, MAX_BODY_BYTES, Request as HitRequest};
use beacon_core::response::{Response as CoreResponse, fallback};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response};
use rand::Rng;

use super::connections::Connection;
use super::worker::Worker;

/// There is nobody left to answer.
#[derive(Debug, thiserror::Error)]
#[error("the request's body ended early")]
pub(super) struct BrokenBody(#[source] Box<dyn std::error::Error + Send + Sync>);

enum Received {
    Whole(Bytes),
    TooLarge,
}

impl Worker {
    /// Answers one request, after what it records is on disk.
    ///
    /// # Errors
    /// When the client went away before its request was whole.
    pub(super) async fn answer(
        &self,
        mut request: Request<Incoming>,
        peer: IpAddr,
        connection: &Connection,
    ) -> Result<Response<Full<Bytes>>, BrokenBody> {
        let received = if self
            .service
            .beacon
            .wants_body(request.method(), request.uri().path())
        {
            connection.reads_body();
            read_body(request.body_mut()).await?
        } else {
            Received::Whole(Bytes::new())
        };
        connection.answers();
        let response = match received {
            Received::Whole(body) => self.record(&borrow(&request, &body, peer)).await,
            Received::TooLarge => {
                let answer = self.service.beacon.too_large(&borrow(&request, &[], peer));
                self.service.metrics.pixel.unrecorded(answer.outcome());
                answer.recorded()
            }
        };
        connection.reads_head();
        Ok(response.map(Full::new))
    }

    async fn record(&self, request: &HitRequest<'_>) -> CoreResponse {
        let metrics = &self.service.metrics;
        let handled = catch_unwind(AssertUnwindSafe(|| {
            let random = &mut *self.random.borrow_mut();
            let arrival = Arrival {
                at_ms: self.service.clock.now_ms(),
                random: &mut || random.random(),
            };
            self.batches
                .append(|lines| self.service.beacon.handle(request, arrival, lines))
        }));
        let Ok((answer, commit)) = handled else {
            tracing::error!("a request made the beacon panic; only its own hit is lost");
            metrics.pixel.received(1);
            metrics.pixel.lost("internal error", 1);
            return fallback(request.method);
        };
        let Some(commit) = commit else {
            metrics.pixel.unrecorded(answer.outcome());
            return answer.recorded();
        };
        match commit.wait().await {
            Ok(()) => answer.recorded(),
            Err(lost) => answer.lost(lost.as_str()),
        }
    }
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

/// Reads a body to its end, or up to the limit.
async fn read_body(body: &mut Incoming) -> Result<Received, BrokenBody> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(whole) => Ok(Received::Whole(whole.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Ok(Received::TooLarge),
        Err(error) => Err(BrokenBody(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Arc;

    use beacon_core::beacon::Beacon;
    use beacon_core::settings::Settings;
    use beacon_lake::{
        Clock, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, Spool, SpoolOptions, unobserved,
    };

    use crate::metrics::Metrics;
    use crate::server::{Server, Service};

    /// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
    const AT_MS: u64 = 1_795_239_296_789;

    /// The whole answer to a request of this method.
    fn answer(server: &Server, method: &str, path: &str) -> String {
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
            folder: folder.path().to_path_buf(),
            stream: "hits".to_owned(),
            buffer_interval: DEFAULT_BUFFER_INTERVAL,
            buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
            clock: Clock::from_fn(|| AT_MS),
        };
        let spool = Spool::start(&options, unobserved()).unwrap();
        let settings = Settings::from_lookup(|_| None).unwrap();
        let service = Service {
            beacon: Arc::new(Beacon::new(settings)),
            writer: spool.writer(),
            metrics: Arc::new(Metrics::new(folder.path())),
            clock: Clock::from_fn(|| panic!("a bug, for this test")),
        };
        let server = Server::start(([127, 0, 0, 1], 0).into(), 1, &service).unwrap();

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
