//! Serves the pages of `examples/` beside the demo's beacon, so that visits to them are on its dashboard.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use beacon_server::pages::Pages;
use http::header::CONTENT_TYPE;
use http::{StatusCode, Uri};

/// The name of the listener.
const NAME: &str = "examples";

/// The address of the beacon in the pages of `examples/`.
const ENDPOINT: &str = "http://127.0.0.1:8080";

macro_rules! examples {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../../examples/", $path)))),*]
    };
}

/// Each file, by its path below `examples/`.
const FILES: &[(&str, &str)] = examples![
    "index.html",
    "style.css",
    "page/index.html",
    "no-javascript/index.html",
    "no-javascript/image.html",
    "single-page-app/index.html",
    "single-page-app/speakers.html",
    "single-page-app/venue.html",
    "single-page-app/app.js",
    "blog/index.html",
    "blog/one-pixel.html",
    "blog/parquet-by-hand.html",
    "blog/where-from.html",
    "email/index.html",
];

/// Serves the pages at `listen`, or at another port if it is taken, with `pixel` as their beacon.
///
/// # Errors
/// Returns an error if the address can't be listened on.
pub(super) fn serve(listen: SocketAddr, pixel: SocketAddr) -> io::Result<Pages> {
    let beacon = format!("http://{pixel}");
    let app = Router::new().fallback(async move |uri: Uri| answer(uri.path(), &beacon));
    match Pages::serve(NAME, listen, app.clone()) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            tracing::warn!("{listen} is taken; the demo uses another port");
            Pages::serve(NAME, SocketAddr::new(listen.ip(), 0), app)
        }
        served => served,
    }
}

fn answer(path: &str, beacon: &str) -> Response {
    let path = path.trim_start_matches('/');
    let name = match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.to_owned(),
    };
    let Some((name, text)) = FILES.iter().find(|(file, _)| *file == name) else {
        let folder = format!("{path}/index.html");
        return match FILES.iter().any(|(file, _)| *file == folder) {
            true => Redirect::permanent(&format!("/{path}/")).into_response(),
            false => (StatusCode::NOT_FOUND, "no such example\n").into_response(),
        };
    };
    let content_type = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    (
        [(CONTENT_TYPE, content_type)],
        text.replace(ENDPOINT, beacon),
    )
        .into_response()
}

#[cfg(test)]
mod tests;
