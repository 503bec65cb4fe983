//! The classes of senders, and their names in the column `agent`.

/// The class of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A person with a browser
    Human,
    /// A program that names itself, or that has the marks of one
    Bot,
    /// A mail service that fetches images for its readers
    MailProxy,
    /// A browser that fetches a page before anybody asked for it
    Prefetch,
    /// A program that looks for weaknesses or harm
    Scanner,
    /// An app, an ambiguous mail program, or a browser without a known name
    Unknown,
}

impl Class {
    /// All classes.
    const ALL: [Self; 6] = [
        Self::Human,
        Self::Bot,
        Self::MailProxy,
        Self::Prefetch,
        Self::Scanner,
        Self::Unknown,
    ];

    /// Returns the class of this name; `None` for every other text.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Returns the name that the column `agent` holds.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Bot => "bot",
            Self::MailProxy => "mail_proxy",
            Self::Prefetch => "prefetch",
            Self::Scanner => "scanner",
            Self::Unknown => "unknown",
        }
    }
}
