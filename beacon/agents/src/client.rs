//! Browser, system and kind of device of a user agent.

use crate::request::Request;
use crate::tokens;

/// Names of a client's browser, system and device; `None` where the user agent doesn't say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Name of the browser or of the app that shows the page, such as `Firefox`.
    pub browser: Option<&'static str>,
    /// Name of the operating system, such as `Android`.
    pub os: Option<&'static str>,
    /// Kind of device: `phone`, `tablet`, `desktop`, `tv`, `console`, `wearable` or `car`.
    pub device: Option<&'static str>,
}

/// Returns what the words of a user agent and the hints of `request` say of the client.
///
/// A Mac whose screen takes several fingers is an iPad: that is how Apple's tablets call themselves. Only Chromium sends
/// hints, and on an iPad no browser is one.
#[must_use]
pub(crate) fn read(words: u128, request: &Request<'_>) -> Client {
    let words = words | hinted(request);
    let is_mac = request.sec_ch_ua_platform == Some("\"macOS\"");
    let os = system(words, request.touch && !is_mac);
    Client {
        browser: browser(words),
        os,
        device: device(words, os),
    }
}

fn browser(words: u128) -> Option<&'static str> {
    /// Names in the order in which they are looked for: what an app adds comes before what it is built on.
    const NAMES: [(u128, &str); 28] = [
        (tokens::INSTAGRAM, "Instagram"),
        (tokens::FACEBOOK, "Facebook"),
        (tokens::LINKEDIN, "LinkedIn"),
        (tokens::TIKTOK, "TikTok"),
        (tokens::SNAPCHAT, "Snapchat"),
        (tokens::PINTEREST, "Pinterest"),
        (tokens::WECHAT, "WeChat"),
        (tokens::LINE, "Line"),
        (tokens::GOOGLE_APP, "Google app"),
        (tokens::UC_BROWSER, "UC Browser"),
        (tokens::OPERA_MINI, "Opera Mini"),
        (tokens::SAMSUNG_INTERNET, "Samsung Internet"),
        (tokens::QQ_BROWSER, "QQ Browser"),
        (tokens::MIUI_BROWSER, "MIUI Browser"),
        (tokens::HUAWEI_BROWSER, "Huawei Browser"),
        (tokens::YANDEX_BROWSER, "Yandex Browser"),
        (tokens::DUCKDUCKGO, "DuckDuckGo"),
        (tokens::BRAVE, "Brave"),
        (tokens::VIVALDI, "Vivaldi"),
        (tokens::WHALE, "Whale"),
        (tokens::SILK, "Silk"),
        (tokens::EDGE, "Edge"),
        (tokens::OPERA, "Opera"),
        (tokens::TRIDENT, "Internet Explorer"),
        (tokens::FIREFOX, "Firefox"),
        (
            tokens::INTERNET_EXPLORER | tokens::IE_MOBILE,
            "Internet Explorer",
        ),
        (tokens::CHROMIUM, "Chromium"),
        (tokens::CHROME, "Chrome"),
    ];
    let has = |bits| words & bits != 0;
    for (bits, name) in NAMES {
        if !has(bits) {
            continue;
        }
        return Some(match name {
            // The word `mini` alone is no browser, nor is `line` outside of one.
            "Opera Mini" if !has(tokens::OPERA | tokens::APPLEWEBKIT) => continue,
            "Line" if !has(tokens::APPLEWEBKIT) => continue,
            "Chrome" if has(tokens::WEBVIEW) || has(tokens::ANDROID) && has(tokens::VERSION) => {
                "Android WebView"
            }
            name => name,
        });
    }
    if has(tokens::SAFARI)
        && has(tokens::VERSION
            | tokens::IPHONE
            | tokens::IPAD
            | tokens::MACINTOSH
            | tokens::DARWIN
            | tokens::WEB_OS)
        && !has(tokens::ANDROID)
    {
        return Some("Safari");
    }
    if has(tokens::APPLEWEBKIT) && has(tokens::IPHONE | tokens::IPAD) {
        return Some("iOS WebView");
    }
    if has(tokens::ANDROID) && has(tokens::APPLEWEBKIT) && has(tokens::VERSION) {
        return Some("Android WebView");
    }
    None
}

fn system(words: u128, touch: bool) -> Option<&'static str> {
    const NAMES: [(u128, &str); 15] = [
        (tokens::XBOX, "Xbox"),
        (tokens::WINDOWS_PHONE, ""),
        (tokens::HARMONY_OS, "HarmonyOS"),
        (tokens::KAI_OS, "KaiOS"),
        (tokens::TIZEN, "Tizen"),
        (tokens::WEB_OS, "webOS"),
        (tokens::PLAYSTATION, "PlayStation"),
        (tokens::NINTENDO, "Nintendo"),
        (tokens::ANDROID, "Android"),
        (tokens::IPAD, "iPadOS"),
        (tokens::IPHONE, "iOS"),
        (tokens::WINDOWS, "Windows"),
        (tokens::CHROME_OS, "ChromeOS"),
        (tokens::FREEBSD, "FreeBSD"),
        (tokens::MACINTOSH, "macOS"),
    ];
    for (bits, name) in NAMES {
        if words & bits == 0 {
            continue;
        }
        return match name {
            "" if words & tokens::WINDOWS == 0 => continue,
            "" => None,
            "macOS" if touch => Some("iPadOS"),
            name => Some(name),
        };
    }
    (words & tokens::LINUX != 0).then_some("Linux")
}

fn device(words: u128, os: Option<&'static str>) -> Option<&'static str> {
    let has = |bits| words & bits != 0;
    if has(tokens::NINTENDO | tokens::PLAYSTATION | tokens::STEAM_DECK | tokens::XBOX) {
        return Some("console");
    }
    if has(tokens::TV) || os == Some("webOS") && !has(tokens::MOBILE) {
        return Some("tv");
    }
    if has(tokens::WATCH) {
        return Some("wearable");
    }
    // The name is also that of phones.
    if has(tokens::CAR) || has(tokens::TESLA) && !has(tokens::ANDROID) {
        return Some("car");
    }
    if has(tokens::IE_MOBILE) || has(tokens::WINDOWS_PHONE) && has(tokens::WINDOWS) {
        return Some("phone");
    }
    match os {
        Some("iPadOS") => Some("tablet"),
        Some("iOS" | "KaiOS") => Some("phone"),
        Some("Android" | "HarmonyOS" | "Tizen") => {
            let is_app = has(tokens::DALVIK) || !has(tokens::APPLEWEBKIT | tokens::GECKO);
            let is_phone = has(tokens::MOBILE) || is_app && !has(tokens::TABLET);
            Some(if is_phone { "phone" } else { "tablet" })
        }
        _ if has(tokens::FEATURE_PHONE) => Some("phone"),
        _ if has(tokens::SILK) => Some("tablet"),
        Some("Windows" | "macOS" | "Linux" | "ChromeOS" | "FreeBSD") => Some("desktop"),
        _ if has(tokens::TABLET) => Some("tablet"),
        _ if has(tokens::MOBILE) => Some("phone"),
        _ => None,
    }
}

/// Returns what the brands in `Sec-CH-UA` add: browsers that hide themselves in their user agent.
fn hinted(request: &Request<'_>) -> u128 {
    const BRANDS: [(&str, u128); 4] = [
        ("\"Brave\"", tokens::BRAVE),
        ("\"Vivaldi\"", tokens::VIVALDI),
        ("\"DuckDuckGo\"", tokens::DUCKDUCKGO),
        ("\"Opera\"", tokens::OPERA),
    ];
    let Some(brands) = request.sec_ch_ua else {
        return 0;
    };
    BRANDS
        .iter()
        .filter(|(brand, _)| brands.contains(brand))
        .fold(0, |bits, (_, bit)| bits | bit)
}

#[cfg(test)]
mod tests;
