//! Reads who may sign in, and the key that signs sessions.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, bail};
use beacon_dashboard::access::Access;
use beacon_dashboard::password::PasswordHash;
use beacon_dashboard::token::Key;
use beacon_lake::Lake;

use super::key_file::{key_beside, key_in};

/// The secrets of the environment and of the key's file.
pub(crate) struct Secrets {
    pub(crate) access: Access,
    pub(crate) key: Key,
}

impl Secrets {
    /// `variables` are the password's hash and the key, as they are set; `state` is the directory that a service
    /// manager gives this program for its own.
    ///
    /// # Errors
    /// A listener that others can reach and no password; a hash or a key that is none.
    pub(crate) fn new(
        variables: (Option<String>, Option<String>),
        listen: SocketAddr,
        lake: &Lake,
        spool_folder: &Path,
        state: Option<&Path>,
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
        let key = match (key, lake.local_path()) {
            (Some(key), _) => Key::from_text(&key).context("BEACON_DASHBOARD_KEY")?,
            (None, Some(lake)) => key_beside(lake, state)?,
            // The spool of an object store's lake is on this machine, and nobody copies it.
            (None, None) => key_in(spool_folder)?,
        };
        Ok(Secrets { access, key })
    }
}

#[cfg(test)]
mod tests {
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
            None,
        )
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
