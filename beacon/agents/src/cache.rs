//! Remembers the verdicts on a thread's last requests. Most requests have the headers of one that came shortly before.

use std::cell::RefCell;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use crate::request::Request;
use crate::verdict::{Verdict, classify};

/// The most verdicts that a thread remembers. A place in memory holds one, so that a new one costs no search.
const SLOTS: usize = 256;

/// The longest key, in bytes: what browsers send has 400. Longer requests are judged anew each time, which bounds the
/// memory of a thread to half a megabyte.
const MAX_KEY_BYTES: usize = 2_048;

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::new(Cache::default());
}

/// Returns the same as [`classify`], faster where this thread has lately seen the like.
#[must_use]
pub fn classify_cached(request: &Request<'_>) -> Verdict<'static> {
    CACHE.with_borrow_mut(|cache| cache.verdict(request))
}

#[derive(Default)]
struct Cache {
    hasher: RandomState,
    slots: Vec<Option<Slot>>,
    /// Kept for its memory.
    key: Vec<u8>,
}

struct Slot {
    key: Box<[u8]>,
    verdict: Verdict<'static>,
}

impl Cache {
    fn verdict(&mut self, request: &Request<'_>) -> Verdict<'static> {
        write_key(request, &mut self.key);
        if self.key.len() > MAX_KEY_BYTES {
            self.key = Vec::new();
            return classify(request);
        }
        self.slots.resize_with(SLOTS, || None);
        let at = self.hasher.hash_one(self.key.as_slice()) as usize % SLOTS;
        if let Some(slot) = &self.slots[at]
            && *slot.key == *self.key
        {
            return slot.verdict;
        }
        let verdict = classify(request);
        self.slots[at] = Some(Slot {
            key: self.key.as_slice().into(),
            verdict,
        });
        verdict
    }
}

/// Writes all that a verdict rests on. Each text has its length before it, so that no two requests have one key.
fn write_key(request: &Request<'_>, key: &mut Vec<u8>) {
    let Request {
        user_agent,
        sec_purpose,
        purpose,
        x_moz,
        x_purpose,
        sec_ch_ua,
        sec_ch_ua_platform,
        sec_fetch_site,
        is_whole,
        webdriver,
        touch,
        is_custom_event,
    } = *request;
    key.clear();
    key.extend([is_whole, webdriver, touch, is_custom_event].map(u8::from));
    for text in [
        user_agent,
        sec_purpose,
        purpose,
        x_moz,
        x_purpose,
        sec_ch_ua,
        sec_ch_ua_platform,
        sec_fetch_site,
    ] {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        key.extend(length.to_le_bytes());
        key.extend(text.unwrap_or_default().as_bytes());
    }
}

#[cfg(test)]
mod tests;
