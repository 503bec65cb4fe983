use super::*;

#[test]
fn only_hive_partitions_can_be_read_back() {
    let root = |text: &str| Prefix::parse(text).unwrap().hive_root().map(str::to_owned);
    assert_eq!(root(DEFAULT_PREFIX), Some("hits".to_owned()));
    assert_eq!(
        root(&format!("a/{DEFAULT_PREFIX}")),
        Some("a/hits".to_owned())
    );
    assert_eq!(root("hits/!{timestamp:yyyy/MM/dd/HH}/"), None);
    assert_eq!(root("hits/"), None);
}

#[test]
fn directories_are_below_the_lake_and_the_same_for_all() {
    let wrong = |text: &str| {
        let checked = Prefix::parse_error_prefix(text)
            .unwrap()
            .check_directories();
        checked.err().map(|reason| {
            let part = reason
                .split(" can't be a directory of the lake; write names of")
                .next();
            part.unwrap().to_owned()
        })
    };
    for good in [
        "",
        "errors",
        "errors/",
        "my errors/x-",
        "a=b/!$&'()+,-.:;=@_/..x/",
    ] {
        assert_eq!(wrong(good), None, "{good}");
    }
    for (bad, part) in [
        ("/errors/", ""),
        ("/", ""),
        ("a//b/", ""),
        ("a/../b/", ".."),
        ("./a/", "."),
        ("a/..", ".."),
        ("my~lake/", "my~lake"),
        ("é/", "é"),
        ("a/x{", "x{"),
        ("50%/", "50%"),
    ] {
        assert_eq!(wrong(bad), Some(format!("{part:?}")), "{bad}");
    }
}
