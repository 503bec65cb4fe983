use http::StatusCode;

use super::*;

#[test]
fn the_put_leaves_time_for_the_answer() {
    #[track_caller]
    fn check(left_ms: u64, expected_ms: u64) {
        assert_eq!(
            put_budget(1_000_000, 1_000_000 + left_ms),
            Duration::from_millis(expected_ms)
        );
    }
    check(3_000, 2_250);
    check(10_000, 7_500);
    check(900_000, 10_000);
    check(100, 500);
    assert_eq!(put_budget(1_000_000, 0), SHORTEST_PUT);
}

#[tokio::test]
async fn a_panic_costs_neither_image_nor_status() {
    let image = despite_panic(&Method::GET, async { panic!("a bug, for this test") }).await;
    assert_eq!(image.status(), StatusCode::OK);
    assert_eq!(image.headers()["content-type"], "image/gif");
    assert_eq!(image.headers()["x-beacon"], "lost; internal error");
    assert_eq!(image.body().len(), 43);
    let post = despite_panic(&Method::POST, async { panic!("a bug, for this test") }).await;
    assert_eq!(post.status(), StatusCode::SERVICE_UNAVAILABLE);
}
