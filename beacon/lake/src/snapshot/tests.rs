use super::*;

fn hour(text: &str) -> Hour {
    let ms = beacon_core::time::parse_timestamp(&format!("{text}:00:00.000")).unwrap();
    Hour::from_ms(ms)
}

#[test]
fn the_partition_is_in_the_path() {
    let check = |path: &str, expected: Option<Hour>| {
        assert_eq!(partition(&StorePath::from(path)), expected, "{path}");
    };
    check(
        "a/hits/year=2026/month=11/day=21/hour=05/x.parquet",
        Some(hour("2026-11-21 05")),
    );
    check(
        "year=2026/month=1/day=2/hour=3/x.parquet",
        Some(hour("2026-01-02 03")),
    );
    check("hits/year=2026/month=13/day=21/hour=05/x.parquet", None);
    check("hits/2026/11/21/05/x.parquet", None);
    check("x.parquet", None);
}
