//! One request on its way through the core, the batch and back.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use beacon_core::request::{Arrival, MAX_BODY_BYTES, Request as HitRequest};
use beacon_core::response::{Response as CoreResponse, fallback_image};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response};
use rand::Rng;

use super::connections::Connection;
use super::worker::Worker;
use crate::metrics::lost_reason;

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
                let random = &mut *self.random.borrow_mut();
                let arrival = Arrival {
                    at_ms: self.service.clock.now_ms(),
                    random: &mut || random.random(),
                };
                self.service
                    .beacon
                    .too_large(&borrow(&request, &[], peer), arrival)
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
            return fallback_image();
        };
        let Some(commit) = commit else {
            metrics.pixel.unrecorded(answer.outcome());
            return answer.recorded();
        };
        match commit.wait().await {
            Ok(()) => answer.recorded(),
            Err(lost) => answer.lost(lost_reason(lost)),
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
