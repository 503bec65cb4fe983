//! The fate of a request, and the response that waits for it.

use crate::response::{self, Response};

/// The reason for ignoring a hit whose site, or whose embedding page, `BEACON_SITES` does not list.
pub(crate) const SITE_NOT_ALLOWED: &str = "site not allowed";

/// The note beside `recorded` for a caller who asked for the record while debugging is off.
pub(crate) const DEBUG_IS_OFF: &str = "debug=1 needs BEACON_DEBUG=on";

/// The kind of a request, for metrics and for how a loss is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A request for an image, style sheet or script that counts.
    Pixel,
    /// A POST to `/track` or to a pixel's path.
    Track,
    /// A request for a count. The adapter answers it, in place of the 404 that is here.
    Count,
    /// Any request that is never a hit: the client script, a preflight, an unknown path.
    Other,
}

/// The fate of a request, as far as the core decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The request has records, which the caller must keep.
    Recorded,
    /// The request could have been a hit but is none, for this reason, which `X-Beacon` carries too.
    Ignored(&'static str),
    /// The request was never a hit.
    NotAHit,
}

/// A response that is sent once the records of its request are stored, or known to be lost.
#[derive(Debug)]
#[must_use = "a request needs a response"]
pub struct PendingResponse {
    /// The kind of the request.
    pub kind: RequestKind,
    /// The number of records that were appended.
    pub hits: usize,
    outcome: Outcome,
    pub(crate) response: Response,
}

impl PendingResponse {
    /// Returns the fate of the request, provided that its records are stored.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Turns this into the response to send, given whether the records are stored.
    ///
    /// `Err` carries a few words for `X-Beacon: lost; …`: a pixel's image comes back all the same, and a POST becomes
    /// a 503 that asks for another try. Without records both give the same response.
    pub fn into_response(self, stored: Result<(), &'static str>) -> Response {
        match stored {
            Err(reason) if self.hits > 0 => self.into_lost(reason),
            _ => self.response,
        }
    }

    fn into_lost(self, reason: &'static str) -> Response {
        let mut response = self.response;
        if self.kind == RequestKind::Track {
            response = response::into_retryable(response);
        }
        response::set_outcome(&mut response, "lost", reason);
        response
    }

    pub(crate) fn recorded(kind: RequestKind, hits: usize, response: Response) -> PendingResponse {
        PendingResponse {
            kind,
            hits,
            outcome: Outcome::Recorded,
            response,
        }
    }

    pub(crate) fn ignored(
        kind: RequestKind,
        mut response: Response,
        reason: &'static str,
    ) -> PendingResponse {
        response::set_outcome(&mut response, "ignored", reason);
        PendingResponse {
            kind,
            hits: 0,
            outcome: Outcome::Ignored(reason),
            response,
        }
    }

    pub(crate) fn count() -> PendingResponse {
        PendingResponse {
            kind: RequestKind::Count,
            ..PendingResponse::not_a_hit(response::not_found())
        }
    }

    pub(crate) fn not_a_hit(response: Response) -> PendingResponse {
        PendingResponse {
            kind: RequestKind::Other,
            hits: 0,
            outcome: Outcome::NotAHit,
            response,
        }
    }
}
