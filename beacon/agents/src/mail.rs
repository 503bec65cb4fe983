//! Mail services that fetch images for their readers, and mail programs.
//!
//! A proxy's request may come at delivery or at the first look, so it is an opening perhaps. The strings are those that the
//! services document, or that readers of this project's issues have seen:
//!
//! - Gmail: <https://www.scientiamobile.com/what-is-google-image-proxy/>
//! - Yahoo: <https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html>
//! - Apple Mail Privacy Protection: <https://github.com/ua-parser/uap-core/issues/509>
//! - HEY: <https://www.hey.com/image-proxy/>
//! - Fastmail: <https://www.fastmail.com/policies/bots/>

use crate::class::Class;
use crate::folded::Folded;
use crate::texts::{Kind, Text, rule};

/// The whole user agent of Apple Mail without Privacy Protection, and of the new Outlook for Windows.
const BARE_WEBKIT: &[u8] =
    b"mozilla/5.0 (macintosh; intel mac os x 10_15_7) applewebkit/605.1.15 (khtml, like gecko)";

/// The end of the user agent of Gmail's proxy when it doesn't name itself.
const GMAIL_WITHOUT_NAME: &[u8] = b"chrome/42.0.2311.135 safari/537.36 edge/12.246 mozilla/5.0";

/// Returns the class and rule of a mail service or mail program; `text` is the strongest one of the user agent.
#[must_use]
pub(crate) fn find(
    user_agent: &Folded<'_>,
    text: Option<&'static Text>,
    sec_ch_ua: Option<&str>,
) -> Option<(Class, &'static str)> {
    match text {
        Some(text) if text.kind == Kind::MailProxy => return Some((Class::MailProxy, text.rule)),
        Some(text) if text.kind == Kind::MailProgram => return Some((Class::Human, text.rule)),
        _ => {}
    }
    let folded = user_agent.folded();
    if folded == b"mozilla/5.0" {
        return Some((Class::MailProxy, rule!("mail.apple-privacy")));
    }
    if folded == BARE_WEBKIT {
        return Some((Class::Unknown, rule!("mail.bare-webkit")));
    }
    if folded.starts_with(b"hey.com/imageproxy")
        || sec_ch_ua.is_some_and(|hint| hint.contains("hey.com/imageproxy"))
    {
        return Some((Class::MailProxy, rule!("mail.hey")));
    }
    if folded.ends_with(GMAIL_WITHOUT_NAME) {
        return Some((Class::MailProxy, rule!("mail.gmail")));
    }
    None
}
