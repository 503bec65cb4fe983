//! Results that are served again as long as the files that they were read from have not changed.

use std::num::NonZeroUsize;
use std::sync::Arc;

use beacon_dashboard::engine::Answer;
use lru::LruCache;

/// Limits the results that are kept; the least recently used one goes first.
const MAX_RESULTS: NonZeroUsize = NonZeroUsize::new(200).expect("200 is not zero");

/// Identifies a result: the statement with its parameters, and the files that it was read from.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct CacheKey {
    pub(super) sql: String,
    pub(super) parameters: Vec<String>,
    /// The fingerprint of the files' list.
    pub(super) files: u64,
}

/// The results of the last queries.
pub(super) struct ResultCache(LruCache<CacheKey, Arc<Answer>>);

impl Default for ResultCache {
    fn default() -> ResultCache {
        ResultCache(LruCache::new(MAX_RESULTS))
    }
}

impl ResultCache {
    /// Returns the result of the same query over the same files.
    pub(super) fn get(&mut self, key: &CacheKey) -> Option<Arc<Answer>> {
        self.0.get(key).map(Arc::clone)
    }

    /// Keeps a result.
    pub(super) fn insert(&mut self, key: CacheKey, result: Arc<Answer>) {
        self.0.put(key, result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_result_goes_first() {
        let key = |files| CacheKey {
            sql: String::new(),
            parameters: Vec::new(),
            files,
        };
        let mut cache = ResultCache::default();
        for files in 0..MAX_RESULTS.get() as u64 {
            cache.insert(key(files), Arc::default());
        }
        assert!(cache.get(&key(0)).is_some());
        cache.insert(key(1_000), Arc::default());
        assert_eq!(cache.0.len(), MAX_RESULTS.get());
        assert!(cache.get(&key(0)).is_some() && cache.get(&key(1)).is_none());
    }
}
