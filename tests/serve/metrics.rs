//! The endpoints for operators, `/metrics` and `/health`.

use crate::http;
use crate::program::{Beacon, command};

#[test]
fn metrics_and_health_count_hits() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.env("BEACON_SITES", "good.example");
    let beacon = Beacon::start_with(command, folder.path());
    assert_eq!(http::get(beacon.metrics, "/health").text(), "ok\n");
    for _ in 0..3 {
        assert_eq!(
            beacon
                .get("/pixel.gif?site=good.example")
                .header("x-beacon"),
            "recorded"
        );
    }
    assert_eq!(
        beacon.get("/pixel.gif?site=bad.example").header("x-beacon"),
        "ignored; site not allowed"
    );

    let reply = http::get(beacon.metrics, "/metrics");
    assert!(
        reply
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = reply.text();
    for line in [
        r#"beacon_received_total{through="pixel"} 4"#,
        r#"beacon_recorded_total{through="pixel"} 3"#,
        r#"beacon_ignored_total{through="pixel",reason="site not allowed"} 1"#,
        r#"beacon_recorded_total{through="firehose"} 0"#,
        "beacon_delivered_total 0",
        "beacon_spool_files 1",
        "# TYPE beacon_fsync_seconds histogram",
        "# TYPE beacon_delivery_seconds histogram",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(beacon.metric("beacon_fsync_seconds_count") >= 1.0);
    assert!(beacon.metric("beacon_spool_bytes") > 100.0);
}
