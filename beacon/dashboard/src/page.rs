//! The page: its files, which are built from `page/src`, committed, and part of the program.
//!
//! The tags are ours, because tower-http answers conditional requests only for files on a disk. They are weak: the same
//! tag stands for the file as it is and compressed, which the router's layer does.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ring::digest;

pub(crate) const INDEX: &str = include_str!("../page/dist/index.html");
pub(crate) const SCRIPT: &str = include_str!("../page/dist/dashboard.js");
pub(crate) const STYLE: &str = include_str!("../page/dist/dashboard.css");
const SQL_SCRIPT: &str = include_str!("../page/dist/sql.js");
const SQL_STYLE: &str = include_str!("../page/dist/sql.css");
pub(crate) const ICON: &str = include_str!("../page/dist/favicon.svg");

/// Path, content type and content.
const FILES: [(&str, &str, &str); 6] = [
    ("/", "text/html; charset=utf-8", INDEX),
    ("/dashboard.js", "text/javascript; charset=utf-8", SCRIPT),
    ("/dashboard.css", "text/css; charset=utf-8", STYLE),
    // The page of SQL loads these two when somebody opens it.
    ("/sql.js", "text/javascript; charset=utf-8", SQL_SCRIPT),
    ("/sql.css", "text/css; charset=utf-8", SQL_STYLE),
    ("/favicon.svg", "image/svg+xml", ICON),
];

/// The files of the page.
pub(crate) struct Assets(Vec<Asset>);

/// A file, and the tag that tells one version of it from another.
pub(crate) struct Asset {
    path: &'static str,
    content_type: &'static str,
    text: &'static str,
    etag: HeaderValue,
}

impl Assets {
    /// Hashes each file, once.
    pub(crate) fn new() -> Assets {
        let assets = FILES.into_iter().map(|(path, content_type, text)| Asset {
            path,
            content_type,
            text,
            etag: etag(text),
        });
        Assets(assets.collect())
    }

    /// Returns the file at a path, if there is one.
    pub(crate) fn find(&self, path: &str) -> Option<&Asset> {
        self.0.iter().find(|asset| asset.path == path)
    }
}

pub(crate) fn etag(text: &str) -> HeaderValue {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let hex: String = digest.as_ref()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::try_from(format!("W/\"{hex}\"")).expect("hexadecimal digits are valid in a header")
}

/// Returns the file, or 304 if the client has it.
pub(crate) fn answer(asset: &Asset, request: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, asset.etag.clone());
    // A new version of the program shows its own page at once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // The layer that compresses sets it where there is a body; 304 must have it too (RFC 9110, section 15.4.5).
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if has(request, &asset.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    *response.body_mut() = Body::from(asset.text);
    response
}

/// Compares weakly, as `If-None-Match` wants (RFC 9110, section 13.1.2).
pub(crate) fn has(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(etag) = etag.to_str().map(opaque) else {
        return false;
    };
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == etag)
}

#[cfg(test)]
mod tests;
