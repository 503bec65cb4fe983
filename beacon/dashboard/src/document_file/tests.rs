use std::os::unix::fs::PermissionsExt;

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
