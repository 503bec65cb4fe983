use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

/// The maximum size of the whole page on its way, compressed as the router's layer does.
const BUDGET_BYTES: usize = 350_000;

#[test]
fn the_page_is_light() {
    let compressed = |text: &str| {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap().len()
    };
    let bytes: usize = FILES.iter().map(|(_, _, text)| compressed(text)).sum();
    assert!(bytes < BUDGET_BYTES, "{bytes}");
}

#[test]
fn files_are_known_by_their_tags() {
    let assets = Assets::new();
    let script = assets.find("/dashboard.js").unwrap();
    let mut request = HeaderMap::new();
    let response = answer(script, &request);
    assert_eq!(response.status(), StatusCode::OK);
    let tag = response.headers()[header::ETAG]
        .to_str()
        .unwrap()
        .to_owned();
    let strong = tag.trim_start_matches("W/");
    let style = assets.find("/dashboard.css").unwrap();
    for (known, expected) in [
        (tag.clone(), 304),
        (strong.to_owned(), 304),
        (format!("\"another\", {tag}"), 304),
        ("*".to_owned(), 304),
        (style.etag.to_str().unwrap().to_owned(), 200),
        (strong.trim_matches('"').to_owned(), 200),
    ] {
        request.insert(header::IF_NONE_MATCH, known.parse().unwrap());
        assert_eq!(answer(script, &request).status(), expected, "{known}");
    }
    assert!(assets.find("/index.php").is_none());
}
