//! Requests that a browser makes before anybody has asked for the page.
//!
//! `Sec-Purpose` is in the HTML Standard, section 7.6. The others are what browsers sent before.

use crate::request::Request;
use crate::texts::rule;

/// Returns the rule by which `request` fetches ahead.
#[must_use]
pub(crate) fn find(request: &Request<'_>) -> Option<&'static str> {
    let says = |header: Option<&str>, words: &[&str]| {
        header.is_some_and(|value| words.iter().any(|word| begins_with(value, word)))
    };
    if says(request.sec_purpose, &["prefetch;prerender"]) {
        return Some(rule!("prefetch.prerender"));
    }
    if says(request.sec_purpose, &["prefetch"]) {
        return Some(rule!("prefetch.sec-purpose"));
    }
    if says(request.purpose, &["prefetch", "preview"]) {
        return Some(rule!("prefetch.purpose"));
    }
    if says(request.x_moz, &["prefetch"]) {
        return Some(rule!("prefetch.x-moz"));
    }
    if says(request.x_purpose, &["preview", "instant"]) {
        return Some(rule!("prefetch.x-purpose"));
    }
    None
}

/// Returns whether `value` begins with `word`, blanks and capitals aside.
fn begins_with(value: &str, word: &str) -> bool {
    let mut bytes = value.bytes().filter(|byte| !byte.is_ascii_whitespace());
    word.bytes().all(|expected| {
        bytes
            .next()
            .is_some_and(|byte| byte.eq_ignore_ascii_case(&expected))
    })
}
