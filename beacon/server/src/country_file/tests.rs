use std::path::PathBuf;

use super::*;

const COUNTRIES: &[u8] = include_bytes!("../../../../tests/fixtures/countries/countries.mmdb");
const LATER: &[u8] = include_bytes!("../../../../tests/fixtures/countries/later.mmdb");
const NUMBERS: &[u8] = include_bytes!("../../../../tests/fixtures/countries/numbers.mmdb");

/// A file with these bytes, and the folder that it is in.
fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("countries.mmdb");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

#[track_caller]
fn check(file: &CountryFile, address: &str, expected: Option<&str>) {
    let found = file.country(address.parse().unwrap());
    let found = found.as_ref().map(|code| str::from_utf8(code).unwrap());
    assert_eq!(found, expected, "{address}");
}

#[track_caller]
fn refused(path: &Path, expected: &[&str]) {
    let error = CountryFile::open(path).err().expect("the file is refused");
    let message = format!("{error:#}");
    assert!(message.contains(&path.display().to_string()), "{message}");
    for text in expected {
        assert!(message.contains(text), "{message}");
    }
}

#[test]
fn addresses_have_the_countries_of_the_file() {
    let (_folder, path) = file(COUNTRIES);
    let countries = CountryFile::open(&path).unwrap();
    check(&countries, "192.0.2.0", Some("DE"));
    check(&countries, "192.0.2.255", Some("DE"));
    check(&countries, "192.0.3.0", None);
    check(&countries, "198.51.100.127", Some("CH"));
    // Where a network is registered is not where its addresses are.
    check(&countries, "198.51.100.128", None);
    // The core knows that this is none.
    check(&countries, "203.0.113.1", Some("XX"));
    check(&countries, "2001:db8::1", Some("AT"));
    check(&countries, "2001:db9::1", None);
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let (folder, path) = file(NUMBERS);
    refused(&path, &["holds no countries", "Test-ASN"]);
    fs::write(&path, &COUNTRIES[..COUNTRIES.len() / 2]).unwrap();
    refused(&path, &["is not in the MaxMind DB format"]);
    fs::write(&path, b"").unwrap();
    refused(&path, &["is not in the MaxMind DB format"]);
    refused(
        &folder.path().join("missing.mmdb"),
        &["cannot read", "No such file"],
    );
    refused(folder.path(), &["cannot read"]);
}

#[test]
fn a_file_that_changes_is_read_again() {
    let (folder, path) = file(COUNTRIES);
    let countries = CountryFile::open(&path).unwrap();
    assert!(!countries.file.reload().unwrap());
    // As a download that is renamed when it is whole.
    let next = folder.path().join("next");
    fs::write(&next, LATER).unwrap();
    fs::rename(&next, &path).unwrap();
    assert!(countries.file.reload().unwrap());
    assert!(!countries.file.reload().unwrap());
    check(&countries, "192.0.2.7", Some("FR"));
    check(&countries, "2001:db8::1", None);
    fs::write(&path, COUNTRIES).unwrap();
    assert!(countries.file.reload().unwrap());
    check(&countries, "2001:db8::1", Some("AT"));
}

#[test]
fn a_file_that_breaks_leaves_the_one_before() {
    let (_folder, path) = file(COUNTRIES);
    let countries = CountryFile::open(&path).unwrap();
    for broken in [&b"no database"[..], NUMBERS, &LATER[..LATER.len() - 40]] {
        fs::write(&path, broken).unwrap();
        let error = countries.file.reload().unwrap_err();
        assert!(
            format!("{error:#}").contains(&path.display().to_string()),
            "{error:#}"
        );
        // Said once.
        assert!(!countries.file.reload().unwrap());
        check(&countries, "192.0.2.7", Some("DE"));
    }
    fs::remove_file(&path).unwrap();
    assert!(countries.file.reload().is_err());
    assert!(!countries.file.reload().unwrap());
    check(&countries, "192.0.2.7", Some("DE"));
    fs::write(&path, LATER).unwrap();
    assert!(countries.file.reload().unwrap());
    check(&countries, "192.0.2.7", Some("FR"));
}

#[test]
fn a_file_of_any_bytes_is_refused_or_read() {
    let (_folder, path) = file(COUNTRIES);
    for at in 0..COUNTRIES.len() {
        let mut damaged = COUNTRIES.to_vec();
        damaged[at] ^= 0xff;
        fs::write(&path, &damaged).unwrap();
        if let Ok(countries) = CountryFile::open(&path) {
            for address in ["192.0.2.7", "198.51.100.1", "2001:db8::1", "8.8.8.8"] {
                let _code = countries.country(address.parse().unwrap());
            }
        }
    }
}
