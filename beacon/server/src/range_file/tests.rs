use std::path::PathBuf;

use super::*;

/// A file with this text, and the folder that it is in.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ranges.csv");
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[track_caller]
fn check(file: &RangeFile, address: &str, expected: Option<&str>) {
    let found = file.rule(address.parse().unwrap());
    let found = found
        .as_ref()
        .map(|found| found.rule.split_once('/').unwrap().1);
    assert_eq!(found, expected, "{address}");
}

#[track_caller]
fn refused(error: &anyhow::Error, path: &Path, expected: &[&str]) {
    let message = format!("{error:#}");
    assert!(message.contains(&path.display().to_string()), "{message}");
    for text in expected {
        assert!(message.contains(text), "{message}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_its_line() {
    let (folder, path) = file("192.0.2.0/24,bot,office\n192.0.2.0/99,bot,office\n");
    let open = |path: &Path| RangeFile::open(path).err().expect("the file is refused");
    refused(&open(&path), &path, &["line 2", "`192.0.2.0/99`"]);
    let missing = folder.path().join("missing.csv");
    refused(&open(&missing), &missing, &["cannot read", "No such file"]);
    refused(&open(folder.path()), folder.path(), &["cannot read"]);
    fs::write(&path, b"# m\xfcn\n192.0.2.0/24,bot,m\xfcn\n").unwrap();
    refused(&open(&path), &path, &["line 2", "the rule is `m\u{fffd}n`"]);
}

#[test]
fn a_file_that_changes_is_read_again() {
    let (folder, path) = file("192.0.2.0/24,bot,office\n");
    let ranges = RangeFile::open(&path).unwrap();
    assert_eq!(ranges.count(), 1);
    check(&ranges, "192.0.2.7", Some("ranges.office"));
    assert!(!ranges.file.reload().unwrap());
    // A download is renamed when it is whole.
    let next = folder.path().join("next");
    fs::write(
        &next,
        "198.51.100.0/24,bot,cloud\n2001:db8::/32,bot,cloud\n",
    )
    .unwrap();
    fs::rename(&next, &path).unwrap();
    assert!(ranges.file.reload().unwrap());
    assert_eq!(ranges.count(), 2);
    check(&ranges, "192.0.2.7", None);
    check(&ranges, "2001:db8::1", Some("ranges.cloud"));
}

#[test]
fn a_file_that_breaks_leaves_the_one_before() {
    let (_folder, path) = file("192.0.2.0/24,bot,office\n");
    let ranges = RangeFile::open(&path).unwrap();
    fs::write(&path, "192.0.2.0/24,human,office\n").unwrap();
    let error = ranges.file.reload().unwrap_err();
    refused(&error, &path, &["line 1", "the class is `human`"]);
    // Said once.
    assert!(!ranges.file.reload().unwrap());
    fs::remove_file(&path).unwrap();
    assert!(ranges.file.reload().is_err());
    check(&ranges, "192.0.2.7", Some("ranges.office"));
    fs::write(&path, "# none any more\n").unwrap();
    assert!(ranges.file.reload().unwrap());
    check(&ranges, "192.0.2.7", None);
}
