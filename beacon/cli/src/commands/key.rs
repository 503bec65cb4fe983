//! `beacon key`: makes, lists and revokes API keys of the dashboard.

use std::io::{self, Write};
use std::process::ExitCode;

use beacon_dashboard::api_keys::{self, NewKey};
use beacon_dashboard::document::KeyRecord;

use crate::args::document::DocumentArgs;
use crate::args::text_table::{TextTable, day};
use crate::clock;

/// Make, list or revoke API keys of the dashboard
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon key new --name Grafana           make a key for all sites
  beacon key new --name Ada --site blog.example
                                          make a key with the permissions of a share link
  beacon key list                         list keys, with their last characters
  beacon key revoke 1f2e3d4c5b6a          end a key
  beacon key new --name Grafana --document s3://BUCKET
                                          make a key for the dashboard of a stack on AWS

A key reads and changes nothing. Programs send it as `Authorization: Bearer beacon_…`. Only its hash is kept, so it is \
shown once. A running dashboard knows of a change within a minute.")]
pub struct KeyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a key, and print it
    New {
        /// Name of the key, by which you know it again
        #[arg(long, value_name = "NAME")]
        name: String,

        /// Only site that the key can read [default: all sites]
        #[arg(long, value_name = "SITE")]
        site: Option<String>,

        #[command(flatten)]
        document: DocumentArgs,
    },
    /// List keys
    List {
        #[command(flatten)]
        document: DocumentArgs,
    },
    /// End a key
    Revoke {
        /// Id of the key, as `beacon key list` prints it
        #[arg(value_name = "ID")]
        id: String,

        #[command(flatten)]
        document: DocumentArgs,
    },
}

impl KeyArgs {
    /// Makes, lists or revokes.
    ///
    /// # Errors
    /// Returns an error if the document can't be read or changed, if a name or a site can't be, or if there is no such key.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let now_ms = clock::now_ms();
        match self.action {
            Action::New {
                name,
                site,
                document,
            } => {
                let document = document.open().await?;
                let made = api_keys::create(&document, NewKey { name, site }, now_ms).await?;
                writeln!(
                    io::stderr(),
                    "made key {} in {}; it is shown this once:",
                    made.id,
                    document.place()
                )?;
                writeln!(io::stdout(), "{}", made.key)?;
            }
            Action::List { document } => {
                let document = document.open().await?;
                let read = document.read(now_ms).await?;
                write!(io::stdout(), "{}", table(&read.keys))?;
            }
            Action::Revoke { id, document } => {
                let document = document.open().await?;
                api_keys::revoke(&document, &id, now_ms).await?;
                writeln!(io::stdout(), "revoked key {id}")?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(keys: &[KeyRecord]) -> TextTable {
    let mut table = TextTable::new(["id", "name", "site", "key", "made"]);
    for key in keys {
        table.push([
            key.id.clone(),
            key.name.clone(),
            key.site.clone().unwrap_or_else(|| "all sites".to_owned()),
            format!("beacon_…{}", key.last4),
            day(key.created_ms),
        ]);
    }
    table
}
