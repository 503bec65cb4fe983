//! A machine with a spool and a lake, on the model of a disk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beacon_core::schema::Schema;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::clock::Clock;
use crate::delivery::publish::Publisher;
use crate::delivery::worker::{Target, Worker};
use crate::disk::Disk;
use crate::disk::model::{Fault, Model, StepKind, Whims};
use crate::events::Observer;
use crate::file_format::FileFormat;
use crate::lake::Lake;
use crate::schema::arrow_schema;
use crate::snapshot::snapshot;
use crate::spool::directory::SpoolDirectory;
use crate::spool::error::AppendError;
use crate::spool::file_name::{SpoolKind, SpoolName};
use crate::spool::frame::Group;
use crate::spool::reserve::Reserve;
use crate::spool::writer::{Limits, Writer};
use crate::spool::{self, lock};
use crate::testing::{AT_MS, Seen, lake_in, line, read, seen};

const LIMITS: Limits = Limits {
    age: Duration::from_secs(600),
    size_bytes: 600,
};

/// A machine with a spool and a lake, that can stop and start again.
pub(crate) struct Machine {
    runtime: Runtime,
    pub(crate) dir: TempDir,
    lake: Lake,
    disk: Disk,
    pub(crate) model: Arc<Mutex<Model>>,
    directory: SpoolDirectory,
    limits: Limits,
    pub(crate) writer: Writer,
    closed: UnboundedReceiver<SpoolName>,
    waiting: Vec<SpoolName>,
    pub(crate) now_ms: u64,
    written: usize,
    pub(crate) answered: Vec<usize>,
}

impl Machine {
    pub(crate) fn new() -> Machine {
        Machine::with_limits(LIMITS)
    }

    pub(crate) fn with_limits(limits: Limits) -> Machine {
        let dir = TempDir::new().unwrap();
        let (disk, model) = Disk::model();
        let lake = lake_in(&dir.path().join("lake"));
        let directory = dir.path().join("spool");
        std::fs::create_dir(&directory).unwrap();
        // Their steps are none of a test's: the next one begins with the first append.
        let real = Disk::default();
        let directory = SpoolDirectory {
            lock: Arc::new(lock::take(&real, &directory).unwrap()),
            reserve: Arc::new(Reserve::open(&disk, &directory, 0).unwrap()),
            disk: disk.clone(),
            path: directory,
        };
        let (writer, closed) = writer(&directory, limits);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        Machine {
            runtime,
            dir,
            lake,
            disk,
            model,
            directory,
            limits,
            writer,
            closed,
            waiting: vec![],
            now_ms: AT_MS,
            written: 0,
            answered: vec![],
        }
    }

    pub(crate) fn spool(&self) -> PathBuf {
        self.dir.path().join("spool")
    }

    pub(crate) fn append(&mut self, count: usize) -> Result<(), AppendError> {
        let ids = self.written..self.written + count;
        self.written += count;
        let mut group = Group::new();
        for id in ids.clone() {
            group.push(line(id).as_bytes());
        }
        group.finish();
        let result = self.writer.commit(&group, self.now_ms);
        if result.is_ok() {
            self.answered.extend(ids);
        }
        result
    }

    /// Delivers all closed files, as far as that goes.
    pub(crate) fn deliver(&mut self) -> Result<(), String> {
        while let Ok(name) = self.closed.try_recv() {
            self.waiting.push(name);
        }
        let publisher = Publisher {
            lake: self.lake.clone(),
            stream: "hits".to_owned(),
            disk: self.disk.clone(),
        };
        let schema = arrow_schema(&Schema::builtin());
        let worker = Worker {
            directory: self.spool(),
            // The format does not matter to what survives, and this one is quickly written.
            target: Target::Lake {
                publisher,
                format: FileFormat::Json,
                schema,
            },
            disk: self.disk.clone(),
            reserve: Arc::clone(&self.directory.reserve),
            clock: Clock::from_fn(|| AT_MS),
            observer: Observer::none(),
        };
        while let Some(&name) = self.waiting.first() {
            self.runtime
                .block_on(worker.deliver(name))
                .map_err(|error| error.to_string())?;
            self.waiting.remove(0);
        }
        self.directory.reserve.settle();
        Ok(())
    }

    /// Appends on a machine that may be broken. Failed appends may be lost: the check looks at answered hits only.
    pub(crate) fn try_to_append(&mut self, count: usize) {
        if let Err(lost) = self.append(count) {
            assert_ne!(lost, AppendError::ShuttingDown);
        }
    }

    pub(crate) fn try_to_deliver(&mut self) {
        if let Err(error) = self.deliver() {
            assert!(!self.waiting.is_empty(), "{error}");
        }
    }

    /// The process ends and another begins; with `whims` the whole machine.
    pub(crate) fn restart(&mut self, whims: Option<&mut Whims>) {
        let mut model = self.model.lock().unwrap();
        match whims {
            Some(whims) => model.crash(whims),
            None => model.go_on(),
        }
        drop(model);
        if let Ok(reserve) = Reserve::open(&self.disk, &self.directory.path, 0) {
            self.directory.reserve = Arc::new(reserve);
        }
        (self.writer, self.closed) = writer(&self.directory, self.limits);
        self.waiting = spool::leftovers(&self.spool()).unwrap();
    }

    pub(crate) fn seen(&self) -> Seen {
        self.runtime.block_on(seen(&self.lake, &self.spool()))
    }

    #[track_caller]
    pub(crate) fn check(&self) {
        let seen = self.seen();
        for id in &self.answered {
            assert_eq!(
                seen.get(&id.to_string()),
                Some(&1),
                "hit {id} was answered; seen: {seen:?}"
            );
        }
        for (id, count) in &seen {
            assert_eq!(*count, 1, "hit {id}");
            assert!(
                id.parse::<usize>().unwrap() < self.written,
                "hit {id} was never written"
            );
        }
    }

    /// Somebody removes this, a file of the spool or all of it, and with it the hits that are nowhere else.
    pub(crate) fn remove(&mut self, path: &Path) {
        match path.is_dir() {
            true => std::fs::remove_dir_all(path).unwrap(),
            false => std::fs::remove_file(path).unwrap(),
        }
        self.model.lock().unwrap().forget(path);
        let durable = self.durable();
        self.answered
            .retain(|id| durable.contains_key(&id.to_string()));
    }

    /// The hits that a crash leaves. An object whose name is not synced yet has its hits in the spool too, unless
    /// somebody removes them there.
    fn durable(&self) -> Seen {
        let spool = self.spool();
        let snapshot = snapshot(&self.lake, Some(&spool), None);
        let mut snapshot = self.runtime.block_on(snapshot).unwrap();
        let model = self.model.lock().unwrap();
        // Paths of a local store begin at the root of the file system, without the slash.
        snapshot
            .data
            .retain(|file| model.is_durable(&Path::new("/").join(file.path.as_ref())));
        drop(model);
        self.runtime.block_on(read(&self.lake, &snapshot))
    }

    pub(crate) fn first_spool_file(&self) -> Option<PathBuf> {
        let names = spool::leftovers(&self.spool()).unwrap();
        let name = names.first()?;
        Some(self.spool().join(name.to_string()))
    }

    pub(crate) fn spool_files(&self) -> usize {
        spool::leftovers(&self.spool()).unwrap().len()
    }

    pub(crate) fn fail(
        &self,
        kind: StepKind,
        after: usize,
        times: usize,
        error: io::ErrorKind,
        written: usize,
    ) {
        self.model.lock().unwrap().fail(Fault {
            kind,
            after,
            times,
            error,
            written,
        });
    }
}

fn writer(directory: &SpoolDirectory, limits: Limits) -> (Writer, UnboundedReceiver<SpoolName>) {
    let (sender, closed) = unbounded_channel();
    let writer = Writer::new(
        directory.clone(),
        SpoolKind::Hits,
        limits,
        sender,
        Observer::none(),
    );
    (writer, closed)
}
