use beacon_lake::Lake;

use super::*;

#[tokio::test]
async fn the_report_says_which_columns_were_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("hits.ndjson");
    let hit = |id: &str, rest: &str| {
        format!(r#"{{"hit_id":"{id}","received_at":"2026-11-21 05:34:56.789"{rest}}}"#) + "\n"
    };
    let own = r#","userid":"u-17","plan":"pro""#;
    let lines = [
        hit("1", own),
        hit("2", own),
        hit("3", r#","userid":null"#),
        hit("4", r#","plan":"free""#),
    ];
    std::fs::write(&log, lines.concat()).unwrap();
    let lake = Lake::open(folder.path().to_str().unwrap(), std::iter::empty()).unwrap();
    let schema = Schema::builtin();
    let target = Target::lake(lake, FileFormat::Parquet, &schema).unwrap();
    let report = replay(&[log], target, &schema, &ProgressBar::hidden())
        .await
        .unwrap();
    let text = report.to_string();
    let (sent, left_out) = text.split_once('\n').unwrap();
    assert!(
        sent.starts_with("sent      4 hits from 1 file to "),
        "{sent}"
    );
    assert_eq!(
        left_out,
        "left out  plan of 3 hits: set BEACON_COLUMNS as the writer had it\n\
             left out  userid of 2 hits: set BEACON_COLUMNS as the writer had it\n"
    );
}
