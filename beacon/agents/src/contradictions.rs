//! Requests whose headers contradict each other: programs that dress up as a browser.

use crate::client::Client;
use crate::request::Request;
use crate::texts::rule;
use crate::tokens;

/// Systems that hints and user agents name in their own words. Android and Linux are left out: a phone that asks for the
/// desktop's page names one here and the other there.
const PLATFORMS: [(&str, &str); 2] = [("\"Windows\"", "Windows"), ("\"macOS\"", "macOS")];

/// The first version of Chromium that sends client hints beside Fetch Metadata. Televisions keep older ones for years.
const FIRST_WITH_HINTS: u32 = 89;

/// Returns the rule by which `request` contradicts itself.
///
/// `folded` is its user agent in lower case, `words` are its words, `client` is what they say.
#[must_use]
pub(crate) fn find(
    request: &Request<'_>,
    folded: &[u8],
    words: u128,
    client: &Client,
) -> Option<&'static str> {
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
        // An Xbox is Windows to its browser.
        let os = client
            .os
            .map(|os| if os == "Xbox" { "Windows" } else { os });
        let differs = |(hint, name): &(&str, &str)| (platform == *hint) != (os == Some(*name));
        if os.is_some() && PLATFORMS.iter().any(differs) {
            return Some(rule!("contradiction.platform"));
        }
    }
    // Chromium sends both over HTTPS; what an app shows by it may leave them out.
    let is_chromium = request.is_whole
        && has(tokens::CHROME)
        && !has(tokens::WEBVIEW | tokens::IPHONE | tokens::IPAD)
        && has(tokens::APPLEWEBKIT)
        && chromium_version(folded).is_some_and(|version| version >= FIRST_WITH_HINTS);
    if is_chromium && request.sec_ch_ua.is_none() && request.sec_fetch_site.is_none() {
        return Some(rule!("contradiction.no-fetch-metadata"));
    }
    None
}

/// Returns the major version behind `chrome/`.
fn chromium_version(folded: &[u8]) -> Option<u32> {
    const NAME: &[u8] = b"chrome/";
    let at = folded
        .windows(NAME.len())
        .position(|window| window == NAME)?;
    let digits = folded[at + NAME.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    digits.take(4).fold(None, |version, digit| {
        Some(version.unwrap_or(0) * 10 + u32::from(digit - b'0'))
    })
}
