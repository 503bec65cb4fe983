//! Answers that are given again as long as nothing has changed for them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use beacon_dashboard::engine::Answer;

/// Answers that are kept to be given again.
const MAX_REUSED: usize = 200;

/// What an answer depends on: the statement, and the files that it reads.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) sql: Cow<'static, str>,
    pub(super) parameters: Vec<String>,
    pub(super) files: u64,
}

/// Answers to be given again, each until newer ones are too many.
#[derive(Default)]
pub(super) struct Answers {
    count: u64,
    kept: HashMap<Key, (u64, Arc<Answer>)>,
}

impl Answers {
    pub(super) fn find(&mut self, key: &Key) -> Option<Arc<Answer>> {
        self.count += 1;
        let (used, answer) = self.kept.get_mut(key)?;
        *used = self.count;
        Some(Arc::clone(answer))
    }

    pub(super) fn keep(&mut self, key: Key, answer: Arc<Answer>) {
        if self.kept.len() >= MAX_REUSED {
            let oldest = self.kept.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.kept.remove(&oldest);
            }
        }
        self.count += 1;
        self.kept.insert(key, (self.count, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_are_not_asked_for_give_way() {
        let key = |files| Key {
            sql: Cow::Borrowed(""),
            parameters: Vec::new(),
            files,
        };
        let mut answers = Answers::default();
        for files in 0..MAX_REUSED as u64 {
            answers.keep(key(files), Arc::default());
        }
        assert!(answers.find(&key(0)).is_some());
        answers.keep(key(1_000), Arc::default());
        assert_eq!(answers.kept.len(), MAX_REUSED);
        assert!(answers.find(&key(0)).is_some() && answers.find(&key(1)).is_none());
    }
}
