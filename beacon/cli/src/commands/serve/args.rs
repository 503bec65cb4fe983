//! The arguments of `beacon serve` but those of its dashboard.

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;

use beacon_lake::{
    DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, DEFAULT_STREAM, FileFormat, Lake,
    SpoolOptions,
};
use beacon_server::app::{Destination, ServeOptions};
use beacon_server::country_file::CountryFile;
use beacon_server::range_file::RangeFile;
use beacon_server::salts::SaltDirectory;
use clap::builder::RangedU64ValueParser;
use clap::error::ErrorKind;

use crate::args::amounts::{parse_interval, parse_size};
use crate::args::lake::LakeArgs;
use crate::args::listen_address::parse_address;
use crate::args::salts::SaltArgs;
use crate::args::stream::{connect, parse_own_stream, parse_stream};
use crate::clock;
use crate::environment;

/// A stream's hits are not queried here, so they go soon: its default interval and size.
const STREAM_BUFFER_INTERVAL: Duration = Duration::from_secs(5);
const STREAM_BUFFER_SIZE_BYTES: u64 = 4 << 20;

/// The arguments of the server; the command adds those of the dashboard.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServeArgs {
    /// Address of the pixel: a port, for this machine only, or an address such as 0.0.0.0:8080
    #[arg(long, env = "BEACON_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    listen: SocketAddr,

    /// Number of threads that answer requests [default: one per core]
    #[arg(long, env = "BEACON_WORKERS", value_name = "COUNT", value_parser = RangedU64ValueParser::<usize>::new().range(1..=256))]
    workers: Option<usize>,

    /// Address of /metrics and /health
    #[arg(long, env = "BEACON_METRICS_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9464", value_parser = parse_address)]
    metrics_listen: SocketAddr,

    /// File that finds the country of an address, an MMDB such as GeoLite2-Country.mmdb; read again when it changes
    #[arg(long, env = "BEACON_GEOIP", value_name = "FILE")]
    geoip: Option<PathBuf>,

    /// File of address ranges whose hits are of machines, in lines such as 192.0.2.0/24,bot,uptime; read again when it
    /// changes
    #[arg(long, env = "BEACON_RANGES", value_name = "FILE")]
    ranges: Option<PathBuf>,

    #[command(flatten)]
    lake: LakeArgs,

    /// File format of the lake: parquet, or json (gzip) as Firehose writes without conversion [default: parquet]
    #[arg(
        long,
        env = "BEACON_FORMAT",
        value_name = "FORMAT",
        conflicts_with = "firehose",
        help_heading = "Lake"
    )]
    format: Option<FileFormat>,

    /// Deliver hits when the oldest is this old, for example 900 (seconds), 15m or 1h
    /// [default: 1h, or 5s with --firehose]
    #[arg(long, env = "BEACON_BUFFER_INTERVAL", value_name = "DURATION", help_heading = "Delivery", value_parser = parse_interval)]
    buffer_interval: Option<Duration>,

    /// Deliver hits when they have this size before compression, for example 64 (MiB) or 64MiB
    /// [default: 64MiB, or 4MiB with --firehose]
    #[arg(long, env = "BEACON_BUFFER_SIZE", value_name = "SIZE", help_heading = "Delivery", value_parser = parse_size)]
    buffer_size: Option<u64>,

    /// Send hits to this Firehose stream instead of a lake; region and credentials as the AWS CLI finds them
    #[arg(long, env = "BEACON_FIREHOSE", value_name = "STREAM", conflicts_with_all = ["lake", "prefix", "error_prefix", "stream"], help_heading = "Delivery", value_parser = parse_stream)]
    firehose: Option<String>,

    /// Name of the stream; the names of the lake's files begin with it
    #[arg(long, env = "BEACON_STREAM", value_name = "NAME", default_value = DEFAULT_STREAM, help_heading = "Delivery", value_parser = parse_own_stream)]
    stream: String,

    /// Also serve the Firehose API on this address, for SDKs and the Lambda; signatures are not verified
    #[arg(long, env = "BEACON_FIREHOSE_LISTEN", value_name = "ADDRESS", conflicts_with = "firehose", help_heading = "Firehose endpoint", value_parser = parse_address)]
    firehose_listen: Option<SocketAddr>,

    /// Allow an address that other machines can reach for --firehose-listen: all of them may then write to the lake
    #[arg(
        long,
        env = "BEACON_FIREHOSE_ALLOW_REMOTE",
        help_heading = "Firehose endpoint"
    )]
    firehose_allow_remote: bool,

    #[command(flatten)]
    salts: SaltArgs,
}

/// The lake or stream, spool and listener that a server uses.
pub(crate) struct ServeSetup {
    /// The destination of its hits.
    pub(crate) target: Target,
    /// The spool in which they wait, and for how long.
    pub(crate) spool: SpoolOptions,
    /// Address of /metrics and /health.
    pub(crate) metrics_listen: SocketAddr,
    /// The directory of the day's salt.
    pub(crate) salts: SaltDirectory,
    /// The file of address ranges.
    pub(crate) ranges: Option<PathBuf>,
}

/// The destination of hits, before anything is connected.
pub(crate) enum Target {
    /// Files of a lake.
    Lake { lake: Lake, format: FileFormat },
    /// The stream of this name.
    Stream(String),
}

impl ServeSetup {
    /// Returns the directories that are copied and backed up, in which no salt may be: the lake and the spool.
    pub(crate) fn copied(&self) -> Vec<&Path> {
        copied(&self.target, &self.spool)
    }
}

fn copied<'a>(target: &'a Target, spool: &'a SpoolOptions) -> Vec<&'a Path> {
    let lake = match target {
        Target::Lake { lake, .. } => lake.local_path(),
        Target::Stream(_) => None,
    };
    lake.into_iter()
        .chain([spool.directory.as_path()])
        .collect()
}

impl ServeArgs {
    /// Returns what a server of these arguments would use. Changes nothing on disk, and touches no network.
    ///
    /// # Errors
    /// A lake that can't be, or a Firehose endpoint that others could reach.
    pub(super) fn setup(&self) -> anyhow::Result<ServeSetup> {
        self.check_firehose_listen()?;
        let (target, directory, interval, size_bytes) = match &self.firehose {
            Some(stream) => (
                Target::Stream(stream.clone()),
                self.lake
                    .spool
                    .clone()
                    .unwrap_or_else(|| PathBuf::from("spool")),
                STREAM_BUFFER_INTERVAL,
                STREAM_BUFFER_SIZE_BYTES,
            ),
            None => {
                let lake = self.lake.open()?;
                let directory = self.lake.spool_folder(&lake);
                let format = self.format.unwrap_or(FileFormat::Parquet);
                (
                    Target::Lake { lake, format },
                    directory,
                    DEFAULT_BUFFER_INTERVAL,
                    DEFAULT_BUFFER_SIZE_BYTES,
                )
            }
        };
        let spool = SpoolOptions {
            directory,
            stream: self.stream.clone(),
            buffer_interval: self.buffer_interval.unwrap_or(interval),
            buffer_size_bytes: self.buffer_size.unwrap_or(size_bytes),
            clock: clock::system(),
        };
        let salts = self.salts.directory(&copied(&target, &spool));
        Ok(ServeSetup {
            target,
            spool,
            salts,
            metrics_listen: self.metrics_listen,
            ranges: self.ranges.clone(),
        })
    }

    /// Reads the arguments and the environment; a dashboard is not among them.
    ///
    /// # Errors
    /// Settings that are wrong, a lake or a stream that can't be.
    pub(super) async fn options(self) -> anyhow::Result<ServeOptions> {
        let settings = environment::settings()?;
        let setup = self.setup()?;
        let destination = match setup.target {
            Target::Lake { lake, format } => Destination::Lake { lake, format },
            Target::Stream(name) => Destination::Stream(connect(&name).await?),
        };
        let mut options = ServeOptions::new(settings, destination, setup.spool);
        options.salts = setup.salts;
        options.listen = self.listen;
        options.workers = self.workers.unwrap_or_else(cores);
        options.metrics_listen = setup.metrics_listen;
        options.firehose_listen = self.firehose_listen;
        options.countries = self.geoip.as_deref().map(CountryFile::open).transpose()?;
        options.ranges = setup.ranges.as_deref().map(RangeFile::open).transpose()?;
        options.inherited = environment::inherited_sockets()?;
        Ok(options)
    }

    fn check_firehose_listen(&self) -> Result<(), clap::Error> {
        let Some(address) = self.firehose_listen else {
            return Ok(());
        };
        if address.ip().is_loopback() || self.firehose_allow_remote {
            return Ok(());
        }
        let message = format!(
            "--firehose-listen {address} can be reached from other machines, and signatures are not verified: \
             use a loopback address such as 127.0.0.1:{}, or add --firehose-allow-remote\n",
            address.port()
        );
        Err(clap::Error::raw(ErrorKind::ValueValidation, message))
    }
}

/// Counts the cores; 1 where the system does not say.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
