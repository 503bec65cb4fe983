//! The headers and bits that a verdict rests on.

/// The headers that a verdict rests on, as they came, and two answers of the page's script.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// `User-Agent`
    pub user_agent: Option<&'a str>,
    /// `Sec-Purpose`
    pub sec_purpose: Option<&'a str>,
    /// `Purpose`, which browsers sent before `Sec-Purpose`
    pub purpose: Option<&'a str>,
    /// `X-Moz`, Firefox's older word for it
    pub x_moz: Option<&'a str>,
    /// `X-Purpose`, Safari's older word for it
    pub x_purpose: Option<&'a str>,
    /// `Sec-CH-UA`
    pub sec_ch_ua: Option<&'a str>,
    /// `Sec-CH-UA-Platform`
    pub sec_ch_ua_platform: Option<&'a str>,
    /// `Sec-Fetch-Site`
    pub sec_fetch_site: Option<&'a str>,
    /// Whether every header that the client sent is here, over HTTPS. Only then does a missing one say something.
    pub is_whole: bool,
    /// Whether the page's script found `navigator.webdriver`.
    pub webdriver: bool,
    /// Whether the page's script found a screen that takes several fingers.
    pub touch: bool,
    /// Whether the request POSTs a custom event. A library that does so is a server that reports it.
    pub is_custom_event: bool,
}

impl<'a> Request<'a> {
    /// Reads what a verdict rests on from headers; `header` returns a value by the header's name in lower case.
    ///
    /// Whether the headers are whole, and what the page's script found, is the caller's to say.
    #[must_use]
    pub fn from_headers(header: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            user_agent: header("user-agent"),
            sec_purpose: header("sec-purpose"),
            purpose: header("purpose"),
            x_moz: header("x-moz"),
            x_purpose: header("x-purpose"),
            sec_ch_ua: header("sec-ch-ua"),
            sec_ch_ua_platform: header("sec-ch-ua-platform"),
            sec_fetch_site: header("sec-fetch-site"),
            ..Self::default()
        }
    }
}
