//! The page, and the facts about the lake that it begins with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::json;

use crate::dashboard::Dashboard;

#[tokio::test]
async fn a_compressed_page_is_sent_as_base64() {
    let dashboard = Dashboard::start().await;
    let plain = dashboard.send("GET", "/dashboard.js", None).await;
    let mut event = dashboard.event("GET", "/dashboard.js");
    event["headers"]["accept-encoding"] = json!("gzip, br");
    let answer = dashboard.invoke(&event).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["headers"]["content-encoding"], "gzip");
    assert_eq!(answer["headers"]["vary"], "accept-encoding");
    assert_eq!(answer["isBase64Encoded"], true);
    let body = answer["body"].as_str().expect("a page has a body");
    let body = STANDARD.decode(body).expect("the body is base64");
    let unpacked = std::io::read_to_string(GzDecoder::new(body.as_slice()));
    assert_eq!(unpacked.expect("the body is gzip"), plain.check(200).body);
}

#[tokio::test]
async fn about_says_how_old_the_hits_may_be() {
    let dashboard = Dashboard::open().await;
    let about = dashboard
        .send("GET", "/api/about", None)
        .await
        .check(200)
        .json();
    assert_eq!(about["engine"], "athena");
    assert_eq!(about["freshness"], json!({"live": false, "delay_s": 600}));
    assert_eq!(about["access"]["kind"], "password");
    assert_eq!(about["custom_columns"], json!(["userid"]));
    assert_eq!(about["endpoint"], "https://b.example");
    let first = dashboard
        .send("GET", "/api/changes?since=0", None)
        .await
        .check(200)
        .json();
    assert!(
        first["revision"]
            .as_u64()
            .is_some_and(|revision| revision > 0),
        "{first}"
    );
}
