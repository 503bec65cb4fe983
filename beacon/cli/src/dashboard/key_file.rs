//! The generated key of the dashboard: where it is kept, and how a key of 0.1.0 gets there.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use beacon_dashboard::token::Key;

/// The file's name in a directory that is not the lake's, and in a lake of 0.1.0.
pub(super) const FILE_NAME: &str = "dashboard.key";
/// Follows the lake's own name where the file is beside the lake.
pub(super) const BESIDE_SUFFIX: &str = ".dashboard.key";

/// Returns the key of the dashboard over `lake`, a directory that exists, and makes it the first time.
///
/// A lake is synced, backed up and shared, and its key signs sessions. So the file is kept in `state`, the directory
/// that a service manager gives, or else beside the lake, under the lake's name. It stays inside the lake only where
/// neither can be: where the lake is a mount point (nothing beside it belongs to the same volume) or the directory
/// above is another user's.
///
/// # Errors
/// The key cannot be read or written, or is damaged.
pub(crate) fn key_beside(lake: &Path, state: Option<&Path>) -> anyhow::Result<Key> {
    let inside = lake.join(FILE_NAME);
    let old = read(&inside)?;
    for path in places(lake, state) {
        if let Some(text) = read(&path)? {
            forget(&inside, old.as_deref(), &text);
            return parse(&path, &text);
        }
        let text = match &old {
            Some(text) => text.clone(),
            None => Key::generate()?,
        };
        match write_private(&path, &text) {
            Ok(()) => {
                forget(&inside, old.as_deref(), &text);
                return parse(&path, &text);
            }
            Err(error) => {
                tracing::debug!(path = %path.display(), %error, "the dashboard's key can't be kept here");
            }
        }
    }
    tracing::warn!(
        path = %inside.display(),
        "the dashboard's key is inside the lake, because neither the directory above it nor STATE_DIRECTORY can \
         hold it: leave it out of what you sync or share, or set BEACON_DASHBOARD_KEY"
    );
    match old {
        Some(text) => parse(&inside, &text),
        None => make(&inside),
    }
}

/// Returns the key in `folder`, which is no lake, and makes it the first time.
///
/// # Errors
/// As for [`key_beside`].
pub(crate) fn key_in(folder: &Path) -> anyhow::Result<Key> {
    let path = folder.join(FILE_NAME);
    match read(&path)? {
        Some(text) => parse(&path, &text),
        None => make(&path),
    }
}

/// Returns the file that has the key of the dashboard over `lake`, a directory; `None` where there is none yet.
pub(crate) fn find_beside(lake: &Path, state: Option<&Path>) -> Option<PathBuf> {
    let mut places = places(lake, state);
    places.push(lake.join(FILE_NAME));
    places.into_iter().find(|path| path.exists())
}

/// Returns the file in `folder`, which is no lake, that has the key; `None` where there is none yet.
pub(crate) fn find_in(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(FILE_NAME)).filter(|path| path.exists())
}

/// Returns the places for the key outside of the lake, best first.
pub(super) fn places(lake: &Path, state: Option<&Path>) -> Vec<PathBuf> {
    // By its real name: a link to the lake and the lake have one key.
    let Ok(lake) = fs::canonicalize(lake) else {
        return Vec::new();
    };
    let mut places = Vec::new();
    if let Some(state) = state.and_then(|state| fs::canonicalize(state).ok())
        && !state.starts_with(&lake)
    {
        places.push(state.join(FILE_NAME));
    }
    if let (Some(above), Some(name)) = (lake.parent(), lake.file_name())
        && !is_mount_point(&lake, above)
    {
        let mut name = name.to_os_string();
        name.push(BESIDE_SUFFIX);
        places.push(above.join(name));
    }
    places
}

fn is_mount_point(lake: &Path, above: &Path) -> bool {
    match (fs::metadata(lake), fs::metadata(above)) {
        (Ok(lake), Ok(above)) => lake.dev() != above.dev(),
        _ => false,
    }
}

/// Removes the key of 0.1.0 from the lake, now that it is kept elsewhere.
fn forget(inside: &Path, old: Option<&str>, kept: &str) {
    match old {
        None => {}
        Some(old) if old.trim() == kept.trim() => match fs::remove_file(inside) {
            Ok(()) => {
                tracing::info!(path = %inside.display(), "moved the dashboard's key out of the lake");
            }
            Err(error) => {
                tracing::warn!(path = %inside.display(), %error, "cannot remove the dashboard's key from the lake");
            }
        },
        Some(_) => tracing::warn!(
            path = %inside.display(),
            "a second dashboard's key is inside the lake and not used; remove it"
        ),
    }
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error)
            .with_context(|| format!("cannot read the dashboard's key {}", path.display())),
    }
}

fn parse(path: &Path, text: &str) -> anyhow::Result<Key> {
    Key::from_text(text).with_context(|| {
        format!(
            "the dashboard's key in {} is damaged; remove the file, and share links must be made anew",
            path.display()
        )
    })
}

fn make(path: &Path) -> anyhow::Result<Key> {
    let text = Key::generate()?;
    write_private(path, &text).with_context(|| {
        format!(
            "cannot keep the dashboard's key in {}; make it writable, or set BEACON_DASHBOARD_KEY",
            path.display()
        )
    })?;
    parse(path, &text)
}

/// Writes the file so that only the user can ever read it, and so that it appears whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let temporary = path.with_extension("key.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)?;
    writeln!(file, "{}", text.trim_end())?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests;
