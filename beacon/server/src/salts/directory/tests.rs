use std::os::unix::fs::symlink;
use std::sync::Barrier;
use std::thread;

use super::*;

/// 2026-11-27 05:34:56.789 UTC.
const AT_MS: u64 = 1_795_757_696_789;
const MIDNIGHT_MS: u64 = AT_MS - AT_MS % DAY_MS + DAY_MS;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn bytes(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("salt-2026-11-28")).unwrap()
}

#[test]
fn salt_is_made_once_in_a_file_for_its_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run/beacon");
    let directory = SaltDirectory::new(Some(folder.clone()));
    assert!(directory.salt(AT_MS).unwrap().is_of(AT_MS));
    assert_eq!(names(&folder), ["salt-2026-11-28"]);
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("salt-2026-11-28")), 0o600);
    let made = bytes(&folder);
    assert_ne!(made, [0; SALT_BYTES]);
    directory.salt(MIDNIGHT_MS - 1).unwrap();
    assert_eq!(bytes(&folder), made);
    directory.salt(MIDNIGHT_MS).unwrap();
    assert_eq!(names(&folder), ["salt-2026-11-28", "salt-2026-11-29"]);
    assert_ne!(fs::read(folder.join("salt-2026-11-29")).unwrap(), made);
}

#[test]
fn one_of_many_racing_makers_wins_and_all_others_read_its_salt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("salt-2026-11-28");
    let start = Barrier::new(8);
    let read_after: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    publish(&path).unwrap();
                    *read(&path, geteuid().as_raw()).unwrap().unwrap()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(read_after.iter().all(|bytes| *bytes == read_after[0]));
    assert_eq!(names(folder.path()), ["salt-2026-11-28"]);
}

/// A process that dies while it makes a salt leaves an unfinished file, or both names of a finished one.
#[test]
fn crash_while_a_salt_is_made_leaves_nothing_that_outlives_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let unfinished = folder.path().join("salt-2026-11-28.00000000000000aa.new");
    write_private(&unfinished, &[7; 5]).unwrap();
    let directory = SaltDirectory::new(Some(folder.path().to_path_buf()));
    directory.salt(AT_MS).unwrap();
    let made = bytes(folder.path());
    assert_eq!(made.len(), SALT_BYTES);

    let second_name = folder.path().join("salt-2026-11-28.00000000000000bb.new");
    fs::hard_link(folder.path().join("salt-2026-11-28"), second_name).unwrap();
    directory.salt(AT_MS).unwrap();
    assert_eq!(bytes(folder.path()), made);
    assert_eq!(directory.remove_ended(MIDNIGHT_MS - 1).unwrap(), 0);
    assert_eq!(directory.remove_ended(MIDNIGHT_MS).unwrap(), 3);
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn only_salts_whose_day_is_over_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let kept = [
        "salt-2026-11-28",
        "salt-2026-12-01",
        "salt-",
        "salt-2026-11-2",
        "salt-2026-11-27x",
        "salt-2026-11-27.txt",
        "salt-2026-13-01",
        "salt-ü026-11-27",
        "other-2026-11-27",
        "README",
    ];
    let ended = [
        "salt-2026-11-27",
        "salt-2025-01-01",
        "salt-2026-11-27.00000000000000aa.new",
    ];
    for name in kept.iter().chain(&ended) {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let directory = SaltDirectory::new(Some(folder.path().to_path_buf()));
    let mut found = directory.ended(AT_MS).unwrap();
    found.sort();
    let mut expected = ended.map(|name| folder.path().join(name));
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(directory.remove_ended(AT_MS).unwrap(), ended.len());
    let mut left = kept.map(str::to_owned);
    left.sort();
    assert_eq!(names(folder.path()), left);
}

#[test]
fn directory_that_does_not_exist_has_nothing_to_remove() {
    let folder = tempfile::tempdir().unwrap();
    let missing = SaltDirectory::new(Some(folder.path().join("missing")));
    assert_eq!(missing.remove_ended(AT_MS).unwrap(), 0);
    assert_eq!(SaltDirectory::new(None).remove_ended(AT_MS).unwrap(), 0);
    assert!(!folder.path().join("missing").exists());
}

#[test]
fn each_failure_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let failure = |path: Option<PathBuf>| {
        let error = SaltDirectory::new(path).salt(AT_MS).unwrap_err();
        (error.reason(), error.to_string())
    };
    assert_eq!(failure(None).0, "no directory");

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (reason, text) = failure(Some(file.join("below")));
    assert_eq!(reason, "directory unusable");
    assert!(text.contains("set --salt-directory"), "{text}");

    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let (reason, text) = failure(Some(open.clone()));
    assert_eq!(reason, "exposed to others");
    assert!(text.contains("mode 0777"), "{text}");
    assert_eq!(names(&open), Vec::<String>::new());

    let private = folder.path().join("private");
    let directory = SaltDirectory::new(Some(private.clone()));
    directory.salt(AT_MS).unwrap();
    let salt = private.join("salt-2026-11-28");
    fs::set_permissions(&salt, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(failure(Some(private.clone())).0, "exposed to others");

    fs::set_permissions(&salt, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&salt, "short").unwrap();
    let (reason, text) = failure(Some(private.clone()));
    assert_eq!(reason, "damaged");
    assert!(text.contains("remove it"), "{text}");

    // A directory in the place of the file can be opened, but not read.
    fs::remove_file(&salt).unwrap();
    DirBuilder::new().mode(0o700).create(&salt).unwrap();
    assert_eq!(failure(Some(private)).0, "damaged");
}

/// A server of root could otherwise read a salt that another user has planted. The tests' user can't give files away, so
/// the user is another one.
#[test]
fn directory_and_salt_of_another_user_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let directory = SaltDirectory::new(Some(folder.path().to_path_buf()));
    directory.salt(AT_MS).unwrap();
    let salt = folder.path().join("salt-2026-11-28");
    let user = geteuid().as_raw();
    prepare(folder.path(), user).unwrap();
    assert!(read(&salt, user).unwrap().is_some());

    let other = user + 1;
    let of_directory = prepare(folder.path(), other).unwrap_err();
    let of_salt = read(&salt, other).unwrap_err();
    for (error, path) in [(of_directory, folder.path()), (of_salt, &salt)] {
        assert_eq!(error.reason(), "exposed to others");
        let text = error.to_string();
        for part in [
            format!("{} belongs to user {user} ", path.display()),
            format!("user {other},"),
        ] {
            assert!(text.contains(&part), "{text}");
        }
    }
}

#[test]
fn modes_that_the_server_refuses_are_found_without_a_salt_made() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("place");
    let directory = SaltDirectory::new(Some(place.clone()));
    directory.check_modes(AT_MS).unwrap();
    assert!(!place.exists());
    SaltDirectory::new(None).check_modes(AT_MS).unwrap();

    directory.salt(AT_MS).unwrap();
    directory.check_modes(AT_MS).unwrap();
    let salt = place.join("salt-2026-11-28");
    for (path, exposed, private) in [(&salt, 0o640, 0o600), (&place, 0o770, 0o700)] {
        fs::set_permissions(path, fs::Permissions::from_mode(exposed)).unwrap();
        let found = directory.check_modes(AT_MS).unwrap_err().to_string();
        let served = directory.salt(AT_MS).unwrap_err().to_string();
        assert_eq!(found, served);
        assert!(found.contains(&format!("mode {exposed:04o}")), "{found}");
        fs::set_permissions(path, fs::Permissions::from_mode(private)).unwrap();
        directory.check_modes(AT_MS).unwrap();
    }
}

#[test]
fn salts_inside_lake_or_spool_are_refused_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    fs::create_dir(&lake).unwrap();
    let link = folder.path().join("link");
    symlink(&lake, &link).unwrap();
    let check = |path: PathBuf| {
        let directory = SaltDirectory::new(Some(path));
        directory.check_outside(&[&folder.path().join("spool"), &lake])
    };
    for inside in [
        lake.clone(),
        lake.join("salts"),
        lake.join("a/b"),
        link.join("salts"),
        folder.path().join("spool/salts"),
    ] {
        let text = check(inside.clone()).unwrap_err().to_string();
        assert!(text.contains(&inside.display().to_string()), "{text}");
        assert!(text.contains("BEACON_SALT_DIRECTORY"), "{text}");
    }
    for outside in [folder.path().join("lake2"), folder.path().to_path_buf()] {
        check(outside).unwrap();
    }
    SaltDirectory::new(None).check_outside(&[&lake]).unwrap();
}
