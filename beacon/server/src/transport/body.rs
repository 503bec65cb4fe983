//! Reads request bodies whole, up to one limit for each and another for all together.

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::{Body, Incoming};

use super::connections::OpenConnection;
use super::metrics::{ListenerMetrics, Refusal};

/// The client went away before its request was whole.
#[derive(Debug, thiserror::Error)]
#[error("the request's body ended early")]
pub(crate) struct IncompleteBody(#[from] hyper::Error);

/// The result of reading a body.
pub(crate) enum ReceivedBody {
    /// All of it.
    Whole(BufferedBody),
    /// It is longer than the limit. The rest is unread.
    TooLarge,
    /// All bodies together are over their limit, and none could make room. The rest is unread.
    NoRoom,
}

/// A body in memory; it counts among all bodies until it is dropped.
pub(crate) struct BufferedBody {
    bytes: Bytes,
    _counted: BodyBytes,
}

struct BodyBytes {
    listener: ListenerMetrics,
    bytes: usize,
}

impl Drop for BodyBytes {
    fn drop(&mut self) {
        self.listener.remove_body_bytes(self.bytes);
    }
}

impl BufferedBody {
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// Returns true if a body follows the head.
pub(crate) fn has_body(request: &Request<Incoming>) -> bool {
    !request.body().is_end_stream()
}

/// Returns true if `Content-Length` is over the limit. Then not even `100 Continue` is sent.
pub(crate) fn content_length_exceeds<B>(request: &Request<B>, limit_bytes: usize) -> bool {
    let length = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| length > limit_bytes as u64)
}

/// Reads a body to its end, or up to the limits.
///
/// # Errors
/// Returns [`IncompleteBody`] if the client went away, or was too slow, before the body was whole.
pub(crate) async fn read_body(
    body: &mut Incoming,
    limit_bytes: usize,
    connection: &OpenConnection,
) -> Result<ReceivedBody, IncompleteBody> {
    connection.body_started();
    let received = collect(body, limit_bytes, connection).await;
    connection.request_received();
    let listener = connection.listener();
    match received {
        Ok(ReceivedBody::TooLarge) => listener.count_refusal(Refusal::BodyTooLarge),
        Ok(ReceivedBody::NoRoom) => listener.count_refusal(Refusal::BodyLimit),
        Ok(ReceivedBody::Whole(_)) | Err(_) => {}
    }
    received
}

async fn collect(
    body: &mut Incoming,
    limit_bytes: usize,
    connection: &OpenConnection,
) -> Result<ReceivedBody, IncompleteBody> {
    let mut counted = BodyBytes {
        listener: connection.listener().clone(),
        bytes: 0,
    };
    // Most bodies come in one piece, which is not copied.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame?.into_data() else {
            continue;
        };
        if counted.bytes + piece.len() > limit_bytes {
            return Ok(ReceivedBody::TooLarge);
        }
        connection.body_received(piece.len());
        counted.listener.add_body_bytes(piece.len());
        counted.bytes += piece.len();
        if counted.listener.is_over_body_limit() && !connection.make_room_for_body() {
            return Ok(ReceivedBody::NoRoom);
        }
        if first.is_empty() && all.is_empty() {
            first = piece;
            continue;
        }
        all.extend_from_slice(&first);
        first = Bytes::new();
        all.extend_from_slice(&piece);
    }
    let bytes = match first.is_empty() {
        true => all.freeze(),
        false => first,
    };
    Ok(ReceivedBody::Whole(BufferedBody {
        bytes,
        _counted: counted,
    }))
}
