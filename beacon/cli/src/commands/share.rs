//! `beacon share`: makes, lists and revokes share links of the dashboard.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use beacon_core::time::DAY_MS;
use beacon_dashboard::document::ShareRecord;
use beacon_dashboard::password::{PasswordHash, hash};
use beacon_dashboard::share_links::{self, NewShare};
use chrono::NaiveDate;

use crate::args::document::DocumentArgs;
use crate::args::password::read_password;
use crate::args::text_table::{TextTable, day};
use crate::clock;

/// Make, list or revoke share links of the dashboard
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon share new --site blog.example --until 2026-12-31
                                          make a link that works until the end of that day (UTC)
  beacon share new --site blog.example --until 2026-12-31 --name 'For Ada' --password
                                          make one that asks for a password
  beacon share list                       list links
  beacon share revoke 1f2e3d4c5b6a        end a link
  beacon share list --document s3://BUCKET
                                          list links of the dashboard of a stack on AWS

Whoever has a link sees the statistics of its site, and changes nothing. Only hashes of the link and its password are \
kept, so it is shown once. A running dashboard knows of a change within a minute. Links of beacon 0.1.0 aren't listed; a \
new key of the dashboard ends them.")]
pub struct ShareArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a link, and print it
    New {
        /// Site that the link shows
        #[arg(long, value_name = "SITE")]
        site: String,

        /// Last day of the link (inclusive, UTC), at most 366 days away
        #[arg(long, value_name = "DAY", value_parser = parse_day)]
        until: NaiveDate,

        /// Name of the link, by which you know it again [default: the site]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,

        /// Ask for a password, and let the link ask for it; not on a terminal, it is a line of standard input
        #[arg(long)]
        password: bool,

        /// Address of the dashboard, for a link that is whole, for example https://stats.example
        #[arg(long, value_name = "URL", value_parser = parse_dashboard)]
        dashboard: Option<String>,

        #[command(flatten)]
        document: DocumentArgs,
    },
    /// List links
    List {
        #[command(flatten)]
        document: DocumentArgs,
    },
    /// End a link
    Revoke {
        /// Id of the link, as `beacon share list` prints it
        #[arg(value_name = "ID")]
        id: String,

        #[command(flatten)]
        document: DocumentArgs,
    },
}

impl ShareArgs {
    /// Makes, lists or revokes.
    ///
    /// # Errors
    /// Returns an error if the document can't be read or changed, if a value can't be, or if there is no such link.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let now_ms = clock::now_ms();
        match self.action {
            Action::New {
                site,
                until,
                name,
                password,
                dashboard,
                document,
            } => {
                let until_ms = end_of(until);
                if until_ms <= now_ms {
                    bail!("--until {until} is over: give today or a later day");
                }
                let password = match password {
                    true => Some(PasswordHash::parse(&hash(&read_password(
                        "Password of the link: ",
                    )?)?)?),
                    false => None,
                };
                let wanted = NewShare {
                    name,
                    site,
                    until_ms,
                    password,
                };
                let document = document.open().await?;
                let made = share_links::create(&document, wanted, now_ms).await?;
                let follows = match dashboard {
                    Some(_) => "",
                    None => " Put the address of the dashboard before it:",
                };
                writeln!(
                    io::stderr(),
                    "made share link {} in {}; it is shown this once.{follows}",
                    made.id,
                    document.place()
                )?;
                writeln!(
                    io::stdout(),
                    "{}{}",
                    dashboard.unwrap_or_default(),
                    made.path
                )?;
            }
            Action::List { document } => {
                let document = document.open().await?;
                let read = document.read(now_ms).await?;
                write!(io::stdout(), "{}", table(&read.shares, now_ms))?;
            }
            Action::Revoke { id, document } => {
                let document = document.open().await?;
                share_links::revoke(&document, &id, now_ms).await?;
                writeln!(io::stdout(), "revoked share link {id}")?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(shares: &[ShareRecord], now_ms: u64) -> TextTable {
    let mut table = TextTable::new(["id", "name", "site", "ends", "password", "made"]);
    for share in shares.iter().filter(|share| now_ms < share.until_ms) {
        let password = if share.password.is_some() {
            "yes"
        } else {
            "no"
        };
        table.push([
            share.id.clone(),
            share.name.clone(),
            share.site.clone(),
            moment(share.until_ms),
            password.to_owned(),
            day(share.created_ms),
        ]);
    }
    table
}

/// Returns a moment in UTC to the minute, since the page makes links that end at midnight elsewhere.
fn moment(ms: u64) -> String {
    beacon_core::time::format_timestamp(ms)[..16].to_owned()
}

fn end_of(day: NaiveDate) -> u64 {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    u64::try_from(days).map_or(0, |days| (days + 1) * DAY_MS)
}

fn parse_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| format!("{text:?} is not a day such as 2026-12-31"))
}

fn parse_dashboard(text: &str) -> anyhow::Result<String> {
    let url = url::Url::parse(text).context("an address is https:// with a host")?;
    match url.scheme() {
        "https" | "http" if url.has_host() && url.fragment().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => bail!("an address is http:// or https:// with a host, as https://stats.example"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_until_the_end_of_its_last_day() {
        let end = |text| end_of(parse_day(text).unwrap());
        assert_eq!(end("1970-01-01"), DAY_MS);
        assert_eq!(moment(end("2026-12-31")), "2027-01-01 00:00");
        assert_eq!(end("1969-12-30"), 0);
        assert_eq!(
            parse_day("31.12.2026").unwrap_err(),
            "\"31.12.2026\" is not a day such as 2026-12-31"
        );
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        assert_eq!(
            parse_dashboard("https://stats.example/").unwrap(),
            "https://stats.example"
        );
        for wrong in ["stats.example", "ftp://stats.example", "https://a/#b", ""] {
            assert!(parse_dashboard(wrong).is_err(), "{wrong}");
        }
    }
}
