use super::*;

/// The most that the whole page weighs on its way.
const BUDGET_BYTES: usize = 350_000;

#[test]
fn the_page_is_light() {
    let assets = Assets::new();
    let bytes: usize = assets.0.iter().map(|asset| asset.gzip.body.len()).sum();
    assert!(bytes < BUDGET_BYTES, "{bytes}");
}

#[test]
fn files_are_known_by_their_tags() {
    let assets = Assets::new();
    let script = assets.find("/dashboard.js").unwrap();
    let mut request = HeaderMap::new();
    let response = answer(script, &request);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers().get(header::CONTENT_ENCODING), None);
    let tag = response.headers()[header::ETAG].clone();
    request.insert(header::IF_NONE_MATCH, tag.clone());
    assert_eq!(answer(script, &request).status(), StatusCode::NOT_MODIFIED);
    request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let compressed = answer(script, &request);
    assert_eq!(compressed.status(), StatusCode::OK);
    assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "gzip");
    assert_ne!(compressed.headers()[header::ETAG], tag);
    assert!(assets.find("/index.php").is_none());
}
