//! Calls of AWS's JSON protocol, as the stand-ins of its services read and answer them.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::Value;

/// One call as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonCall {
    /// The operation, such as `GetItem`.
    pub operation: String,
    /// Its input.
    pub input: Value,
}

/// The form of a service's calls.
pub(crate) struct Service {
    /// The service's name in signatures.
    pub(crate) name: &'static str,
    /// The start of `X-Amz-Target`, before the operation.
    pub(crate) target: &'static str,
    /// The type of bodies, which names the protocol's version.
    pub(crate) content_type: &'static str,
}

impl Service {
    /// Reads a call. Returns `None` if the request is no call of the service.
    ///
    /// # Panics
    /// If the call is not signed for the service, or its body is of another type.
    pub(crate) async fn read(&self, request: Request<Incoming>) -> Option<JsonCall> {
        let header = |name: &str| Some(request.headers().get(name)?.to_str().ok()?.to_owned());
        let target = header("x-amz-target")?;
        let operation = target.strip_prefix(self.target)?.to_owned();
        assert_eq!(header("content-type").as_deref(), Some(self.content_type));
        let signature = header("authorization").expect("the call is signed");
        let scope = format!("/{}/aws4_request", self.name);
        assert!(signature.contains(&scope), "{signature}");
        let body = request.into_body().collect().await.ok()?.to_bytes();
        let input = serde_json::from_slice(&body).ok()?;
        Some(JsonCall { operation, input })
    }

    /// Returns a response with this body, which a test may choose to be no JSON.
    pub(crate) fn response(&self, status: u16, body: &impl ToString) -> Response<Full<Bytes>> {
        Response::builder()
            .status(status)
            .header("content-type", self.content_type)
            .body(Full::from(body.to_string()))
            .expect("a status of a test and a constant header")
    }
}
