//! Sends the hits of a replay into the partitions of a lake, or to a Firehose stream.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::bail;
use beacon_core::schema::Schema;
use beacon_firehose::{Put, Stream};
use beacon_lake::{ConvertedRecord, FileFormat, Lake, ReplayWriter};

use crate::args::stream::connect;

/// Lines that are in memory before they are sent: about one full PutRecordBatch.
const PART_BYTES: usize = 3 << 20;

/// The longest time to retry one part on a stream. The user can run the command again later.
const PUT_BUDGET: Duration = Duration::from_secs(60);

/// Takes hits, one after the other.
pub(super) struct Target {
    destination: String,
    kind: Kind,
}

enum Kind {
    Lake(Box<ReplayWriter>),
    Stream {
        stream: Stream,
        part: Vec<u8>,
        sent: Sent,
    },
}

/// The outcome of the hits.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) hits: u64,
    /// Not sent because they are there: why, and how many.
    pub(super) known: BTreeMap<String, u64>,
    /// Never accepted: why, and how many.
    pub(super) refused: BTreeMap<String, u64>,
}

impl Target {
    pub(super) fn lake(lake: Lake, format: FileFormat, schema: &Schema) -> anyhow::Result<Target> {
        lake.create()?;
        let destination = lake.to_string();
        let writer = ReplayWriter::new(lake, format, schema);
        Ok(Target {
            destination,
            kind: Kind::Lake(Box::new(writer)),
        })
    }

    pub(super) async fn stream(name: &str) -> anyhow::Result<Target> {
        let stream = connect(name).await?;
        Ok(Target {
            destination: format!("Firehose stream {name}"),
            kind: Kind::Stream {
                stream,
                part: Vec::new(),
                sent: Sent::default(),
            },
        })
    }

    pub(super) async fn push(&mut self, line: &ConvertedRecord) -> anyhow::Result<()> {
        match &mut self.kind {
            Kind::Lake(writer) => writer.push(line).await?,
            Kind::Stream { stream, part, sent } => {
                part.extend_from_slice(&line.line);
                if part.len() >= PART_BYTES {
                    sent.add(stream.put(part, PUT_BUDGET).await)?;
                    part.clear();
                }
            }
        }
        Ok(())
    }

    pub(super) async fn finish(self) -> anyhow::Result<Sent> {
        match self.kind {
            Kind::Lake(writer) => {
                let replayed = writer.finish().await?;
                let known = [
                    ("replayed before", replayed.known),
                    ("more than once in these files", replayed.repeated),
                ];
                Ok(Sent {
                    hits: replayed.hits,
                    known: known
                        .into_iter()
                        .filter(|(_, count)| *count > 0)
                        .map(|(reason, count)| (reason.to_owned(), count))
                        .collect(),
                    refused: BTreeMap::new(),
                })
            }
            Kind::Stream {
                stream,
                part,
                mut sent,
            } => {
                sent.add(stream.put(&part, PUT_BUDGET).await)?;
                Ok(sent)
            }
        }
    }
}

impl Sent {
    /// A stream that is down ends the replay, because the rest would wait in vain; the same command goes on
    /// later, and what was sent twice counts once.
    fn add(&mut self, put: Put<'_>) -> anyhow::Result<()> {
        self.hits += put.sent as u64;
        for unsent in &put.unsent {
            if !unsent.reason.kind.is_permanent() {
                let (sent, reason) = (self.hits, &unsent.reason);
                bail!("{reason}; {sent} hits were sent before that, so run the same command again");
            }
            *self.refused.entry(unsent.reason.to_string()).or_default() += 1;
        }
        Ok(())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.destination)
    }
}
