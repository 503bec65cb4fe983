//! Settings: read once, checked whole, said clearly when they are wrong.

mod names;
mod rules;

use std::net::IpAddr;

use http::HeaderMap;
use thiserror::Error;

use crate::columns::{self, MAX_OWN_COLUMNS, OwnColumn};
use crate::privacy::Privacy;
use crate::route::Routes;
use crate::schema::Schema;
use crate::sites::Sites;
use crate::trust::{Gate, Trust};

/// The settings of the beacon that its two programs share.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) privacy: Privacy,
    pub(crate) trust: Trust,
    pub(crate) gate: Gate,
    pub(crate) sites: Sites,
    pub(crate) own_columns: Vec<OwnColumn>,
    pub(crate) routes: Routes,
    pub(crate) debug: bool,
}

/// A variable that sets something, for `--help` and the README.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// `BEACON_…`.
    pub name: &'static str,
    /// What holds while it is not set, as one would write it; empty where that is nothing.
    pub default: &'static str,
    /// One sentence, with the form of the value.
    pub meaning: &'static str,
}

impl Settings {
    /// Every variable that [`Settings::from_lookup`] asks for.
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
            name: "BEACON_DEBUG",
            default: "off",
            meaning: "`on` lets `?debug=1` answer with the record that would be stored, and store nothing; while it is off, such a hit is recorded and `X-Beacon` says so",
        },
    ];

    /// Reads and checks all settings. `lookup` is given the name of a variable and gives its value if it is set;
    /// a value that is empty or blank counts as not set.
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
        let own_columns = columns::parse(&list("BEACON_COLUMNS"), &privacy)?;
        let secret = set("BEACON_ORIGIN_SECRET");
        Ok(Settings {
            trust: Trust::parse(set("BEACON_TRUST").as_deref(), secret.clone())?,
            gate: Gate::new(
                parse_switch(
                    "BEACON_REQUIRE_ORIGIN_SECRET",
                    set("BEACON_REQUIRE_ORIGIN_SECRET"),
                )?,
                secret,
            )?,
            sites: Sites::parse(&list("BEACON_SITES"))?,
            routes: Routes::parse(&list("BEACON_PATHS"), &list("BEACON_BASE_PATH"))?,
            debug: parse_switch("BEACON_DEBUG", set("BEACON_DEBUG"))?,
            privacy,
            own_columns,
        })
    }

    /// The table's columns: the built-in ones, then the own ones.
    pub fn columns(&self) -> Schema {
        Schema::with_own(&self.own_columns)
    }

    /// What `BEACON_PRIVACY` says: `anonymous` or `full`.
    pub fn privacy(&self) -> &'static str {
        match self.privacy.is_full() {
            true => "full",
            false => "anonymous",
        }
    }

    /// The address of a client, as far as somebody whom `BEACON_TRUST` believes knows it; `peer` is the other end of
    /// the connection.
    pub fn client_address(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
        self.trust.address(headers, peer)
    }

    /// What `BEACON_BASE_PATH` says, without a slash at its end: empty, or as `/stats`.
    pub fn base_path(&self) -> &str {
        self.routes.base_path()
    }

    /// The table of settings for the README.
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

fn parse_switch(variable: &'static str, value: Option<String>) -> Result<bool, SettingsError> {
    match value.as_deref() {
        None | Some("off" | "0" | "false") => Ok(false),
        Some("on" | "1" | "true") => Ok(true),
        Some(other) => Err(SettingsError::Switch {
            variable,
            value: other.to_owned(),
        }),
    }
}

/// A setting that stops the start. Each message names the variable, shows the value and says what to write.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// `BEACON_PRIVACY` is no mode.
    #[error("BEACON_PRIVACY is `{value}`: set `anonymous` or `full`")]
    Privacy {
        /// As set.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` can't be a header's name.
    #[error("BEACON_KEEP_HEADERS has `{value}`, which is no header name: separate names by commas")]
    KeepHeader {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` could identify a visitor.
    #[error(
        "BEACON_KEEP_HEADERS has `{value}`, which identifies visitors: leave it out, or set BEACON_PRIVACY=full"
    )]
    KeepIdentifyingHeader {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` would hand the edge's secret to every reader of the lake.
    #[error("BEACON_KEEP_HEADERS has `{value}`, which no record keeps: leave it out")]
    KeepOriginSecret {
        /// The entry.
        value: String,
    },
    /// `BEACON_TRUST` is none of its forms.
    #[error(
        "BEACON_TRUST is `{value}`: set `none`, `cloudfront` or `proxies=N` with N from 1 to 16"
    )]
    Trust {
        /// As set.
        value: String,
    },
    /// CloudFront can't be believed without a proof.
    #[error(
        "BEACON_TRUST is `cloudfront`, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"
    )]
    OriginSecretMissing,
    /// Nobody could be let in.
    #[error(
        "BEACON_REQUIRE_ORIGIN_SECRET is on, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"
    )]
    RequiredSecretMissing,
    /// The secret can't be sent as a header.
    #[error(
        "BEACON_ORIGIN_SECRET has a character that a header can't carry (value not shown): use letters and digits"
    )]
    OriginSecretForm,
    /// An entry of `BEACON_SITES` is no host.
    #[error(
        "BEACON_SITES has `{value}`: write hosts without scheme, port or path, like `blog.example` or `*.shop.example`"
    )]
    Site {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_COLUMNS` has another form.
    #[error(
        "BEACON_COLUMNS has `{entry}`: write `name=params.parameter` or `name=headers.header-name`"
    )]
    ColumnForm {
        /// The entry.
        entry: String,
    },
    /// A column's name must need no quotes anywhere.
    #[error(
        "BEACON_COLUMNS names a column `{name}`: use lower-case letters, digits and `_`, no digit first, at most 64 characters"
    )]
    ColumnName {
        /// The name.
        name: String,
    },
    /// The table has such a column, or will have.
    #[error(
        "BEACON_COLUMNS names a column `{name}`, which the table has or reserves: choose another name"
    )]
    ColumnTaken {
        /// The name.
        name: String,
    },
    /// SQL would need quotes around it.
    #[error(
        "BEACON_COLUMNS names a column `{name}`, which is a reserved word in SQL: choose another name"
    )]
    ColumnReserved {
        /// The name.
        name: String,
    },
    /// Two own columns of one name.
    #[error("BEACON_COLUMNS names `{name}` twice: remove one")]
    ColumnTwice {
        /// The name.
        name: String,
    },
    /// The header would never be there.
    #[error(
        "BEACON_COLUMNS has `{entry}`, but BEACON_PRIVACY=anonymous does not keep that header: add `{header}` to BEACON_KEEP_HEADERS"
    )]
    ColumnHeader {
        /// The entry.
        entry: String,
        /// The header's name.
        header: String,
    },
    /// The header is a credential, which is kept only where it is named.
    #[error(
        "BEACON_COLUMNS has `{entry}`, but BEACON_PRIVACY=full leaves credentials out: add `{header}` to BEACON_KEEP_HEADERS"
    )]
    ColumnCredential {
        /// The entry.
        entry: String,
        /// The header's name.
        header: String,
    },
    /// Too many own columns.
    #[error("BEACON_COLUMNS has {count} columns: at most {MAX_OWN_COLUMNS} have room in a record")]
    ColumnCount {
        /// How many.
        count: usize,
    },
    /// An entry of `BEACON_PATHS` has another form.
    #[error(
        "BEACON_PATHS has `{entry}`: write `/path=kind` or `/folder/*=kind`, kind one of gif, png, css, js, track, client"
    )]
    PathForm {
        /// The entry.
        entry: String,
    },
    /// A path that leads somewhere already.
    #[error("BEACON_PATHS has `{path}`, which leads somewhere already: choose another path")]
    PathTaken {
        /// The path.
        path: String,
    },
    /// `BEACON_BASE_PATH` is no path.
    #[error("BEACON_BASE_PATH is `{value}`: write a path like `/stats`, without query")]
    BasePath {
        /// As set.
        value: String,
    },
    /// A variable that nothing reads.
    #[error("{name} is set, which nothing reads: {advice}")]
    UnknownVariable {
        /// Its name; its value may be a secret.
        name: String,
        /// What to do.
        advice: String,
    },
    /// A switch that is neither on nor off.
    #[error("{variable} is `{value}`: set `on` or `off`")]
    Switch {
        /// Which.
        variable: &'static str,
        /// As set.
        value: String,
    },
}
