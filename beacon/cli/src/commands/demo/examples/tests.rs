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
