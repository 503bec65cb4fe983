//! Requests whose headers contradict each other: programs that dress up as a browser.

use crate::client::Client;
use crate::request::Request;
use crate::texts::rule;
use crate::tokens;

/// Systems that hints and user agents name in their own words. Android and Linux are left out: a phone that asks for the
/// desktop's page names one here and the other there.
const PLATFORMS: [(&str, &str); 2] = [("\"Windows\"", "Windows"), ("\"macOS\"", "macOS")];

/// Returns the rule by which `request` contradicts itself.
///
/// `words` are those of its user agent, `client` is what they say.
#[must_use]
pub(crate) fn find(request: &Request<'_>, words: u128, client: &Client) -> Option<&'static str> {
    if request.webdriver {
        return Some(rule!("automation.webdriver"));
    }
    let has = |bits| words & bits != 0;
    if let Some(brands) = request.sec_ch_ua {
        if brands.contains("HeadlessChrome") {
            return Some(rule!("automation.headless-hint"));
        }
        if has(tokens::FIREFOX) && !has(tokens::CHROME | tokens::CHROMIUM) {
            return Some(rule!("contradiction.firefox-hint"));
        }
        if client.browser == Some("Safari") {
            return Some(rule!("contradiction.safari-hint"));
        }
    }
    if let Some(platform) = request
        .sec_ch_ua_platform
        .filter(|platform| !matches!(*platform, "" | "\"\"" | "\"Unknown\""))
    {
        let differs =
            |(hint, name): &(&str, &'static str)| (platform == *hint) != (client.os == Some(*name));
        if PLATFORMS.iter().any(differs) {
            return Some(rule!("contradiction.platform"));
        }
    }
    // Chromium sends both over HTTPS since version 89; what an app shows by it may leave them out.
    let is_chromium = has(tokens::CHROME)
        && !has(tokens::WEBVIEW | tokens::IPHONE | tokens::IPAD)
        && has(tokens::APPLEWEBKIT);
    if request.is_whole
        && is_chromium
        && request.sec_ch_ua.is_none()
        && request.sec_fetch_site.is_none()
    {
        return Some(rule!("contradiction.no-fetch-metadata"));
    }
    None
}
