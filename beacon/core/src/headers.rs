//! Names of headers that `http` has no constant for.

use http::HeaderName;

/// The edge proves itself with it. No record holds it.
pub const ORIGIN_SECRET_HEADER: HeaderName = HeaderName::from_static("x-beacon-origin-secret");

/// The edge's copy of the visitor's `Host`, because a Function URL accepts only its own.
pub const ORIGINAL_HOST_HEADER: HeaderName = HeaderName::from_static("x-beacon-host");

pub(crate) const VIEWER_ADDRESS_HEADER: HeaderName =
    HeaderName::from_static("cloudfront-viewer-address");
pub(crate) const FORWARDED_FOR_HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");
pub(crate) const FETCH_SITE_HEADER: HeaderName = HeaderName::from_static("sec-fetch-site");
