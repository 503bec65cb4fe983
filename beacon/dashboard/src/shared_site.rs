//! Checks the site that a share link or a key is for.

use beacon_catalog::ALL;
use beacon_core::normalize;

/// The longest name of a host.
const MAX_SITE_CHARACTERS: usize = 253;

/// Returns the site as hits have it, or a message. `what` is the thing that is for one site.
pub(crate) fn shared_site(what: &str, text: &str) -> Result<String, String> {
    let site = normalize::site(text).into_owned();
    if site == ALL || !(1..=MAX_SITE_CHARACTERS).contains(&site.chars().count()) {
        return Err(format!(
            "the site {text:?} can't be: {what} is for one site, of 1 to {MAX_SITE_CHARACTERS} characters"
        ));
    }
    Ok(site)
}
