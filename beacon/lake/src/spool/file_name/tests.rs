use super::*;

const START_MS: u64 = 1_795_239_296_789; // 2026-11-21 05:34:56.789

fn id() -> Uuid {
    Uuid::try_parse("019aa4c2-1111-7222-8333-444455556666").unwrap()
}

#[test]
fn a_spool_name_reads_back() {
    for kind in [SpoolKind::Hits, SpoolKind::Errors] {
        let name = SpoolName::new(START_MS, id(), kind);
        assert_eq!(SpoolName::parse(&name.to_string()), Some(name));
    }
}

#[test]
fn other_files_are_no_spool_files() {
    for name in [
        "LOCK",
        "",
        "2026-11-21-05.1795239296789.019aa4c2-1111-7222-8333-444455556666.hits.tmp",
        "2026-11-21-06.1795239296789.019aa4c2-1111-7222-8333-444455556666.hits",
        "2026-11-21-05.x.019aa4c2-1111-7222-8333-444455556666.hits",
        "2026-11-21-05.1795239296789.nobody.hits",
    ] {
        assert_eq!(SpoolName::parse(name), None, "{name}");
    }
}
