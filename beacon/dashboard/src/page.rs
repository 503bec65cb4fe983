//! The page: its files, built from `page/src` and committed, each ready to be sent as it is or compressed.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ring::digest;

use crate::body::{gzip, takes_gzip, vary};

pub(crate) const INDEX: &str = include_str!("../page/dist/index.html");
pub(crate) const SCRIPT: &str = include_str!("../page/dist/dashboard.js");
pub(crate) const STYLE: &str = include_str!("../page/dist/dashboard.css");
pub(crate) const ICON: &str = include_str!("../page/dist/favicon.svg");

/// Path, content type and content.
const FILES: [(&str, &str, &str); 4] = [
    ("/", "text/html; charset=utf-8", INDEX),
    ("/dashboard.js", "text/javascript; charset=utf-8", SCRIPT),
    ("/dashboard.css", "text/css; charset=utf-8", STYLE),
    ("/favicon.svg", "image/svg+xml", ICON),
];

/// The files of the page.
pub(crate) struct Assets(Vec<Asset>);

pub(crate) struct Asset {
    path: &'static str,
    content_type: &'static str,
    plain: Form,
    gzip: Form,
}

/// A file as it is sent, and what tells one version of it from another.
struct Form {
    body: Bytes,
    etag: HeaderValue,
}

impl Assets {
    /// Compresses each, once.
    pub(crate) fn new() -> Assets {
        let assets = FILES.into_iter().map(|(path, content_type, text)| Asset {
            path,
            content_type,
            plain: Form::new(Bytes::from_static(text.as_bytes())),
            gzip: Form::new(gzip(text.as_bytes(), Compression::best()).into()),
        });
        Assets(assets.collect())
    }

    pub(crate) fn find(&self, path: &str) -> Option<&Asset> {
        self.0.iter().find(|asset| asset.path == path)
    }
}

impl Form {
    fn new(body: Bytes) -> Form {
        let digest = digest::digest(&digest::SHA256, &body);
        let hex: String = digest.as_ref()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let etag = HeaderValue::try_from(format!("\"{hex}\"")).expect("hexadecimal digits");
        Form { body, etag }
    }
}

/// The file, or that the client has it.
pub(crate) fn answer(asset: &Asset, request: &HeaderMap) -> Response {
    let compressed = takes_gzip(request);
    let form = if compressed {
        &asset.gzip
    } else {
        &asset.plain
    };
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, form.etag.clone());
    // A new version of the program shows its own page at once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    vary(headers);
    if has(request, &form.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    if compressed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    *response.body_mut() = Body::from(form.body.clone());
    response
}

fn has(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else {
        return false;
    };
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| {
            let known = known.trim();
            known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag
        })
}

#[cfg(test)]
mod tests;
