//! Files that a reader of the lake leaves out, with the reason.

/// A file or directory that is left out of a snapshot, though it may hold hits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeftOut {
    /// Path of the file or directory.
    pub path: String,
    /// The reason, and the way to mend it.
    pub reason: &'static str,
}

/// The reason for a file or directory that this user may not read.
pub const DENIED: &str =
    "may not be read: ask as the user that runs the server, or change the owner";

pub(crate) const LINK: &str = "is a link, and links are not followed: move what it leads to into its place, or mount it there";
