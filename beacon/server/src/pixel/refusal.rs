//! Serves the image for requests that can't be recorded, so that no page shows a broken one.

use std::panic::{AssertUnwindSafe, catch_unwind};

use beacon_core::{Arrival, Beacon, PendingResponse, Request, RequestKind};
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{HeaderMap, Method};

/// Stands for a query that is too long to be looked at: a pixel's path with a query is a pixel.
const SOME_QUERY: &str = "x";

const LARGE_HEAD: &str = "the request's head is over the limits";

/// Returns the response to a request that is not recorded, or `None` if the beacon panics.
pub(super) fn unrecorded(beacon: &Beacon, request: &Request<'_>) -> Option<PendingResponse> {
    let mut nowhere = Vec::new();
    let arrival = Arrival {
        at_ms: 0,
        random: &mut || rand::random(),
        salt: None,
    };
    // Only its own request may suffer.
    catch_unwind(AssertUnwindSafe(|| {
        beacon.handle(request, arrival, &mut nowhere)
    }))
    .ok()
}

/// Returns the whole response to a request whose head is over the limits, if its path is a pixel's. `start` is the
/// beginning of its request line.
pub(super) fn image_for_large_head(beacon: &Beacon, start: &[u8]) -> Option<Vec<u8>> {
    let (method, target) = match start {
        [b'G', b'E', b'T', b' ', target @ ..] => (Method::GET, target),
        [b'H', b'E', b'A', b'D', b' ', target @ ..] => (Method::HEAD, target),
        _ => return None,
    };
    let end = target.iter().position(|byte| matches!(byte, b'?' | b' '))?;
    let has_query = target[end] == b'?';
    let request = Request {
        method: &method,
        path: std::str::from_utf8(&target[..end]).ok()?,
        query: if has_query { SOME_QUERY } else { "" },
        headers: &HeaderMap::new(),
        body: &[],
        peer: None,
    };
    let answer = unrecorded(beacon, &request).filter(|answer| answer.kind == RequestKind::Pixel)?;
    let response = answer.into_response(Err(LARGE_HEAD));
    let mut bytes = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        if name != CONTENT_LENGTH && name != CONNECTION {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
    }
    let length = response.body().len();
    bytes.extend_from_slice(
        format!("{CONTENT_LENGTH}: {length}\r\n{CONNECTION}: close\r\n\r\n").as_bytes(),
    );
    if method == Method::GET {
        bytes.extend_from_slice(response.body());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use beacon_core::settings::Settings;

    use super::*;

    fn image(start: &str) -> Option<String> {
        let beacon = Beacon::new(Settings::from_lookup(|_| None).unwrap());
        let bytes = image_for_large_head(&beacon, start.as_bytes())?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn pixel_with_a_large_head_gets_its_image() {
        for start in [
            "GET /pixel.gif?page=/aaaa",
            "GET /?page=/aa",
            "GET /hit HTTP/1.1\r\nx: y",
        ] {
            let answer = image(start).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
            assert!(answer.contains("content-type: image/gif\r\n"), "{answer}");
            assert!(
                answer.contains("x-beacon: lost; the request's head is over the limits\r\n"),
                "{answer}"
            );
            assert!(answer.contains("content-length: 43\r\n"), "{answer}");
            assert!(answer.contains("\r\n\r\nGIF89a"), "{answer}");
        }
        let head = image("HEAD /pixel.gif?page=/aaaa").unwrap();
        assert!(head.ends_with("\r\n\r\n"), "{head}");
    }

    #[test]
    fn other_large_heads_get_the_status_alone() {
        for start in [
            "GET /track?x",
            "GET /nothing?x",
            "POST /pixel.gif?x",
            "GET /pixel.gif",
            "GET",
        ] {
            assert_eq!(image(start), None, "{start}");
        }
    }
}
