use super::*;

/// 2026-11-21 05:34:56.789.
const AT_MS: u64 = 1_795_239_296_789;

fn health(folder: &std::path::Path, age_ms: u64) -> Health {
    let name = format!("2026-11-21-05.{AT_MS}.01936f00-0000-7000-8000-000000000000.hits");
    std::fs::write(folder.join(name), "").unwrap();
    let clock = Clock::from_fn(move || AT_MS + age_ms);
    let mut spool = SpoolOptions::new(folder, clock);
    spool.buffer_interval = Duration::from_secs(60);
    Health::new(Undelivered::new(&spool), "s3://b/x".to_owned(), None)
}

#[tokio::test]
async fn overdue_hit_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let report = health(folder.path(), 360_000).report().await;
    assert_eq!(report.text(), "ok\noldest undelivered hit: 360 s\n");
    let report = health(folder.path(), 361_000).report().await;
    assert_eq!(
        report.text(),
        "the oldest undelivered hit is 361 s old, more than 360 s\noldest undelivered hit: 361 s\n"
    );
}

#[tokio::test]
async fn failure_is_a_problem_until_a_success() {
    let folder = tempfile::tempdir().unwrap();
    let health = health(folder.path(), 0);
    health.observe(Event::SpoolFailed {
        reason: AppendError::DiskFull,
    });
    health.observe(Event::DeliveryFailed);
    let spool = folder.path().display();
    assert_eq!(
        health.report().await.problems,
        [
            format!("the last write to the spool {spool} failed: disk full"),
            "the last delivery to s3://b/x failed; the log says why".to_owned()
        ]
    );
    health.observe(Event::SpoolWritable);
    health.observe(Event::Delivered {
        hits: 1,
        refused: 0,
        bytes: 1,
        took: Duration::ZERO,
        age: Duration::ZERO,
    });
    assert_eq!(health.report().await.problems, Vec::<String>::new());
}
