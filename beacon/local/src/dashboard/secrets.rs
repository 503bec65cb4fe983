//! Who is let in, and the key that signs what they are let in by.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use beacon_dashboard::access::Access;
use beacon_dashboard::password::PasswordHash;
use beacon_dashboard::token::Key;
use beacon_lake::Lake;

/// The file of the generated key: in the lake's folder, else in the spool's, which is always on this machine.
const KEY_FILE: &str = "dashboard.key";

/// What the environment and the key's file say.
pub(crate) struct Secrets {
    pub(crate) access: Access,
    pub(crate) key: Key,
}

impl Secrets {
    /// `variables` are the password's hash and the key, as they are set.
    ///
    /// # Errors
    /// A listener that others can reach and no password; a hash or a key that is none.
    pub(crate) fn new(
        variables: (Option<String>, Option<String>),
        listen: SocketAddr,
        lake: &Lake,
        spool_folder: &Path,
    ) -> anyhow::Result<Secrets> {
        let (hash, key) = variables;
        let access = match hash {
            Some(hash) => Access::Password(
                PasswordHash::parse(&hash).context("BEACON_DASHBOARD_PASSWORD_HASH")?,
            ),
            None if listen.ip().is_loopback() => Access::Open,
            None => bail!(
                "--dashboard-listen {listen} can be reached from other machines, and there is no password: set \
                 BEACON_DASHBOARD_PASSWORD_HASH to what `beacon dashboard-password` prints, or use a loopback \
                 address such as 127.0.0.1:{}, or off",
                listen.port()
            ),
        };
        lake.create()?;
        let key = match key {
            Some(key) => Key::from_text(&key).context("BEACON_DASHBOARD_KEY")?,
            None => kept_key(lake.is_folder().unwrap_or(spool_folder))?,
        };
        Ok(Secrets { access, key })
    }
}

/// The key in `folder`, which is made the first time.
fn kept_key(folder: &Path) -> anyhow::Result<Key> {
    let path = folder.join(KEY_FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = Key::generate()?;
            std::fs::create_dir_all(folder)
                .and_then(|()| write_private(&path, &text))
                .with_context(|| {
                    format!(
                        "cannot keep the dashboard's key in {}; make it writable, or set BEACON_DASHBOARD_KEY",
                        path.display()
                    )
                })?;
            text
        }
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot read the dashboard's key {}", path.display()));
        }
    };
    Key::from_text(&text).with_context(|| {
        format!(
            "the dashboard's key in {} is damaged; remove the file, and share links must be made anew",
            path.display()
        )
    })
}

/// For the user alone from the first byte on. It appears whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let temporary = path.with_extension("key.new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn secrets(
        folder: &Path,
        listen: &str,
        hash: Option<&str>,
        key: Option<&str>,
    ) -> anyhow::Result<Secrets> {
        let lake = Lake::open(folder.to_str().unwrap(), std::iter::empty()).unwrap();
        let variables = (hash.map(str::to_owned), key.map(str::to_owned));
        Secrets::new(
            variables,
            listen.parse().unwrap(),
            &lake,
            &lake.default_spool(),
        )
    }

    #[test]
    fn a_key_is_made_once_and_only_its_user_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("lake");
        secrets(&lake, "127.0.0.1:8081", None, None).unwrap();
        let path = lake.join(KEY_FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        secrets(&lake, "127.0.0.1:8081", None, None).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

        std::fs::write(&path, "short\n").unwrap();
        let error = secrets(&lake, "127.0.0.1:8081", None, None).err().unwrap();
        assert!(
            format!("{error:#}").contains("is damaged; remove the file"),
            "{error:#}"
        );
        secrets(&lake, "127.0.0.1:8081", None, Some(&"k".repeat(32))).unwrap();
    }

    #[track_caller]
    fn check_refused(listen: &str, hash: Option<&str>, key: Option<&str>, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let error = secrets(folder.path(), listen, hash, key).err().unwrap();
        assert!(format!("{error:#}").starts_with(expected), "{error:#}");
    }

    #[test]
    fn others_need_a_password() {
        for listen in ["0.0.0.0:8081", "192.0.2.1:8081", "[::]:8081"] {
            check_refused(
                listen,
                None,
                None,
                &format!(
                    "--dashboard-listen {listen} can be reached from other machines, and there is no password"
                ),
            );
        }
        check_refused(
            "127.0.0.1:8081",
            Some("hunter2"),
            None,
            "BEACON_DASHBOARD_PASSWORD_HASH: it is no argon2id hash",
        );
        check_refused(
            "127.0.0.1:8081",
            None,
            Some("short"),
            "BEACON_DASHBOARD_KEY: the key has 5 characters",
        );
    }
}
