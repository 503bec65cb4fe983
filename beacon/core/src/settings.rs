//! Settings: read once, checked as a whole, and refused with a message that says what to write.

pub(crate) mod error;
mod names;
mod rules;

use std::net::IpAddr;

use http::HeaderMap;

use crate::country::Countries;
use crate::custom_columns;
use crate::policy::Policy;
use crate::privacy::Privacy;
use crate::ranges::AgentRanges;
use crate::robots::Robots;
use crate::routes::Routes;
use crate::schema::{CustomColumn, Schema};
use crate::sites::{NotASite, Sites};
use crate::trust::{Gate, Trust};

pub use error::SettingsError;

/// The settings that the server and the Lambda function share.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) policy: Policy,
    pub(crate) gate: Gate,
    pub(crate) custom_columns: Vec<CustomColumn>,
    pub(crate) routes: Routes,
    pub(crate) robots: Robots,
    pub(crate) debug: bool,
}

/// A variable of the environment, for `--help` and the documentation.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// `BEACON_…`.
    pub name: &'static str,
    /// The default, as a user would write it; empty if there is none.
    pub default: &'static str,
    /// One sentence with the form of the value.
    pub meaning: &'static str,
}

impl Settings {
    /// The variables that [`Settings::from_lookup`] asks for.
    pub const VARIABLES: &[Variable] = &[
        Variable {
            name: "BEACON_PRIVACY",
            default: "anonymous",
            meaning: "`anonymous` keeps no address, headers by allow-list and URLs without query; `full` keeps all that a request carried but credentials",
        },
        Variable {
            name: "BEACON_KEEP_HEADERS",
            default: "",
            meaning: "more headers to keep, as `name,name`: with `anonymous` never addresses, cookies, credentials or validators; with `full` the cookies and credentials that it leaves out",
        },
        Variable {
            name: "BEACON_SITES",
            default: "",
            meaning: "the only sites whose hits are recorded, as `blog.example,*.shop.example`; without it, all",
        },
        Variable {
            name: "BEACON_COLUMNS",
            default: "",
            meaning: "parameters and headers that get a column of their own, as `userid=params.userid,ua=headers.user-agent`",
        },
        Variable {
            name: "BEACON_PATHS",
            default: "",
            meaning: "more paths, as `/i.gif=gif,/s/*=css,/a.js=client`; kinds: `gif`, `png`, `css`, `js`, `track`, `client`",
        },
        Variable {
            name: "BEACON_BASE_PATH",
            default: "",
            meaning: "a path that everything lies below, as `/stats`",
        },
        Variable {
            name: "BEACON_TRUST",
            default: "none",
            meaning: "who may name the visitor's address: `none`, `cloudfront` (needs `BEACON_ORIGIN_SECRET`), or `proxies=N` for the last N entries of X-Forwarded-For",
        },
        Variable {
            name: "BEACON_ORIGIN_SECRET",
            default: "",
            meaning: "what the edge sends as `x-beacon-origin-secret` to prove itself",
        },
        Variable {
            name: "BEACON_REQUIRE_ORIGIN_SECRET",
            default: "off",
            meaning: "`on` answers 403 to every request without the secret, `/health` aside (needs `BEACON_ORIGIN_SECRET`)",
        },
        Variable {
            name: "BEACON_VISITORS",
            default: "on",
            meaning: "`off` leaves the column `visitor` NULL, and no salt is made",
        },
        Variable {
            name: "BEACON_HONOUR_GPC",
            default: "off",
            meaning: "`on` leaves the column `visitor` NULL where the browser sends `Sec-GPC: 1` or `DNT: 1`; the hit is counted",
        },
        Variable {
            name: "BEACON_ROBOTS",
            default: "disallow",
            meaning: "`allow` serves a `robots.txt` that lets crawlers and AI agents request the beacon; `disallow` serves one that asks them to stay away",
        },
        Variable {
            name: "BEACON_DEBUG",
            default: "off",
            meaning: "`on` lets `?debug=1` answer with the record that would be stored, and store nothing; while it is off, such a hit is recorded and `X-Beacon` says so",
        },
    ];

    /// Reads and checks all settings. `lookup` takes the name of a variable and returns its value if it is set; an
    /// empty or blank value counts as not set.
    ///
    /// # Errors
    /// Returns the first setting that is wrong, with the value and what to write instead.
    ///
    /// ```
    /// # use beacon_core::settings::Settings;
    /// let error = Settings::from_lookup(|name| (name == "BEACON_PRIVACY").then(|| "none".into())).unwrap_err();
    /// assert_eq!(error.to_string(), "BEACON_PRIVACY is `none`: set `anonymous` or `full`");
    /// ```
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Settings, SettingsError> {
        let set = |name: &str| {
            lookup(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let list = |name: &str| set(name).unwrap_or_default();
        let privacy = Privacy::parse(
            set("BEACON_PRIVACY").as_deref(),
            &list("BEACON_KEEP_HEADERS"),
        )?;
        let custom_columns = custom_columns::parse(&list("BEACON_COLUMNS"), &privacy)?;
        let secret = set("BEACON_ORIGIN_SECRET");
        let trust = Trust::parse(set("BEACON_TRUST").as_deref(), secret.clone())?;
        let is_required = set("BEACON_REQUIRE_ORIGIN_SECRET");
        let is_required = parse_switch("BEACON_REQUIRE_ORIGIN_SECRET", is_required, false)?;
        let gate = Gate::new(is_required, secret)?;
        Ok(Settings {
            policy: Policy {
                privacy,
                trust,
                sites: Sites::parse(&list("BEACON_SITES"))
                    .map_err(|NotASite { entry: value }| SettingsError::Site { value })?,
                countries: Countries::default(),
                ranges: AgentRanges::default(),
                visitors: parse_switch("BEACON_VISITORS", set("BEACON_VISITORS"), true)?,
                honour_gpc: parse_switch("BEACON_HONOUR_GPC", set("BEACON_HONOUR_GPC"), false)?,
            },
            gate,
            routes: Routes::parse(&list("BEACON_PATHS"), &list("BEACON_BASE_PATH"))?,
            robots: Robots::parse(set("BEACON_ROBOTS").as_deref())?,
            debug: parse_switch("BEACON_DEBUG", set("BEACON_DEBUG"), false)?,
            custom_columns,
        })
    }

    /// Returns the columns of the table: the built-in ones, then the custom ones.
    pub fn schema(&self) -> Schema {
        Schema::with_custom(&self.custom_columns)
    }

    /// Returns the value of `BEACON_PRIVACY`: `anonymous` or `full`.
    pub fn privacy(&self) -> &'static str {
        match self.policy.privacy.is_full() {
            true => "full",
            false => "anonymous",
        }
    }

    /// Returns the sites whose hits are recorded, as `blog.example` and `*.shop.example`; none for all.
    pub fn sites(&self) -> Vec<String> {
        self.policy.sites.listed()
    }

    /// Tells whether `BEACON_VISITORS` is on: hits have a visitor where the adapter brings a salt.
    pub fn visitors(&self) -> bool {
        self.policy.visitors
    }

    /// Returns the client's address as `BEACON_TRUST` allows to know it. `peer` is the address of the connection's
    /// other end.
    pub fn client_address(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
        self.policy.trust.address(headers, peer)
    }

    /// Returns the value of `BEACON_BASE_PATH` without a slash at its end: empty, or like `/stats`.
    pub fn base_path(&self) -> &str {
        self.routes.base_path()
    }

    /// Renders the table of settings for the documentation, in Markdown.
    pub fn markdown() -> String {
        let mut table = String::from("| variable | default | meaning |\n|---|---|---|\n");
        for variable in Settings::VARIABLES {
            let default = match variable.default {
                "" => String::new(),
                default => format!("`{default}`"),
            };
            table.push_str(&format!(
                "| `{}` | {default} | {} |\n",
                variable.name, variable.meaning
            ));
        }
        table
    }
}

fn parse_switch(
    variable: &'static str,
    value: Option<String>,
    default: bool,
) -> Result<bool, SettingsError> {
    match value.as_deref() {
        None => Ok(default),
        Some("off" | "0" | "false") => Ok(false),
        Some("on" | "1" | "true") => Ok(true),
        Some(other) => Err(SettingsError::Switch {
            variable,
            value: other.to_owned(),
        }),
    }
}
