//! Names of headers that `http` has no constants for.

use http::HeaderName;

/// Carries what happened to a hit: `recorded`, `ignored; <reason>` or `lost; <reason>`.
pub const X_BEACON: HeaderName = HeaderName::from_static("x-beacon");

/// Carries the secret by which the edge proves itself. No record keeps it.
pub const ORIGIN_SECRET: HeaderName = HeaderName::from_static("x-beacon-origin-secret");

/// Carries the edge's copy of the visitor's `Host`, because a Function URL accepts only its own.
pub const ORIGINAL_HOST: HeaderName = HeaderName::from_static("x-beacon-host");

/// Carries the headers that the edge has joined, because CloudFront forwards ten.
pub(crate) const HINTS: HeaderName = HeaderName::from_static("x-beacon-hints");

/// The number that CloudFront gives every request it forwards.
pub(crate) const X_AMZ_CF_ID: HeaderName = HeaderName::from_static("x-amz-cf-id");

/// Carries the visitor's address and port, as the edge saw them.
pub const VIEWER_ADDRESS: HeaderName = HeaderName::from_static("cloudfront-viewer-address");
/// Carries the code of the visitor's country, as the edge knows it.
pub const VIEWER_COUNTRY: HeaderName = HeaderName::from_static("cloudfront-viewer-country");
pub(crate) const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
pub(crate) const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
pub(crate) const SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
pub(crate) const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
pub(crate) const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
