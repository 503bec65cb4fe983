//! Passes an event through the dashboard's routes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use beacon_dashboard::app;
use beacon_dashboard::live_document::LiveDocument;
use beacon_dashboard_s3::DocumentObject;
use beacon_lambda_http::clock;
use beacon_lambda_http::{Event, LambdaRequest, LambdaResponse, PayloadFormat, UnknownEvent};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use lambda_runtime::LambdaEvent;
use serde_json::json;
use tower::ServiceExt;

use crate::athena::Athena;
use crate::config::Config;

/// The maximum size of a function's response, with all of its JSON.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const MAX_RESPONSE_BYTES: usize = 6 << 20;

/// Bodies up to here fit however they are written: as Base64, or as JSON's text with every letter escaped.
const SMALL_BODY_BYTES: usize = MAX_RESPONSE_BYTES / 8;

/// The dashboard's routes, built once for all invocations.
#[derive(Debug)]
pub struct Handler {
    app: Router,
}

impl Handler {
    /// Builds the client of Athena and the dashboard over it. Nothing is called yet.
    pub fn new(config: Config) -> Handler {
        let athena = Athena::new(config.athena, Box::new(clock::now_ms));
        let (connection, location) = config.document;
        let object = DocumentObject::new(connection, location, Box::new(clock::now_ms));
        let document = LiveDocument::new(Box::new(object));
        Handler {
            app: app(config.dashboard, document, Arc::new(athena)),
        }
    }

    /// Handles one invocation.
    ///
    /// # Errors
    /// Returns an error if the event is not an HTTP request. All other failures become a response.
    pub async fn handle(&self, event: LambdaEvent<Event>) -> Result<LambdaResponse, UnknownEvent> {
        let received = event.payload.0?;
        let format = received.format;
        let Some(request) = request(received) else {
            let detail = "the path or the query of this request is invalid";
            return Ok(LambdaResponse::new(
                format,
                problem(StatusCode::BAD_REQUEST, detail),
            ));
        };
        let response = match self.app.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        // The routes' bodies are in memory, and of the size that they want.
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            let detail = "the response was cut off";
            return Ok(LambdaResponse::new(
                format,
                problem(StatusCode::INTERNAL_SERVER_ERROR, detail),
            ));
        };
        Ok(fitting(format, Response::from_parts(parts, body)))
    }
}

/// Converts the request for the routes. Returns `None` if path and query are not a valid URI.
fn request(received: LambdaRequest) -> Option<Request<Body>> {
    let mut target = received.path;
    if !received.query.is_empty() {
        target.push('?');
        target.push_str(&received.query);
    }
    let mut request = Request::builder()
        .method(received.method)
        .uri(target)
        .body(Body::from(received.body))
        .ok()?;
    *request.headers_mut() = received.headers;
    if let Some(peer) = received.peer {
        let address = SocketAddr::new(peer, 0);
        request.extensions_mut().insert(ConnectInfo(address));
    }
    Some(request)
}

/// Converts the response, or returns an error response if it is larger than Lambda allows, which would only fail.
fn fitting(format: PayloadFormat, response: Response<Bytes>) -> LambdaResponse {
    let is_small = response.body().len() <= SMALL_BODY_BYTES;
    let converted = LambdaResponse::new(format, response);
    let is_fitting = is_small
        || serde_json::to_vec(&converted).is_ok_and(|json| json.len() <= MAX_RESPONSE_BYTES);
    if is_fitting {
        return converted;
    }
    let detail = "the response is larger than the 6 MB that a Lambda may send: ask for a shorter time, or about one site";
    LambdaResponse::new(format, problem(StatusCode::INTERNAL_SERVER_ERROR, detail))
}

fn problem(status: StatusCode, detail: &str) -> Response<Bytes> {
    let title = status.canonical_reason().unwrap_or("Error");
    let body = json!({"title": title, "status": status.as_u16(), "detail": detail});
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: Bytes, expected_status: u16) {
        let answer = fitting(PayloadFormat::HttpApi, Response::new(body));
        let written = serde_json::to_vec(&answer).unwrap();
        assert!(written.len() <= MAX_RESPONSE_BYTES);
        let answer: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(answer["statusCode"], expected_status);
    }

    #[test]
    fn a_response_that_lambda_would_refuse_is_an_error_that_says_so() {
        check(Bytes::from(vec![0; SMALL_BODY_BYTES]), 200);
        // As Base64, three bytes are four.
        check(Bytes::from(vec![0; MAX_RESPONSE_BYTES / 4 * 3 - 4096]), 200);
        check(Bytes::from(vec![0; MAX_RESPONSE_BYTES / 4 * 3]), 500);
        check(Bytes::from(vec![0; MAX_RESPONSE_BYTES * 2]), 500);
    }
}
