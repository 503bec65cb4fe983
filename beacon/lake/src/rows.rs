//! Converts NDJSON lines to Arrow rows. A line that does not convert never takes another one with it.

use std::io::Read;

use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::json::ReaderBuilder;
use arrow::record_batch::RecordBatch;

use crate::error::LakeError;
use crate::spool::frame::Frames;
use crate::spool::reader::SpoolFile;

/// Rows of a batch at most.
pub(crate) const BATCH_ROWS: usize = 8192;

/// Converts all lines, and hands good rows to `good` and other lines to `refused`.
///
/// `good` gets the lines of its rows too, and `refused` the reason.
pub(crate) fn convert(
    lines: &[u8],
    schema: &SchemaRef,
    good: &mut impl FnMut(RecordBatch, &[&[u8]]),
    refused: &mut impl FnMut(&[u8], &ArrowError),
) {
    let mut batch: Vec<&[u8]> = Vec::with_capacity(BATCH_ROWS);
    for line in lines.split(|&byte| byte == b'\n') {
        if line.is_empty() {
            continue;
        }
        batch.push(line);
        if batch.len() == BATCH_ROWS {
            convert_batch(&batch, schema, good, refused);
            batch.clear();
        }
    }
    convert_batch(&batch, schema, good, refused);
}

/// Converts all of them together, and each half for itself if that fails.
fn convert_batch(
    lines: &[&[u8]],
    schema: &SchemaRef,
    good: &mut impl FnMut(RecordBatch, &[&[u8]]),
    refused: &mut impl FnMut(&[u8], &ArrowError),
) {
    if lines.is_empty() {
        return;
    }
    match (decode(lines, schema), lines) {
        (Ok(batch), _) => good(batch, lines),
        (Err(error), [line]) => refused(line, &error),
        (Err(_), _) => {
            let (first, second) = lines.split_at(lines.len() / 2);
            convert_batch(first, schema, good, refused);
            convert_batch(second, schema, good, refused);
        }
    }
}

fn decode(lines: &[&[u8]], schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let mut decoder = ReaderBuilder::new(schema.clone())
        .with_batch_size(lines.len() + 1)
        .with_coerce_primitive(true)
        .build_decoder()?;
    for line in lines {
        decoder.decode(line)?;
        if decoder.has_partial_record() {
            return Err(ArrowError::JsonError(
                "the line ends within a value".to_owned(),
            ));
        }
    }
    let batch = decoder.flush()?;
    match batch {
        Some(batch) if batch.num_rows() == lines.len() => Ok(batch),
        _ => Err(ArrowError::JsonError(
            "a line is not one JSON object".to_owned(),
        )),
    }
}

/// Reads the rows of a spool file up to its first bad frame.
///
/// Missing keys are null, unknown ones are ignored. `schema` may be a part of the table's; only its columns are
/// converted.
pub fn read_spool(file: &SpoolFile, schema: SchemaRef) -> SpoolBatches<impl Read + use<>> {
    SpoolBatches::new(file.frames(), schema)
}

/// Iterates over the rows of a spool file, in batches of at most 8192. See [`read_spool`].
pub struct SpoolBatches<R> {
    frames: Frames<R>,
    schema: SchemaRef,
    ready: std::collections::VecDeque<RecordBatch>,
    lines: Vec<u8>,
    left_out: u64,
    ended: bool,
}

/// Lines of small frames are converted together from this size on.
const CONVERT_BYTES: usize = 4 << 20;

/// Reads the lines of the next frames, enough for an efficient conversion; false at the end.
pub(crate) fn next_lines<R: Read>(
    frames: &mut Frames<R>,
    lines: &mut Vec<u8>,
) -> std::io::Result<bool> {
    lines.clear();
    while lines.len() < CONVERT_BYTES {
        let Some(more) = frames.next()? else { break };
        lines.extend_from_slice(more);
    }
    Ok(!lines.is_empty())
}

impl<R: Read> SpoolBatches<R> {
    fn new(frames: Frames<R>, schema: SchemaRef) -> SpoolBatches<R> {
        let ready = std::collections::VecDeque::new();
        SpoolBatches {
            frames,
            schema,
            ready,
            lines: Vec::new(),
            left_out: 0,
            ended: false,
        }
    }

    /// Returns the number of lines so far that did not convert.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    fn fill(&mut self) -> std::io::Result<()> {
        self.ended = !next_lines(&mut self.frames, &mut self.lines)?;
        let (ready, left_out) = (&mut self.ready, &mut self.left_out);
        convert(
            &self.lines,
            &self.schema,
            &mut |batch, _| ready.push_back(batch),
            &mut |_, _| *left_out += 1,
        );
        Ok(())
    }
}

impl<R: Read> Iterator for SpoolBatches<R> {
    type Item = Result<RecordBatch, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Some(Ok(batch));
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.fill() {
                self.ended = true;
                return Some(Err(LakeError::Convert(ArrowError::from(error))));
            }
        }
    }
}

#[cfg(test)]
mod tests;
