//! Decides what a caller may query: everything on this machine if no password is set, everything after a login, one
//! site until a date with a share link, and one or all with a key.

use beacon_catalog::ALL;
use beacon_core::local_host::is_local_host;
use beacon_core::normalize;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};

use crate::api_keys::{self, KEY_PREFIX};
use crate::live_document::LiveDocument;
use crate::password::PasswordHash;
use crate::problem::Problem;
use crate::share_tokens::{self, Closed, Opened, ShareToken};
use crate::token::{Key, Purpose};

/// The header in which the page sends the token of its share link.
pub(crate) const SHARE_HEADER: &str = "x-beacon-share";

/// The detail by which the page knows that it must ask for a link's password.
const PASSWORD_REQUIRED: &str = "password required";

pub(crate) const SESSION_COOKIE: &str = "beacon_session";

/// The people who may see the dashboard without a share link.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "a process has one of it, for its life"
)]
pub enum Access {
    /// Everyone who reaches the listener by a name of this machine. For loopback only.
    Open,
    /// Everyone who knows the password of this hash.
    Password(PasswordHash),
}

/// The sites and queries that a caller may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Permissions {
    /// The owner's: everything may be read and changed.
    All,
    /// Those of a key for all sites: everything that named queries return may be read.
    ReadAll,
    /// Those of a share link, or of a key for one site.
    Share(Share),
}

/// The one site that a caller may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) site: String,
    /// The end of a share link; `None` for a key, which ends when it is revoked.
    pub(crate) until_ms: Option<u64>,
}

impl Share {
    /// Returns the name of what the caller has, for messages.
    fn credential(&self) -> &'static str {
        match self.until_ms {
            Some(_) => "share link",
            None => "key",
        }
    }
}

impl From<Opened> for Permissions {
    fn from(opened: Opened) -> Permissions {
        Permissions::Share(Share {
            site: opened.site,
            until_ms: Some(opened.until_ms),
        })
    }
}

/// The content of a session's cookie.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) until_ms: u64,
    /// Which password opened it: a new one ends all sessions of the old.
    password: String,
}

impl Session {
    pub(crate) fn of(hash: &PasswordHash, until_ms: u64) -> Session {
        Session {
            until_ms,
            password: hash.fingerprint(),
        }
    }
}

impl Access {
    /// Returns the caller's permissions, or 401. A share token takes precedence over a key, and both over a session, so
    /// that owners see what guests see.
    pub(crate) async fn permit(
        &self,
        headers: &HeaderMap,
        key: &Key,
        document: &LiveDocument,
        now_ms: u64,
    ) -> Result<Permissions, Problem> {
        if let Some(token) = headers.get(SHARE_HEADER) {
            return permit_guest(token, key, document, now_ms).await;
        }
        if let Some(api_key) = bearer_key(headers) {
            return permit_key(api_key, document, now_ms).await;
        }
        let Access::Password(hash) = self else {
            return Ok(Permissions::All);
        };
        let known = hash.fingerprint();
        let is_open = cookies(headers, SESSION_COOKIE).any(|token| {
            key.open::<Session>(Purpose::Session, token)
                .is_some_and(|session| now_ms < session.until_ms && session.password == known)
        });
        match is_open {
            true => Ok(Permissions::All),
            false => Err(unauthorized("log in with the dashboard's password")),
        }
    }

    /// Returns the name of the kind of access, as in `/api/about`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Access::Open => "open",
            Access::Password(_) => "password",
        }
    }

    /// Refuses what reaches an open dashboard by a foreign name: the page of another site whose name was made to lead
    /// here, or somebody behind a proxy, as far as the proxy or the browser tells. A proxy that tells nothing looks like
    /// this machine: whoever puts one in front has to set a password.
    pub(crate) fn check_host(&self, headers: &HeaderMap) -> Result<(), Problem> {
        match self {
            Access::Password(_) => Ok(()),
            Access::Open
                if is_local(headers) && !is_forwarded(headers) && !has_foreign_origin(headers) =>
            {
                Ok(())
            }
            Access::Open => Err(Problem::new(
                StatusCode::MISDIRECTED_REQUEST,
                "without a password the dashboard answers to localhost and loopback addresses only: \
                 set BEACON_DASHBOARD_PASSWORD_HASH to reach it by another name",
            )),
        }
    }
}

async fn permit_guest(
    token: &HeaderValue,
    key: &Key,
    document: &LiveDocument,
    now_ms: u64,
) -> Result<Permissions, Problem> {
    let token = token.to_str().unwrap_or_default();
    let token = ShareToken::parse(token, key, now_ms).ok_or_else(Problem::closed_share)?;
    let opened = match token {
        ShareToken::Signed(opened) => Ok(opened),
        ShareToken::Secret(secret) => {
            share_tokens::open(&*document.read(now_ms).await?, &secret, now_ms)
        }
        ShareToken::Unlocked(unlocked) => {
            share_tokens::open_unlocked(&*document.read(now_ms).await?, &unlocked, now_ms)
        }
    };
    match opened {
        Ok(opened) => Ok(opened.into()),
        Err(Closed::Invalid) => Err(Problem::closed_share()),
        Err(Closed::PasswordRequired) => Err(unauthorized(PASSWORD_REQUIRED)),
    }
}

async fn permit_key(
    api_key: &str,
    document: &LiveDocument,
    now_ms: u64,
) -> Result<Permissions, Problem> {
    let refused = || unauthorized("this key is not valid, or was revoked: ask for a new one");
    // What has another form is refused without a look into the document.
    if !api_keys::is_key(api_key) {
        return Err(refused());
    }
    let document = document.read(now_ms).await?;
    let record = api_keys::find(&document, api_key).ok_or_else(refused)?;
    Ok(match &record.site {
        None => Permissions::ReadAll,
        Some(site) => Permissions::Share(Share {
            site: site.clone(),
            until_ms: None,
        }),
    })
}

/// Returns the key of a request (RFC 6750), if it has one of ours. What a proxy sends for its own purposes is none.
pub(crate) fn bearer_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    let credentials = credentials.trim();
    let is_ours = scheme.eq_ignore_ascii_case("bearer") && credentials.starts_with(KEY_PREFIX);
    is_ours.then_some(credentials)
}

impl Permissions {
    /// Returns true for the owner, who alone may change something and run SQL.
    pub(crate) fn is_owner(&self) -> bool {
        matches!(self, Permissions::All)
    }

    /// Whether a question with these filters may be asked. Through a share link all sites are its site.
    pub(crate) fn check_question(
        &self,
        site: Option<&str>,
        has_column: bool,
    ) -> Result<(), Problem> {
        match (self, site) {
            (Permissions::Share(share), None | Some(ALL)) => {
                self.check_answer(Some(&share.site), has_column)
            }
            _ => self.check_answer(site, has_column),
        }
    }

    /// Whether the answer to a question that was asked with these filters may be seen.
    pub(crate) fn check_answer(&self, site: Option<&str>, has_column: bool) -> Result<(), Problem> {
        let Permissions::Share(share) = self else {
            return Ok(());
        };
        if site.map(normalize::site).as_deref() != Some(&*share.site) {
            return Err(Problem::forbidden(format!(
                "this {} is for {} only",
                share.credential(),
                share.site
            )));
        }
        // Who has a link could else find out whom a page's hits are from.
        if has_column {
            return Err(Problem::forbidden(format!(
                "a {} can't be filtered or grouped by a custom column or a property",
                share.credential()
            )));
        }
        Ok(())
    }
}

/// Refuses what another site's page has a browser send. Browsers say where a request comes from; other programs
/// don't, and have no cookie of anybody's.
pub(crate) fn check_origin(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let foreign = || Problem::forbidden("this request comes from the page of another site");
    // The browser's own word, whatever a proxy makes of `Host`.
    match is_from_another_origin(headers) {
        Some(true) => return Err(foreign()),
        Some(false) => return Ok(()),
        None => {}
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().ok().and_then(|text| text.split_once("://"));
        let host = host(headers);
        let is_same = matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host));
        if !is_same {
            return Err(foreign());
        }
    }
    Ok(())
}

/// Refuses a question that another site's page has a browser ask, such as by an image or a new window: answers take
/// time and, on AWS, money. A browser adds a session to such a request by itself, but never a key.
pub(crate) fn check_asker(headers: &HeaderMap) -> Result<(), Problem> {
    match is_from_another_origin(headers) {
        Some(true) if bearer_key(headers).is_none() => Err(Problem::forbidden(
            "this request comes from the page of another site: type the address, or send a key",
        )),
        _ => Ok(()),
    }
}

/// Whether a browser says that another origin's page makes the request. Returns `None` where nobody says anything.
fn is_from_another_origin(headers: &HeaderMap) -> Option<bool> {
    let site = headers.get("sec-fetch-site")?;
    Some(site != "same-origin" && site != "none")
}

/// Whether a proxy says that it hands on somebody else's request.
fn is_forwarded(headers: &HeaderMap) -> bool {
    [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
    ]
    .iter()
    .any(|name| headers.contains_key(*name))
}

/// Whether a browser says that the page it asks for has another name than this machine's.
fn has_foreign_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|text| text.split_once("://"));
    !origin.is_some_and(|(_, host)| is_local_host(host))
}

/// Whether a cookie can be kept to TLS: everywhere but on the machine itself, where there is none.
pub(crate) fn is_secure(headers: &HeaderMap) -> bool {
    let proto = headers.get("x-forwarded-proto");
    !is_local(headers) || proto.is_some_and(|proto| proto == "https")
}

/// Whether the browser reached us by a name of its own machine: there, HTTP without TLS is all there is.
pub(crate) fn is_local(headers: &HeaderMap) -> bool {
    host(headers).is_some_and(is_local_host)
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(move |pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}

#[cfg(test)]
mod tests;
