//! Passes a request through the core and its hits to the stream.

use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use beacon_core::{Arrival, Beacon, Request, Response, Route, fallback_response};
use beacon_firehose::{Stream, unsent};
use beacon_lambda_http::clock::now_ms;
use beacon_lambda_http::{Event, LambdaRequest, LambdaResponse, UnknownEvent};
use futures::FutureExt;
use http::Method;
use lambda_runtime::LambdaEvent;
use rand::Rng;

use crate::config::Config;
use crate::salt_table::SaltTable;
use crate::salts::Salts;

/// The put may take three quarters of the remaining time of the invocation.
///
/// The rest is for the response and for log lines with the hits.
const PUT_SHARE_NUMERATOR: u32 = 3;
const PUT_SHARE_DENOMINATOR: u32 = 4;
/// The longest put: a visitor's browser waits for the image, and API Gateway gives up after 30 s.
const LONGEST_PUT: Duration = Duration::from_secs(10);
/// The shortest put, whatever the deadline: the clocks of a local emulator may differ.
const SHORTEST_PUT: Duration = Duration::from_millis(500);

/// Initial capacity of the buffer for records; typical records are smaller.
const TYPICAL_RECORD_BYTES: usize = 2_048;

/// The core, the stream and the day's salt, built once for all invocations.
#[derive(Debug)]
pub struct Handler {
    beacon: Beacon,
    stream: Stream,
    salts: Option<Salts>,
}

impl Handler {
    /// Builds the core and the clients of stream and salt. Nothing is called yet.
    pub fn new(config: Config) -> Handler {
        let salts = config.salts.map(|salts| {
            let table = SaltTable::new(salts.table, salts.connection, now_ms);
            Salts::new(table, config.stream.clone())
        });
        Handler {
            salts,
            beacon: Beacon::new(config.settings),
            stream: Stream::new(config.stream, config.connection),
        }
    }

    /// Handles one invocation; returns after its hits are in the stream or in the log.
    ///
    /// # Errors
    /// Returns an error if the event is not an HTTP request. All other failures become a response.
    pub async fn handle(&self, event: LambdaEvent<Event>) -> Result<LambdaResponse, UnknownEvent> {
        let received = event.payload.0?;
        let response = despite_panic(
            &received.method,
            self.respond(&received, event.context.deadline),
        )
        .await;
        if let Some(salts) = &self.salts {
            salts.forget_ended(now_ms());
        }
        Ok(LambdaResponse::new(received.format, response))
    }

    async fn respond(&self, received: &LambdaRequest, deadline_ms: u64) -> Response {
        // Our own clock and not the event's: a load balancer's event has no time, and partition and time of a
        // record must agree whoever calls.
        let at_ms = now_ms();
        let route = self.beacon.route(&received.path, &received.query);
        let salt = match &self.salts {
            Some(salts) if may_have_visitors(route, &received.method) => {
                salts.salt(at_ms, &mut io::stdout()).await
            }
            _ => None,
        };
        let mut random = || rand::rng().random();
        let arrival = Arrival {
            at_ms,
            random: &mut random,
            salt: salt.as_deref(),
        };
        let request = Request {
            method: &received.method,
            path: &received.path,
            query: &received.query,
            headers: &received.headers,
            body: &received.body,
            peer: received.peer,
        };
        let mut lines = Vec::with_capacity(TYPICAL_RECORD_BYTES);
        let answer = self
            .beacon
            .handle_route(route, &request, arrival, &mut lines);
        if answer.hits == 0 {
            return answer.into_response(Ok(()));
        }
        let put = self
            .stream
            .put(&lines, put_budget(now_ms(), deadline_ms))
            .await;
        let Some(first) = put.unsent.first() else {
            return answer.into_response(Ok(()));
        };
        let reason = first.reason.kind.as_str();
        if let Err(error) = unsent::write(
            &mut io::stdout().lock(),
            self.stream.name(),
            &put.unsent,
            now_ms(),
        ) {
            tracing::error!(
                "cannot write {} unsent hits to standard output: {error}",
                put.unsent.len()
            );
        }
        answer.into_response(Err(reason))
    }
}

/// Tells whether a request can be a hit, for which the salt is needed.
fn may_have_visitors(route: Option<Route>, method: &Method) -> bool {
    matches!(route, Some(Route::Pixel(_) | Route::Track)) && *method != Method::OPTIONS
}

/// Answers with the image, or 503, if `respond` panics: a bug may cost its own hit, but not the image.
async fn despite_panic(method: &Method, respond: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(respond)
        .catch_unwind()
        .await
        .unwrap_or_else(|_logged_by_the_hook| fallback_response(method))
}

/// Returns how long the put may take, of an invocation that Lambda ends at `deadline_ms`.
fn put_budget(now_ms: u64, deadline_ms: u64) -> Duration {
    let left = Duration::from_millis(deadline_ms.saturating_sub(now_ms));
    (left * PUT_SHARE_NUMERATOR / PUT_SHARE_DENOMINATOR).clamp(SHORTEST_PUT, LONGEST_PUT)
}

#[cfg(test)]
mod tests;
