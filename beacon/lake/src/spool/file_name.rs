//! Names of spool files.

use beacon_core::time::Hour;
use uuid::Uuid;

/// The kind of lines in a spool file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpoolKind {
    /// Records of the table.
    Hits,
    /// Error records, as [`crate::write_error_record`] writes them.
    Errors,
}

impl SpoolKind {
    fn extension(self) -> &'static str {
        match self {
            SpoolKind::Hits => "hits",
            SpoolKind::Errors => "errors",
        }
    }
}

/// The name of a spool file: `<yyyy-MM-dd-HH>.<start in Unix ms>.<uuid>.<hits|errors>`.
///
/// It tells delivery and readers all they need without opening the file, and never changes while the file exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpoolName {
    hour: Hour,
    start_ms: u64,
    id: Uuid,
    kind: SpoolKind,
}

impl SpoolName {
    pub(crate) fn new(start_ms: u64, id: Uuid, kind: SpoolKind) -> SpoolName {
        let hour = Hour::from_ms(start_ms);
        SpoolName {
            hour,
            start_ms,
            id,
            kind,
        }
    }

    /// Parses a file name; `None` for a name that no spool gives.
    pub fn parse(file_name: &str) -> Option<SpoolName> {
        let mut parts = file_name.split('.');
        let (hour, start_ms, id, kind) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let kind = match kind {
            "hits" => SpoolKind::Hits,
            "errors" => SpoolKind::Errors,
            _ => return None,
        };
        let name = SpoolName::new(start_ms.parse().ok()?, Uuid::try_parse(id).ok()?, kind);
        (name.hour.to_string() == hour).then_some(name)
    }

    /// Returns the hour of the file's first lines, which is the partition of every row.
    pub fn hour(&self) -> Hour {
        self.hour
    }

    /// Returns when the file's first lines were written, in Unix milliseconds.
    pub fn start_ms(&self) -> u64 {
        self.start_ms
    }

    /// Returns the id that the spool file shares with the object made from it.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Returns the kind of the lines.
    pub fn kind(&self) -> SpoolKind {
        self.kind
    }
}

impl std::fmt::Display for SpoolName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let SpoolName {
            hour,
            start_ms,
            id,
            kind,
        } = self;
        write!(formatter, "{hour}.{start_ms}.{id}.{}", kind.extension())
    }
}

#[cfg(test)]
mod tests;
