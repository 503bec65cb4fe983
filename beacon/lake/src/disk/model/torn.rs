//! The content that a crash leaves of unsynced files.

/// Random choices of a crash: for every file and directory in turn, how much of its unsynced changes stays.
#[derive(Debug, Clone)]
pub(crate) struct Whims(u64);

impl Whims {
    pub(crate) fn new(seed: u64) -> Whims {
        Whims(seed | 1)
    }

    /// Below `end`, by xorshift: a failing case is found again from its seed.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

/// Returns what is on disk of a file whose content was `durable` at the last sync and `current` at the crash.
pub(crate) fn torn(durable: &[u8], current: Vec<u8>, whims: &mut Whims) -> Vec<u8> {
    if durable == current.as_slice() {
        return current;
    }
    if !current.starts_with(durable) {
        // Cut since the sync: the cut came through, or not.
        return if whims.below(2) == 0 {
            current
        } else {
            durable.to_vec()
        };
    }
    let tail = current.len() - durable.len();
    match whims.below(4) {
        0 => durable.to_vec(),
        1 => current,
        2 => current[..durable.len() + whims.below(tail + 1)].to_vec(),
        _ => {
            // The length came through, the content only in part.
            let mut left = current;
            let from = durable.len() + whims.below(tail + 1);
            left[from..].fill(0);
            left
        }
    }
}
