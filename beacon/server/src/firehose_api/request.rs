//! Reads the bodies of calls within Firehose's limits (AWS API reference, "PutRecordBatch").

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beacon_firehose::is_stream_name;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

use super::error::{ApiError, InvalidArgument};

/// Records of one PutRecordBatch.
const MAX_RECORDS: usize = 500;

/// Data of one record, before Base64: 1,000 KiB.
const MAX_RECORD_BYTES: usize = 1_024_000;

/// Data of one PutRecordBatch, before Base64: 4 MiB.
const MAX_BATCH_BYTES: usize = 4 << 20;

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    delivery_stream_name: Option<String>,
    record: Option<Record>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutBatch {
    delivery_stream_name: Option<String>,
    records: Option<Vec<Record>>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    delivery_stream_name: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    data: Option<Blob>,
}

/// Bytes that came as Base64.
struct Blob(Vec<u8>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Blob, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        STANDARD
            .decode(text.as_bytes())
            .map(Blob)
            .map_err(D::Error::custom)
    }
}

/// Reads the body of a call.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|source| ApiError::Serialization { source })
}

impl Put {
    /// Returns the record's data, within the limits and for the stream `known`.
    pub(super) fn validate(self, known: &str) -> Result<Vec<u8>, ApiError> {
        let name = check_name(self.delivery_stream_name)?;
        let record = self
            .record
            .ok_or(InvalidArgument::Missing { member: "Record" })?;
        let data = record.validate(0)?;
        check_known(name, known)?;
        Ok(data)
    }
}

impl PutBatch {
    /// Returns the records' data, within the limits and for the stream `known`.
    pub(super) fn validate(self, known: &str) -> Result<Vec<Vec<u8>>, ApiError> {
        let name = check_name(self.delivery_stream_name)?;
        let records = self
            .records
            .ok_or(InvalidArgument::Missing { member: "Records" })?;
        let count = records.len();
        if count == 0 || count > MAX_RECORDS {
            return Err(InvalidArgument::RecordCount {
                count,
                limit: MAX_RECORDS,
            }
            .into());
        }
        let mut all = Vec::with_capacity(count);
        let mut size_bytes = 0;
        for (index, record) in records.into_iter().enumerate() {
            let data = record.validate(index)?;
            size_bytes += data.len();
            all.push(data);
        }
        if size_bytes > MAX_BATCH_BYTES {
            return Err(InvalidArgument::BatchSize {
                size_bytes,
                limit_bytes: MAX_BATCH_BYTES,
            }
            .into());
        }
        check_known(name, known)?;
        Ok(all)
    }
}

impl Describe {
    pub(super) fn validate(self, known: &str) -> Result<(), ApiError> {
        check_known(check_name(self.delivery_stream_name)?, known)
    }
}

impl Record {
    fn validate(self, index: usize) -> Result<Vec<u8>, InvalidArgument> {
        let Blob(data) = self
            .data
            .ok_or(InvalidArgument::Missing { member: "Data" })?;
        let size_bytes = data.len();
        if size_bytes > MAX_RECORD_BYTES {
            return Err(InvalidArgument::RecordSize {
                index,
                size_bytes,
                limit_bytes: MAX_RECORD_BYTES,
            });
        }
        Ok(data)
    }
}

fn check_name(name: Option<String>) -> Result<String, InvalidArgument> {
    let name = name.ok_or(InvalidArgument::Missing {
        member: "DeliveryStreamName",
    })?;
    if !is_stream_name(&name) {
        return Err(InvalidArgument::StreamName { name });
    }
    Ok(name)
}

fn check_known(stream: String, known: &str) -> Result<(), ApiError> {
    if stream != known {
        return Err(ApiError::ResourceNotFound {
            stream,
            known: known.to_owned(),
        });
    }
    Ok(())
}
