//! Flags that have another name now: the old one is refused with the new one.

use clap::error::ErrorKind;

/// Refuses `old`, which `reason` has taken for another meaning, and names `new`.
///
/// # Errors
/// Returns a usage error if the flag was given.
pub(crate) fn refuse_renamed(
    given: bool,
    old: &str,
    new: &str,
    reason: &str,
) -> Result<(), clap::Error> {
    if !given {
        return Ok(());
    }
    let message = format!("{old} is now {new}: {reason}\n");
    Err(clap::Error::raw(ErrorKind::UnknownArgument, message))
}
