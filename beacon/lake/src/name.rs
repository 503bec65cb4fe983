//! Names: of a spool file, and of the object that is made from it. The second derives from the first, so
//! that a delivery done again after a crash meets its own work.

use beacon_core::time::{Hour, format_timestamp};
use uuid::Uuid;

use crate::Format;

/// What the lines of a spool file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Records of the table.
    Hits,
    /// What is not a hit, in the shape of Firehose's error objects.
    Errors,
}

impl Kind {
    fn extension(self) -> &'static str {
        match self {
            Kind::Hits => "hits",
            Kind::Errors => "errors",
        }
    }
}

/// `<yyyy-MM-dd-HH>.<start in Unix ms>.<uuid>.<hits|errors>`: all that delivery and readers need to know
/// of a spool file without opening it. It never changes while the file lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpoolName {
    hour: Hour,
    start_ms: u64,
    id: Uuid,
    kind: Kind,
}

impl SpoolName {
    pub(crate) fn new(start_ms: u64, id: Uuid, kind: Kind) -> SpoolName {
        let hour = Hour::from_ms(start_ms);
        SpoolName {
            hour,
            start_ms,
            id,
            kind,
        }
    }

    /// `None` for a file that no spool wrote.
    pub fn parse(file_name: &str) -> Option<SpoolName> {
        let mut parts = file_name.split('.');
        let (hour, start_ms, id, kind) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let kind = match kind {
            "hits" => Kind::Hits,
            "errors" => Kind::Errors,
            _ => return None,
        };
        let name = SpoolName::new(start_ms.parse().ok()?, Uuid::try_parse(id).ok()?, kind);
        (name.hour.to_string() == hour).then_some(name)
    }

    /// The partition of every row of the file.
    pub fn hour(&self) -> Hour {
        self.hour
    }

    /// When the file's first lines came, Unix milliseconds.
    pub fn start_ms(&self) -> u64 {
        self.start_ms
    }

    /// Common to the spool file and the object made from it.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What the lines are.
    pub fn kind(&self) -> Kind {
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

/// The first generation of an object. Firehose puts the stream's version here; a file that is written
/// anew (erasure, rescoring) gets the next number and the same id.
pub(crate) const FIRST_GENERATION: u32 = 1;

/// An object's name as Firehose writes it: `<stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>`.
pub(crate) fn object_name(stream: &str, start_ms: u64, id: Uuid, format: Format) -> String {
    let time = format_timestamp(start_ms)[..19].replace([' ', ':'], "-");
    format!(
        "{stream}-{FIRST_GENERATION}-{time}-{id}{}",
        format.extension()
    )
}

/// What a reader knows of an object from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectName {
    pub(crate) format: Format,
    /// Generation and id, where the name has them; another producer's file may be called anything.
    pub(crate) generation: Option<(u32, Uuid)>,
}

impl ObjectName {
    /// `None` for what is not data: hidden and temporary names, other extensions.
    pub(crate) fn parse(file_name: &str) -> Option<ObjectName> {
        if file_name.starts_with(['.', '_']) {
            return None;
        }
        let (format, stem) = [Format::Parquet, Format::Json]
            .into_iter()
            .find_map(|format| Some((format, file_name.strip_suffix(format.extension())?)))?;
        Some(ObjectName {
            format,
            generation: generation(stem),
        })
    }
}

/// Length of `-yyyy-MM-dd-HH-mm-ss` in an object's name.
const TIME_CHARACTERS: usize = 20;
/// Length of a UUID as text.
const ID_CHARACTERS: usize = 36;

fn generation(stem: &str) -> Option<(u32, Uuid)> {
    let (rest, id) = stem.split_at_checked(stem.len().checked_sub(ID_CHARACTERS)?)?;
    let id = Uuid::try_parse(id).ok()?;
    let rest = rest.strip_suffix('-')?;
    let (rest, _time) = rest.split_at_checked(rest.len().checked_sub(TIME_CHARACTERS)?)?;
    let (_stream, generation) = rest.rsplit_once('-')?;
    Some((generation.parse().ok()?, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_MS: u64 = 1_795_239_296_789; // 2026-11-21 05:34:56.789

    fn id() -> Uuid {
        Uuid::try_parse("019aa4c2-1111-7222-8333-444455556666").unwrap()
    }

    #[test]
    fn a_spool_name_reads_back() {
        for kind in [Kind::Hits, Kind::Errors] {
            let name = SpoolName::new(START_MS, id(), kind);
            assert_eq!(SpoolName::parse(&name.to_string()), Some(name));
        }
    }

    #[test]
    fn other_files_are_no_spool_files() {
        for name in [
            "LOCK",
            "",
            "2026-11-21-05.1795239296789.019aa4c2-1111-7222-8333-444455556666.hits.tmp",
            "2026-11-21-06.1795239296789.019aa4c2-1111-7222-8333-444455556666.hits",
            "2026-11-21-05.x.019aa4c2-1111-7222-8333-444455556666.hits",
            "2026-11-21-05.1795239296789.nobody.hits",
        ] {
            assert_eq!(SpoolName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn an_object_is_named_as_firehose_names_it() {
        let name = object_name("hits", START_MS, id(), Format::Parquet);
        assert_eq!(
            name,
            "hits-1-2026-11-21-05-34-56-019aa4c2-1111-7222-8333-444455556666.parquet"
        );
        let read = ObjectName {
            format: Format::Parquet,
            generation: Some((1, id())),
        };
        assert_eq!(ObjectName::parse(&name), Some(read));
    }

    #[test]
    fn what_is_data_shows_in_the_name() {
        let check = |name: &str, expected: Option<(Format, bool)>| {
            let found =
                ObjectName::parse(name).map(|name| (name.format, name.generation.is_some()));
            assert_eq!(found, expected, "{name}");
        };
        check(
            "my-stream-12-2026-11-21-05-34-56-019aa4c2-1111-7222-8333-444455556666.json.gz",
            Some((Format::Json, true)),
        );
        check("part-0.parquet", Some((Format::Parquet, false)));
        check("é-0.parquet", Some((Format::Parquet, false)));
        check(".hits-1-2026.parquet", None);
        check("_temporary.parquet", None);
        check("hits.parquet.tmp", None);
        check("_SUCCESS", None);
    }
}
