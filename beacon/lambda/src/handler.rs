//! A request through the core to the stream.

use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use beacon_core::{Arrival, Beacon, Request, Response, fallback_response};
use beacon_firehose::{Stream, unsent};
use beacon_lambda_http::clock::now_ms;
use beacon_lambda_http::event::{Event, Incoming, UnknownEvent};
use beacon_lambda_http::response::Answer;
use futures::FutureExt;
use http::Method;
use lambda_runtime::LambdaEvent;
use rand::Rng;

use crate::config::Config;

/// The put may take this share of what is left of the invocation; the rest is for the answer and for a log
/// line with the hits.
const PUT_SHARE: u32 = 3;
const OF: u32 = 4;
/// The put never takes longer: behind an image is a visitor who waits, and no API Gateway waits 30 s.
const LONGEST_PUT: Duration = Duration::from_secs(10);
/// The put never gets less, whatever the deadline says: the clocks of a local emulator may differ.
const SHORTEST_PUT: Duration = Duration::from_millis(500);

/// A record rarely takes more.
const TYPICAL_RECORD_BYTES: usize = 2_048;

/// The function's parts, built once.
#[derive(Debug)]
pub struct Handler {
    beacon: Beacon,
    stream: Stream,
}

impl Handler {
    /// Builds the core and the stream's client.
    pub fn new(config: Config) -> Handler {
        Handler {
            beacon: Beacon::new(config.settings),
            stream: Stream::new(config.stream, config.connection),
        }
    }

    /// Answers one invocation, after its hits are in the stream or in the log.
    ///
    /// # Errors
    /// When the event is not a request. Everything else has an answer.
    pub async fn handle(&self, event: LambdaEvent<Event>) -> Result<Answer, UnknownEvent> {
        let incoming = event.payload.0?;
        let response = despite_panic(
            &incoming.method,
            self.respond(&incoming, event.context.deadline),
        )
        .await;
        Ok(Answer::new(incoming.shape, response))
    }

    async fn respond(&self, incoming: &Incoming, deadline_ms: u64) -> Response {
        // Our own clock and not the event's: a load balancer's event has no time, and partition and time of a
        // record must agree whoever calls.
        let at_ms = now_ms();
        let mut random = || rand::rng().random();
        let arrival = Arrival {
            at_ms,
            random: &mut random,
        };
        let request = Request {
            method: &incoming.method,
            path: &incoming.path,
            query: &incoming.query,
            headers: &incoming.headers,
            body: &incoming.body,
            peer: incoming.peer,
        };
        let mut lines = Vec::with_capacity(TYPICAL_RECORD_BYTES);
        let answer = self.beacon.handle(&request, arrival, &mut lines);
        if answer.hits == 0 {
            return answer.into_response(Ok(()));
        }
        let put = self
            .stream
            .put(&lines, put_budget(at_ms, deadline_ms))
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

/// A bug may cost its own hit, but neither the image nor the process.
async fn despite_panic(method: &Method, respond: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(respond)
        .catch_unwind()
        .await
        .unwrap_or_else(|_logged_by_the_hook| fallback_response(method))
}

fn put_budget(now_ms: u64, deadline_ms: u64) -> Duration {
    let left = Duration::from_millis(deadline_ms.saturating_sub(now_ms));
    (left * PUT_SHARE / OF).clamp(SHORTEST_PUT, LONGEST_PUT)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn the_put_leaves_time_for_the_answer() {
        #[track_caller]
        fn check(left_ms: u64, expected_ms: u64) {
            assert_eq!(
                put_budget(1_000_000, 1_000_000 + left_ms),
                Duration::from_millis(expected_ms)
            );
        }
        check(3_000, 2_250);
        check(10_000, 7_500);
        check(900_000, 10_000);
        check(100, 500);
        assert_eq!(put_budget(1_000_000, 0), SHORTEST_PUT);
    }

    #[tokio::test]
    async fn a_panic_costs_neither_image_nor_status() {
        let image = despite_panic(&Method::GET, async { panic!("a bug, for this test") }).await;
        assert_eq!(image.status(), StatusCode::OK);
        assert_eq!(image.headers()["content-type"], "image/gif");
        assert_eq!(image.headers()["x-beacon"], "lost; internal error");
        assert_eq!(image.body().len(), 43);
        let post = despite_panic(&Method::POST, async { panic!("a bug, for this test") }).await;
        assert_eq!(post.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
