//! Lists the partitions of a lake in a directory. It opens only directories that are named like partitions, down to the
//! hour, and follows no links: one that leads to `/` would have the whole disk listed.

use std::fs::{self, FileType};
use std::io::{self, ErrorKind};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use beacon_core::schema::PARTITIONS;
use beacon_core::time::Hour;
use object_store::ObjectMeta;
use object_store::path::Path as StorePath;

use super::left_out::{DENIED, LINK, LeftOut};
use crate::error::LakeError;

/// Files and what could not be looked into.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) files: Vec<ObjectMeta>,
    pub(crate) left_out: Vec<LeftOut>,
}

/// Lists the files of the given hours, or of all. A table without a directory has none.
///
/// # Errors
/// The disk fails.
pub(crate) fn list(
    table: &Path,
    store_path: &StorePath,
    hours: Option<&RangeInclusive<Hour>>,
) -> Result<Found, LakeError> {
    let mut walk = Walk {
        hours,
        found: Found::default(),
    };
    walk.partitions(table, store_path, &mut Vec::new())?;
    Ok(walk.found)
}

struct Walk<'a> {
    hours: Option<&'a RangeInclusive<Hour>>,
    found: Found,
}

impl Walk<'_> {
    /// `values` are those of the partitions that lead to `directory`.
    fn partitions(
        &mut self,
        directory: &Path,
        store_path: &StorePath,
        values: &mut Vec<u16>,
    ) -> Result<(), LakeError> {
        let Some(key) = PARTITIONS.get(values.len()) else {
            return self.files(directory, store_path, values);
        };
        for (name, file_type) in self.entries(directory)? {
            let value = name
                .strip_prefix(key)
                .and_then(|rest| rest.strip_prefix('='))
                .and_then(|value| value.parse::<u16>().ok());
            let Some(value) = value else { continue };
            let path = directory.join(&name);
            values.push(value);
            if self.is_asked_for(values) {
                if file_type.is_symlink() {
                    self.link(path);
                } else if file_type.is_dir() {
                    self.partitions(&path, &store_path.clone().join(name), values)?;
                }
            }
            values.pop();
        }
        Ok(())
    }

    fn files(
        &mut self,
        directory: &Path,
        store_path: &StorePath,
        values: &[u16],
    ) -> Result<(), LakeError> {
        if hour_of(values).is_none() {
            return Ok(());
        }
        for (name, file_type) in self.entries(directory)? {
            let path = directory.join(&name);
            if file_type.is_symlink() {
                self.link(path);
                continue;
            }
            if !file_type.is_file() {
                continue;
            }
            let meta = match fs::symlink_metadata(&path) {
                Ok(meta) => meta,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(source) => return Err(LakeError::Io { path, source }),
            };
            let modified = meta.modified().map_err(|source| LakeError::Io {
                path: path.clone(),
                source,
            })?;
            self.found.files.push(ObjectMeta {
                location: store_path.clone().join(name),
                last_modified: modified.into(),
                size: meta.len(),
                e_tag: None,
                version: None,
            });
        }
        Ok(())
    }

    /// The entries by name. A directory that has gone since it was seen is empty, and one that may not be read is left
    /// out. Names that are not UTF-8 are ignored.
    fn entries(&mut self, directory: &Path) -> Result<Vec<(String, FileType)>, LakeError> {
        let read = || -> io::Result<Vec<(String, FileType)>> {
            let mut entries = Vec::new();
            for entry in fs::read_dir(directory)? {
                let entry = entry?;
                if let Ok(name) = entry.file_name().into_string() {
                    entries.push((name, entry.file_type()?));
                }
            }
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Ok(entries)
        };
        match read() {
            Ok(entries) => Ok(entries),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(Vec::new())
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                self.found.left_out.push(LeftOut {
                    path: directory.display().to_string(),
                    reason: DENIED,
                });
                Ok(Vec::new())
            }
            Err(source) => Err(LakeError::Io {
                path: directory.to_path_buf(),
                source,
            }),
        }
    }

    fn link(&mut self, path: PathBuf) {
        self.found.left_out.push(LeftOut {
            path: path.display().to_string(),
            reason: LINK,
        });
    }

    /// Returns true if a directory with the first of the partitions' values can hold one of the hours.
    fn is_asked_for(&self, values: &[u16]) -> bool {
        let Some(hours) = self.hours else { return true };
        let (first, last) = (numbers(*hours.start()), numbers(*hours.end()));
        values >= &first[..values.len()] && values <= &last[..values.len()]
    }
}

fn numbers(hour: Hour) -> [u16; 4] {
    [
        hour.year(),
        u16::from(hour.month()),
        u16::from(hour.day()),
        u16::from(hour.hour()),
    ]
}

fn hour_of(values: &[u16]) -> Option<Hour> {
    let [year, month, day, hour] = *values else {
        return None;
    };
    Hour::new(
        year,
        month.try_into().ok()?,
        day.try_into().ok()?,
        hour.try_into().ok()?,
    )
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn hour(text: &str) -> Hour {
        let ms = beacon_core::time::parse_timestamp(&format!("{text}:00:00.000")).unwrap();
        Hour::from_ms(ms)
    }

    fn names(table: &Path, hours: Option<RangeInclusive<Hour>>) -> (Vec<String>, Vec<String>) {
        let found = list(table, &StorePath::from("hits"), hours.as_ref()).unwrap();
        let files = found.files.iter().map(|file| file.location.to_string());
        let left_out = found.left_out.iter().map(|left_out| {
            let path = Path::new(&left_out.path).strip_prefix(table).unwrap();
            format!("{}: {}", path.display(), left_out.reason)
        });
        (files.collect(), left_out.collect())
    }

    #[test]
    fn only_hours_that_are_asked_for_are_looked_into() {
        let directory = tempfile::tempdir().unwrap();
        let table = directory.path();
        for hour in [
            "year=2025/month=12/day=31/hour=23",
            "year=2026/month=1/day=1/hour=0",
            "year=2026/month=01/day=02/hour=05",
            "year=2026/month=13/day=01/hour=00",
            "year=2026/month=01/day=02/hour=05/deeper",
            "other=1/month=01/day=02/hour=05",
        ] {
            fs::create_dir_all(table.join(hour)).unwrap();
            fs::write(table.join(hour).join("a.parquet"), "x").unwrap();
        }
        let all = [
            "hits/year=2025/month=12/day=31/hour=23/a.parquet",
            "hits/year=2026/month=01/day=02/hour=05/a.parquet",
            "hits/year=2026/month=1/day=1/hour=0/a.parquet",
        ];
        assert_eq!(names(table, None).0, all);
        let new_year = hour("2025-12-31 23")..=hour("2026-01-01 10");
        assert_eq!(names(table, Some(new_year)).0, [all[0], all[2]]);
        assert_eq!(names(&table.join("none"), None).0, [""; 0]);
    }

    #[test]
    fn links_are_named_and_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let table = directory.path();
        let hour = table.join("year=2026/month=11/day=21/hour=05");
        fs::create_dir_all(&hour).unwrap();
        fs::write(hour.join("a.parquet"), "x").unwrap();
        symlink("/", hour.join("root")).unwrap();
        symlink(hour.join("a.parquet"), hour.join("b.parquet")).unwrap();
        symlink(&hour, table.join("year=2026/month=11/day=21/hour=06")).unwrap();
        symlink("/", table.join("elsewhere")).unwrap();
        let (files, left_out) = names(table, None);
        assert_eq!(files, ["hits/year=2026/month=11/day=21/hour=05/a.parquet"]);
        let reason = LINK;
        assert_eq!(
            left_out,
            [
                format!("year=2026/month=11/day=21/hour=05/b.parquet: {reason}"),
                format!("year=2026/month=11/day=21/hour=05/root: {reason}"),
                format!("year=2026/month=11/day=21/hour=06: {reason}"),
            ]
        );
    }
}
