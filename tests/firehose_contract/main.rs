//! The contract of a delivery stream, as a list: what Amazon Data Firehose does that a producer or a reader can see,
//! and that the local delivery must do too. Each case names the line it holds; "here" says where this delivery differs
//! on purpose.
//!
//! Sources: the API reference of `PutRecord`, `PutRecordBatch`, `DescribeDeliveryStream` and of the structures
//! that they name (<https://docs.aws.amazon.com/firehose/latest/APIReference/>), and pages of the developer guide
//! (<https://docs.aws.amazon.com/firehose/latest/dev/>), given here by the ends of their addresses.
//!
//! | line | Firehose | source | here |
//! |---|---|---|---|
//! | A1 | AWS JSON 1.1: `POST /`, `X-Amz-Target: Firehose_20150804.<operation>`; every SDK speaks it | API reference, Making Requests | signatures are not verified |
//! | A2 | `PutRecord` answers `RecordId` and `Encrypted`; `PutRecordBatch` one entry a record, in their order | `PutRecord`, `PutRecordBatch` | |
//! | A3 | 1 to 500 records a batch | `PutRecordBatch` | |
//! | A4 | 1,000 KiB a record, before Base64; empty data are a record too | `Record` | |
//! | A5 | 4 MiB a batch | `PutRecordBatch` | |
//! | A6 | a name of 1 to 64 of `[a-zA-Z0-9_.-]`; another stream is `ResourceNotFoundException` | `PutRecord` | there is one stream |
//! | A7 | what the rules forbid is `InvalidArgumentException`, what is not the operation's JSON `SerializationException`, another operation `UnknownOperationException` | API reference, Common Errors | |
//! | A8 | a stream describes itself; `VersionId` begins at 1 | `DescribeDeliveryStream` | |
//! | F1 | a put that the service cannot take is `ServiceUnavailableException`, a fault, which SDKs send again | `PutRecordBatch` | the disk of the spool refuses |
//! | F2 | a 200 may have `FailedPutCount` above zero: those records have `ErrorCode` and `ErrorMessage`, the others are in | `PutRecordBatch` | hits and what is none fail apart |
//! | F3 | what is sent again may be there twice | `PutRecord` | equal `hit_id` counts once in the questions |
//! | L1 | records are joined as they are, nothing is put between them | `basic-deliver.html` | each document gets a line of its own: readers of JSON lines see only the first on a line |
//! | L2 | documents of one record may follow each other without anything between them; an array is not accepted | `record-format-conversion.html` | |
//! | L3 | a document that two records share becomes whole when they are joined | `basic-deliver.html` | it does not: a record stands for itself, as with format conversion |
//! | P1 | `!{timestamp:…}` is a pattern of Java's `DateTimeFormatter`, in UTC | `s3-prefixes.html` | fields `yyyy MM dd HH mm ss`; others are refused, with the fix where they are a known mistake; no `CustomTimeZone` |
//! | P2 | text in single quotes is literal, two of them are one | `s3-prefixes.html`, `DateTimeFormatter` | |
//! | P3 | `!{firehose:random-string}` is 11 characters, new at each occurrence | `s3-prefixes.html` | a second try at the same object has the same ones |
//! | P4 | `!{firehose:error-output-type}` belongs to the error prefix, and must be there if that has an expression | `s3-prefixes.html` | |
//! | P5 | a prefix without a time gets `yyyy/MM/dd/HH/`, without a slash before it | `s3-prefixes.html` | |
//! | P6 | at most 1,024 characters, and 512 when evaluated | `ExtendedS3DestinationConfiguration`, `s3-prefixes.html` | |
//! | P7 | `!{` begins an expression and nothing else; `partitionKeyFromQuery` and `partitionKeyFromLambda` need dynamic partitioning | `s3-prefixes.html` | which is not here |
//! | P8 | any prefix | `s3-prefixes.html` | that of hits ends with `year=`, `month=`, `day=` and `hour=`, or readers would not find them |
//! | O1 | `<prefix><stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>` | `s3-object-name.html` | the place of the version is the file's generation |
//! | O2 | the extension is the format's own, or `FileExtension` | `s3-object-name.html` | `.parquet`, and for gzip `.json.gz`, which readers take for JSON |
//! | O3 | prefix and name have the arrival of the object's oldest record | `s3-prefixes.html` | |
//! | O4 | an object over the turn of an hour lies in the older hour | `s3-prefixes.html` | no object is: the turn ends it |
//! | O5 | the partition is that of arrival, whatever the data say | `s3-prefixes.html` | |
//! | B1 | an object is made when the buffer has its size, before compression | `buffering-hints.html` | 1 to 1,024 MiB instead of 1 to 128 |
//! | B2 | or when its first record is as old as the interval, if that is sooner | `buffering-hints.html` | 1 to 86,400 s instead of 0 to 900 |
//! | C1 | a record that does not convert goes below the error prefix as JSON with `rawData` in Base64; the others of its batch are delivered | `record-format-conversion-error-handling.html` | one line a document, gzip |
//! | C2 | the put of such a record is accepted | `record-format-conversion.html` | it is checked at once, and answered alike |
//! | C3 | OpenX: unknown keys are dropped, missing ones NULL, scalars become text, a key twice is an error | `record-format-conversion.html`, Hive-JSON-Serde | as with `CaseInsensitive` false; `hit_id` and `received_at` must be there |
//! | C4 | timestamps: `yyyy-MM-dd HH:mm:ss.S`, the same with `T` and `Z`, Unix seconds or milliseconds | `record-format-conversion.html` | |
//! | C5 | conversion errors say `lastErrorCode` (`ErrorCode` in newer prints of the guide), those of a transformation `errorCode` and `lambdaArn`; both have `rawData` | `record-format-conversion-error-handling.html`, `data-transformation-failure-handling.html` | `beacon replay` reads both |

#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

// Blank lines keep the order of the table.

mod api;

mod failures;

mod lines;

mod prefix;

mod objects;

mod buffering;

mod conversion;

mod stream;

#[path = "../serve/http.rs"]
#[expect(dead_code, reason = "the server's own suite uses the rest")]
mod http;

#[path = "../serve/program.rs"]
#[expect(dead_code, reason = "the server's own suite uses the rest")]
mod program;

/// A line without a case would be a claim, and a case without a line nobody's rule.
#[test]
fn every_line_of_the_table_has_a_case() {
    let cases = [
        include_str!("api.rs"),
        include_str!("failures.rs"),
        include_str!("lines.rs"),
        include_str!("prefix.rs"),
        include_str!("objects.rs"),
        include_str!("buffering.rs"),
        include_str!("conversion.rs"),
    ]
    .concat();
    let cited: std::collections::BTreeSet<&str> = cases
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("/// ")?.split_once(": "))
        .flat_map(|(numbers, _)| numbers.split(", "))
        .filter(|number| number.len() == 2)
        .collect();
    let table: std::collections::BTreeSet<&str> = include_str!("main.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | ")?.split_once(" |"))
        .map(|(number, _)| number)
        .filter(|&number| number != "line")
        .collect();
    assert_eq!(cited, table);
}
