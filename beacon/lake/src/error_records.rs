//! Error records: documents that could not be converted, in the shape of Firehose's error objects. `beacon replay` and
//! every tool for Firehose's own can read them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beacon_core::schema::TABLE;
use serde::Serialize;

use crate::record_conversion::ConversionError;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorObject<'a> {
    attempts_made: u32,
    arrival_timestamp: u64,
    last_error_code: &'a str,
    last_error_message: &'a str,
    attempt_ending_timestamp: u64,
    raw_data: String,
    sequence_number: &'a str,
    sub_sequence_number: Option<u64>,
    data_catalog_table: CatalogTable<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CatalogTable<'a> {
    catalog_id: Option<&'a str>,
    database_name: Option<&'a str>,
    table_name: &'a str,
    region: Option<&'a str>,
    version_id: &'a str,
    catalog_arn: Option<&'a str>,
}

/// Appends one error record, a line of JSON, to `out`, for [`crate::SpoolWriter::append_errors`].
///
/// `raw` are the bytes as they came, which the record holds in base64; `arrival_ms` is their arrival in Unix
/// milliseconds. The shape is Firehose's:
/// <https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html>.
pub fn write_error_record(
    raw: &[u8],
    refused: &ConversionError,
    arrival_ms: u64,
    out: &mut Vec<u8>,
) {
    let object = ErrorObject {
        attempts_made: 1,
        arrival_timestamp: arrival_ms,
        last_error_code: refused.code,
        last_error_message: &refused.message,
        attempt_ending_timestamp: arrival_ms,
        raw_data: STANDARD.encode(raw),
        sequence_number: "",
        sub_sequence_number: None,
        data_catalog_table: CatalogTable {
            catalog_id: None,
            database_name: None,
            table_name: TABLE,
            region: None,
            version_id: "LATEST",
            catalog_arn: None,
        },
    };
    serde_json::to_writer(&mut *out, &object)
        .expect("strings and numbers are valid JSON, and writing to a Vec never fails");
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_firehoses() {
        let refused = ConversionError {
            code: ConversionError::PARSE_ERROR,
            message: "no \"JSON\"".to_owned(),
        };
        let mut out = Vec::new();
        write_error_record(b"{\n\xff", &refused, 1_795_239_296_789, &mut out);
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"{"attemptsMade":1,"arrivalTimestamp":1795239296789,"lastErrorCode":"DataFormatConversion.ParseError","lastErrorMessage":"no \"JSON\"","attemptEndingTimestamp":1795239296789,"rawData":"ewr/","sequenceNumber":"","subSequenceNumber":null,"dataCatalogTable":{"catalogId":null,"databaseName":null,"tableName":"hits","region":null,"versionId":"LATEST","catalogArn":null}}"#);
    }
}
