use super::*;

#[track_caller]
fn check(open_files: usize, pixel_connections: usize, side_connections: usize) {
    let expected = Capacity {
        open_files,
        pixel_connections,
        side_connections,
    };
    assert_eq!(Capacity::of(open_files), expected);
}

#[test]
fn capacity_reserves_open_files() {
    check(64, 8, 8);
    check(256, 120, 24);
    check(1024, 480, 96);
    check(4096, 2304, 256);
    check(524_288, 9232, 256);
    check(usize::MAX, 9232, 256);
    for open_files in 64..=4096 {
        let capacity = Capacity::of(open_files);
        let all = capacity.pixel_connections + SIDE_LISTENERS * capacity.side_connections;
        assert!(all <= open_files - open_files / 4, "{capacity:?}");
    }
}

/// The only test that touches the process: the limit is only ever raised.
#[test]
fn the_soft_limit_becomes_the_hard_one() {
    let capacity = Capacity::of_process();
    let limit = getrlimit(Resource::Nofile);
    if cfg!(target_os = "linux") {
        assert_eq!(limit.current, limit.maximum);
    }
    let files = limit.current.and_then(|files| usize::try_from(files).ok());
    assert_eq!(capacity.open_files, files.unwrap_or(usize::MAX));
}
