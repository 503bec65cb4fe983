//! Custom columns that a lake has, whoever asks: the server that wrote the files was told of them by
//! `BEACON_COLUMNS`, the one who asks need not be. They are read from the files themselves, the newest first.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;

use arrow::datatypes::{DataType, Field, Schema as ArrowSchema};
use beacon_core::schema::{PARTITIONS, Schema, VIEW_COLUMNS};
use beacon_lake::{DataFile, FileFormat, Lake, LakeError, SpoolFile, arrow_schema};
use flate2::read::MultiGzDecoder;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::ParquetMetaDataReader;

/// A footer's length and the magic behind it.
const FOOTER_END_BYTES: u64 = 8;

/// Lines of a file that are looked at: each record has every custom column, NULL or not.
const MAX_LINES: usize = 20;

/// The column that every file of hits has.
const HIT_ID: &str = "hit_id";

/// Finds the columns of the table: those of `schema`, then the others of the `most` newest files and of the spool.
///
/// # Errors
/// Returns an error if the lake can't be listed. A file that can't be read adds nothing; a statement that reads it says so.
pub async fn columns(
    lake: &Lake,
    spool_folder: Option<&Path>,
    schema: &Schema,
    most: usize,
) -> Result<ArrowSchema, LakeError> {
    let snapshot = beacon_lake::snapshot(lake, spool_folder, None).await?;
    let mut names = BTreeSet::new();
    for file in &snapshot.spool {
        names.extend(of_spool(file));
    }
    let mut newest = snapshot.data;
    newest.sort_by(|one, other| (other.hour, &other.path).cmp(&(one.hour, &one.path)));
    for file in newest.iter().take(most) {
        names.extend(of_file(&*lake.store(), file).await.unwrap_or_default());
    }
    let known = arrow_schema(schema);
    let mut fields: Vec<Field> = known
        .fields()
        .iter()
        .map(|field| (**field).clone())
        .collect();
    for name in names {
        let is_known = known.column_with_name(&name).is_some();
        // A column of such a name is from a version that did not reserve it yet; `params` and `headers` have its values.
        let is_reserved =
            PARTITIONS.contains(&name.as_str()) || VIEW_COLUMNS.contains(&name.as_str());
        if !is_known && !is_reserved && is_column(&name) {
            fields.push(Field::new(name, DataType::Utf8, true));
        }
    }
    Ok(ArrowSchema::new(fields))
}

/// Returns the columns of one file of the lake, without its partitions: those of a Parquet file's footer, or the keys of
/// the first lines of a JSON file. `None` where the file can't be read or holds no hits.
pub async fn file_columns(lake: &Lake, file: &DataFile) -> Option<Vec<String>> {
    let store = lake.store();
    match file.format {
        FileFormat::Parquet => {
            let schema = parquet_schema(&*store, file).await?;
            Some(
                schema
                    .fields()
                    .iter()
                    .map(|field| field.name().clone())
                    .collect(),
            )
        }
        FileFormat::Json => {
            let mut names = BTreeSet::new();
            for line in first_lines(&*store, file).await? {
                names.extend(record(&line)?.into_iter().map(|(name, _)| name));
            }
            (!names.is_empty()).then(|| names.into_iter().collect())
        }
    }
}

/// What `BEACON_COLUMNS` takes as a name.
fn is_column(name: &str) -> bool {
    let is_snake =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(is_snake)
}

async fn of_file(store: &dyn ObjectStore, file: &DataFile) -> Option<Vec<String>> {
    match file.format {
        FileFormat::Parquet => of_parquet(store, file).await,
        FileFormat::Json => {
            let lines = first_lines(store, file).await?;
            Some(lines.iter().flat_map(|line| of_line(line)).collect())
        }
    }
}

async fn first_lines(store: &dyn ObjectStore, file: &DataFile) -> Option<Vec<Vec<u8>>> {
    let object = store.get(&file.path).await.ok()?.bytes().await.ok()?;
    let lines = BufReader::new(MultiGzDecoder::new(object.as_ref())).split(b'\n');
    Some(lines.map_while(Result::ok).take(MAX_LINES).collect())
}

async fn of_parquet(store: &dyn ObjectStore, file: &DataFile) -> Option<Vec<String>> {
    let schema = parquet_schema(store, file).await?;
    let texts = schema
        .fields()
        .iter()
        .filter(|field| field.data_type().is_string());
    Some(texts.map(|field| field.name().clone()).collect())
}

/// The columns of the footer, which is all that is read. `None` for a file that holds no hits.
async fn parquet_schema(store: &dyn ObjectStore, file: &DataFile) -> Option<ArrowSchema> {
    let end = file.meta.size.checked_sub(FOOTER_END_BYTES)?;
    let length = store.get_range(&file.path, end..end + 4).await.ok()?;
    let length = u32::from_le_bytes(length.as_ref().try_into().ok()?);
    let start = end.checked_sub(u64::from(length))?;
    let footer = store.get_range(&file.path, start..end).await.ok()?;
    let metadata = ParquetMetaDataReader::decode_metadata(&footer).ok()?;
    let metadata = metadata.file_metadata();
    let schema =
        parquet_to_arrow_schema(metadata.schema_descr(), metadata.key_value_metadata()).ok()?;
    schema.column_with_name(HIT_ID)?;
    Some(schema)
}

fn of_spool(file: &SpoolFile) -> Vec<String> {
    let mut lines = file.lines();
    let mut names = Vec::new();
    for _ in 0..MAX_LINES {
        let Ok(Some(line)) = lines.next_line() else {
            break;
        };
        names.extend(of_line(line));
    }
    names
}

/// Keys of texts, and of values that are missing.
fn of_line(line: &[u8]) -> Vec<String> {
    let texts = record(line)
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.is_string() || value.is_null());
    texts.map(|(name, _)| name).collect()
}

/// The keys and values of a line that is a record of a hit.
fn record(line: &[u8]) -> Option<serde_json::Map<String, serde_json::Value>> {
    let record: serde_json::Map<_, _> = serde_json::from_slice(line).ok()?;
    record.contains_key(HIT_ID).then_some(record)
}
