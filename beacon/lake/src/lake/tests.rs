use super::*;

fn open(location: &str) -> Result<Lake, LakeError> {
    Lake::open(location, std::iter::empty())
}

#[test]
fn a_lake_is_a_directory_or_a_part_of_a_bucket() {
    let lake = open("/data/my lake").unwrap();
    assert_eq!(lake.local_path(), Some(Path::new("/data/my lake")));
    assert_eq!(lake.url().as_str(), "file:///");
    assert_eq!(lake.store_path("hits/a").to_string(), "data/my lake/hits/a");
    assert_eq!(lake.default_spool(), Path::new("/data/my lake/spool"));
    assert_eq!(
        open("file:///data").unwrap().local_path(),
        Some(Path::new("/data"))
    );
    assert!(open("lake").unwrap().local_path().unwrap().is_absolute());

    let lake = open("s3://bucket/a/b/").unwrap();
    assert_eq!(lake.local_path(), None);
    assert_eq!(lake.url().as_str(), "s3://bucket");
    assert_eq!(lake.prefix().to_string(), "a/b");
    assert_eq!(
        lake.store_path("hits/year=2026/x").to_string(),
        "a/b/hits/year=2026/x"
    );
    assert_eq!(
        open("s3://bucket").unwrap().store_path("hits").to_string(),
        "hits"
    );
}

#[test]
fn another_place_is_refused() {
    let check = |location: &str, expected: &str| {
        assert_eq!(open(location).unwrap_err().to_string(), expected);
    };
    check(
        "ftp://host/a",
        "\"ftp://host/a\" is not a valid location for a lake: ftp:// is not supported; give a directory or s3://bucket/prefix",
    );
    check(
        "s3:///a",
        "\"s3:///a\" is not a valid location for a lake: it names no bucket; give a directory or s3://bucket/prefix",
    );
}

#[test]
fn prefixes_must_be_read_back() {
    let lake = open("/data")
        .unwrap()
        .with_prefixes(&format!("a/{DEFAULT_PREFIX}"), "errors/")
        .unwrap();
    assert_eq!(lake.table_key(), "a/hits");
    let refused = open("/data")
        .unwrap()
        .with_prefixes("hits/", "errors/")
        .unwrap_err();
    assert!(
        refused.reason.starts_with("readers find hits by partition"),
        "{refused}"
    );
}
