//! The line that says why a command failed.

use std::io;

use crate::user;

/// Joins an error with its causes. Errors that quote their cause in their own text say it once, and one of missing
/// rights says whose they are.
pub(crate) fn text(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    let is_denied = |cause: &(dyn std::error::Error + 'static)| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        kind == Some(io::ErrorKind::PermissionDenied)
    };
    if error.chain().any(is_denied)
        && let Some(user) = user::current()
    {
        text = format!(
            "{text}; the command runs as {user}: give that user the right, or name another place"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let cause = || io::Error::from_raw_os_error(28);
        let error = anyhow::Error::from(cause())
            .context("cannot use /x: No space left on device (os error 28)");
        assert_eq!(
            text(&error),
            "cannot use /x: No space left on device (os error 28)"
        );
        let error = anyhow::Error::from(cause()).context("cannot use /x");
        assert_eq!(
            text(&error),
            "cannot use /x: No space left on device (os error 28)"
        );
    }

    #[test]
    fn missing_rights_are_somebodys() {
        let denied: Result<(), _> = Err(io::Error::from_raw_os_error(13));
        let error = denied.context("cannot use /x").unwrap_err();
        let user = user::current().unwrap().to_string();
        assert_eq!(
            text(&error),
            format!(
                "cannot use /x: Permission denied (os error 13); the command runs as {user}: give that user the right, \
                 or name another place"
            )
        );
        assert!(user.contains("uid "), "{user}");
    }
}
