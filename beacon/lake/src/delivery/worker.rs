//! Takes spool files one after the other, delivers each, and tries again what failed.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::SchemaRef;
use tokio::sync::mpsc::UnboundedReceiver;

use super::object::{Converted, convert_errors, convert_hits};
use super::publish::Publisher;
use super::sink::{SendFile, Sink, SinkError};
use crate::clock::Clock;
use crate::disk::{Disk, is_full};
use crate::error::LakeError;
use crate::events::{Event, Observer};
use crate::file_format::FileFormat;
use crate::schema::arrow_schema;
use crate::spool::Spool;
use crate::spool::error::SpoolError;
use crate::spool::file_name::{SpoolKind, SpoolName};
use crate::spool::reader::SpoolFile;
use crate::spool::reserve::Reserve;

/// Errors that stopped the delivery of a file this time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error(transparent)]
    Lake(#[from] LakeError),
    #[error(transparent)]
    Sink(SinkError),
}

/// Waits between tries, doubled from the first to the longest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

/// The state of one delivery.
pub(crate) struct Worker {
    pub(crate) directory: PathBuf,
    pub(crate) target: Target,
    pub(crate) disk: Disk,
    pub(crate) reserve: Arc<Reserve>,
    pub(crate) clock: Clock,
    pub(crate) observer: Observer,
}

pub(crate) enum Target {
    Lake {
        publisher: Publisher,
        format: FileFormat,
        schema: SchemaRef,
    },
    Forward(SendFile),
}

/// The counts of one delivered file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) hits: u64,
    pub(crate) refused: u64,
    pub(crate) bytes: u64,
}

impl Worker {
    pub(crate) fn new(
        spool: &Spool,
        sink: Sink,
        observer: Observer,
        disk: Disk,
        clock: Clock,
    ) -> Worker {
        let target = match sink {
            Sink::Lake {
                lake,
                format,
                schema,
            } => {
                let publisher = Publisher {
                    lake,
                    stream: spool.stream().to_owned(),
                    disk: disk.clone(),
                };
                Target::Lake {
                    publisher,
                    format,
                    schema: arrow_schema(&schema),
                }
            }
            Sink::Forward(send) => Target::Forward(send),
        };
        Worker {
            directory: spool.directory().to_path_buf(),
            target,
            disk,
            reserve: spool.guarded_directory().reserve,
            clock,
            observer,
        }
    }

    /// Runs until the spool is closed and everything is delivered.
    pub(crate) async fn run(&self, mut closed: UnboundedReceiver<SpoolName>, backoff: Backoff) {
        let mut queue = VecDeque::new();
        let mut failures = 0;
        loop {
            while let Ok(name) = closed.try_recv() {
                queue.push_back(name);
            }
            let Some(name) = queue.pop_front() else {
                match closed.recv().await {
                    Some(name) => queue.push_back(name),
                    None => {
                        self.reserve.remove();
                        return;
                    }
                }
                continue;
            };
            match self.deliver_observed(name).await {
                Ok(()) => {
                    failures = 0;
                    if queue.is_empty() && closed.is_empty() {
                        self.reserve.settle();
                    }
                }
                Err(error) => {
                    failures += 1;
                    let wait = wait(backoff, failures, name);
                    tracing::warn!(
                        file = %name, error = %error, tries = failures, wait_ms = wait.as_millis() as u64,
                        "cannot deliver a spool file; its hits are safe and will be sent again"
                    );
                    self.observer.notify(Event::DeliveryFailed);
                    // Behind the others: what is wrong may be this file alone.
                    queue.push_back(name);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    async fn deliver_observed(&self, name: SpoolName) -> Result<(), DeliveryError> {
        let started = Instant::now();
        let Some(delivered) = self.deliver(name).await? else {
            return Ok(());
        };
        let Delivered {
            hits,
            refused,
            bytes,
        } = delivered;
        let took = started.elapsed();
        let age = Duration::from_millis(self.clock.now_ms().saturating_sub(name.start_ms()));
        tracing::info!(file = %name, hits, refused, bytes, took_ms = took.as_millis() as u64, "delivered");
        self.observer.notify(Event::Delivered {
            hits,
            refused,
            bytes,
            took,
            age,
        });
        Ok(())
    }

    /// Delivers one file; `None` if there is nothing to do.
    ///
    /// Callers repeat it after any failure and any crash: names derive from the spool file, so a second try
    /// finds the results of the first.
    pub(crate) async fn deliver(
        &self,
        name: SpoolName,
    ) -> Result<Option<Delivered>, DeliveryError> {
        let path = self.directory.join(name.to_string());
        let delivered = match &self.target {
            Target::Lake {
                publisher,
                format,
                schema,
            } => {
                let Some(file) = open_if_there(&path, name)? else {
                    tracing::error!(
                        file = %name,
                        "a spool file was removed before it was delivered, and its hits with it"
                    );
                    self.observer.notify(Event::SpoolFileGone);
                    return Ok(None);
                };
                match publish(publisher, *format, schema, file.clone()).await {
                    Err(LakeError::Io { source, .. })
                        if is_full(&source) && publisher.is_on_disk_of(&self.directory) =>
                    {
                        self.publish_into_reserve(publisher, *format, schema, file)
                            .await?
                    }
                    published => published?,
                }
            }
            Target::Forward(_) if name.kind() == SpoolKind::Errors => return Ok(None),
            Target::Forward(send) => {
                let hits = send(path.clone()).await.map_err(DeliveryError::Sink)?;
                Delivered {
                    hits,
                    ..Delivered::default()
                }
            }
        };
        // The removal is not synced: should the name come back after a crash, the delivery finds its object.
        let removed = self.disk.remove(&path);
        if self.reserve.is_lent()
            && let Err(error) = self.reserve.reclaim()
        {
            tracing::debug!(%error, "the reserve waits for space");
        }
        match removed {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(LakeError::Io { path, source }.into())
            }
            _ => Ok(Some(delivered)),
        }
    }

    /// Publishes once more, into the space that was kept for it. Afterwards the spool file is to be removed, and then
    /// the space to be taken back.
    async fn publish_into_reserve(
        &self,
        publisher: &Publisher,
        format: FileFormat,
        schema: &SchemaRef,
        file: SpoolFile,
    ) -> Result<Delivered, LakeError> {
        tracing::warn!(file = %file.name(), "the disk is full: delivery uses the space that is kept for it");
        self.reserve.lend();
        let published = publish(publisher, format, schema, file).await;
        if published.is_err()
            && let Err(error) = self.reserve.reclaim()
        {
            tracing::debug!(%error, "the reserve waits for space");
        }
        published
    }
}

/// `None` where the file is gone, and so was delivered before.
fn open_if_there(path: &Path, name: SpoolName) -> Result<Option<SpoolFile>, LakeError> {
    match SpoolFile::open_named(path, name) {
        Ok(file) => Ok(Some(file)),
        Err(SpoolError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn publish(
    publisher: &Publisher,
    format: FileFormat,
    schema: &SchemaRef,
    file: SpoolFile,
) -> Result<Delivered, LakeError> {
    let name = file.name();
    if name.kind() == SpoolKind::Hits && publisher.has_hits(name.start_ms(), name.id()).await? {
        return Ok(Delivered::default());
    }
    let schema = schema.clone();
    // Conversion takes seconds of a core, which must not stop the others' work.
    let converted = tokio::task::spawn_blocking(move || match name.kind() {
        SpoolKind::Hits => convert_hits(&file, &schema, format),
        SpoolKind::Errors => convert_errors(&file),
    });
    let Converted {
        object,
        hits,
        errors,
        refused,
        torn_bytes,
    } = converted.await??;
    if torn_bytes > 0 {
        tracing::warn!(
            file = %name, bytes_left_out = torn_bytes,
            "the end of a spool file is torn; nothing in it was ever answered"
        );
    }
    let mut bytes = 0;
    // Errors first: an object of hits says that the whole file is done.
    if let Some(content) = errors {
        bytes += content.len() as u64;
        publisher
            .put_errors(name.start_ms(), name.id(), content)
            .await?;
    }
    if let Some(content) = object {
        bytes += content.len() as u64;
        publisher
            .put_hits(name.start_ms(), name.id(), format, content)
            .await?;
    }
    Ok(Delivered {
        hits,
        refused,
        bytes,
    })
}

/// Returns the wait, half of which depends on the file's id, so that many machines don't retry together.
fn wait(backoff: Backoff, failures: u32, name: SpoolName) -> Duration {
    let doublings = (failures - 1).min(16);
    let longest = backoff
        .first
        .saturating_mul(1 << doublings)
        .min(backoff.longest);
    let spread = (name.id().as_u128() % 1024) as u32;
    longest / 2 + longest / 2 * spread / 1024
}
