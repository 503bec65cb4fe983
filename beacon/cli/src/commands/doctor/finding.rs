//! The findings of the doctor, and how they are printed.

use std::io::{self, Write};

use serde::Serialize;

use crate::amount::counted;

/// The weight of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// All is well.
    Ok,
    /// Something that may be meant so.
    Warning,
    /// Something that must be mended.
    Problem,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Problem => "problem",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    level: Level,
    subject: String,
    /// The state that was found and, for a warning or a problem, the fix.
    text: String,
}

/// Everything that was looked at, in that order.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

/// The findings as one JSON object.
#[derive(Serialize)]
struct Report<'a> {
    problems: u64,
    warnings: u64,
    findings: &'a [Finding],
}

impl Findings {
    /// Adds something that is well.
    pub(super) fn ok(&mut self, subject: &str, text: impl Into<String>) {
        self.add(Level::Ok, subject, text.into());
    }

    /// Adds something that may be meant so.
    pub(super) fn warning(&mut self, subject: &str, text: impl Into<String>) {
        self.add(Level::Warning, subject, text.into());
    }

    /// Adds something that must be mended; `text` says how.
    pub(super) fn problem(&mut self, subject: &str, text: impl Into<String>) {
        self.add(Level::Problem, subject, text.into());
    }

    fn add(&mut self, level: Level, subject: &str, text: String) {
        // One line for each, whatever an error's text has.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.push(Finding {
            level,
            subject: subject.to_owned(),
            text,
        });
    }

    /// Returns true if something must be mended.
    pub(super) fn has_problem(&self) -> bool {
        self.count(Level::Problem) > 0
    }

    fn count(&self, level: Level) -> u64 {
        let of_level = self.0.iter().filter(|finding| finding.level == level);
        of_level.count() as u64
    }

    /// Prints one line for each finding, and the numbers of problems and warnings.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub(super) fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        let width = self
            .0
            .iter()
            .map(|finding| finding.subject.chars().count())
            .max()
            .unwrap_or_default();
        for finding in &self.0 {
            let (level, subject) = (finding.level.name(), &finding.subject);
            writeln!(out, "{level:<7}  {subject:<width$}  {}", finding.text)?;
        }
        let (problems, warnings) = (self.count(Level::Problem), self.count(Level::Warning));
        writeln!(
            out,
            "\n{}, {}",
            counted(problems, "problem"),
            counted(warnings, "warning")
        )
    }

    /// Prints all findings as one JSON object.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub(super) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let report = Report {
            problems: self.count(Level::Problem),
            warnings: self.count(Level::Warning),
            findings: &self.0,
        };
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_are_aligned_and_counted() {
        let mut findings = Findings::default();
        findings.ok("clock", "2026-11-21 05:34:56 UTC");
        findings.problem("undelivered hits", "two\nlines");
        let mut out = Vec::new();
        findings.write_text(&mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        ok       clock             2026-11-21 05:34:56 UTC
        problem  undelivered hits  two lines

        1 problem, 0 warnings
        ");
        assert!(findings.has_problem());
    }

    #[test]
    fn warnings_are_no_problem() {
        let mut findings = Findings::default();
        findings.warning("server", "not running");
        assert!(!findings.has_problem());
        let mut out = Vec::new();
        findings.write_json(&mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        {
          "problems": 0,
          "warnings": 1,
          "findings": [
            {
              "level": "warning",
              "subject": "server",
              "text": "not running"
            }
          ]
        }
        "#);
    }
}
