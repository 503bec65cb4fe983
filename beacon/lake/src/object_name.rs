//! Names of objects in the lake. A name derives from the spool file, so that a delivery done again after a crash
//! meets its own work.

use beacon_core::time::format_timestamp;
use uuid::Uuid;

use crate::file_format::FileFormat;

/// The first generation of an object. Firehose puts the stream's version here; a file that is written
/// anew (erasure, rescoring) gets the next number and the same id.
pub(crate) const FIRST_GENERATION: u32 = 1;

/// Returns an object's name as Firehose writes it: `<stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>`.
pub(crate) fn object_name(stream: &str, start_ms: u64, id: Uuid, format: FileFormat) -> String {
    let time = format_timestamp(start_ms)[..19].replace([' ', ':'], "-");
    format!(
        "{stream}-{FIRST_GENERATION}-{time}-{id}{}",
        format.extension()
    )
}

/// The parts of an object's name that a reader needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectName {
    pub(crate) format: FileFormat,
    /// Generation and id, where the name has them; another producer's file may be called anything.
    pub(crate) generation: Option<(u32, Uuid)>,
}

impl ObjectName {
    /// `None` for what is not data: hidden and temporary names, other extensions.
    pub(crate) fn parse(file_name: &str) -> Option<ObjectName> {
        if file_name.starts_with(['.', '_']) {
            return None;
        }
        let (format, stem) = [FileFormat::Parquet, FileFormat::Json]
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
    fn an_object_is_named_as_firehose_names_it() {
        let name = object_name("hits", START_MS, id(), FileFormat::Parquet);
        assert_eq!(
            name,
            "hits-1-2026-11-21-05-34-56-019aa4c2-1111-7222-8333-444455556666.parquet"
        );
        let read = ObjectName {
            format: FileFormat::Parquet,
            generation: Some((1, id())),
        };
        assert_eq!(ObjectName::parse(&name), Some(read));
    }

    #[test]
    fn what_is_data_shows_in_the_name() {
        let check = |name: &str, expected: Option<(FileFormat, bool)>| {
            let found =
                ObjectName::parse(name).map(|name| (name.format, name.generation.is_some()));
            assert_eq!(found, expected, "{name}");
        };
        check(
            "my-stream-12-2026-11-21-05-34-56-019aa4c2-1111-7222-8333-444455556666.json.gz",
            Some((FileFormat::Json, true)),
        );
        check("part-0.parquet", Some((FileFormat::Parquet, false)));
        check("é-0.parquet", Some((FileFormat::Parquet, false)));
        check(".hits-1-2026.parquet", None);
        check("_temporary.parquet", None);
        check("hits.parquet.tmp", None);
        check("_SUCCESS", None);
    }
}
