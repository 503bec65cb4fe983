//! The headers by which a browser tells what it is and why it asks, also behind an edge that forwards few headers.
//!
//! CloudFront forwards ten headers. The function of `infra/edge.yaml` therefore joins more of them into one,
//! `x-beacon-hints`: `v=1`, then for each header `&name=value`, with its name in lower case and its value
//! percent-encoded. docs/record.md describes it. [`unpack`] puts them back where they were, so that nothing behind it
//! knows of the edge.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::headers::{HINTS, SEC_FETCH_SITE, SEC_GPC, X_AMZ_CF_ID, X_FORWARDED_PROTO};
use crate::percent;
use crate::trust::Trust;

/// The beginning of the joined header. A text that begins otherwise is from an edge that this version doesn't know.
const VERSION: &[u8] = b"v=1";

/// The longest joined header, in bytes. The edge writes less.
const MAX_HINTS_BYTES: usize = 4_096;

const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");
const X_MOZ: HeaderName = HeaderName::from_static("x-moz");
const X_PURPOSE: HeaderName = HeaderName::from_static("x-purpose");
const DNT: HeaderName = header::DNT;
const SEC_CH_UA: HeaderName = HeaderName::from_static("sec-ch-ua");
const SEC_CH_UA_PLATFORM: HeaderName = HeaderName::from_static("sec-ch-ua-platform");

/// The headers that the edge may join. Others in its text are left out: it joins nothing by which it proves itself.
static JOINED: [HeaderName; 13] = [
    SEC_PURPOSE,
    PURPOSE,
    X_MOZ,
    X_PURPOSE,
    SEC_GPC,
    DNT,
    SEC_FETCH_SITE,
    HeaderName::from_static("sec-fetch-mode"),
    HeaderName::from_static("sec-fetch-dest"),
    SEC_CH_UA_PLATFORM,
    HeaderName::from_static("sec-ch-ua-mobile"),
    SEC_CH_UA,
    header::ACCEPT,
];

/// The values of those headers that tell people from machines, `None` where the browser sent none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints<'a> {
    pub(crate) sec_purpose: Option<&'a str>,
    pub(crate) purpose: Option<&'a str>,
    pub(crate) x_moz: Option<&'a str>,
    pub(crate) x_purpose: Option<&'a str>,
    pub(crate) sec_ch_ua: Option<&'a str>,
    pub(crate) sec_ch_ua_platform: Option<&'a str>,
    pub(crate) sec_fetch_site: Option<&'a str>,
    /// True if all headers arrived that the browser sent, over HTTPS: then one that is absent tells something, too.
    pub(crate) is_whole: bool,
}

impl<'a> Hints<'a> {
    /// Reads them from a request's headers, which are [unpacked](unpack).
    pub(crate) fn read(headers: &'a HeaderMap, trust: &Trust) -> Hints<'a> {
        let text = |name: &HeaderName| headers.get(name)?.to_str().ok();
        Hints {
            sec_purpose: text(&SEC_PURPOSE),
            purpose: text(&PURPOSE),
            x_moz: text(&X_MOZ),
            x_purpose: text(&X_PURPOSE),
            sec_ch_ua: text(&SEC_CH_UA),
            sec_ch_ua_platform: text(&SEC_CH_UA_PLATFORM),
            sec_fetch_site: text(&SEC_FETCH_SITE),
            is_whole: arrived_whole(headers, trust),
        }
    }
}

/// Returns the headers with those that a trusted edge has joined, or `None` if there are none to unpack.
///
/// A joined header replaces one of its name. `x-beacon-hints` itself stays, and no record keeps it unasked.
pub(crate) fn unpack(headers: &HeaderMap, trust: &Trust) -> Option<HeaderMap> {
    let joined = joined_by_edge(headers, trust)?;
    let mut unpacked = headers.clone();
    for pair in joined.split(|byte| *byte == b'&') {
        let Some(at) = pair.iter().position(|byte| *byte == b'=') else {
            continue;
        };
        let (name, value) = (&pair[..at], &pair[at + 1..]);
        let Some(name) = JOINED
            .iter()
            .find(|known| known.as_str().as_bytes() == name)
        else {
            continue;
        };
        if let Ok(value) = HeaderValue::from_bytes(&percent::decode(value)) {
            unpacked.insert(name, value);
        }
    }
    Some(unpacked)
}

/// Returns the pairs behind the version, `None` where no edge has proven itself that joins headers.
fn joined_by_edge<'a>(headers: &'a HeaderMap, trust: &Trust) -> Option<&'a [u8]> {
    let joined = headers.get(HINTS)?.as_bytes();
    if joined.len() > MAX_HINTS_BYTES || !trust.is_edge(headers) {
        return None;
    }
    let pairs = joined.strip_prefix(VERSION)?;
    (pairs.is_empty() || pairs.starts_with(b"&")).then_some(pairs)
}

/// Tells whether an absent header is one that the browser didn't send. Browsers send most of them over HTTPS only, and a
/// CloudFront that doesn't join them leaves them out.
fn arrived_whole(headers: &HeaderMap, trust: &Trust) -> bool {
    if headers.contains_key(X_AMZ_CF_ID) || trust.is_edge(headers) {
        return joined_by_edge(headers, trust).is_some();
    }
    headers
        .get(X_FORWARDED_PROTO)
        .is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"))
}

#[cfg(test)]
mod tests;
