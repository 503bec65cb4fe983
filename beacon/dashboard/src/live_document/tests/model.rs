//! Compares what several processes see of one document with a plain list of what was done.

use super::*;

/// Processes that change and read the document.
const PROCESSES: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    MakeKey {
        process: usize,
        has_site: bool,
    },
    MakeShare {
        process: usize,
        lasts_ms: u64,
    },
    /// Revokes one of the records that were made, by its number, also one that is revoked already.
    Revoke {
        process: usize,
        number: usize,
    },
    Read {
        process: usize,
    },
    Pass {
        ms: u64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let process = 0..PROCESSES;
    let step = prop_oneof![
        3 => (process.clone(), any::<bool>())
            .prop_map(|(process, has_site)| Step::MakeKey { process, has_site }),
        3 => (process.clone(), 1..200_000_u64)
            .prop_map(|(process, lasts_ms)| Step::MakeShare { process, lasts_ms }),
        4 => (process.clone(), 0..10_usize)
            .prop_map(|(process, number)| Step::Revoke { process, number }),
        3 => process.prop_map(|process| Step::Read { process }),
        4 => prop_oneof![Just(59_999), Just(60_000), 0..90_000_u64].prop_map(|ms| Step::Pass { ms }),
    ];
    prop::collection::vec(step, 1..40)
}

/// A key or a link, and when and by whom it was made and revoked.
#[derive(Debug)]
struct Made {
    id: String,
    secret: String,
    is_key: bool,
    site: Option<String>,
    until_ms: u64,
    made: (u64, usize),
    revoked: Option<(u64, usize)>,
}

impl Made {
    /// The text that a process must see: `None` where it may see either, within a minute of another process's change.
    fn is_seen(&self, process: usize, now_ms: u64) -> Option<bool> {
        if now_ms >= self.until_ms {
            return Some(false);
        }
        let is_known = |(at_ms, by): (u64, usize)| by == process || now_ms >= at_ms + MAX_AGE_MS;
        match self.revoked {
            Some(revoked) if is_known(revoked) => Some(false),
            Some(_) => None,
            None => is_known(self.made).then_some(true),
        }
    }

    fn is_found(&self, document: &Document, now_ms: u64) -> bool {
        if self.is_key {
            let found = api_keys::find(document, &self.secret);
            return found.is_some_and(|key| key.id == self.id && key.site == self.site);
        }
        let found = crate::share_tokens::open(document, &self.secret, now_ms);
        found.is_ok_and(|opened| Some(opened.site) == self.site)
    }
}

async fn run(steps: &[Step], path: &Path) -> Result<(), TestCaseError> {
    let processes: Vec<LiveDocument> = (0..PROCESSES).map(|_| of_file(path)).collect();
    let mut now_ms = NOW_MS;
    let mut all: Vec<Made> = Vec::new();
    for step in steps {
        match *step {
            Step::MakeKey { process, has_site } => {
                let site = has_site.then(|| "a.example".to_owned());
                let wanted = NewKey {
                    name: "a key".to_owned(),
                    site: site.clone(),
                };
                let created = api_keys::create(&processes[process], wanted, now_ms).await;
                let created = created.map_err(|error| TestCaseError::fail(error.to_string()))?;
                all.push(Made {
                    id: created.id,
                    secret: created.key,
                    is_key: true,
                    site,
                    until_ms: u64::MAX,
                    made: (now_ms, process),
                    revoked: None,
                });
            }
            Step::MakeShare { process, lasts_ms } => {
                let until_ms = now_ms + lasts_ms;
                let wanted = NewShare {
                    name: None,
                    site: "b.example".to_owned(),
                    until_ms,
                    password: None,
                };
                let created = share_links::create(&processes[process], wanted, now_ms).await;
                let created = created.map_err(|error| TestCaseError::fail(error.to_string()))?;
                all.push(Made {
                    id: created.id,
                    secret: created.token,
                    is_key: false,
                    site: Some("b.example".to_owned()),
                    until_ms,
                    made: (now_ms, process),
                    revoked: None,
                });
            }
            Step::Revoke { process, number } => {
                let Some(made) = all.get_mut(number) else {
                    continue;
                };
                let document = &processes[process];
                let revoked = match made.is_key {
                    true => api_keys::revoke(document, &made.id, now_ms).await,
                    false => share_links::revoke(document, &made.id, now_ms).await,
                };
                let was_there = made.revoked.is_none() && now_ms < made.until_ms;
                prop_assert_eq!(revoked.is_ok(), was_there);
                if was_there {
                    made.revoked = Some((now_ms, process));
                }
            }
            Step::Read { process } => {
                let read = processes[process].read(now_ms).await;
                prop_assert!(read.is_ok());
            }
            Step::Pass { ms } => now_ms += ms,
        }
        // One that has just started sees everything.
        let fresh = of_file(path)
            .read(now_ms)
            .await
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        for made in &all {
            let expected = made.revoked.is_none() && now_ms < made.until_ms;
            prop_assert_eq!(made.is_found(&fresh, now_ms), expected, "{:?}", made);
        }
        for (process, document) in processes.iter().enumerate() {
            let read = document
                .read(now_ms)
                .await
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            for made in &all {
                let Some(expected) = made.is_seen(process, now_ms) else {
                    continue;
                };
                let found = made.is_found(&read, now_ms);
                prop_assert_eq!(
                    found,
                    expected,
                    "process {} at {}: {:?}",
                    process,
                    now_ms,
                    made
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn every_process_sees_its_own_changes_at_once_and_those_of_others_within_a_minute(steps in steps()) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dashboard.json");
        block_on(run(&steps, &path))?;
    }
}
