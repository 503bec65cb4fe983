//! The rules of [`Settings::from_lookup`](crate::settings::Settings::from_lookup) as data: `infra/settings.json`.
//!
//! `infra/deploy` and the CDK construct check settings before anything is built, where no program is at hand that could
//! be asked. They evaluate this file, whose sentences are the program's own. That both agree with the program is what
//! `tests/fixtures/settings.json` proves: settings, each with the program's verdict.
//!
//! All patterns match the whole text, and mean the same in Python and in JavaScript.

use serde_json::{Value, json};

use crate::custom_columns::{self, RESERVED_WORDS};
use crate::limits::MAX_CUSTOM_COLUMNS;
use crate::settings::Settings;
use crate::settings::error::SettingsError;

/// Unicode's White_Space, which Rust trims from both ends of a text.
const BLANK: &str = "\t\n\u{b}\u{c}\r \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

/// The letters of a header's name.
const TOKEN: &str = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

/// A step of a path: visible ASCII that needs no escape and is no wildcard.
const STEP: &str = "/[!$%&'()+,.0-9:;=@A-Z\\[\\]_a-z~-]+";

const SWITCH: &str = "on|off|1|0|true|false";

/// The value of `BEACON_PRIVACY` that has the default's meaning.
const ANONYMOUS: &str = "(?:anonymous)?";

/// The header of the edge's secret, as a pattern.
const SECRET_HEADER: &str = "x-beacon-origin-secret";

impl Settings {
    /// Returns the rules by which settings are refused, in the order in which the program checks them.
    pub fn rules() -> Value {
        json!({
            "about": "Generated from beacon/core/src/settings/rules.rs by BEACON_REGENERATE=1 cargo test -p beacon-core",
            "blank": BLANK,
            "checks": [
                privacy(), keep_headers(), columns(), trust(), origin_secret(), switch("BEACON_REQUIRE_ORIGIN_SECRET"), required_secret(), sites(),
                switch("BEACON_VISITORS"), switch("BEACON_HONOUR_GPC"), base_path(), paths(), robots(), switch("BEACON_DEBUG"),
            ],
        })
    }
}

fn keep_headers() -> Value {
    let value = || "{entry}".to_owned();
    json!({
        "variable": "BEACON_KEEP_HEADERS",
        "separator": ",",
        "tests": [
            { "part": "entry", "match": TOKEN, "refused": said(SettingsError::KeepHeader { value: value() }) },
            {
                "part": "entry",
                "when": { "BEACON_PRIVACY": ANONYMOUS },
                "fold": true,
                "not": crate::privacy::IDENTIFYING,
                "refused": said(SettingsError::KeepIdentifyingHeader { value: value() }),
            },
            {
                "part": "entry",
                "when": { "BEACON_PRIVACY": "full" },
                "fold": true,
                "not": SECRET_HEADER,
                "refused": said(SettingsError::KeepOriginSecret { value: value() }),
            },
        ],
    })
}

fn privacy() -> Value {
    let refused = SettingsError::Privacy {
        value: "{value}".to_owned(),
    };
    whole("BEACON_PRIVACY", "anonymous|full", refused)
}

fn columns() -> Value {
    let name = || "{name}".to_owned();
    let entry = || "{entry}".to_owned();
    let taken = custom_columns::taken().join("|");
    json!({
        "variable": "BEACON_COLUMNS",
        "separator": ",",
        "shape": "([^=]*)=([\\s\\S]*)",
        "parts": ["name", "from"],
        "shapeless": said(SettingsError::ColumnForm { entry: entry() }),
        "tests": [
            { "part": "name", "match": "[a-z_][a-z0-9_]{0,63}", "refused": said(SettingsError::ColumnName { name: name() }) },
            { "part": "name", "not": taken, "refused": said(SettingsError::ColumnTaken { name: name() }) },
            { "part": "name", "not": RESERVED_WORDS.join("|"), "refused": said(SettingsError::ColumnReserved { name: name() }) },
            { "unique": "name", "refused": said(SettingsError::ColumnTwice { name: name() }) },
            {
                "part": "from",
                "match": format!("params\\.[\\s\\S]+|headers\\.{TOKEN}"),
                "refused": said(SettingsError::ColumnForm { entry: entry() }),
            },
            {
                "header": "from",
                "when": { "BEACON_PRIVACY": "full" },
                "kept": no_credential(),
                "or_in": "BEACON_KEEP_HEADERS",
                "refused": said(SettingsError::ColumnCredential { entry: entry(), header: "{header}".to_owned() }),
            },
            {
                "header": "from",
                "when": { "BEACON_PRIVACY": ANONYMOUS },
                "kept": crate::privacy::HARMLESS,
                "or_in": "BEACON_KEEP_HEADERS",
                "refused": said(SettingsError::ColumnHeader { entry: entry(), header: "{header}".to_owned() }),
            },
        ],
        "most": MAX_CUSTOM_COLUMNS,
        "too_many": said_of_count(),
    })
}

/// Returns the headers that `full` keeps by default.
fn no_credential() -> String {
    let harmless = crate::privacy::HARMLESS;
    let words = crate::privacy::CREDENTIAL_WORDS.join("|");
    format!("{harmless}|(?![\\s\\S]*(?:{words}))[\\s\\S]*")
}

fn trust() -> Value {
    let refused = SettingsError::Trust {
        value: "{value}".to_owned(),
    };
    whole(
        "BEACON_TRUST",
        "none|cloudfront|proxies=\\+?0*(?:[1-9]|1[0-6])",
        refused,
    )
}

fn origin_secret() -> Value {
    json!({
        "variable": "BEACON_ORIGIN_SECRET",
        "when": { "BEACON_TRUST": "cloudfront" },
        "required": said(SettingsError::OriginSecretMissing),
        "tests": [{ "part": "value", "match": "[!-~]+", "refused": said(SettingsError::OriginSecretForm) }],
    })
}

fn required_secret() -> Value {
    json!({
        "variable": "BEACON_ORIGIN_SECRET",
        "when": { "BEACON_REQUIRE_ORIGIN_SECRET": "on|1|true" },
        "required": said(SettingsError::RequiredSecretMissing),
        "tests": [{ "part": "value", "match": "[!-~]+", "refused": said(SettingsError::OriginSecretForm) }],
    })
}

fn sites() -> Value {
    let refused = SettingsError::Site {
        value: "{entry}".to_owned(),
    };
    json!({
        "variable": "BEACON_SITES",
        "separator": ",",
        "tests": [{
            "part": "entry",
            "match": "(?:\\*\\.)?(?:[A-Za-z0-9._-]|[^\\x00-\\x7f])+",
            "refused": said(refused),
        }],
    })
}

fn paths() -> Value {
    let form = || {
        said(SettingsError::PathForm {
            entry: "{entry}".to_owned(),
        })
    };
    let taken = || {
        said(SettingsError::PathTaken {
            path: "{path}".to_owned(),
        })
    };
    json!({
        "variable": "BEACON_PATHS",
        "separator": ",",
        "shape": "([^=]*)=([\\s\\S]*)",
        "parts": ["path", "kind"],
        "shapeless": form(),
        "tests": [
            { "part": "kind", "match": crate::routes::KINDS.join("|"), "refused": form() },
            { "part": "path", "match": format!("(?=/)(?:{STEP})*(?:/\\*?)?"), "refused": form() },
            { "part": "path", "not": crate::routes::BUILT_IN.join("|").replace('.', "\\."), "refused": taken() },
            // A prefix is shown without its star.
            { "unique": "path", "shown_without": "*", "refused": taken() },
        ],
    })
}

fn base_path() -> Value {
    let refused = SettingsError::BasePath {
        value: "{value}".to_owned(),
    };
    whole("BEACON_BASE_PATH", &format!("(?:{STEP})*/*"), refused)
}

fn robots() -> Value {
    let refused = SettingsError::Robots {
        value: "{value}".to_owned(),
    };
    whole("BEACON_ROBOTS", "allow|disallow", refused)
}

/// Returns the rule of a variable that is on or off.
fn switch(variable: &'static str) -> Value {
    let refused = SettingsError::Switch {
        variable,
        value: "{value}".to_owned(),
    };
    whole(variable, SWITCH, refused)
}

/// Returns the rule of a variable that is one text.
fn whole(variable: &str, pattern: &str, refused: SettingsError) -> Value {
    json!({
        "variable": variable,
        "tests": [{ "part": "value", "match": pattern, "refused": said(refused) }],
    })
}

fn said(error: SettingsError) -> String {
    error.to_string()
}

/// Its count is a number, which no placeholder can stand for.
fn said_of_count() -> String {
    let unlikely = 7_654_321;
    said(SettingsError::ColumnCount { count: unlikely }).replace(&unlikely.to_string(), "{count}")
}
