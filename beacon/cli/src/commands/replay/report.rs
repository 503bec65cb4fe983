//! Reports what happened to the hits in the files of a replay.

use std::collections::BTreeMap;
use std::fmt;
use std::process::ExitCode;

use super::input::Part;
use super::target::Sent;
use crate::amount::counted;

/// Names of files that one line lists.
const MAX_NAMES: usize = 5;

/// Counts, in the order in which they are shown.
#[derive(Default)]
pub(super) struct Report {
    pub(super) sent: Sent,
    destination: String,
    files: Vec<File>,
    /// By the reason why something that looked like a lost hit is none.
    skipped: BTreeMap<String, Skipped>,
    /// Parts that are about something else.
    other_lines: u64,
    /// Key and number of hits that had it, for which the table has no column.
    left_out: BTreeMap<String, u64>,
}

struct Skipped {
    count: u64,
    /// The place of the first one.
    place: String,
}

struct File {
    name: String,
    is_empty: bool,
    has_hits: bool,
}

impl Report {
    pub(super) fn new(destination: String) -> Report {
        Report {
            destination,
            ..Report::default()
        }
    }

    pub(super) fn begin_file(&mut self, name: &str) {
        self.files.push(File {
            name: name.to_owned(),
            is_empty: true,
            has_hits: false,
        });
    }

    /// Counts a part of the file.
    pub(super) fn pass(&mut self, part: &Part) {
        let Some(file) = self.files.last_mut() else {
            return;
        };
        file.is_empty &= part.is_blank;
        file.has_hits |= !part.found.is_empty();
        self.other_lines += u64::from(part.found.is_empty() && !part.is_blank);
    }

    pub(super) fn skip(&mut self, reason: String, line: u64) {
        let name = self.files.last().map_or("", |file| &file.name);
        let skipped = self.skipped.entry(reason).or_insert_with(|| Skipped {
            count: 0,
            place: format!("{name}, line {line}"),
        });
        skipped.count += 1;
    }

    pub(super) fn leave_out(&mut self, keys: Vec<String>) {
        for key in keys {
            *self.left_out.entry(key).or_default() += 1;
        }
    }

    /// Returns 0 unless a lost hit remains lost or a file that isn't empty has none.
    pub(super) fn exit_code(&self) -> ExitCode {
        let has_hits = self.files.iter().any(|file| file.has_hits);
        let is_empty = self.files.iter().all(|file| file.is_empty);
        match self.skipped.is_empty() && self.sent.refused.is_empty() && (has_hits || is_empty) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }

    fn names(&self, is_listed: impl Fn(&File) -> bool) -> Option<String> {
        let names: Vec<&str> = self
            .files
            .iter()
            .filter(|file| is_listed(file))
            .map(|file| file.name.as_str())
            .collect();
        let listed = names.iter().take(MAX_NAMES).copied().collect::<Vec<_>>();
        match names.len() {
            0 => None,
            1..=MAX_NAMES => Some(listed.join(", ")),
            count => Some(format!(
                "{} and {} more",
                listed.join(", "),
                count - MAX_NAMES
            )),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "sent      {} from {} to {}",
            counted(self.sent.hits, "hit"),
            counted(self.files.len() as u64, "file"),
            self.destination
        )?;
        for (reason, count) in &self.sent.known {
            writeln!(formatter, "known     {count}: {reason}")?;
        }
        for (reason, count) in &self.sent.refused {
            writeln!(formatter, "not sent  {count}: {reason}")?;
        }
        for (reason, Skipped { count, place }) in &self.skipped {
            let place = match count {
                1 => format!("({place})"),
                _ => format!("(first: {place})"),
            };
            writeln!(formatter, "skipped   {count}: {reason} {place}")?;
        }
        for (key, &count) in &self.left_out {
            let hits = counted(count, "hit");
            writeln!(
                formatter,
                "left out  {key} of {hits}: set BEACON_COLUMNS as the writer had it"
            )?;
        }
        if self.other_lines > 0 {
            let lines = counted(self.other_lines, "line");
            writeln!(formatter, "passed    {lines} about something else")?;
        }
        if let Some(names) = self.names(|file| !file.has_hits && !file.is_empty) {
            writeln!(formatter, "no hits   {names}")?;
        }
        if let Some(names) = self.names(|file| file.is_empty && !file.has_hits) {
            writeln!(formatter, "empty     {names}")?;
        }
        Ok(())
    }
}
