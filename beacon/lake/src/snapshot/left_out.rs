//! What a reader of the lake leaves out, with a reason.

/// What is left out of a snapshot, though hits may be in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeftOut {
    /// The file or directory.
    pub path: String,
    /// Why, and what to do.
    pub reason: &'static str,
}

/// A reason for what may not be read.
pub const DENIED: &str =
    "may not be read: ask as the user that runs the server, or change the owner";

pub(crate) const LINK: &str = "is a link, and links are not followed: move what it leads to into its place, or mount it there";
