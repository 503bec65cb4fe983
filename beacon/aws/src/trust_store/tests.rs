use super::*;

#[test]
fn amazons_roots_parse() {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(AMAZON_ROOTS) {
        store.add(certificate.unwrap()).unwrap();
    }
    assert_eq!(store.len(), 5);
}

#[test]
fn a_file_of_roots_is_checked_when_it_is_read() {
    #[track_caller]
    fn check(name: &str, content: Option<&str>, expected: &str) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let error = TrustStore::from_file(&path).unwrap_err().to_string();
        assert!(
            error.contains(expected),
            "{error:?} does not say {expected:?}"
        );
    }
    check("absent", None, "cannot read");
    check("empty", Some(""), "holds no certificate");
    check("text", Some("not a certificate"), "holds no certificate");
    check(
        "open",
        Some("-----BEGIN CERTIFICATE-----\nMIID\n"),
        "is not a PEM file",
    );
    check(
        "garbage",
        Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        "cannot be trusted as a root",
    );
}
