use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

fn lake() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let lake = dir.path().join("lake");
    fs::create_dir(&lake).unwrap();
    (dir, lake)
}

/// The names in a directory with their modes, sorted.
fn names(folder: &Path) -> Vec<(String, u32)> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_key_is_made_once_beside_the_lake_and_only_its_user_reads_it() {
    let (dir, lake) = lake();
    key_beside(&lake, None).unwrap();
    let path = dir.path().join("lake.dashboard.key");
    let text = fs::read_to_string(&path).unwrap();
    let key = ("lake.dashboard.key".to_owned(), 0o600);
    assert!(names(dir.path()).contains(&key), "{:?}", names(dir.path()));
    assert_eq!(names(&lake), []);
    key_beside(&lake, None).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    fs::write(&path, "short\n").unwrap();
    let error = key_beside(&lake, None).err().unwrap();
    assert!(
        format!("{error:#}").contains("is damaged; remove the file"),
        "{error:#}"
    );
}

#[test]
fn a_key_of_0_1_0_is_moved_out_of_the_lake() {
    let (dir, lake) = lake();
    let old = "k".repeat(40) + "\n";
    fs::write(lake.join("dashboard.key"), &old).unwrap();
    key_beside(&lake, None).unwrap();
    let beside = dir.path().join("lake.dashboard.key");
    assert_eq!(fs::read_to_string(&beside).unwrap(), old);
    assert_eq!(names(&lake), []);

    // A crash between the two steps left both.
    fs::write(lake.join("dashboard.key"), &old).unwrap();
    key_beside(&lake, None).unwrap();
    assert_eq!(names(&lake), []);
}

#[test]
fn the_state_directory_comes_first_unless_it_is_the_lake() {
    let (dir, lake) = lake();
    let state = dir.path().join("state");
    fs::create_dir(&state).unwrap();
    key_beside(&lake, Some(&state)).unwrap();
    assert_eq!(names(&state), [("dashboard.key".to_owned(), 0o600)]);
    assert_eq!(names(&lake), []);

    let (dir, lake) = self::lake();
    key_beside(&lake, Some(&lake)).unwrap();
    assert_eq!(names(&lake), []);
    assert!(dir.path().join("lake.dashboard.key").exists());
}

#[test]
fn a_lake_with_nothing_writable_around_it_keeps_the_key_inside() {
    // Not even root makes a file in a directory that is gone, or a lake that is `/`.
    assert_eq!(places(Path::new("/"), None), Vec::<PathBuf>::new());
    let (_dir, lake) = lake();
    let gone = lake.join("gone");
    assert_eq!(places(&gone, Some(&gone)), Vec::<PathBuf>::new());
    key_in(&lake).unwrap();
    assert_eq!(names(&lake), [("dashboard.key".to_owned(), 0o600)]);
}

#[test]
fn a_mount_point_is_told_by_its_device() {
    assert!(is_mount_point(Path::new("/proc"), Path::new("/")));
    assert!(!is_mount_point(Path::new("/usr"), Path::new("/usr")));
}
