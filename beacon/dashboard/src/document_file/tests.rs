use std::os::unix::fs::{PermissionsExt, chown, symlink};

use super::*;

fn file(directory: &tempfile::TempDir) -> DocumentFile {
    DocumentFile::new(directory.path().join("state/dashboard.json"))
}

#[test]
fn a_text_is_replaced_only_if_it_has_the_version_that_was_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = file(&directory);
    let nothing = file.read_now().unwrap();
    assert_eq!(
        nothing,
        Stored {
            text: None,
            version: Version::Absent
        }
    );
    assert!(
        !file.path().parent().unwrap().exists(),
        "reading makes nothing"
    );
    assert!(file.replace_now(b"one", &Version::Absent).unwrap());
    assert!(!file.replace_now(b"two", &Version::Absent).unwrap());
    let one = file.read_now().unwrap();
    assert_eq!(one.text.as_deref(), Some(&b"one"[..]));
    assert!(file.replace_now(b"two", &one.version).unwrap());
    assert!(!file.replace_now(b"three", &one.version).unwrap());
    assert_eq!(file.read_now().unwrap().text.as_deref(), Some(&b"two"[..]));
    fs::remove_file(file.path()).unwrap();
    let two = version_of(b"two");
    assert!(!file.replace_now(b"three", &two).unwrap());
    assert_eq!(file.read_now().unwrap().text, None);
}

#[test]
fn a_file_is_its_owners_alone_whatever_a_crash_has_left() {
    let directory = tempfile::tempdir().unwrap();
    let file = file(&directory);
    let state = file.path().parent().unwrap().to_path_buf();
    fs::create_dir(&state).unwrap();
    let left = with_suffix(file.path(), ".new");
    fs::write(&left, "half").unwrap();
    fs::set_permissions(&left, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(file.replace_now(b"one", &Version::Absent).unwrap());
    assert!(!left.exists());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file.path()), 0o600);
    let mut names: Vec<String> = fs::read_dir(&state)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["dashboard.json", "dashboard.json.lock"]);
    assert_eq!(mode(&state.join("dashboard.json.lock")), 0o600);
}

#[test]
fn a_reader_sees_a_whole_text_while_others_write() {
    let directory = tempfile::tempdir().unwrap();
    let file = file(&directory);
    let texts = [vec![b'a'; 100_000], vec![b'b'; 200_000]];
    assert!(file.replace_now(&texts[0], &Version::Absent).unwrap());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..50 {
                let version = file.read_now().unwrap().version;
                assert!(file.replace_now(&texts[(round + 1) % 2], &version).unwrap());
            }
        });
        while !writer.is_finished() {
            let text = file.read_now().unwrap().text.unwrap();
            assert!(texts.contains(&text), "{} bytes", text.len());
        }
    });
}

/// The number of a user who is not the administrator.
const SOMEBODY: u32 = 65_534;

#[test]
fn a_lock_that_leads_elsewhere_is_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let file = file(&directory);
    let state = file.path().parent().unwrap().to_path_buf();
    let elsewhere = directory.path().join("shadow");
    fs::write(&elsewhere, "secret").unwrap();
    fs::create_dir(&state).unwrap();
    let user = fs::metadata(&elsewhere).unwrap().uid();
    if user == ROOT {
        chown(&state, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    }
    let lock = with_suffix(file.path(), ".lock");
    symlink(&elsewhere, &lock).unwrap();
    let refused = file.replace_now(b"one", &Version::Absent).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("{} is a symbolic link: remove it", lock.display())
    );
    assert_eq!(fs::metadata(&elsewhere).unwrap().uid(), user);
    assert_eq!(fs::read(&elsewhere).unwrap(), b"secret");
    assert!(!file.path().exists());

    // Nor does a link lead to a file that isn't there yet.
    fs::remove_file(&elsewhere).unwrap();
    file.replace_now(b"one", &Version::Absent).unwrap_err();
    assert!(!elsewhere.exists());
}

#[test]
fn the_administrator_gives_away_only_the_files_that_are_new() {
    let directory = tempfile::tempdir().unwrap();
    let file = file(&directory);
    let state = file.path().parent().unwrap().to_path_buf();
    fs::create_dir(&state).unwrap();
    let lock = with_suffix(file.path(), ".lock");
    fs::write(&lock, "").unwrap();
    let user = fs::metadata(&lock).unwrap().uid();
    let owner = match user {
        ROOT => SOMEBODY,
        user => user,
    };
    chown(&state, Some(owner), None).unwrap();
    let uid = |path: &Path| fs::metadata(path).unwrap().uid();
    assert!(file.replace_now(b"one", &Version::Absent).unwrap());
    assert_eq!(uid(file.path()), owner);
    assert_eq!(uid(&lock), user, "it was there before");
    fs::remove_file(&lock).unwrap();
    assert!(file.replace_now(b"two", &version_of(b"one")).unwrap());
    assert_eq!(uid(&lock), owner);
}
