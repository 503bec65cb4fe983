//! The users of this machine, for messages about rights.

use std::fmt;
use std::os::unix::fs::MetadataExt;

/// A user by number, with the name where the machine has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: u32,
    name: Option<String>,
}

/// Writes `beacon (uid 998)`, or `uid 998`.
impl fmt::Display for User {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(formatter, "{name} (uid {})", self.id),
            None => write!(formatter, "uid {}", self.id),
        }
    }
}

/// Returns the user whose rights this process has; `None` where the system doesn't show it.
pub(crate) fn current() -> Option<User> {
    Some(by_id(std::fs::metadata("/proc/self").ok()?.uid()))
}

/// Returns the user of this number.
pub(crate) fn by_id(id: u32) -> User {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
    });
    User { id, name }
}
