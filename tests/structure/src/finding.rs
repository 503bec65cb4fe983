//! What a check reports.

use std::fmt;

/// One thing that should be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// One line that says it all; also the finding's name in [`crate::known`].
    pub message: String,
    /// Places in files, one a line.
    pub places: Vec<String>,
    /// Further places, which help to mend it and are too many to print each time.
    pub further: Vec<String>,
}

impl Finding {
    /// Returns a finding that has no place of its own.
    #[must_use]
    pub fn without_place(message: String) -> Finding {
        Finding {
            message,
            places: Vec::new(),
            further: Vec::new(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}", self.message)?;
        for place in &self.places {
            write!(formatter, "\n  --> {place}")?;
        }
        Ok(())
    }
}
