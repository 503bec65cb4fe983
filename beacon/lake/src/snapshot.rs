//! The files that one statement reads: spool files and objects, pinned once, with each hit in exactly one of them.
//!
//! Delivery publishes an object before it removes the spool file. Readers look in the opposite order:
//! first they open the spool files, then they list the objects, and then they leave out the spool files
//! whose objects they saw. So a file on its way is seen on one of its two sides, whatever the moment.

mod left_out;
mod local_listing;
mod store_listing;

use std::collections::HashMap;
use std::io;
use std::ops::RangeInclusive;
use std::path::Path;

use beacon_core::time::Hour;
use futures::TryStreamExt;
use object_store::ObjectMeta;
use object_store::path::Path as StorePath;
use uuid::Uuid;

pub use self::left_out::{DENIED, LeftOut};
use self::store_listing::keys_to_list;
use crate::error::LakeError;
use crate::file_format::FileFormat;
use crate::lake::Lake;
use crate::object_name::ObjectName;
use crate::spool::error::SpoolError;
use crate::spool::file_name::SpoolKind;
use crate::spool::reader::{self, SpoolFile};

/// The files that hold all hits at one moment, each hit once.
///
/// Spool files are open, so their removal does no harm; their length is the one at opening.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Spool files that are not in the lake yet, oldest first.
    pub spool: Vec<SpoolFile>,
    /// Objects of the lake, by path.
    pub data: Vec<DataFile>,
    /// Files and directories that were not read.
    pub left_out: Vec<LeftOut>,
}

/// An object of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Path in the lake's store.
    pub path: StorePath,
    /// Size and time, as the store lists them.
    pub meta: ObjectMeta,
    /// The partition of all its rows.
    pub hour: Hour,
    /// Its format.
    pub format: FileFormat,
}

/// Pins the files that hold the hits of `hours`, or of all hours where that is `None`.
///
/// A reader without access to the spool passes `None` for `spool_directory`, and sees delivered hits only.
///
/// # Errors
/// [`LakeError::Missing`] where the lake's directory is missing, [`LakeError::Store`] where the store fails, and
/// [`LakeError::Spool`] for a spool file of a newer version.
pub async fn snapshot(
    lake: &Lake,
    spool_directory: Option<&Path>,
    hours: Option<RangeInclusive<Hour>>,
) -> Result<Snapshot, LakeError> {
    if let Some(directory) = lake.local_path()
        && !directory.is_dir()
    {
        return Err(LakeError::Missing {
            directory: directory.to_path_buf(),
        });
    }
    let spool = match spool_directory {
        None => Vec::new(),
        Some(directory) => pin_spool(directory, hours.clone()).await?,
    };
    complete(lake, spool, hours).await
}

/// Opens the spool files, which comes before the listing of objects.
pub(crate) async fn pin_spool(
    directory: &Path,
    hours: Option<RangeInclusive<Hour>>,
) -> Result<Vec<SpoolFile>, LakeError> {
    let directory = directory.to_path_buf();
    Ok(tokio::task::spawn_blocking(move || open_spool(&directory, hours.as_ref())).await??)
}

/// Lists the objects. It takes the spool files, so that it cannot come before [`pin_spool`].
pub(crate) async fn complete(
    lake: &Lake,
    mut spool: Vec<SpoolFile>,
    hours: Option<RangeInclusive<Hour>>,
) -> Result<Snapshot, LakeError> {
    let (data, ids, left_out) = list_objects(lake, hours.as_ref()).await?;
    spool.retain(|file| !ids.contains_key(&file.name().id()));
    Ok(Snapshot {
        spool,
        data,
        left_out,
    })
}

fn open_spool(
    directory: &Path,
    hours: Option<&RangeInclusive<Hour>>,
) -> Result<Vec<SpoolFile>, SpoolError> {
    let mut files = Vec::new();
    for name in reader::list(directory)? {
        if name.kind() != SpoolKind::Hits
            || hours.is_some_and(|hours| !hours.contains(&name.hour()))
        {
            continue;
        }
        match SpoolFile::open_named(&directory.join(name.to_string()), name) {
            Ok(file) => files.push(file),
            // Removed since it was listed, so its object was published before and will be listed next.
            Err(SpoolError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

type Listed = (Vec<DataFile>, HashMap<Uuid, usize>, Vec<LeftOut>);

/// The newest generation of every object, and of each id the place in that list. Objects without a byte are skipped,
/// as Trino does: they are what a writer leaves that was cut off at once.
async fn list_objects(
    lake: &Lake,
    hours: Option<&RangeInclusive<Hour>>,
) -> Result<Listed, LakeError> {
    let mut data: Vec<DataFile> = Vec::new();
    let mut newest: HashMap<Uuid, (u32, usize)> = HashMap::new();
    let (objects, left_out) = objects(lake, hours).await?;
    for meta in objects {
        if meta.size == 0 {
            continue;
        }
        let Some((file, generation)) = data_file(meta) else {
            continue;
        };
        if hours.is_some_and(|hours| !hours.contains(&file.hour)) {
            continue;
        }
        let Some((generation, id)) = generation else {
            data.push(file);
            continue;
        };
        match newest.get(&id) {
            Some(&(known, _)) if known >= generation => {}
            Some(&(_, at)) => {
                data[at] = file;
                newest.insert(id, (generation, at));
            }
            None => {
                newest.insert(id, (generation, data.len()));
                data.push(file);
            }
        }
    }
    let ids = newest.into_iter().map(|(id, (_, at))| (id, at)).collect();
    data.sort_by(|one, other| one.path.cmp(&other.path));
    Ok((data, ids, left_out))
}

async fn objects(
    lake: &Lake,
    hours: Option<&RangeInclusive<Hour>>,
) -> Result<(Vec<ObjectMeta>, Vec<LeftOut>), LakeError> {
    if let Some(directory) = lake.local_path() {
        let table = directory.join(lake.table_key());
        let store_path = lake.store_path(lake.table_key());
        let hours = hours.cloned();
        let list = move || local_listing::list(&table, &store_path, hours.as_ref());
        let found = tokio::task::spawn_blocking(list).await??;
        return Ok((found.files, found.left_out));
    }
    let mut objects = Vec::new();
    for key in keys_to_list(lake.table_key(), hours) {
        let mut listed = lake.store().list(Some(&lake.store_path(&key)));
        while let Some(meta) = listed.try_next().await? {
            objects.push(meta);
        }
    }
    Ok((objects, Vec::new()))
}

/// `None` for what is not data, or lies outside of the partitions.
fn data_file(meta: ObjectMeta) -> Option<(DataFile, Option<(u32, Uuid)>)> {
    let name = ObjectName::parse(meta.location.filename()?)?;
    let hour = partition(&meta.location)?;
    let file = DataFile {
        path: meta.location.clone(),
        meta,
        hour,
        format: name.format,
    };
    Some((file, name.generation))
}

/// Returns the hour in the last four directories of a path.
fn partition(path: &StorePath) -> Option<Hour> {
    let parts: Vec<_> = path.parts().collect();
    let [.., year, month, day, hour, _name] = parts.as_slice() else {
        return None;
    };
    let value = |part: &object_store::path::PathPart<'_>, key: &str| -> Option<u16> {
        part.as_ref()
            .strip_prefix(key)?
            .strip_prefix('=')?
            .parse()
            .ok()
    };
    Hour::new(
        value(year, "year")?,
        value(month, "month")?.try_into().ok()?,
        value(day, "day")?.try_into().ok()?,
        value(hour, "hour")?.try_into().ok()?,
    )
}

#[cfg(test)]
mod tests;
