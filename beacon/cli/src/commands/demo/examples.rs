//! The pages of `examples/`, served beside the demo's beacon, so that a visit to them shows on the dashboard.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use beacon_server::pages::Pages;
use http::header::CONTENT_TYPE;
use http::{StatusCode, Uri};

/// The name of the listener.
const NAME: &str = "examples";

/// What stands in the pages where the beacon is.
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
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Not these: a text for readers of the folder, and the page that a deploy fills in and publishes.
    const OTHERS: [&str; 2] = ["README.md", "page.html"];

    fn files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => files(&entry.path(), &format!("{name}/"), found),
                false => {
                    found.insert(name);
                }
            }
        }
    }

    #[test]
    fn every_example_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        let mut expected = BTreeSet::new();
        files(&folder, "", &mut expected);
        expected.retain(|name| !OTHERS.contains(&name.as_str()));
        let served: BTreeSet<_> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(served, expected);
    }

    #[tokio::test]
    async fn the_beacon_stands_in_the_pages() {
        #[track_caller]
        fn check(path: &str, status: StatusCode, content_type: &str) -> Response {
            let response = answer(path, "http://127.0.0.1:9999");
            assert_eq!(response.status(), status, "{path}");
            let found = response.headers().get(CONTENT_TYPE);
            assert_eq!(
                found.map_or("", |value| value.to_str().unwrap()),
                content_type
            );
            response
        }
        let html = "text/html; charset=utf-8";
        check("/", StatusCode::OK, html);
        check("/style.css", StatusCode::OK, "text/css; charset=utf-8");
        check("/page", StatusCode::PERMANENT_REDIRECT, "");
        check(
            "/nothing",
            StatusCode::NOT_FOUND,
            "text/plain; charset=utf-8",
        );
        let page = check("/page/", StatusCode::OK, html).into_body();
        let page = axum::body::to_bytes(page, usize::MAX).await.unwrap();
        let page = String::from_utf8_lossy(&page);
        assert!(page.contains("http://127.0.0.1:9999/beacon.js"), "{page}");
        assert!(!page.contains(ENDPOINT), "{page}");
    }
}
