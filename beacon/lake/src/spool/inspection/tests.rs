use super::*;
use crate::clock::Clock;
use crate::events::Observer;
use crate::spool::{Spool, SpoolOptions};

#[test]
fn a_spool_in_use_has_a_holder_and_a_closed_one_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let options = SpoolOptions::new(folder.path(), Clock::from_fn(|| 1_795_239_296_789));
    let spool = Spool::start(&options, Observer::none()).unwrap();
    let state = inspect_spool(folder.path()).unwrap();
    let holder = format!("process {}", std::process::id());
    assert_eq!(state.holder, Some(holder));
    assert!(state.reserve_bytes >= state.needed_bytes, "{state:?}");
    spool.close();

    let state = inspect_spool(folder.path()).unwrap();
    assert_eq!(state.holder, None);
    assert_eq!((state.files, state.newest_hits_ms), (0, None));
    // Looking has left no lock behind.
    Spool::start(&options, Observer::none()).unwrap().close();
}

#[test]
fn files_that_no_delivery_reads_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let name = "2026-11-21-05.1795239296789.019aa4a2-4a35-7000-8000-000000000000.hits";
    std::fs::write(folder.path().join(name), "not a spool file").unwrap();
    let state = inspect_spool(folder.path()).unwrap();
    assert_eq!(state.files, 0);
    let [error] = state.unreadable.as_slice() else {
        panic!("{state:?}");
    };
    assert!(error.to_string().contains(name), "{error}");
}
